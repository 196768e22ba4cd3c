//! What proofs say, in sentences and as tables for spreadsheets.

use super::model::{Difference, Fault, Proof};
use crate::platform::{Result, Words};

/// What is wrong with a mail, and which one it is as far as that is known.
pub fn sentence(words: &Words, difference: &Difference) -> String {
    let id = match &difference.at_server {
        Some(at) if difference.fault == Fault::Overlooked => i64::from(at.uid),
        _ => difference.received.map(|id| id.0).unwrap_or_default(),
    };
    let word = match difference.fault {
        Fault::Missing => "proof-missing",
        Fault::Changed => "proof-changed",
        Fault::NoContact => "proof-no-contact",
        Fault::Unreadable => "proof-unreadable",
        Fault::Overlooked => "proof-overlooked",
    };
    let mut said = words.with(word, "id", id).into_owned();
    let known = described(words, difference);
    if !known.is_empty() {
        said = format!("{said} {known}");
    }
    said
}

/// Sender, subject, date and ids; the hash only where nobody would recognise the mail otherwise.
fn described(words: &Words, difference: &Difference) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(difference.sender.clone());
    parts.extend(difference.subject.as_deref().map(|subject| format!("„{subject}“")));
    parts.extend(difference.date.map(|date| format!("{} {}", words.day(&date), words.time(&date))));
    parts.extend(difference.message_id.as_deref().map(|id| format!("<{id}>")));
    if difference.fault != Fault::Overlooked {
        parts.extend(difference.at_server.as_ref().map(|at| format!("UID {}", at.uid)));
    }
    if !difference.is_named() && difference.hash.len() == 64 {
        parts.push(format!("BLAKE3 {}", difference.hash));
    }
    parts.join(" · ")
}

/// Where a source's mails are: "120 Mails: 110 Kontakte, 5 doppelt".
pub fn counts(words: &Words, proof: &Proof) -> String {
    let parts: Vec<String> = [
        ("proof-n-filed", proof.filed),
        ("proof-n-duplicates", proof.duplicates),
        ("proof-n-own", proof.own),
        ("proof-n-unprocessable", proof.unprocessable),
        ("proof-n-refused", proof.refused),
        ("proof-n-waiting", proof.waiting),
        ("proof-n-differences", i64::try_from(proof.differences.len()).unwrap_or(i64::MAX)),
    ]
    .into_iter()
    .filter(|(_, count)| *count != 0)
    .map(|(word, count)| words.n(word, count).into_owned())
    .collect();
    let mails = words.n("proof-n-mails", proof.receipts);
    if parts.is_empty() { mails.into_owned() } else { format!("{mails}: {}", parts.join(", ")) }
}

/// One line per proof. The columns are a format: English, and only ever added to.
pub fn history(proofs: &[Proof], name: impl Fn(&Proof) -> String) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = [
        "day",
        "source",
        "name",
        "made_at",
        "mails",
        "contacts",
        "duplicates",
        "own",
        "unprocessable",
        "left_out",
        "waiting",
        "differences",
        "open_differences",
        "unproven",
    ];
    write(&mut table, head.map(str::to_owned))?;
    for proof in proofs {
        let row = [
            proof.day.to_string(),
            proof.source.clone(),
            name(proof),
            proof.at.moment().to_string(),
            proof.receipts.to_string(),
            proof.filed.to_string(),
            proof.duplicates.to_string(),
            proof.own.to_string(),
            proof.unprocessable.to_string(),
            proof.refused.to_string(),
            proof.waiting.to_string(),
            proof.differences.len().to_string(),
            proof.count_open().to_string(),
            proof.unproven.clone().unwrap_or_default(),
        ];
        write(&mut table, row)?;
    }
    Ok(table.into_inner().map_err(anyhow::Error::from)?)
}

/// One line per difference of a proof.
pub fn differences(proof: &Proof) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = [
        "day",
        "source",
        "fault",
        "received",
        "uidvalidity",
        "uid",
        "message_id",
        "sender",
        "subject",
        "date",
        "blake3",
        "settled_at",
        "settled_by",
        "reason",
    ];
    write(&mut table, head.map(str::to_owned))?;
    for one in &proof.differences {
        let settled = proof.settlement(one);
        let text = |text: Option<String>| text.unwrap_or_default();
        let row = [
            proof.day.to_string(),
            proof.source.clone(),
            one.fault.to_string(),
            text(one.received.map(|id| id.to_string())),
            text(one.at_server.as_ref().map(|at| at.uidvalidity.to_string())),
            text(one.at_server.as_ref().map(|at| at.uid.to_string())),
            text(one.message_id.clone()),
            text(one.sender.clone()),
            text(one.subject.clone()),
            text(one.date.map(|date| date.moment().to_string())),
            one.hash.clone(),
            text(settled.map(|settled| settled.at.moment().to_string())),
            text(settled.map(|settled| settled.person.clone())),
            text(settled.map(|settled| settled.reason.clone())),
        ];
        write(&mut table, row)?;
    }
    Ok(table.into_inner().map_err(anyhow::Error::from)?)
}

fn write<const N: usize>(table: &mut csv::Writer<Vec<u8>>, row: [String; N]) -> Result<()> {
    // Strangers write subjects; a spreadsheet would run what looks like a formula.
    let harmless =
        row.map(|cell| if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell });
    table.write_record(harmless).map_err(anyhow::Error::from)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{ReceivedId, Timestamp};

    #[test]
    fn a_subject_of_a_stranger_is_no_formula() -> Result<()> {
        let mut proof = Proof::of(jiff::civil::date(2026, 11, 16), "listener", Timestamp(0));
        let subject = Some("=HYPERLINK(\"https://evil.example\")".to_owned());
        let missing = Difference::new(Fault::Missing, Some(ReceivedId(7)), "ab".repeat(32));
        proof.differences.push(Difference { subject, ..missing });

        let text = String::from_utf8_lossy(&differences(&proof)?).into_owned();

        let line = text.lines().nth(1).unwrap_or_default();
        assert!(line.starts_with("2026-11-16,listener,missing,7,,,,,\"'=HYPERLINK("), "{text}");
        Ok(())
    }
}
