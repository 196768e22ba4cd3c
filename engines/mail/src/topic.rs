//! Is a mail still about the same thing? People look up an old mail to find an address, and write something new.
//!
//! Compared is what remains of subjects without what programs put in front of them. In doubt it is the same
//! topic: one case too few is found by reading, one too many splits what belongs together.

use crate::threading::{normalise_subject, numbers};

/// Shorter beginnings of a subject are no evidence that it was cut.
const SHORTEST: usize = 4;

/// Marks in front of a subject, such as `[Extern]`, are not longer.
const LONGEST_MARK: usize = 40;

/// Does `subject` go on with one of the subjects that are `known` of a case?
///
/// Empty and damaged subjects say nothing, so they do.
pub fn is_same<'a>(subject: &str, known: impl IntoIterator<Item = &'a str>) -> bool {
    let topic = topic(subject);
    if topic.is_empty() || subject.contains('\u{fffd}') {
        return true;
    }
    known.into_iter().any(|known| is_same_topic(&topic, &self::topic(known)))
}

/// Programs cut subjects, people add to them.
fn is_same_topic(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short == long || (SHORTEST <= short.chars().count() && long.starts_with(short))
}

/// Letters and digits without prefixes, marks and case numbers.
fn topic(subject: &str) -> String {
    let mut rest = subject.to_owned();
    for number in numbers(subject).map(|(_, number)| number) {
        rest = rest.replace(number, " ");
    }
    loop {
        let shorter = without_mark(&normalise_subject(&rest)).to_owned();
        if shorter == rest {
            break;
        }
        rest = shorter;
    }
    rest.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Without `[list]`, `(Extern)` or `*** SPAM ***` at the start, unless that is all there is.
fn without_mark(subject: &str) -> &str {
    for (open, close) in [("[", "]"), ("***", "***"), ("{", "}")] {
        let inner = subject.strip_prefix(open).and_then(|rest| rest.split_once(close));
        if let Some((mark, rest)) = inner
            && mark.chars().count() <= LONGEST_MARK
            && rest.contains(char::is_alphanumeric)
        {
            return rest.trim_start();
        }
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn prefixes_marks_and_numbers_do_not_change_the_topic() {
        for subject in [
            "Die Lampe flackert",
            "Re: Die Lampe flackert",
            "AW: WG: Re[5]: Fwd: Die Lampe flackert",
            "SV: Antw: TR: RIF: R: FW: Die Lampe flackert",
            "RE^2: AW (3): die lampe  flackert",
            "AW: [26-10001] Die Lampe flackert",
            "Re: Die Lampe flackert [26-10001]",
            "[EXTERN] AW: [service] Re: Die Lampe flackert",
            "*** SPAM *** Die Lampe flackert",
            "Die Lampe flackert (Fall 26-10001)",
            "AW: Die Lampe flack",
            "AW: Die Lampe flackert, bitte dringend",
            "Die Lampe flackert!",
            "Betreff: Die Lampe flackert",
            "AW: Die L\u{fffd}mpe",
            "Re:",
            "",
            "[26-10001]",
        ] {
            assert!(is_same(subject, ["Die Lampe flackert"]), "{subject}");
        }
    }

    #[test]
    fn something_else_is_another_topic() {
        for subject in [
            "Rechnung 4711",
            "AW: Rechnung",
            "Neue Frage (war: Die Lampe flackert)",
            "Die",
            "[Extern] Umtausch",
        ] {
            assert!(!is_same(subject, ["Die Lampe flackert"]), "{subject}");
        }
        assert!(is_same("AW: Rechnung", ["Die Lampe flackert", "Rechnung"]));
        assert!(!is_same("Rechnung", ["", "[26-10001]"]), "a case without a subject has no topic yet");
    }
}
