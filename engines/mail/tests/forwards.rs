//! A customer's mail as programs pass it on: who wrote it is found, and what the house says about it.

use mail::parse;
use mail::reply::forwarded::{Forwarded, find};

const SAID: &str = "Guten Tag,\n\ndie Lampe flackert seit gestern. Was kann ich tun?\n\nIngrid Sommerauer";

fn forward(subject: &str, body: &str) -> Option<Forwarded> {
    let body = body.replace("SAID", SAID);
    let raw = format!(
        "From: Eva <eva@haus.example>\nTo: service@haus.example\nSubject: {subject}\n\
         Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    );
    find(&parse(raw.as_bytes()).expect("a mail"))
}

const FORMS: &[(&str, &str, &str)] = &[
    (
        "Outlook, German",
        "WG: Lampe flackert",
        "Von: Ingrid Sommerauer <ingrid@example.org>\nGesendet: Montag, 16. November 2026 09:12\n\
         An: Eva Agent <eva@haus.example>\nBetreff: Lampe flackert\n\nSAID",
    ),
    (
        "Outlook, older, with a title and the address in brackets",
        "WG: Lampe flackert",
        "-----Ursprüngliche Nachricht-----\nVon: Ingrid Sommerauer [mailto:ingrid@example.org]\n\
         Gesendet: Montag, 16. November 2026 09:12\nAn: Eva\nBetreff: Lampe flackert\n\nSAID",
    ),
    (
        "Outlook, English",
        "FW: Lampe flackert",
        "________________________________\nFrom: Ingrid Sommerauer <ingrid@example.org>\n\
         Sent: Monday, November 16, 2026 9:12 AM\nTo: Eva <eva@haus.example>\nSubject: Lampe flackert\n\nSAID",
    ),
    (
        "Outlook on the web, in bold",
        "Fw: Lampe flackert",
        "*Von:* Ingrid Sommerauer <ingrid@example.org>\n*Gesendet:* Montag, 16. November 2026 09:12\n\
         *An:* Eva <eva@haus.example>\n*Betreff:* Lampe flackert\n\nSAID",
    ),
    (
        "Outlook for iOS",
        "WG: Lampe flackert",
        "Outlook für iOS<https://aka.ms/o0ukef> beziehen\n________________________________\n\
         Von: Ingrid Sommerauer <ingrid@example.org>\nGesendet: Montag, November 16, 2026 9:12 AM\n\
         An: Eva <eva@haus.example>\nBetreff: Lampe flackert\n\nSAID",
    ),
    (
        "Gmail",
        "Fwd: Lampe flackert",
        "---------- Forwarded message ---------\nVon: Ingrid Sommerauer <ingrid@example.org>\n\
         Date: Mo., 16. Nov. 2026 um 09:12 Uhr\nSubject: Lampe flackert\nTo: <eva@haus.example>\n\n\nSAID",
    ),
    (
        "Apple Mail, German",
        "Fwd: Lampe flackert",
        "Anfang der weitergeleiteten Nachricht:\n\nVon: Ingrid Sommerauer <ingrid@example.org>\n\
         Betreff: Lampe flackert\nDatum: 16. November 2026 um 09:12:33 MEZ\nAn: eva@haus.example\n\nSAID",
    ),
    (
        "iPhone",
        "Fwd: Lampe flackert",
        "Von meinem iPhone gesendet\n\nAnfang der weitergeleiteten Nachricht:\n\n\
         > Von: Ingrid Sommerauer <ingrid@example.org>\n> Datum: 16. November 2026 um 09:12:33 MEZ\n\
         > An: eva@haus.example\n> Betreff: Lampe flackert\n> \n> Guten Tag,\n> \n\
         > die Lampe flackert seit gestern. Was kann ich tun?\n> \n> Ingrid Sommerauer",
    ),
    (
        "Apple Mail, English",
        "Fwd: Lampe flackert",
        "Begin forwarded message:\n\nFrom: Ingrid Sommerauer <ingrid@example.org>\nSubject: Lampe flackert\n\
         Date: 16. November 2026 at 09:12:33 CET\nTo: eva@haus.example\n\nSAID",
    ),
    (
        "Thunderbird, German",
        "Fwd: Lampe flackert",
        "-------- Weitergeleitete Nachricht --------\nBetreff: \tLampe flackert\n\
         Datum: \tMon, 16 Nov 2026 09:12:33 +0100\nVon: \tIngrid Sommerauer <ingrid@example.org>\n\
         An: \teva@haus.example\n\n\nSAID",
    ),
    (
        "Thunderbird, English",
        "Fwd: Lampe flackert",
        "-------- Forwarded Message --------\nSubject: \tLampe flackert\n\
         Date: \tMon, 16 Nov 2026 09:12:33 +0100\nFrom: \tIngrid Sommerauer <ingrid@example.org>\n\
         To: \teva@haus.example\n\n\nSAID",
    ),
    (
        "GMX",
        "Fw: Lampe flackert",
        "Gesendet: Montag, 16. November 2026 um 09:12 Uhr\nVon: \"Ingrid Sommerauer\" <ingrid@example.org>\n\
         An: eva@haus.example\nBetreff: Lampe flackert\n\nSAID",
    ),
    (
        "Web.de, marked",
        "Fw: Lampe flackert",
        "> Gesendet: Montag, 16. November 2026 um 09:12 Uhr\n> Von: \"Ingrid Sommerauer\" <ingrid@example.org>\n\
         > An: eva@haus.example\n> Betreff: Lampe flackert\n>\n> Guten Tag,\n>\n\
         > die Lampe flackert seit gestern. Was kann ich tun?\n>\n> Ingrid Sommerauer",
    ),
    (
        "T-Online",
        "Fwd: Lampe flackert",
        "-----Original-Nachricht-----\nBetreff: Lampe flackert\nDatum: 2026-11-16T09:12:33+0100\n\
         Von: \"Ingrid Sommerauer\" <ingrid@example.org>\nAn: \"eva@haus.example\" <eva@haus.example>\n\nSAID",
    ),
    (
        "a wrapped line",
        "WG: Lampe flackert",
        "Von: Ingrid Sommerauer\n <ingrid@example.org>\nGesendet: Montag, 16. November 2026 09:12\n\
         An: Eva <eva@haus.example>\nBetreff: Lampe flackert\n\nSAID",
    ),
];

#[test]
fn who_wrote_a_forwarded_mail_is_found_in_every_form() {
    for (what, subject, body) in FORMS {
        let found = forward(subject, body).unwrap_or_else(|| panic!("{what}: not found"));
        assert_eq!(found.sender.address, "ingrid@example.org", "{what}");
        assert_eq!(found.sender.name, "Ingrid Sommerauer", "{what}");
        assert_eq!(found.subject, "Lampe flackert", "{what}");
        assert!(found.date.contains("16") && found.date.contains("2026"), "{what}: {}", found.date);
        assert!(
            found.text.starts_with("Guten Tag,\n\ndie Lampe flackert seit gestern."),
            "{what}: {found:?}"
        );
        assert_eq!(found.note, "", "{what}");
    }
}

#[test]
fn what_the_house_says_about_it_stays_apart() {
    for (what, subject, body) in FORMS {
        let body = format!("Bitte anrufen, sie ist Stammkundin.\n\nEva\n\n{body}");
        let found = forward(subject, &body).unwrap_or_else(|| panic!("{what}: not found"));
        assert!(found.note.starts_with("Bitte anrufen, sie ist Stammkundin."), "{what}: {:?}", found.note);
        assert!(!found.note.contains("Lampe") && !found.text.contains("Stammkundin"), "{what}: {found:?}");
    }
}

#[test]
fn a_mail_passed_on_without_a_mark_in_its_subject_needs_a_title_at_its_top() {
    let block = "Von: Ingrid Sommerauer <ingrid@example.org>\nDatum: 16. November 2026\nAn: eva@haus.example\n\
                 Betreff: Lampe flackert\n\nSAID";
    for (what, subject, body, found) in [
        ("titled", "Bitte", format!("Begin forwarded message:\n\n{block}"), true),
        ("an answer", "AW: Lampe flackert", format!("Danke, ist erledigt.\n\n{block}"), false),
        (
            "an answer below its quotation",
            "AW: Lampe",
            format!("-----Ursprüngliche Nachricht-----\n{block}"),
            false,
        ),
        ("own words above a title", "Bitte", format!("Siehe:\n\nBegin forwarded message:\n\n{block}"), false),
        ("an answer to a forward", "AW: WG: Lampe flackert", format!("Danke!\n\n{block}"), false),
        ("no block", "WG: Lampe flackert", "SAID".to_owned(), false),
        ("nobody's address", "WG: Lampe", block.replace(" <ingrid@example.org>", ""), false),
        ("one line is no block", "WG: Lampe", "Von: ingrid@example.org\n\nSAID".to_owned(), false),
    ] {
        assert_eq!(forward(subject, &body).is_some(), found, "{what}");
    }
}

#[test]
fn who_writes_on_behalf_of_somebody_is_not_the_author() {
    let found = forward(
        "WG: Lampe",
        "Von: shop@web.example im Auftrag von Ingrid Sommerauer <ingrid@example.org>\nGesendet: 16.11.2026\n\
         An: eva@haus.example\nBetreff: Lampe\n\nSAID",
    );
    assert_eq!(found.map(|found| found.sender.address).as_deref(), Some("ingrid@example.org"));
}

#[test]
fn an_enclosed_mail_is_the_customers() {
    let inner = format!(
        "From: Ingrid Sommerauer <ingrid@example.org>\nDate: Mon, 16 Nov 2026 09:12:33 +0100\nSubject: Lampe\n\
         Content-Type: text/plain; charset=utf-8\n\n{SAID}\n"
    );
    let mail = |subject: &str, words: &str| {
        let raw = format!(
            "From: eva@haus.example\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
        );
        find(&parse(raw.as_bytes()).expect("a mail"))
    };
    for (subject, words, note) in [
        ("WG: Lampe", "Bitte anrufen.", Some("Bitte anrufen.")),
        ("Lampe", "", Some("")),
        ("Zur Info", "Da.", None),
    ] {
        let found = mail(subject, words);
        assert_eq!(found.as_ref().map(|found| found.note.as_str()), note, "{subject}");
        if let Some(found) = found {
            assert_eq!(found.sender.address, "ingrid@example.org");
            assert!(found.enclosed && found.text.contains("flackert seit gestern"), "{found:?}");
        }
    }
}
