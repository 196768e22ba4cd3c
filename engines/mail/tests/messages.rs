//! Messages as mailers really write them, each with one thing that is easily got wrong.

use mail::{Kind, Message, Unreadable, parse};

fn read(raw: &str) -> Message {
    parse(raw.as_bytes()).expect("there is a header")
}

#[test]
fn only_what_holds_nothing_is_unreadable() {
    for (raw, reason) in [
        (&b""[..], Unreadable::Empty),
        (b" \r\n\r\n\t", Unreadable::Empty),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0", Unreadable::NotAMessage),
    ] {
        assert_eq!(parse(raw).map(|message| message.subject).unwrap_err(), reason);
    }
    let text = read("just some words\nand more");
    assert_eq!(
        (text.text.as_str(), text.warnings.contains(&"no_header".to_owned())),
        ("just some words\nand more", true)
    );
    assert_eq!(read("Subject: only this").subject, "only this");
}

#[test]
fn the_text_of_html_only_mail_is_read_from_the_html() {
    let message = read(
        "From: a@b\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße<br>aus <b>Wien</b></p><img src=https://x/y>",
    );
    assert_eq!(message.text, "Grüße\naus Wien");
    assert_eq!(
        message.html.as_deref(),
        Some("<p>Grüße<br>aus <b>Wien</b></p><img data-remote-src=\"https://x/y\">")
    );
}

#[test]
fn html_names_its_charset_in_itself() {
    let raw = b"From: a@b\nContent-Type: text/html\n\n<html><head><meta charset=\"iso-8859-2\"></head><p>\xbe\xf3\xb3w</p>";
    assert_eq!(parse(raw).expect("there is a header").text, "žółw");
}

