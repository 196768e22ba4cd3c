//! What the example company wants to know about its cases: kinds, states, tags and fields of its own.

use std::collections::HashMap;

use example::{Case, Company, Direction, Matter};
use money::Notation;

use crate::cases::Status;
use crate::cases::attributes;
use crate::cases::attributes::{CaseField, CaseKind, Choice, FieldType, OwnState, PastAttributes, Value};
use crate::journal::Fact;
use crate::platform::{Bilingual, CaseFieldId, CaseId, OwnStateId, Result, TagId, Timestamp, Tx};

/// What was said about a case, in the order in which it was: when somebody took it, and when the work was done.
#[derive(Default)]
pub struct Said {
    pub at_first: Vec<Fact>,
    pub at_last: Vec<Fact>,
}

/// What cases of the company can be.
pub struct Attributes {
    kinds: HashMap<String, CaseKind>,
    supplier: OwnStateId,
    callback: OwnStateId,
    tags: HashMap<&'static str, TagId>,
    order: CaseField,
    serial: CaseField,
    reason: CaseField,
}

const TAGS: [&str; 4] = ["Wiederholt", "Erstattung", "Kulanz", "Öffentlich"];

impl Attributes {
    pub async fn fill(tx: &mut Tx) -> Result<Self> {
        let kinds = attributes::kinds(tx).await?;
        let kinds: HashMap<String, CaseKind> =
            kinds.into_iter().map(|kind| (kind.name.de.clone(), kind)).collect();
        let supplier =
            attributes::add_state(tx, &state("wartet auf Lieferant", "waiting for supplier", 1)).await?;
        let callback =
            attributes::add_state(tx, &state("Rückruf vereinbart", "call-back arranged", 2)).await?;
        let mut tags = HashMap::new();
        for tag in TAGS {
            tags.insert(tag, attributes::make_tag(tx, tag).await?);
        }
        let faults = kinds.get("Störung").map(|kind| kind.id).into_iter().collect();
        let returns = kinds.get("Rückgabe").map(|kind| kind.id).into_iter().collect();
        let order = field("order_number", ("Bestellnummer", "Order number"), FieldType::Reference, 1);
        let serial = CaseField {
            kinds: faults,
            help: Bilingual::new("Steht auf dem Typenschild.", "Printed on the type plate."),
            ..field("serial_number", ("Seriennummer", "Serial number"), FieldType::Reference, 2)
        };
        let reason = CaseField {
            kinds: returns,
            required: true,
            choices: vec![
                choice("dislike", "gefällt nicht", "does not like it"),
                choice("damaged", "beschädigt", "damaged"),
                choice("wrong", "falsch geliefert", "wrong item"),
                choice("fit", "passt nicht", "does not fit"),
            ],
            ..field("return_reason", ("Rückgabegrund", "Reason for the return"), FieldType::Choice, 3)
        };
        let order = attributes::add_field(tx, order).await?;
        let serial = attributes::add_field(tx, serial).await?;
        let reason = attributes::add_field(tx, reason).await?;
        Ok(Self { kinds, supplier, callback, tags, order, serial, reason })
    }

    /// The kind of `case`; nobody says it before somebody has the case.
    pub fn kind_of(&self, case: &Case) -> Option<&CaseKind> {
        case.owner.and_then(|_| self.kinds.get(kind_of(case)))
    }

    /// Adds what `case`, which stands like this, is.
    pub async fn of_case(
        &self,
        tx: &mut Tx,
        company: &Company,
        case: &Case,
        (id, at, status): (CaseId, Timestamp, Status),
    ) -> Result<Said> {
        let mut said = Said::default();
        let Some(kind) = self.kind_of(case) else { return Ok(said) };
        let waits = status == Status::Waiting && case.wait_until.is_some();
        let state = match case.contacts.last() {
            _ if !waits => None,
            Some(last) if called(last) => Some(self.callback),
            _ => (id.0 % 2 == 0).then_some(self.supplier),
        };
        let tags = self.tags_of(case);
        let values = self.values_of(company, case, &kind.name.de, id);
        let past = PastAttributes { kind: Some(kind.id), state, tags: &tags, values: &values };
        attributes::add_past(tx, (id, at), past).await?;
        if kind.complaint {
            said.at_first.push(Fact::ComplaintMarked { complaint: true });
        }
        said.at_first.push(Fact::CaseKindSet { kind: Some(kind.id) });
        let fields = values.iter().map(|(field, _)| *field);
        let written = |field| Fact::CaseFieldSet { field, wording: None };
        let (late, early): (Vec<_>, Vec<_>) = fields.partition(|field| *field == self.reason.id);
        said.at_first.extend(early.into_iter().map(written));
        said.at_last.extend(tags.iter().map(|tag| Fact::CaseTagged { tag: *tag }));
        said.at_last.extend(late.into_iter().map(written));
        said.at_last.extend(state.map(|state| Fact::CaseStateSet { state: Some(state), from: None }));
        Ok(said)
    }

