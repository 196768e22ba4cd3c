//! First hints at what kind of contact a text is, by fixed phrases in German and English.
//!
//! A first, honest version for houses whose model has not learnt their kinds yet. Phrases were chosen
//! for precision: a cue that fires is mostly right, and many texts fire none. Figures are in the README.
//! Once a house has confirmed some dozens of cases, a [`crate::Model`] over kinds is better.
//!
//! Deliberately absent: irony, sentiment in general, and any reading of agents' words.

use serde::Serialize;

use crate::fold::fold;

/// How probable each kind is, from 0 to 1; 0 where no phrase was found. Independent of each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Cues {
    pub complaint: f32,
    pub wish: f32,
    pub praise: f32,
    pub competitor: f32,
    pub question: f32,
}

/// How probable a kind is if one such phrase occurs; several add up like independent hints.
const STRONG: f32 = 0.6;
const WEAK: f32 = 0.3;

/// Looks for the phrases in `text`, whatever its case and accents. Cannot fail; an empty text has no cues.
pub fn cues(text: &str) -> Cues {
    let folded = spaced(text);
    let found = |phrases: &[&str]| phrases.iter().filter(|phrase| folded.contains(*phrase)).count();
    let denied = 0 < found(NO_PRAISE);
    let asks = found(QUESTION) + usize::from(text.contains('?'));
    Cues {
        complaint: likelihood(found(COMPLAINT), found(WEAK_COMPLAINT)),
        wish: likelihood(found(WISH), 0),
        praise: if denied { 0.0 } else { likelihood(found(PRAISE), found(WEAK_PRAISE)) },
        competitor: likelihood(found(COMPETITOR), 0),
        question: likelihood(asks, 0),
    }
}

fn likelihood(strong: usize, weak: usize) -> f32 {
    let few = |count: usize| i32::try_from(count.min(8)).unwrap_or(8);
    1.0 - (1.0 - STRONG).powi(few(strong)) * (1.0 - WEAK).powi(few(weak))
}

/// The folded words with one space around each, so that ` phrase ` matches whole words only.
fn spaced(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::from(" "), |text, word| text + word + " ")
}

/// Without a final space a phrase is the beginning of a word: ` beschwer` finds Beschwerde.
const COMPLAINT: &[&str] = &[
    " moechte mich beschweren",
    " beschwere mich ",
    " meine beschwerde",
    " sehr aergerlich",
    " sehr schlecht",
    " reklam",
    " kaputt",
    " defekt",
    " funktioniert nicht",
    " funktionieren nicht",
    " geht nicht",
    " gehen nicht",
    " nicht angekommen",
    " nicht erhalten",
    " nicht geliefert",
    " noch immer nicht ",
    " immer noch nicht ",
    " immer noch kein",
    " noch immer kein",
    " enttaeuscht",
    " enttaeuschend",
    " unverschaemt",
    " frechheit",
    " zumutung",
    " unzumutbar",
    " inakzeptabel",
    " nicht akzeptabel",
    " unzufrieden",
    " mangelhaft",
    " beschaedigt",
    " zerkratzt",
    " falsch geliefert",
    " falscher artikel",
    " falschen artikel",
    " seit wochen ",
    " seit tagen ",
    " anwalt",
    " miserabel",
    " dreckig",
    " schmutzig",
    " unfreundlich",
    " complain",
    " broken",
    " damaged",
    " defective",
    " faulty",
    " not working",
    " doesn t work",
    " does not work",
    " didn t work",
    " not arrived",
    " never arrived",
    " not received",
    " haven t received",
    " still waiting",
    " still not ",
    " disappoint",
    " unacceptable",
    " terrible",
    " awful",
    " worst ",
    " horrible",
    " rude ",
    " unhappy",
    " frustrat",
    " annoy",
    " wrong item",
    " charged twice",
    " overcharged",
    " not happy",
    " too slow ",
    " useless",
];

/// Said in complaints, but often elsewhere as well.
const WEAK_COMPLAINT: &[&str] = &[
    " beschwer",
    " schon wieder ",
    " aerger",
    " katastroph",
    " fehlt ",
    " fehlen ",
    " verspaetet",
    " verspaetung",
    " nie wieder ",
    " mahnung",
    " schrecklich",
    " schlecht",
    " missing ",
    " declined ",
    " ausgefallen ",
];

const WISH: &[&str] = &[
    " wuensche mir ",
    " wuenschen uns ",
    " wuenschenswert",
    " wuerde mir wuenschen",
    " waere schoen ",
    " waere toll ",
    " waere super ",
    " waere gut wenn ",
    " waere hilfreich",
    " waere es moeglich ",
    " waere prima wenn ",
    " koennten sie nicht ",
    " koenntet ihr nicht ",
    " vorschlag",
    " anregung",
    " verbesserungs",
    " sollte es geben ",
    " sollten sie anbieten",
    " bietet doch ",
    " fehlt mir ",
    " haette gern",
    " i wish ",
    " would be nice ",
    " would be great ",
    " would love ",
    " would be good to ",
    " would like to see ",
    " would be helpful",
    " please add ",
    " please consider ",
    " could you add ",
    " suggestion",
    " suggest ",
    " feature request",
    " you should offer",
    " should have a ",
    " should offer ",
    " bring back ",
    " i would prefer",
    " more choice",
    " better selection",
];

