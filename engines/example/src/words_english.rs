//! The phrases of `words` for customers who write English.

use crate::words::Phrases;

pub const ENGLISH: Phrases = Phrases {
    about_fault: &[
        "I am writing about order {order}.",
        "this is about the {p}, order {order}.",
        "I ordered the {p} on {ordered}.",
        "I'm sorry to bother you again.",
        "I have been a customer for {yrs} years and never complained before.",
        "my German is not good enough for this, so in English please.",
        "I hope this reaches the right person.",
        "order number {order}, so that you don't have to search.",
        "I'll keep this short.",
    ],
    about_question: &[
        "I have a question about order {order}.",
        "a quick question.",
        "could you help me, please?",
        "I could not find this on your help page.",
        "I'm interested in the {p}.",
        "I'd rather ask before I do something wrong.",
    ],
    about_praise: &[
        "something nice for a change.",
        "I just want to say thank you.",
        "people usually write only when something is wrong.",
        "a few kind words from {home}.",
    ],
    angry: &[
        "This is not how you treat customers.",
        "I am really annoyed.",
        "If this is not sorted by the end of the week I will cancel everything.",
        "I have heard enough excuses.",
        "I will say so in public, too.",
        "This is about {price}, not about chewing gum.",
    ],
    tired: &[
        "I am getting tired of this.",
        "I'm not angry, just worn out.",
        "Honestly, I am disappointed.",
        "I don't know whom else to ask.",
        "It takes so much energy to ask every time.",
    ],
    friendly: &[
        "Mistakes happen, I understand.",
        "Your people on the phone were lovely.",
        "I'm sure we will find a solution.",
        "Thanks in advance for looking into it.",
        "Otherwise I have always been happy with you.",
    ],
    calm: &[
        "There is no hurry.",
        "Thanks in advance for looking into it.",
        "Maybe I just overlooked it.",
        "The branch could not tell me.",
        "Otherwise I have always been happy with you.",
    ],
    terse: &["Please fix.", "What now?", "Please advise.", "Waiting for your reply."],
    life: &[
        "We have guests at the weekend.",
        "I work shifts and am hard to reach during the day.",
        "We have just moved here from {fern}.",
        "There is no lift in our building.",
        "I took half a day off for this.",
        "I am writing from a train, so please excuse the typos.",
        "My neighbour recommended your shop to me.",
        "With two small children I can't be on the phone all day.",
    ],
    demands: &[
        "Please call me, ideally after {uhr}.",
        "I expect an answer by {next}.",
        "What do you suggest?",
        "Please tell me how we go on from here.",
        "A concrete date or my money back, please.",
        "Could somebody take care of this personally?",
        "I would like this in writing.",
    ],
    asks: &[
        "Thank you for a short answer.",
        "One line would be enough.",
        "Many thanks for your help.",
        "Could you confirm this, please?",
        "I'd be glad to hear from you by {next}.",
    ],
    again: &[
        "I already wrote on {before}, and nothing has changed.",
        "on {before} I was told it was solved. It is not.",
        "here I am again with the same problem.",
        "you closed my case but not my problem.",
    ],
    postscripts: &[
        "PS: You reach me best after {uhr}.",
        "PS: Please no text messages.",
        "PS: My new number is {phone}.",
        "Sent from my phone",
    ],
    posts: &[
        "@kastenundlicht {said} Any comment?",
        "{said} Thanks for nothing, @kastenundlicht.",
        "Question for @kastenundlicht: is this normal? {said}",
        "{said} Am I the only one? #kastenundlicht",
    ],
    hello_chat: &["hi", "Hello!", "Hi, do you speak English?", "hello, is anybody there?"],
    still: &[
        "Unfortunately nothing has happened since.",
        "Your answer did not help me.",
        "That does not solve my problem.",
        "I am not happy with this suggestion.",
    ],
    thanks: &[
        "Thanks, that worked.",
        "Great, thank you for the quick help!",
        "Perfect, thank you {agent}!",
        "Thank you, the matter is settled for me.",
        "Cheers, much appreciated.",
    ],
    thanks_calm: &[
        "Thanks, that helps.",
        "Thank you for the quick answer.",
        "Great, now I know.",
        "Thanks for passing it on.",
    ],
    details: &[
        "The order number is {order}.",
        "Photos attached as you asked.",
        "The plate says {number}-{order}.",
        "Yes, the address is still right.",
        "My number: {phone}.",
    ],
    chases: &[
        "Any news about {order}?",
        "I just wanted to check whether you got my message.",
        "Still no answer. Please get back to me.",
    ],
    sorry: &[
        "I am sorry for the trouble this has caused you.",
        "thank you for telling us, and please accept our apologies.",
        "this should not have happened.",
        "I understand that you are annoyed; I would be too.",
        "you are right, and this is our mistake.",
        "I read your message and asked right away.",
    ],
    gladly: &[
        "thank you for your message.",
        "thank you for asking, I'm happy to help.",
        "I have looked it up for you.",
    ],
    second: &[
        "I went through everything again with the department. It will be solved by {next}, I vouch for it.",
        "I understand that this is not enough. Let me call you on {next} at {uhr}, and we solve it together.",
        "You have a point. I now have it in writing from the department, with the date of {next}.",
    ],
    question_back: &[
        "Could you send me a photo and the order number, please?",
        "Which number is on the plate at the back?",
        "Will you be at home on {next}, and is your address still the same?",
    ],
    interim: &[
        "I have asked the department in charge and will write as soon as I know more.",
        "I need to clarify this. You will hear from me on {next} at the latest.",
    ],
    final_words: &[
        "If there is anything else just reply to this message.",
        "Does that work for you?",
        "I will keep an eye on it.",
        "Please let me know whether it worked.",
        "",
    ],
    chat_wait: &[
        "Hello, this is {me}. One moment please, I'm looking it up.",
        "Hi, my name is {me}, I'm opening your order.",
    ],
    goodwill: &[
        "As an apology I have credited {sum} to your account.",
        "For the inconvenience you get a voucher of {sum} without an expiry date.",
        "{sum} will go back to your account as a small gesture.",
    ],
    promise: &[
        "I will call you by {due}.",
        "You will hear from me by {due}, whatever the news.",
        "It will be done by {due}.",
    ],
    refused: &[
        "I'm afraid our policy allows no exception here.",
        "As much as I would like to, I may not agree to this.",
    ],
    sign_off: &["Kind regards", "Best regards", "With kind regards"],
};

pub const GREETINGS: &[&str] = &["Hello", "Dear Sir or Madam", "Hi", "Dear team", "Hi there"];

pub const CLOSINGS: &[&str] =
    &["Kind regards", "Best wishes", "Thanks", "Best regards from {home}", "Regards", "Many thanks"];