    fn tags_of(&self, case: &Case) -> Vec<TagId> {
        let repeated = case.repeats.is_some().then_some("Wiederholt");
        let refunded = (case.refund_cents != 0).then_some("Erstattung");
        let granted = (!case.goodwill.is_empty()).then_some("Kulanz");
        let public = (case.channel == example::Channel::Post).then_some("Öffentlich");
        let named = [repeated, refunded, granted, public].into_iter().flatten();
        named.filter_map(|name| self.tags.get(name).copied()).collect()
    }

    fn values_of(&self, company: &Company, case: &Case, kind: &str, id: CaseId) -> Vec<(CaseFieldId, Value)> {
        let bought =
            company.customers[case.customer].orders.iter().rfind(|order| order.at <= case.created_at);
        let order = order_of(company, case).map(|number| (&self.order, number.to_owned()));
        let serial = bought
            .filter(|_| kind == "Störung")
            .map(|order| (&self.serial, format!("N{:02}-{:05}", order.product, id.0 * 7919 % 100_000)));
        let reasons = &self.reason.choices;
        let chosen = usize::try_from(id.0).unwrap_or(0) % reasons.len();
        let reason = (kind == "Rückgabe").then(|| (&self.reason, reasons[chosen].key.clone()));
        let written = [order, serial, reason].into_iter().flatten();
        written
            .filter_map(|(field, text)| {
                let value = attributes::read(field, &text, Notation::German).ok().flatten();
                value.map(|value| (field.id, value))
            })
            .collect()
    }
}

/// The order that a case is about: the one it names, or the only one there is. Whoever fills the field in guesses no other.
pub fn order_of<'c>(company: &'c Company, case: &Case) -> Option<&'c str> {
    let orders = &company.customers[case.customer].orders;
    let names = |number: &str| {
        case.subject.contains(number) || case.contacts.iter().any(|contact| contact.text.contains(number))
    };
    let mut bought =
        orders.iter().filter(|order| order.at <= case.created_at).map(|order| order.number.as_str());
    let only = if bought.clone().count() == 1 { bought.clone().next() } else { None };
    bought.find(|number| names(number)).or(only)
}

/// Who called was heard, and is called back.
fn called(contact: &example::Contact) -> bool {
    contact.direction == Direction::In && contact.channel == example::Channel::Phone
}

/// The German name of the kind that somebody would choose.
const fn kind_of(case: &Case) -> &'static str {
    match case.matter {
        Matter::Question => "Frage",
        Matter::Order => "Bestellung",
        Matter::Fault => "Störung",
        Matter::Return => "Rückgabe",
        Matter::Complaint => "Beschwerde",
        Matter::Praise => "Lob",
        Matter::Wish => "Wunsch",
    }
}

fn state(de: &str, en: &str, place: i64) -> OwnState {
    OwnState { id: OwnStateId(0), name: Bilingual::new(de, en), base: Status::Waiting, place, active: true }
}

fn choice(key: &str, de: &str, en: &str) -> Choice {
    Choice { key: key.to_owned(), name: Bilingual::new(de, en), gone: false }
}

fn field(key: &str, (de, en): (&str, &str), field_type: FieldType, place: i64) -> CaseField {
    CaseField {
        id: CaseFieldId(0),
        key: key.to_owned(),
        name: Bilingual::new(de, en),
        help: Bilingual::default(),
        field_type,
        required: false,
        standard: None,
        queues: Vec::new(),
        kinds: Vec::new(),
        only_if: None,
        choices: Vec::new(),
        place,
        archived: false,
    }
}
