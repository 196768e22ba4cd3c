//! Which case a mail belongs to.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Status};
use kitt::channels::{Received, State};
use kitt::platform::ContactId;
use mail::threading;

use super::{mail, mail_of};
use crate::world::{World, both};

both!(
    a_case_number_in_the_subject_threads_for_who_takes_part,
    a_strangers_guess_opens_a_case_of_its_own,
    our_own_address_takes_part_in_no_case,
    who_forges_a_customers_sender_gets_no_answer_of_that_customer,
    who_fills_in_a_contact_form_is_its_customer,
    a_person_whose_answers_go_elsewhere_keeps_their_name,
    the_signed_reply_address_threads_whatever_the_subject_says,
    a_forged_reply_address_does_not_thread,
    references_to_our_mail_thread,
    references_to_their_own_mail_thread_for_the_same_sender_only,
    an_answer_from_another_address_is_marked_and_opens_the_case,
    an_absence_notice_threads_without_opening_the_case,
    a_bounce_fails_what_it_bounced,
    our_own_mail_in_copy_is_no_new_case,
);

async fn a_case_number_in_the_subject_threads_for_who_takes_part(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe", "")).await?;
    let number = world.case(first.case).await?.number;

    let second = world.arrive(mail(&format!("Noch etwas zu Fall {number}"), "")).await?;

    assert_eq!(second.case, first.case);
    assert_ne!(second.contact, first.contact);
    Ok(())
}

async fn a_strangers_guess_opens_a_case_of_its_own(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe", "Message-ID: <1@example.org>\r\n")).await?;
    let number = world.case(first.case).await?.number;

    let guess =
        mail_of("Mallory <mallory@example.net>", &format!("[{number}]"), "References: <1@example.org>\r\n");
    let stranger = world.arrive(guess).await?;

    assert_ne!(stranger.case, first.case);
    assert!(!world.contact(stranger.contact).await?.stranger);
    Ok(())
}

async fn our_own_address_takes_part_in_no_case(world: World) -> Result<()> {
    let (first, ..) = answered(&world).await?;
    let number = world.case(first.case).await?.number;

    let fields = "Reply-To: mallory@example.net\r\n";
    let forged = mail_of("Haus <service@haus.example>", &format!("[{number}]"), fields);
    let forged = world.arrive(forged).await?;
    let plain = world.arrive(mail_of("service@haus.example", &format!("[{number}]"), "")).await?;

    assert_ne!(forged.case, first.case);
    assert_ne!(plain.case, first.case);
    Ok(())
}

async fn who_forges_a_customers_sender_gets_no_answer_of_that_customer(world: World) -> Result<()> {
    let (first, _, address, _) = answered(&world).await?;
    let case = world.case(first.case).await?;

    let fields = "Reply-To: mallory@example.net\r\n";
    let guessed = world.arrive(mail(&format!("[{}]", case.number), fields)).await?;
    let proven = world.arrive_at(&address, mail("AW: Lampe", fields)).await?;

    assert_ne!(guessed.case, first.case);
    assert_ne!(world.case(guessed.case).await?.customer, case.customer);
    assert_eq!((proven.case, world.contact(proven.contact).await?.stranger), (first.case, true));
    let answer = Answer { text: "Gern.".into(), ..Answer::default() };
    let answer = cases::reply(&world.app, &world.agent, case.id, answer).await?;
    assert_eq!(world.contact(Some(answer)).await?.to_address.as_deref(), Some("ingrid@example.org"));
    Ok(())
}

async fn who_fills_in_a_contact_form_is_its_customer(world: World) -> Result<()> {
    let fields = "Reply-To: Nina Neu <nina@example.org>\r\n";
    let form = || mail_of("Kontaktformular <formular@haus.example>", "Anfrage", fields);
    world.arrive(mail_of("Kontaktformular <formular@haus.example>", "Test", "")).await?;
    let received = world.arrive(form()).await?;

    let case = world.case(received.case).await?;
    let customer = kitt::customers::customer(&mut world.read().await?, case.customer).await?;
    assert_eq!(customer.name, "Nina Neu");
    assert_eq!(world.contact(received.contact).await?.author, "Nina Neu");
    Ok(())
}

async fn a_person_whose_answers_go_elsewhere_keeps_their_name(world: World) -> Result<()> {
    let fields = "Reply-To: antwort@woanders.example\r\n";
    for (from, name) in [
        ("Cc Mensch <cc@mensch.example>", "Cc Mensch"),
        ("Kontaktformular <form@web.example>", "antwort"),
        ("Shop <noreply@shop.example>", "antwort"),
        ("Unsere Seite <post@haus.example>", "antwort"),
    ] {
        let fields = fields.replace("antwort@", &format!("antwort@{}.", name.len() + from.len()));
        let received = world.arrive(mail_of(from, "Anfrage", &fields)).await?;
        let case = world.case(received.case).await?;
        let customer = kitt::customers::customer(&mut world.read().await?, case.customer).await?;
        assert_eq!(customer.name, name, "{from}");
    }
    Ok(())
}

