tell-title = Tell customers
tell-back = To the cause
tell-how-far = Who knows already
tell-told = { $n ->
    [one] 1 knows already
   *[other] { $n } know already
}
tell-untold = { $n } not yet
tell-state-prepared = Prepared, nothing was sent yet
tell-state-approved = Approved, being sent
tell-state-done = Sent
tell-waiting = { $n ->
    [one] 1 message waits
   *[other] { $n } messages wait
}
tell-skipped = { $n } left out
tell-prepared-by = Prepared by { $name }, { $when }
tell-approved-by = Approved by { $name }, { $when }
tell-approve = { $n ->
    [one] Approve and send 1 message
   *[other] Approve and send { $n } messages
}
tell-sure = { $n ->
    [one] Tell one customer?
   *[other] Tell { $n } customers?
}
tell-sure-text = After that it cannot be taken back. This is what the first one reads:
tell-sure-do = { $n ->
    [one] Send to 1 person now
   *[other] Send to { $n } people now
}
tell-count-changed = Please look at how many there are and what they read, and confirm it then.
tell-placeholder-unknown = A placeholder is unknown here, or a curly bracket is open. There are {"{greeting}"}, {"{name}"}, {"{case}"} and {"{what}"}.
tell-placeholder-wrong = Customers would read this: { $wrong }
tell-braces = Customers would read the curly brackets. Write out what should stand there.
tell-placeholders-de = Placeholders: {"{anrede}"}, {"{name}"}, {"{fall}"}, {"{was}"}
tell-placeholders-en = Placeholders: {"{greeting}"}, {"{name}"}, {"{case}"}, {"{what}"}
tell-what-de = What it is about, in German
tell-what-en = What it is about, in English
tell-what-hint = Stands in the message; in words that customers understand.
tell-what-missing = Please write in this language what it is about: people who speak it are on the list.
tell-four-eyes = Four eyes: somebody else who leads or manages has to approve.
tell-take-back = Take everything back
tell-prepare = Prepare the message
tell-not-fixed = Customers can be told once the department has fixed the cause or granted the wish.
tell-nobody = Nobody is left who does not know yet.
tell-declined = This customer does not want such messages. The file says so.
tell-no-address = no e-mail address
tell-template = Message to everybody
tell-template-de = In German
tell-template-en = In English
tell-list = Who is told
tell-list-how = The message leaves through their own case. Answers come back there.
tell-is-told = knows
tell-is-skipped = left out
tell-is-edited = changed by hand
tell-preview = View the message
tell-message-to = Message to { $name }
tell-skip = Leave out
tell-take-in = Take in again
tell-prepared = Prepared. Nothing was sent yet.
tell-approved = Approved. The messages leave now.
tell-taken-back = Taken back. Nobody received anything.
tell-template-fixed = {"{greeting}"},

    You wrote to us about “{"{what}"}” (your case {"{case}"}). Thank you: it helped. The cause has been fixed.

    Should it happen again, simply answer this message.

    Kind regards
    { $house }
tell-template-wish = {"{greeting}"},

    You wished for “{"{what}"}” (your case {"{case}"}). It is here now. Thank you for the idea.

    If you would like to say something about it, simply answer this message.

    Kind regards
    { $house }
