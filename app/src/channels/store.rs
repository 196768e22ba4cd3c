//! SQL of mails: as they came in [`received`], on their way into cases in [`filing`], their ids in [`messages`],
//! on their way out in [`outgoing`], what machines send in [`automatic`] and [`notices`], files as links in [`links`],
//! what is set up in [`settings`].

mod acknowledgements;
mod automatic;
mod filing;
mod links;
mod messages;
mod notices;
mod outgoing;
mod proofs;
mod received;
mod settings;

pub use acknowledgements::{
    acknowledgement_settings, acknowledging, insert_acknowledgement, is_acknowledged,
    set_acknowledgement_settings,
};
pub use automatic::{
    Suppressed, automatic_in, automatic_to, count_automatic, forget_automatic, insert_suppression,
    is_counted, is_released, move_ids, move_ids_of, set_released, suppressions,
};
pub use filing::{
    Filed, Suspicion, count_attempt, finish_filed, give_up, is_due, put_off, release, shift_received,
    start_all_over, start_over, take, uncount,
};
pub use links::{OF_CONTACT, count_download, insert_link, link, link_of_key, links, set_link};
pub use messages::{
    Known, MessageRow, by_message_ids, cut, duplicate, ids_of_case, remember, remember_later,
};
pub use notices::{add_notice, end_notice, notices_since, put_off_notice, waiting_notice};
pub use outgoing::{
    Start, calm, count_interruption, cut_taken, domain, due, end_outgoing, in_hand, last_sent, leave_now,
    next_attempt, outgoing, overdue, overdue_people, ready_since, save_composed, sent, set_domain,
    set_handing, set_next, set_waiting, shift_paces, shift_paces_beyond, shift_put_off, start_outgoing,
};
pub use proofs::{
    RunRow, add_run, end_run, file_anew, is_open, is_proven, open_run, proof, proofs, received_all,
    received_by_hash, save_proof, set, setting, settle, settled, touch_run,
};
pub use received::{
    NewMail, Outcome, authentications, backlog, came_before, count_unprocessable, counts, insert, kept_after,
    known, last, outcome, raw, raws, received, unprocessable,
};
pub use settings::{
    insert_key, key, keys, own_addresses, queue_mail, remove_key, rules, set_found, set_own_address,
    set_queue_mail, set_rules, set_signs, signing_keys,
};