/// A case with an answer of ours, and the answer's signed address and id.
async fn answered(world: &World) -> Result<(Received, ContactId, String, String)> {
    let first = world.arrive(mail("Lampe", "Message-ID: <1@example.org>\r\n")).await?;
    let case = world.case(first.case).await?;
    let answer = Answer { text: "Wir sehen nach.".into(), ..Answer::default() };
    let contact = cases::reply(&world.app, &world.agent, case.id, answer).await?;
    world.forward(Duration::from_mins(1));
    let address = threading::reply_address("service@haus.example", &case.number, world.app.secret());
    let id = threading::message_id(contact, &case.number, "haus.example", world.app.secret());
    Ok((first, contact, address, id))
}

async fn the_signed_reply_address_threads_whatever_the_subject_says(world: World) -> Result<()> {
    let (first, _, address, _) = answered(&world).await?;
    let reply = world.arrive_at(&address.to_uppercase(), mail("Ganz etwas anderes", "")).await?;

    assert_eq!(reply.case, first.case);
    assert_eq!(world.case(reply.case).await?.status, Status::Open);
    Ok(())
}

async fn a_forged_reply_address_does_not_thread(world: World) -> Result<()> {
    let (first, _, address, _) = answered(&world).await?;
    let (head, tail) = address.rsplit_once('@').context("an address")?;
    let last = if head.ends_with('a') { 'b' } else { 'a' };
    let forged = format!("{}{last}@{tail}", &head[..head.len() - 1]);

    let reply = world.arrive_at(&forged, mail("Lampe", "")).await?;

    assert_ne!(reply.case, first.case);
    Ok(())
}

async fn references_to_our_mail_thread(world: World) -> Result<()> {
    let (first, _, _, id) = answered(&world).await?;
    let by_answer = world.arrive(mail("AW: Lampe", &format!("In-Reply-To: <{id}>\r\n"))).await?;
    let by_chain = world.arrive(mail("Re[2]: Lampe", &format!("References: <0@z> <{id}> <9@z>\r\n"))).await?;

    assert_eq!((by_answer.case, by_chain.case), (first.case, first.case));
    Ok(())
}

async fn references_to_their_own_mail_thread_for_the_same_sender_only(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe", "Message-ID: <1@example.org>\r\n")).await?;

    let same = world.arrive(mail("Lampe, Nachtrag", "References: <1@example.org>\r\n")).await?;
    let other =
        world.arrive(mail_of("b@example.net", "Lampe, Nachtrag", "References: <1@example.org>\r\n")).await?;

    assert_eq!(same.case, first.case);
    assert_ne!(other.case, first.case);
    Ok(())
}

async fn an_answer_from_another_address_is_marked_and_opens_the_case(world: World) -> Result<()> {
    let (first, _, address, _) = answered(&world).await?;
    assert_eq!(world.case(first.case).await?.status, Status::Waiting);

    let reply = world.arrive_at(&address, mail_of("Ingrid <private@example.net>", "AW: Lampe", "")).await?;

    let contact = world.contact(reply.contact).await?;
    let case = world.case(reply.case).await?;
    assert_eq!((reply.case, contact.stranger, case.status), (first.case, true, Status::Open));
    assert!(case.due_at.is_some());
    Ok(())
}

async fn an_absence_notice_threads_without_opening_the_case(world: World) -> Result<()> {
    let (first, _, _, id) = answered(&world).await?;
    let fields = format!("In-Reply-To: <{id}>\r\nAuto-Submitted: auto-replied\r\n");

    let notice = world.arrive(mail("Ich bin nicht da", &fields)).await?;

    assert_eq!(notice.case, first.case);
    assert_eq!(world.case(first.case).await?.status, Status::Waiting);
    assert!(world.contact(notice.contact).await?.automatic);
    Ok(())
}

async fn a_bounce_fails_what_it_bounced(world: World) -> Result<()> {
    let (first, contact, address, id) = answered(&world).await?;
    world.tamper("UPDATE contacts SET state = 'sent' WHERE state = 'queued'").await?;
    let bounce = format!(
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: {address}\r\nSubject: Undelivered Mail\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nUser unknown.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; ingrid@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{id}>\r\nSubject: Lampe\r\n\r\nWir sehen nach.\r\n--b--\r\n"
    );

    let bounce = world.arrive_at(&address, bounce).await?;

    let failed = world.contact(Some(contact)).await?;
    assert_eq!((bounce.state, bounce.case), (State::Done, first.case));
    assert_eq!(failed.state, cases::State::Failed);
    assert!(failed.reason.as_deref().is_some_and(|reason| reason.contains("5.1.1")), "{:?}", failed.reason);
    assert_eq!(world.case(first.case).await?.status, Status::Open);
    Ok(())
}

async fn our_own_mail_in_copy_is_no_new_case(world: World) -> Result<()> {
    let (first, contact, _, id) = answered(&world).await?;
    let fields = format!("Message-ID: <{id}>\r\nX-Kitt-Message: <{id}>\r\n");

    let copy = world.arrive(mail_of("Haus <service@haus.example>", "Lampe", &fields)).await?;

    assert_eq!((copy.state, copy.reason.as_deref()), (State::Done, Some("own")));
    assert_eq!((copy.case, copy.contact), (first.case, Some(contact)));
    Ok(())
}
