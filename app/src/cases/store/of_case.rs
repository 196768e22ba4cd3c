//! Where something of a case or contact may stand besides its row: what most of them have nothing in. See
//! [`Tx::look`](crate::platform::Tx::look).

use crate::platform::{Column, ContactId, Tx};

pub const COMPLAINT_ENDS: [Column; 1] = [("complaint_ends", "case_id")];
pub const DRAFTS: [Column; 1] = [("case_drafts", "case_id")];
pub const HANDOFFS: [Column; 1] = [("case_handoffs", "case_id")];
pub const LINKS: [Column; 2] = [("case_links", "case_id"), ("case_links", "earlier_id")];
pub const MERGES: [Column; 1] = [("case_merges", "into_id")];
pub const PEOPLE: [Column; 1] = [("case_people", "case_id")];
pub const RELATIONS: [Column; 2] = [("case_relations", "case_id"), ("case_relations", "other_id")];
pub const TAGS: [Column; 1] = [("case_tags", "case_id")];
pub const TALKS: [Column; 1] = [("case_talks", "case_id")];
pub const TASKS: [Column; 1] = [("case_tasks", "case_id")];
pub const TIME: [Column; 1] = [("case_time", "case_id")];
pub const VALUES: [Column; 1] = [("case_values", "case_id")];

/// All of them.
pub const OF_CASE: [Column; 14] = [
    COMPLAINT_ENDS[0],
    DRAFTS[0],
    HANDOFFS[0],
    LINKS[0],
    LINKS[1],
    MERGES[0],
    PEOPLE[0],
    RELATIONS[0],
    RELATIONS[1],
    TAGS[0],
    TALKS[0],
    TASKS[0],
    TIME[0],
    VALUES[0],
];

pub const ATTACHMENTS: [Column; 1] = [("attachments", "contact_id")];
pub const RECIPIENTS: [Column; 1] = [("contact_recipients", "contact_id")];
pub const MENTIONS: [Column; 1] = [("mentions", "contact_id")];

/// Where something of a contact may stand besides its row.
pub const OF_CONTACT: [Column; 3] = [ATTACHMENTS[0], RECIPIENTS[0], MENTIONS[0]];

/// Those of these contacts that these columns may hold.
pub fn asked(tx: &Tx, columns: &[Column], contacts: &[ContactId]) -> Vec<ContactId> {
    contacts.iter().copied().filter(|contact| !tx.has_none(columns, contact.0)).collect()
}
