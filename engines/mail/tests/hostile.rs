//! Input made to hurt: whatever arrives, reading ends soon and nothing panics.

use std::time::{Duration, Instant};

use proptest::prelude::*;

/// Generous for a busy machine and an unoptimised build; what is quadratic takes minutes.
const SOON: Duration = Duration::from_secs(20);

fn read_soon(name: &str, raw: &[u8]) -> mail::Message {
    let start = Instant::now();
    // A small stack, as the threads of a server may have.
    let message = std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(1 << 20).spawn_scoped(scope, || mail::parse(raw));
        reader
            .expect("a thread can be started")
            .join()
            .expect("reading does not panic")
            .expect("there is a header")
    });
    println!("{name}: {} bytes in {:?}", raw.len(), start.elapsed());
    assert!(start.elapsed() < SOON, "{name} took {:?}", start.elapsed());
    message
}

fn warned(message: &mail::Message, code: &str) -> bool {
    message.warnings.iter().any(|warning| warning == code)
}

#[test]
fn a_header_line_of_ten_megabytes_is_cut() {
    for name in ["Subject", "To", "References", "Content-Type", "X-Other", "Received"] {
        let raw = format!("From: a@b\n{name}: {}\n\nText", "a <a@example.de>, ".repeat(600_000));
        let message = read_soon(name, raw.as_bytes());
        assert!(warned(&message, "header_too_long") && message.text == "Text", "{name}");
    }
}

#[test]
fn header_fields_made_of_openings_are_read_in_time() {
    for opening in
        ["=?", "=?a?Q?", "\"", "(", "<", "\\", ";", "a*1*=b;", "=?utf-8?B?", "@", ":", "x=(", "=?a?Q?b?= "]
    {
        let long = opening.repeat(200_000 / opening.len());
        let raw = format!(
            "From: {long}\nTo: {long}\nSubject: {long}\nContent-Type: text/plain; {long}\nDate: {long}\n\nText"
        );
        read_soon(opening, raw.as_bytes());
    }
}

#[test]
fn a_hundred_thousand_parts_are_not_all_opened() {
    let raw =
        format!("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nA\n".repeat(100_000));
    let message = read_soon("parts", raw.as_bytes());
    assert!(warned(&message, "too_many_parts"));
}

#[test]
fn a_million_files_in_the_text_are_not_all_taken_out() {
    let text = "begin 644 a\n\nend\n".repeat(100_000);
    let forms = format!("--b\n\n{text}\n").repeat(3);
    for raw in [
        format!("From: a@b\n\n{text}"),
        format!("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n{forms}"),
        format!("From: a@b\nContent-Type: multipart/alternative; boundary=b\n\n{forms}"),
    ] {
        assert_eq!(read_soon("files in the text", raw.as_bytes()).attachments.len(), 100);
    }
}

#[test]
fn sections_of_one_parameter_are_joined_once() {
    let value = "x".repeat(400);
    let sections = (0..200).map(|number| format!("; a*{number}*={value}")).collect::<Vec<_>>().concat();
    let part = format!("--b\nContent-Type: text/plain{sections}\n\nA\n");
    let raw = format!("From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n{}", part.repeat(100));
    read_soon("sections", raw.as_bytes());
}

#[test]
fn a_thousand_nested_containers_do_not_overflow() {
    let mut raw = String::from("From: a@b\n");
    for depth in 0..20_000 {
        let boundary = format!("b{depth}");
        raw.extend(["Content-Type: multipart/mixed; boundary=", &boundary, "\n\n--", &boundary, "\n"]);
    }
    let message = read_soon("containers", raw.as_bytes());
    assert!(warned(&message, "nested_too_deep"));
}

#[test]
fn nested_messages_are_kept_whole() {
    let raw = format!("From: a@b\n{}\nText", "Content-Type: message/rfc822\n\n".repeat(300_000));
    assert_eq!(read_soon("messages", raw.as_bytes()).attachments.len(), 1);
}

#[test]
fn boundaries_that_never_come_are_searched_once_each() {
    let part = "--a\nContent-Type: multipart/mixed; boundary=never\n\nText\n";
    let raw = format!("From: a@b\nContent-Type: multipart/mixed; boundary=a\n\n{}", part.repeat(100_000));
    read_soon("boundaries", raw.as_bytes());
}

#[test]
fn ten_thousand_recipients_are_counted_up_to_a_limit() {
    let raw = format!("From: a@b\nTo: {}\n\nText", "a@example.de,".repeat(15_000));
    assert_eq!(read_soon("recipients", raw.as_bytes()).to.len(), 2_000);
}