const PRAISE: &[&str] = &[
    " vielen dank fuer die schnelle ",
    " vielen dank fuer ihre schnelle ",
    " danke fuer die schnelle ",
    " danke fuer den tollen ",
    " herzlichen dank fuer ",
    " sehr zufrieden",
    " super zufrieden",
    " begeistert",
    " hervorragend",
    " ausgezeichnet",
    " ein lob ",
    " grosses lob",
    " kompliment",
    " sehr freundlich",
    " super freundlich",
    " super nett",
    " sehr nett ",
    " sehr hilfsbereit",
    " hat super geklappt",
    " hat alles geklappt",
    " hat prima geklappt",
    " toller service",
    " super service",
    " weiter so",
    " weiterempfehl",
    " gerne wieder",
    " immer wieder gern",
    " thank you for the quick",
    " thank you for your help",
    " great service",
    " excellent",
    " very happy",
    " very satisfied",
    " well done",
    " love your ",
    " love the ",
    " highly recommend",
    " friendly staff",
    " keep up the good",
];

/// Often meant ironically.
const WEAK_PRAISE: &[&str] =
    &[" tolle ", " perfekt", " wunderbar", " spitze ", " perfect ", " wonderful", " amazing", " fantastic"];

/// With one of these, nothing counts as praise.
const NO_PRAISE: &[&str] = &[
    " nicht perfekt",
    " nicht sehr ",
    " nicht begeistert",
    " alles andere als ",
    " leider ",
    " not perfect",
    " not very ",
    " not excellent",
    " unfortunately",
    " nicht weiterempfehl",
    " not recommend",
    " nicht gerade ",
    " tolle wurst",
    " na toll",
    " wuensch",
    " waere ",
    " would be ",
    " spitze des ",
];

const COMPETITOR: &[&str] = &[
    " konkurrenz",
    " mitbewerber",
    " anderen anbieter",
    " anderer anbieter",
    " anderem anbieter",
    " andere anbieter",
    " anbieterwechsel",
    " anbieter gewechselt",
    " wechsle zu ",
    " wechsel zu ",
    " wechseln zu ",
    " bei amazon ",
    " bei ikea ",
    " bei mediamarkt",
    " bei saturn ",
    " bei otto ",
    " woanders guenstiger",
    " woanders billiger",
    " anderswo guenstiger",
    " anderswo billiger",
    " guenstiger bekommen",
    " billiger bekommen",
    " guenstigeres angebot",
    " besseres angebot",
    " anderen haendler",
    " anderer haendler",
    " competitor",
    " other provider",
    " another provider",
    " another company",
    " switch to ",
    " switching to ",
    " switched to ",
    " cheaper elsewhere",
    " better offer",
    " on amazon ",
    " at ikea ",
    " elsewhere for less",
];

const QUESTION: &[&str] = &[
    " frage ob ",
    " ich habe eine frage",
    " meine frage",
    " wie kann ich ",
    " wie komme ich ",
    " wo finde ich ",
    " koennen sie mir sagen",
    " koennen sie mir erklaeren",
    " was muss ich ",
    " was kann ich tun",
    " wuerde gerne wissen",
    " wuesste gern",
    " bitte um auskunft",
    " bitte um information",
    " how do i ",
    " how can i ",
    " how to ",
    " where can i ",
    " can you tell me",
    " could you tell me",
    " what do i ",
    " i would like to know",
    " i want to know",
    " do you know ",
    " is it possible ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_words_give_the_right_cue() {
        for (text, kind) in [
            ("Ich möchte mich beschweren: Der Schrank ist zerkratzt.", "complaint"),
            ("My parcel has still not arrived, this is unacceptable.", "complaint"),
            ("Es wäre schön, wenn es eine App gäbe.", "wish"),
            ("It would be great to pay by invoice.", "wish"),
            ("Großes Lob an Ihre Monteure, sehr freundlich!", "praise"),
            ("Excellent, I am very happy with the sofa.", "praise"),
            ("Bei der Konkurrenz kostet das Regal 20 Euro weniger.", "competitor"),
            ("I found it cheaper elsewhere.", "competitor"),
            ("Wie kann ich meine Adresse ändern?", "question"),
        ] {
            let found = serde_json::to_value(cues(text)).unwrap();
            let best = found
                .as_object()
                .unwrap()
                .iter()
                .max_by(|a, b| a.1.as_f64().unwrap().total_cmp(&b.1.as_f64().unwrap()));
            assert_eq!(best.unwrap().0, kind, "{text}: {found}");
            assert!(0.6 <= best.unwrap().1.as_f64().unwrap() + 1e-6, "{text}");
        }
    }

    #[test]
    fn neutral_or_denied_words_give_none() {
        for text in ["", "Anbei die Unterlagen.", "Das ist leider nicht perfekt.", "Please find attached."] {
            assert_eq!(cues(text), Cues::default(), "{text}");
        }
    }
}