#[test]
fn alternatives_are_one_text_and_pictures_belong_to_it() {
    let message = read(
        "From: a@b\nContent-Type: multipart/related; boundary=r\n\n\
         --r\nContent-Type: multipart/alternative; boundary=a\n\n\
         --a\nContent-Type: text/plain\n\nHallo\n--a\nContent-Type: text/html\n\n<p>Hallo <img src=\"cid:logo@x\"></p>\n--a--\n\
         --r\nContent-Type: image/png; name=logo.png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\nAQID\n--r--\n",
    );
    assert_eq!(
        (message.text.as_str(), message.html.as_deref()),
        ("Hallo", Some("<p>Hallo <img src=\"cid:logo@x\"></p>"))
    );
    let [logo] = message.attachments.as_slice() else { panic!("one attachment") };
    assert_eq!(
        (logo.name.as_str(), logo.inline, logo.content_id.as_deref(), logo.size),
        ("logo.png", true, Some("logo@x"), 3)
    );
    assert_eq!(logo.sha256(), "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
}

#[test]
fn texts_around_an_attachment_are_one_text() {
    let message = read(
        "From: a@b\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\nVorher\n\
         --m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"..\\..\\C:\\Rechnung.pdf\"\n\nx\n\
         --m\nContent-Type: text/plain\n\nNachher\n\
         --m\nContent-Type: text/plain; name=notiz.txt\n\nAnhang\n--m--\n",
    );
    assert_eq!(message.text, "Vorher\n\nNachher");
    let names: Vec<_> = message.attachments.iter().map(|attachment| attachment.name.as_str()).collect();
    assert_eq!(names, ["Rechnung.pdf", "notiz.txt"]);
}

#[test]
fn flowed_text_loses_its_soft_breaks() {
    let message = read(
        "From: a@b\nContent-Type: text/plain; format=flowed\n\nEine lange \nZeile.\n From hier\n\n-- \nHans",
    );
    assert_eq!(
        (message.reply_text.as_str(), message.signature.as_str()),
        ("Eine lange Zeile.\nFrom hier", "--\nHans")
    );
    let message = read("From: a@b\nContent-Type: text/plain; format=flowed; delsp=yes\n\nDonau \ndampf");
    assert_eq!(message.text, "Donaudampf");
}

#[test]
fn raw_eight_bit_headers_are_in_the_charset_of_the_text() {
    let raw =
        b"From: M\xfcller <a@b>\nSubject: Gr\xfc\xdfe\nContent-Type: text/plain; charset=iso-8859-1\n\nJa";
    let message = parse(raw).expect("there is a header");
    assert_eq!((message.subject.as_str(), message.from[0].name.as_str()), ("Grüße", "Müller"));
    let raw = b"From: a@b\nSubject: \xcf\xf0\xe8\xe2\xe5\xf2\nContent-Type: text/plain; charset=windows-1251\n\n\xcf\xf0\xe8\xe2\xe5\xf2";
    let message = parse(raw).expect("there is a header");
    assert_eq!((message.subject.as_str(), message.text.as_str()), ("Привет", "Привет"));
}

#[test]
fn line_ends_and_files_of_other_systems_are_read() {
    let wanted = ("Hallo", "a\nb");
    let unix = "From: a@b\nSubject: Hallo\n\na\nb";
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(unix.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for raw in [
        unix.into(),
        unix.replace('\n', "\r\n").into(),
        unix.replace('\n', "\r").into(),
        format!("\u{feff}{unix}").into_bytes(),
        utf16,
    ] {
        let message = parse(&raw).expect("there is a header");
        assert_eq!((message.subject.as_str(), message.text.as_str()), wanted);
    }
}

#[test]
fn a_mail_that_only_encloses_another_shows_that_one() {
    let message =
        read("From: a@b\nSubject: Fwd\nContent-Type: message/rfc822\n\nSubject: Innen/aussen\n\nDer Text");
    assert_eq!(
        (message.text.as_str(), message.attachments[0].name.as_str()),
        ("Der Text", "Innen_aussen.eml")
    );
}

#[test]
fn dates_of_all_spellings_are_read_and_others_are_none() {
    for (date, seconds) in [
        ("Tue, 03 May 2022 10:15:00 +0200", Some(1_651_565_700)),
        ("3 May 2022 10:15 +0200", Some(1_651_565_700)),
        ("Tue, 03 May 22 08:15:00 GMT", Some(1_651_565_700)),
        ("Tue, 3 May 2022 10:15:00 +0200 (CEST)", Some(1_651_565_700)),
        ("2022-05-03T10:15:00+02:00", Some(1_651_565_700)),
        ("gestern", None),
        ("Tue, 99 May 2022 10:15:00 +0200", None),
    ] {
        assert_eq!(read(&format!("From: a@b\nDate: {date}\n\nx")).date, seconds, "{date}");
    }
}

fn report(action: &str, status: &str, diagnostic: &str) -> Message {
    read(&format!(
        "From: MAILER-DAEMON@example.de\nSubject: Undelivered Mail\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n\
         --r\n\nYour mail.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n\
         Final-Recipient: rfc822; <anna@example.at>\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}\n\n\
         --r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <k26-48213.1.code@example.de>\nSubject: x\n--r--\n"
    ))
}

#[test]
fn delivery_reports_say_who_was_not_reached_and_why() {
    for (action, status, diagnostic, kind, wanted, permanent) in [
        ("failed", "5.1.1", "550 5.1.1 User unknown", Kind::Bounce, "userunknown", true),
        ("failed", "5.2.2", "552 mailbox full", Kind::Bounce, "mailboxfull", false),
        ("failed", "5.0.0", "550 5.1.2 Host unknown", Kind::Bounce, "hostunknown", true),
        ("delayed", "4.4.1", "connection timed out", Kind::Bounce, "expired", false),
        ("failed", "5.7.1", "blocked by spam filter", Kind::Bounce, "spamdetected", false),
        ("delivered", "2.0.0", "250 ok", Kind::Receipt, "", false),
    ] {
        let message = report(action, status, diagnostic);
        assert_eq!(message.kind, kind, "{diagnostic}");
        let entry = message.bounce.first().cloned().unwrap_or_default();
        assert_eq!((entry.reason.as_str(), entry.permanent), (wanted, permanent), "{diagnostic}");
        assert_eq!(message.original_message_id.as_deref(), Some("k26-48213.1.code@example.de"));
        assert_eq!(entry.recipient.is_empty(), kind == Kind::Receipt);
    }
}

#[test]
fn an_inspection_has_exactly_the_promised_fields() {
    let inspection = serde_json::to_value(mail::inspect(
        b"From: a@b\nDate: Tue, 03 May 2022 10:15:00 +0200\n\nHallo, wo ist die Lampe?",
    ))
    .expect("it is plain data");
    let mut fields: Vec<&str> =
        inspection.as_object().expect("an object").keys().map(String::as_str).collect();
    fields.sort_unstable();
    let promised = [
        "attachments",
        "bounce",
        "cc",
        "date",
        "from",
        "html",
        "in_reply_to",
        "kind",
        "language",
        "message_id",
        "quoted_text",
        "references",
        "reply_text",
        "reply_to",
        "signature",
        "subject",
        "text",
        "to",
        "warnings",
    ];
    assert_eq!(fields, promised);
    assert_eq!(
        (inspection["kind"].as_str(), inspection["language"].as_str(), inspection["date"].as_str()),
        (Some("message"), Some("de"), Some("2022-05-03T08:15:00Z"))
    );
    assert_eq!(
        serde_json::to_value(mail::inspect(b"")).expect("it is plain data")["warnings"][0],
        "unreadable_empty"
    );
}