#[test]
fn endless_soft_breaks_are_read_in_time() {
    let raw =
        format!("From: a@b\nContent-Transfer-Encoding: quoted-printable\n\n{}", "=\n".repeat(1_000_000));
    read_soon("soft breaks", raw.as_bytes());
}

#[test]
fn nested_html_is_read_in_time() {
    for tag in [
        "<div>",
        "<b>",
        "<a href=x>",
        "<table><tr><td>",
        "<blockquote>",
        "<font><p>",
        "<ul><li>",
        "<svg>",
        "<!--",
        "<",
        "&",
        "&nbsp;",
        "<a <b",
    ] {
        let html = tag.repeat(200_000 / tag.len());
        let raw = format!("From: a@b\nContent-Type: text/html\n\n{html}Text");
        read_soon(tag, raw.as_bytes());
    }
}

#[test]
fn long_texts_are_split_in_time() {
    for line in [
        "> a\n",
        "a\n",
        "Am 3. Mai 2022\n",
        "begin 644 a\n",
        "From: a\n",
        "-- \n",
        "On 1\n",
        "\n",
        "Von: a@b\nAn: b\n",
        "a",
        "> ",
    ] {
        let raw = format!("From: a@b\n\n{}", line.repeat(1_000_000 / line.len()));
        read_soon(line, raw.as_bytes());
    }
}

#[test]
fn reports_of_a_million_recipients_are_read_in_time() {
    let head = "From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail\n";
    let fields = "Final-Recipient: rfc822; a@example.org\nAction: failed\n\n".repeat(100_000);
    let words = (0..50_000).map(|at| format!("a{at}@example.org: 550 no\n")).collect::<Vec<_>>().concat();
    let long =
        format!("could not be delivered to a@example.org {}\n", "b@example.org ".repeat(5_000)).repeat(50);
    for body in [
        format!("Content-Type: message/delivery-status\n\n{fields}"),
        format!(
            "Content-Type: multipart/report; boundary=b\n\n--b\n\n{long}\n--b\nContent-Type: message/delivery-status\n\n{fields}"
        ),
        format!("\n{words}"),
        format!("\n{long}"),
        format!("\n{fields}"),
        format!(
            "\n{{\"notificationType\":\"Bounce\",\"bouncedRecipients\":[{}",
            "{\"emailAddress\":\"a@b.de\"},".repeat(100_000)
        ),
    ] {
        let message = read_soon("report", format!("{head}{body}").as_bytes());
        assert!((1..=500).contains(&message.bounce.len()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = mail::parse(&raw);
        let inspection = mail::inspect(&raw);
        prop_assert!(serde_json::to_string(&inspection).is_ok());
    }

    #[test]
    fn any_bytes_are_text_in_any_charset(bytes in proptest::collection::vec(any::<u8>(), 0..200), label in label()) {
        let _ = mail::charset::decode(&bytes, Some(label));
        for encoding in ["base64", "quoted-printable", "x-uuencode"] {
            let _ = mail::transfer::decode(&bytes, encoding);
        }
    }

    #[test]
    fn anything_like_a_mail_is_read_without_a_panic(pieces in proptest::collection::vec(piece(), 0..60)) {
        let raw = pieces.concat();
        let _ = mail::parse(&raw);
    }

    #[test]
    fn any_html_is_sanitised_to_something_harmless(pieces in proptest::collection::vec(html_piece(), 0..40)) {
        let clean = mail::html::sanitise(&pieces.concat(), &mail::html::SanitiseOptions::default());
        prop_assert!(!clean.to_ascii_lowercase().contains("<script"));
        let again = mail::html::sanitise(&clean, &mail::html::SanitiseOptions::default());
        prop_assert_eq!(mail::html::to_text(&again), mail::html::to_text(&clean));
    }

    #[test]
    fn no_word_is_lost_by_splitting(lines in proptest::collection::vec(line(), 0..40)) {
        let text = lines.join("\n");
        let split = mail::reply::split(&text);
        let mut wanted: Vec<&str> = text.split_whitespace().collect();
        let joined = [split.reply, split.quoted, split.signature].join("\n");
        let mut kept: Vec<&str> = joined.split_whitespace().collect();
        wanted.sort_unstable();
        kept.sort_unstable();
        prop_assert_eq!(kept, wanted);
    }

    #[test]
    fn any_subject_and_name_is_written_so_that_it_reads_back(subject in "[ -~äöü€😀]{0,200}", name in "[ -~äöü€😀]{0,120}") {
        let outgoing = mail::compose::Outgoing {
            message_id: "1@example.de".to_owned(),
            from: mail::Address { name: name.clone(), address: "a@example.de".to_owned() },
            subject: subject.clone(),
            ..mail::compose::Outgoing::default()
        };
        let read = mail::parse(&mail::compose::compose(&outgoing)).expect("it has a header");
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(squeeze(&read.subject), squeeze(&subject));
        prop_assert_eq!(&read.from[0].address, "a@example.de");
    }
}

fn label() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "utf-8",
        "utf-7",
        "utf-16",
        "utf-16le",
        "utf-32",
        "iso-8859-1",
        "iso-8859-15",
        "windows-1252",
        "ibm850",
        "cp437",
        "koi8-r",
        "macintosh",
        "gb2312",
        "big5",
        "euc-jp",
        "euc-kr",
        "iso-2022-jp",
        "iso-2022-kr",
        "hz-gb-2312",
        "shift_jis",
        "tis-620",
        "x",
        "",
    ])
}

