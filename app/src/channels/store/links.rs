//! Files that went as links.

use crate::channels::links::FileLink;
use crate::platform::{Column, ContactId, Result, Tx, key_lists, sql};

/// Where something of a contact may stand, see [`Tx::look`].
pub const OF_CONTACT: [Column; 1] = [("file_links", "contact_id")];

const LINK: &str =
    "SELECT attachment_id, contact_id, key, until, withdrawn_at, downloads FROM file_links WHERE ";

/// False if the file has a link already, which stays.
pub async fn insert_link(tx: &mut Tx, link: &FileLink) -> Result<bool> {
    let new = sql("INSERT INTO file_links (attachment_id, contact_id, key, until, downloads)
                   VALUES ($1, $2, $3, $4, 0) ON CONFLICT (attachment_id) DO NOTHING")
    .bind(link.attachment)
    .bind(link.contact)
    .bind(&link.key)
    .bind(link.until)
    .run(tx)
    .await?;
    Ok(new == 1)
}

pub async fn link(tx: &mut Tx, attachment: i64) -> Result<Option<FileLink>> {
    sql(LINK).push("attachment_id = ").push_bind(attachment).maybe(tx).await
}

pub async fn link_of_key(tx: &mut Tx, key: &str) -> Result<Option<FileLink>> {
    sql(LINK).push("key = ").push_bind(key).maybe(tx).await
}

/// The links of these contacts; there is one contact at least.
pub async fn links(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<FileLink>> {
    let mut links: Vec<FileLink> = Vec::new();
    let asked: Vec<ContactId> =
        contacts.iter().copied().filter(|contact| !tx.has_none(&OF_CONTACT, contact.0)).collect();
    for contacts in key_lists(&asked) {
        let some = sql(LINK).push("contact_id IN ").push_list(contacts).push(" ORDER BY attachment_id");
        links.extend::<Vec<FileLink>>(some.all(tx).await?);
    }
    Ok(links)
}

pub async fn set_link(tx: &mut Tx, link: &FileLink) -> Result<()> {
    sql("UPDATE file_links SET until = $2, withdrawn_at = $3 WHERE attachment_id = $1")
        .bind(link.attachment)
        .bind(link.until)
        .bind(link.withdrawn_at)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn count_download(tx: &mut Tx, attachment: i64) -> Result<()> {
    sql("UPDATE file_links SET downloads = downloads + 1 WHERE attachment_id = $1")
        .bind(attachment)
        .run(tx)
        .await?;
    Ok(())
}
