//! What stands within other things: `winmail.dat`, signed and encrypted mail, invitations, pictures.

use mail::{Message, parse};

fn read(raw: &str) -> Message {
    parse(raw.as_bytes()).expect("there is a header")
}

fn has(message: &Message, code: &str) -> bool {
    message.warnings.iter().any(|warning| warning == code)
}

fn names(message: &Message) -> Vec<&str> {
    message.attachments.iter().map(|attachment| attachment.name.as_str()).collect()
}

/// One attribute of a `winmail.dat`.
fn attribute(level: u8, number: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("the examples are short");
    [&[level], &number.to_le_bytes()[..], &length.to_le_bytes(), data, &[0, 0]].concat()
}

fn property(tag: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("the examples are short");
    let padding = vec![0; data.len().next_multiple_of(4) - data.len()];
    [&tag.to_le_bytes()[..], &1u32.to_le_bytes(), &length.to_le_bytes(), data, &padding].concat()
}

fn winmail(attributes: &[Vec<u8>]) -> Vec<u8> {
    [&0x223e_9f78_u32.to_le_bytes()[..], &[1, 0], &attributes.concat()].concat()
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    [
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, format!("{name}\0").as_bytes()),
        attribute(2, 0x0006_800f, content),
    ]
    .concat()
}

fn mailed(content: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(content);
    format!(
        "From: a@b\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{encoded}"
    )
    .into_bytes()
}

#[test]
fn body_and_files_come_out_of_a_winmail_dat() {
    let rtf = br"{\rtf1\ansi\ansicpg1252 Die T\'fcr klemmt.\par}";
    let size = u32::try_from(rtf.len()).expect("short");
    let packed = [&(size + 12).to_le_bytes()[..], &size.to_le_bytes(), b"MELA", &[0; 4], rtf].concat();
    let properties = [&1u32.to_le_bytes()[..], &property(0x1009_0102, &packed)].concat();
    let content = winmail(&[
        attribute(1, 0x0006_9003, &properties),
        file("foto.jpg", b"abc"),
        file("C:\\Mails\\plan.pdf", b"def"),
    ]);
    let message = parse(&mailed(&content)).expect("there is a header");
    assert_eq!(message.text, "Die Tür klemmt.");
    assert_eq!(names(&message), ["body.rtf", "foto.jpg", "plan.pdf"]);
    assert_eq!(message.warnings, Vec::<String>::new());
}

#[test]
fn a_cut_winmail_dat_gives_what_it_has_and_stays_itself() {
    let content = winmail(&[file("foto.jpg", b"abc"), file("plan.pdf", &[7; 100])]);
    let message = parse(&mailed(&content[..content.len() - 50])).expect("there is a header");
    assert_eq!(names(&message), ["foto.jpg", "plan.pdf", "winmail.dat"]);
    assert!(has(&message, "tnef_damaged"));
    for end in 0..content.len() {
        let _ = mail::tnef::open(&content[..end]);
    }
}

#[test]
fn a_winmail_dat_within_itself_is_not_followed_for_ever() {
    let mut content = winmail(&[attribute(1, 0x0002_800c, b"innen\0"), file("x.txt", b"x")]);
    for _ in 0..100 {
        let object = [vec![0; 16], content].concat();
        let properties = [&1u32.to_le_bytes()[..], &property(0x3701_000d, &object)].concat();
        content = winmail(&[attribute(2, 0x0006_9002, &[0; 14]), attribute(2, 0x0006_9005, &properties)]);
    }
    let message = parse(&mailed(&content)).expect("there is a header");
    assert!(has(&message, "tnef_damaged") && message.attachments.len() < 10);
}

#[test]
fn signed_and_encrypted_mail_is_marked() {
    for (content_type, code) in [
        (
            "multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n--b\n\nHallo\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--",
            "signed_pgp",
        ),
        (
            "multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\n\n--b\n\nHallo\n--b\nContent-Type: application/pkcs7-signature\n\nx\n--b--",
            "signed_smime",
        ),
        (
            "multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nx\n--b--",
            "encrypted_pgp",
        ),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx", "encrypted_smime"),
        ("text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----", "encrypted_pgp"),
        (
            "text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHallo\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----",
            "signed_pgp",
        ),
    ] {
        let message = read(&format!("From: a@b\nContent-Type: {content_type}"));
        assert!(has(&message, code), "{code}: {:?}", message.warnings);
        if code.starts_with("signed") {
            assert_eq!(message.reply_text, "Hallo", "{content_type}");
        }
    }
}

#[test]
fn what_a_signature_covers_is_read() {
    let inner = b"Content-Type: text/plain; charset=utf-8\n\nDie T\xc3\xbcr";
    let length = u8::try_from(inner.len()).expect("short");
    let oid = |last: u8| vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last];
    let data = [&oid(1)[..], &[0xa0, length + 2, 4, length], inner].concat();
    let wrap = |tag: u8, body: Vec<u8>| [vec![tag, u8::try_from(body.len()).expect("short")], body].concat();
    let signed = wrap(0x30, [vec![2, 1, 1, 0x31, 0], wrap(0x30, data)].concat());
    let envelope = wrap(0x30, [oid(2), wrap(0xa0, signed)].concat());
    let raw =
        [b"From: a@b\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\n", &envelope[..]].concat();
    let message = parse(&raw).expect("there is a header");
    assert_eq!((message.text.as_str(), message.attachments.len()), ("Die Tür", 0));
    assert!(has(&message, "signed_smime"));
}

#[test]
fn an_invitation_without_words_says_what_it_is_about() {
    let message = read(
        "From: a@b\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n\
         BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Montage\nDTSTART:20260504T090000Z\nLOCATION:Wien\nEND:VEVENT\nEND:VCALENDAR",
    );
    assert_eq!(message.text, "Montage\n2026-05-04 09:00 UTC\nWien");
    assert!(has(&message, "calendar_request") && message.attachments.len() == 1);
}

#[test]
fn pictures_without_a_name_stand_where_they_were_put() {
    let message = read(
        "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/html\n\n<p>Vorher</p>\n\
         --b\nContent-Type: image/jpeg; name=foto.jpg\nContent-Disposition: inline; filename=foto.jpg\n\nx\n\
         --b\nContent-Type: text/html\n\n<p>Nachher</p>\n--b--",
    );
    let id = message.attachments[0].content_id.clone().expect("it got one");
    assert_eq!(message.text, "Vorher\n\nNachher");
    assert_eq!(message.html, Some(format!("<p>Vorher</p>\n<img src=\"cid:{id}\">\n<p>Nachher</p>")));
}

#[test]
fn all_mails_of_a_digest_are_attached_under_their_subjects() {
    let message = read(
        "From: a@b\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: Eins\n\nText eins\n--b\n\nSubject: Zwei\n\nText zwei\n--b--",
    );
    assert_eq!(names(&message), ["Eins.eml", "Zwei.eml"]);
    assert_eq!(message.text, "Text eins");
}