/// Pieces of mails, well formed and not.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words: &[&[u8]] = &[
        b"From: ",
        b"Subject: ",
        b"Content-Type: ",
        b"multipart/mixed",
        b"multipart/alternative",
        b"text/html",
        b"text/plain",
        b"message/rfc822",
        b"; boundary=",
        b"\"b\"",
        b"b",
        b"--b",
        b"--b--",
        b"\n",
        b"\r\n",
        b"\r",
        b"\n\n",
        b" ",
        b"\t",
        b"=?utf-8?Q?",
        b"?=",
        b"=?gb2312?B?",
        b"; charset=",
        b"utf-16",
        b"iso-2022-jp",
        b"utf-7",
        b"; filename*0*=",
        b"utf-8''%C3",
        b"%BC",
        b"Content-Transfer-Encoding: base64",
        b"quoted-printable",
        b"=",
        b"<",
        b">",
        b"@",
        b"(",
        b")",
        b"\"",
        b"\\",
        b"\0",
        b"\xff",
        b"\xc3\xbc",
        b"multipart/report",
        b"message/delivery-status",
        b"Final-Recipient: rfc822; a@b",
        b"Status: 5.1.1",
        b"format=flowed",
        b"begin 644 a",
        b"<p>",
        b"</",
        b"\x1b$B",
        b"\xff\xfe",
        b"Date: ",
        b"2022-13-45",
        b"Mon, 99 Xxx 9999999 99:99:99 +9999",
    ];
    prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(<[u8]>::to_vec), 1 => proptest::collection::vec(any::<u8>(), 0..12)]
}

fn html_piece() -> impl Strategy<Value = String> {
    let words: &[&str] = &[
        "<script>",
        "</script>",
        "<img src=",
        "https://x",
        "cid:a",
        "kitt-waiting:",
        "kitt-granted:",
        "\"",
        "'",
        ">",
        "<",
        "/",
        " ",
        "<svg>",
        "<math>",
        "<style>",
        "</style>",
        "<a href=",
        "javascript:",
        "<p style=",
        "color:red",
        "position:fixed",
        "url(x)",
        ";",
        "<!--",
        "-->",
        "<table>",
        "<td>",
        "<template>",
        "<noscript>",
        "<title>",
        "&lt;",
        "&#x6a;",
        "&quot;",
        " data-remote-src=",
        " onerror=",
        "alert(1)",
        "<blockquote>",
        "</blockquote>",
        "<mtext>",
        "<mglyph>",
        "<form>",
        "<select>",
        "<option>",
    ];
    prop_oneof![5 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "[a-z \\n]{0,6}"]
}

fn line() -> impl Strategy<Value = String> {
    let words: &[&str] = &[
        "> Zitat",
        ">> tiefer",
        "Antwort",
        "",
        "-- ",
        "Am 03.05.2022 um 10:00 schrieb Anna <anna@example.de>:",
        "On Mon, 3 May 2022, Anna wrote:",
        "Von: Anna",
        "Gesendet: 3. Mai 2022",
        "An: Hans <h@example.de>",
        "Betreff: Lampe",
        "-----Ursprüngliche Nachricht-----",
        "________________",
        "Gesendet von meinem iPhone",
        "Mit freundlichen Grüßen",
        "Tel. 0123 456789",
        "Disclaimer",
        "wrapped",
    ];
    prop_oneof![5 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "[ -~]{0,90}"]
}
