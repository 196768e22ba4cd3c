//! Where something of a case may stand besides its row: what most cases have nothing in. See
//! [`Tx::look`](crate::platform::Tx::look).

use crate::platform::Column;

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
