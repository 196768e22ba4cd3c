//! Turns news of documented cases into lessons.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::learner::Lesson;
use crate::cases;
use crate::cases::{Contact, Direction};
use crate::findings;
use crate::findings::{Kind, Past};
use crate::insights::store;
use crate::journal::{Entry, Fact};
use crate::platform::{CaseId, FindingId, InsightId, Result, Tx};

/// Contacts of a case that are looked at; somebody may send thousands.
const CONTACTS: i64 = 200;
/// Characters of each: what it is about is said there.
const CHARACTERS: i64 = 4_000;
/// Characters of all of them: they are read whenever somebody opens the case.
const TOGETHER: usize = 40_000;

/// What some entries of the journal teach.
#[derive(Debug, Default)]
pub struct Lessons {
    pub lessons: Vec<Lesson>,
    /// Examples that were taken back without another in their place; a model cannot forget them one by one.
    pub stale: u32,
}

/// The findings of a case that some entries are about.
#[derive(Debug, Default)]
struct Touched {
    added: BTreeSet<FindingId>,
    withdrawn: BTreeSet<FindingId>,
}

/// Is there a lesson in it?
pub const fn is_lesson(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::InsightProposed { .. } | Fact::FindingDocumented { .. } | Fact::FindingWithdrawn { .. }
    )
}

/// The lessons of `entries`, in their order by case.
pub async fn of_entries(tx: &mut Tx, entries: &[Arc<Entry>]) -> Result<Lessons> {
    let mut lessons = Lessons::default();
    let mut touched: BTreeMap<CaseId, Touched> = BTreeMap::new();
    for entry in entries {
        match (&entry.fact, entry.about.case, entry.about.insight) {
            (Fact::InsightProposed { .. }, _, Some(insight)) => {
                lessons.lessons.push(describe(&store::insight(tx, insight).await?));
            }
            (Fact::FindingDocumented { finding, .. }, Some(case), _) => {
                touched.entry(case).or_default().added.insert(*finding);
            }
            (Fact::FindingWithdrawn { finding }, Some(case), _) => {
                touched.entry(case).or_default().withdrawn.insert(*finding);
            }
            _ => {}
        }
    }
    for (case, touched) in touched {
        let past = findings::history(tx, case).await?;
        let unknown = findings::is_unknown(tx, case).await?;
        let text = text(tx, case).await?;
        compare(&past, &touched, unknown, &text, &mut lessons);
    }
    Ok(lessons)
}

/// The lesson of an insight's title and description.
pub fn describe(insight: &crate::insights::Insight) -> Lesson {
    Lesson::Described {
        kind: insight.kind,
        insight: insight.id,
        title: insight.title.clone(),
        description: insight.description.clone(),
    }
}

/// The lessons of a case as it stands, for a learner that has not seen it.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Lesson>> {
    let past = findings::history(tx, case).await?;
    let added = past.iter().filter(|past| past.stands).map(|past| past.id).collect();
    let unknown = findings::is_unknown(tx, case).await?;
    let text = text(tx, case).await?;
    let mut lessons = Lessons::default();
    compare(&past, &Touched { added, withdrawn: BTreeSet::new() }, unknown, &text, &mut lessons);
    Ok(lessons.lessons)
}

/// Compares what was known of a case with what is known now, kind by kind.
fn compare(past: &[Past], touched: &Touched, unknown: bool, text: &str, lessons: &mut Lessons) {
    let stood =
        |one: &&Past| !touched.added.contains(&one.id) && (one.stands || touched.withdrawn.contains(&one.id));
    let stands =
        |one: &&Past| !touched.withdrawn.contains(&one.id) && (touched.added.contains(&one.id) || one.stands);
    let before: Vec<&Past> = past.iter().filter(stood).collect();
    let after: Vec<&Past> = past.iter().filter(stands).collect();
    let first_time = before.is_empty();
    for &kind in Kind::ALL {
        let of = |findings: &[&Past]| -> BTreeSet<Option<InsightId>> {
            findings.iter().filter(|one| one.kind == kind).map(|one| one.insight).collect()
        };
        let (old, new) = (of(&before), of(&after));
        let mut gone = old.difference(&new);
        for &insight in new.difference(&old) {
            let text = text.to_owned();
            lessons.lessons.push(match gone.next() {
                Some(&from) => Lesson::Moved { kind, from, to: insight, text },
                None => Lesson::Confirmed { kind, insight, text },
            });
        }
        lessons.stale += u32::try_from(gone.count()).unwrap_or(u32::MAX);
        let nothing = after.iter().all(|one| one.kind != kind) && (kind != Kind::Cause || !unknown);
        if first_time && nothing && !after.is_empty() {
            lessons.lessons.push(Lesson::Nothing { kind, text: text.to_owned() });
        }
    }
}

