//! Colleagues pass on what reached them: the customer is the author.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::Direction;
use kitt::platform::Role;

use super::mail_of;
use crate::world::{World, both, email};

both!(
    a_forwarded_mail_is_its_customers_and_the_words_above_are_a_note,
    an_enclosed_mail_is_its_customers,
    a_forwarded_answer_finds_its_case,
    a_forward_is_filed_as_it_is_where_it_proves_nothing,
    the_same_forward_twice_is_one_contact,
);

const BLOCK: &str = "Von: Ingrid Sommerauer <ingrid@example.org>\r\nGesendet: Montag, 16. November 2026 08:12\r\n\
                     An: Eva Agent <agent@haus.example>\r\nBetreff: Lampe flackert\r\n\r\n\
                     Guten Tag,\r\n\r\nmeine Lampe flackert seit gestern.\r\n";

/// Somebody passes Frau Sommerauer's mail on with these words.
fn forward(from: &str, fields: &str, words: &str) -> String {
    mail_of(from, "WG: Lampe flackert", fields)
        .replace("Guten Tag, die Lampe flackert.\r\n", &format!("{words}\r\n\r\n{BLOCK}"))
}

async fn a_forwarded_mail_is_its_customers_and_the_words_above_are_a_note(world: World) -> Result<()> {
    let received =
        world.arrive(forward(&email(Role::Agent), "", "Bitte anrufen, sie ist Stammkundin.")).await?;

    let case = world.case(received.case).await?;
    let contacts = cases::contacts(&mut world.read().await?, case.id).await?;
    let [said, note] = contacts.as_slice() else { anyhow::bail!("{contacts:?}") };
    assert_eq!(
        (said.author.as_str(), said.from_address.as_deref()),
        ("Ingrid Sommerauer", Some("ingrid@example.org"))
    );
    assert!(
        said.text.contains("meine Lampe flackert") && !said.text.contains("Stammkundin"),
        "{}",
        said.text
    );
    assert_eq!((said.html.as_ref(), case.subject.as_str()), (None, "Lampe flackert"));
    assert_eq!((note.direction, note.author.as_str()), (Direction::Note, "Eva Agent"));
    assert_eq!(
        (note.text.as_str(), note.person),
        ("Bitte anrufen, sie ist Stammkundin.", world.agent.person_id())
    );
    assert_eq!(case.contacts, 2);
    let to = cases::recipient(&mut world.read().await?, &case).await?;
    assert_eq!(to.as_deref(), Some("ingrid@example.org"));
    Ok(())
}

async fn an_enclosed_mail_is_its_customers(world: World) -> Result<()> {
    let raw = format!(
        "From: Eva <{}>\r\nTo: service@haus.example\r\nSubject: Fwd: Lampe\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nDringend.\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Ingrid Sommerauer <ingrid@example.org>\r\n\
         Subject: Lampe\r\n\r\nMeine Lampe flackert.\r\n--b--\r\n",
        email(Role::Agent)
    );
    let received = world.arrive(raw).await?;

    let contact = world.contact(received.contact).await?;
    assert_eq!(
        (contact.author.as_str(), contact.text.as_str()),
        ("Ingrid Sommerauer", "Meine Lampe flackert.")
    );
    let contacts = cases::contacts(&mut world.read().await?, contact.case).await?;
    assert_eq!(contacts.last().map(|note| note.text.as_str()), Some("Dringend."));
    let files = cases::attachments(&mut world.read().await?, contact.id).await?;
    assert_eq!(files.len(), 1, "the enclosed mail is kept whole: {files:?}");
    Ok(())
}

async fn a_forwarded_answer_finds_its_case(world: World) -> Result<()> {
    let ingrid = "Ingrid Sommerauer <ingrid@example.org>";
    let first = world.arrive(mail_of(ingrid, "Lampe flackert", "Message-ID: <1@example.org>\r\n")).await?;

    let fields = "References: <1@example.org>\r\n";
    let forwarded = world.arrive(forward(&email(Role::Agent), fields, "Kam zu mir.")).await?;

    assert_eq!(forwarded.case, first.case);
    assert!(!world.contact(forwarded.contact).await?.stranger);
    Ok(())
}

async fn a_forward_is_filed_as_it_is_where_it_proves_nothing(world: World) -> Result<()> {
    let agent = email(Role::Agent);
    let colleague = |raw: String| raw.replace("ingrid@example.org", &email(Role::Lead));
    let nobody = |raw: String| raw.replace(" <ingrid@example.org>", "");
    for (what, raw, author) in [
        ("a stranger's forward", forward("mallory@example.net", "", "Siehe:"), "mallory@example.net"),
        ("a colleague's own mail", colleague(forward(&agent, "", "Siehe:")), agent.as_str()),
        ("nobody's address", nobody(forward(&agent, "", "Siehe:")), agent.as_str()),
        ("answers elsewhere", forward(&agent, "Reply-To: m@example.net\r\n", "Siehe:"), "m@example.net"),
    ] {
        let received = world.arrive(raw).await?;
        let contact = world.contact(received.contact).await?;
        assert_eq!(contact.from_address.as_deref(), Some(author), "{what}");
        let contacts = cases::contacts(&mut world.read().await?, contact.case).await?;
        assert!(contacts.iter().all(|one| one.direction == Direction::Inbound), "{what}: {contacts:?}");
    }
    Ok(())
}

async fn the_same_forward_twice_is_one_contact(world: World) -> Result<()> {
    let raw = forward(&email(Role::Agent), "Message-ID: <9@haus.example>\r\n", "Siehe:");
    let first = world.arrive(raw.clone()).await?;
    let again = world.arrive(format!("Received: from a by b\r\n{raw}")).await?;

    assert_eq!(again.contact, first.contact);
    assert_eq!(cases::contacts(&mut world.read().await?, first.case.context("a case")?).await?.len(), 2);
    Ok(())
}
