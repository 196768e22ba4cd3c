//! Mails of the example company: live ones for the demo and workloads for benchmarks.

use example::{Answerable, Company, Size, mails};
use jiff::civil::date;
use std::collections::HashSet;

const NOW: i64 = 1_795_527_000;

fn company() -> Company {
    Company::of_size(1, date(2026, 11, 24), Size { customers: 200, cases: 0 })
}

fn text(raw: &[u8]) -> String {
    String::from_utf8(raw.to_vec()).expect("our mails are ASCII")
}

#[test]
fn live_mails_differ_and_about_a_third_are_replies() {
    let company = company();
    let open = [Answerable {
        case_number: "26-48213".to_owned(),
        subject: "[26-48213] Sofa".to_owned(),
        reply_address: "service+abc@kastenundlicht.example".to_owned(),
        message_id: "out-1@kastenundlicht.example".to_owned(),
        customer: 5,
    }];
    let mails: Vec<String> = (0..300).map(|n| text(&company.live_mail(n, NOW, &open))).collect();

    let replies = mails.iter().filter(|mail| mail.contains("In-Reply-To: <out-1@kastenundlicht.example>"));
    assert!((60..=120).contains(&replies.count()));
    assert_eq!(mails.iter().collect::<HashSet<_>>().len(), 300);
    assert_eq!(mails[7], text(&company.live_mail(7, NOW, &open)));
}

#[test]
fn without_open_cases_every_live_mail_is_new() {
    let company = company();
    for n in 0..50 {
        let mail = text(&company.live_mail(n, NOW, &[]));
        assert!(mail.contains("\r\nTo: <service@kastenundlicht.example>\r\n"));
        assert!(!mail.contains("In-Reply-To"));
    }
}

#[test]
fn a_workload_is_varied_and_its_replies_come_from_the_same_sender() {
    let all: Vec<_> = mails(4, 2000, 30).collect();

    let replies = all.iter().filter(|mail| mail.answers.is_some()).count();
    assert!((540..=660).contains(&replies), "{replies}");
    for mail in &all {
        let Some(answered) = mail.answers.map(|position| &all[position]) else { continue };
        assert_eq!(answered.from, mail.from);
        assert!(text(&mail.raw).contains(&format!("In-Reply-To: <{}>", answered.message_id)));
    }
    let sizes: Vec<usize> = all.iter().map(|mail| mail.raw.len()).collect();
    assert!(sizes.iter().any(|size| *size < 1_500) && sizes.iter().any(|size| 100_000 < *size));
    let with = |part: &str| all.iter().filter(|mail| text(&mail.raw).contains(part)).count();
    assert!(500 < with("text/html") && 100 < with("multipart/mixed") && 200 < with("Subject: =?UTF-8?B?"));
    assert_eq!(all, mails(4, 2000, 30).collect::<Vec<_>>());
}