/// What the customer said in a case: its subject and the customer's own contacts.
pub async fn text(tx: &mut Tx, case: CaseId) -> Result<String> {
    let mut text = cases::case(tx, case).await?.subject;
    for contact in voices(tx, case).await? {
        text.push('\n');
        text.push_str(&contact.text);
    }
    Ok(text)
}

/// The newest contacts in which the customer speaks: no machine and no stranger.
pub async fn voices(tx: &mut Tx, case: CaseId) -> Result<Vec<Contact>> {
    let mut contacts = cases::beginnings(tx, case, CONTACTS, CHARACTERS).await?;
    contacts.retain(|one| one.direction == Direction::Inbound && !one.automatic && !one.stranger);
    let each = TOGETHER / contacts.len().max(1);
    for contact in &mut contacts {
        if let Some((end, _)) = contact.text.char_indices().nth(each) {
            contact.text.truncate(end);
        }
    }
    Ok(contacts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(id: i64, kind: Kind, insight: i64, stands: bool) -> Past {
        Past { id: FindingId(id), kind, insight: Some(InsightId(insight)), share: 0, stands }
    }

    fn of(past: &[Past], added: &[i64], withdrawn: &[i64], unknown: bool) -> (Vec<Lesson>, u32) {
        let ids = |ids: &[i64]| ids.iter().map(|id| FindingId(*id)).collect();
        let mut lessons = Lessons::default();
        let touched = Touched { added: ids(added), withdrawn: ids(withdrawn) };
        compare(past, &touched, unknown, "text", &mut lessons);
        lessons
            .lessons
            .retain(|lesson| !matches!(lesson, Lesson::Nothing { kind, .. } if *kind != Kind::Cause));
        (lessons.lessons, lessons.stale)
    }

    #[test]
    fn each_change_of_a_case_teaches_what_is_new() {
        let text = || "text".to_owned();
        let kind = Kind::Cause;
        let confirmed = |insight| Lesson::Confirmed { kind, insight: Some(InsightId(insight)), text: text() };
        let first = [past(1, kind, 7, true)];
        assert_eq!(of(&first, &[1], &[], false), (vec![confirmed(7)], 0));
        let moved = [past(1, kind, 7, false), past(2, kind, 8, true)];
        let lesson = Lesson::Moved { kind, from: Some(InsightId(7)), to: Some(InsightId(8)), text: text() };
        assert_eq!(of(&moved, &[2], &[1], false), (vec![lesson], 0));
        let gone = [past(1, kind, 7, false), past(2, Kind::Praise, 9, true)];
        assert_eq!(of(&gone, &[], &[1], false), (vec![], 1));
        let more = [past(1, kind, 7, true), past(2, kind, 8, true)];
        assert_eq!(of(&more, &[2], &[], false), (vec![confirmed(8)], 0));
        let corrected_twice = [past(1, kind, 7, false), past(2, kind, 8, false), past(3, kind, 7, true)];
        assert_eq!(of(&corrected_twice, &[2, 3], &[1, 2], false), (vec![], 0));
    }

    #[test]
    fn a_case_without_a_cause_teaches_that_unless_nobody_knows() {
        let praise = [past(1, Kind::Praise, 9, true)];
        let (lessons, _) = of(&praise, &[1], &[], false);
        assert!(lessons.contains(&Lesson::Nothing { kind: Kind::Cause, text: "text".into() }), "{lessons:?}");
        let (lessons, _) = of(&praise, &[1], &[], true);
        assert!(!lessons.iter().any(|lesson| matches!(lesson, Lesson::Nothing { .. })), "{lessons:?}");
    }
}
