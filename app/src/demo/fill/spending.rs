//! What the history cost: rates, time, goodwill, refunds, and the requests under policies.

use example::{Case, Company};
use money::{Currency, Hours, MinuteRateInputs, Money, Percent};

use super::chronicle::{By, Chronicle};
use super::{Ids, at};
use crate::finance;
use crate::finance::{Exposure, Rates};
use crate::goodwill;
use crate::goodwill::{GoodwillKind, Payment, PolicyDraft, Request};
use crate::journal::{About, Fact};
use crate::platform::{CaseId, Result, Timestamp, Tx};

/// The rates that price everything, the rules of the house and how busy its days were.
pub async fn ground(tx: &mut Tx, company: &Company, ids: &mut Ids, begin: Timestamp) -> Result<()> {
    finance::past::rates(tx, &rates(), Timestamp(0), None, begin).await?;
    for policy in &company.policies {
        let draft = PolicyDraft {
            title: policy.title.into(),
            department: Some(ids.departments[policy.owner_department]),
            text: policy.text.into(),
            active: true,
        };
        let added = goodwill::past::policy(tx, &draft, i64::from(policy.version), begin).await?;
        ids.policies.push(added);
    }
    for day in &company.exposure {
        let row = Exposure {
            day: day.date,
            product_group: day.product_group.into(),
            orders: day.orders,
            deliveries: day.deliveries,
            active_customers: day.active_customers,
        };
        finance::past::exposure(tx, &row, begin).await?;
    }
    Ok(())
}

/// An agent costs the employer 46,800 EUR a year, 20 % overhead, for 2,002 paid hours of which 30 % are no
/// service: 40.07 EUR an hour.
fn rates() -> Rates {
    Rates {
        handling: MinuteRateInputs {
            yearly_cost: Some(Money::new(4_680_000, Currency::Eur)),
            overhead_percent: Some(Percent::whole(20)),
            paid_hours: Some(Hours::whole(2002)),
            shrinkage_percent: Some(Percent::whole(30)),
        },
        currency: Currency::Eur,
        vat: Some(Percent::whole(20)),
        redemption: Some(Percent::whole(85)),
    }
}

/// What the case cost and what its customer asked for. `ended` is when its time and refund are booked.
pub async fn of_case(
    tx: &mut Tx,
    ids: &Ids,
    case: &Case,
    id: CaseId,
    ended: Timestamp,
    chronicle: &mut Chronicle,
) -> Result<()> {
    let customer = ids.customers[case.customer];
    let about = About::case(id).of(customer);
    let seconds = case.active_seconds.iter().map(|(_, seconds)| seconds).sum();
    if seconds != 0 {
        finance::past::time(tx, id, customer, ended, seconds).await?;
    }
    for given in &case.goodwill {
        let (kind, sum, when) = (kind(given.kind), Money::new(given.cents, Currency::Eur), at(given.at));
        let person = Some(ids.people[given.person]);
        goodwill::past::grant(tx, (id, customer), Payment::Goodwill(kind), sum, person, when).await?;
        finance::past::goodwill(tx, id, customer, when, kind.code(), sum).await?;
        let (cents, currency) = (sum.cents, sum.currency.code().to_owned());
        let kind = kind.code().to_owned();
        let fact = Fact::GoodwillGranted { kind, cents, currency, priced_at: None };
        chronicle.tell(when, By::of(person), about.worth(cents), fact);
    }
    if case.refund_cents != 0 {
        let sum = Money::new(case.refund_cents, Currency::Eur);
        let person = case.owner.map(|owner| ids.people[owner]);
        goodwill::past::grant(tx, (id, customer), Payment::Due, sum, person, ended).await?;
        finance::past::refund(tx, id, customer, ended, sum).await?;
        let (cents, currency) = (sum.cents, sum.currency.code().to_owned());
        let fact = Fact::RefundEntered { cents, currency, priced_at: None };
        chronicle.tell(ended, By::of(person), about.worth(cents), fact);
    }
    for request in &case.requests {
        let asked = asked(ids, case, id, request);
        goodwill::past::request(tx, &asked).await?;
        let (policy, version) = (asked.policy, asked.version);
        let fact = if asked.granted {
            Fact::RequestGranted { policy, version }
        } else {
            Fact::RequestRefused { policy, version }
        };
        chronicle.tell(asked.at, By::of(asked.person), about, fact);
    }
    Ok(())
}

fn asked(ids: &Ids, case: &Case, id: CaseId, request: &example::Request) -> Request {
    Request {
        id: 0,
        case: id,
        customer: ids.customers[case.customer],
        policy: ids.policies[request.policy],
        policy_title: String::new(),
        version: i64::from(request.version),
        granted: request.granted,
        reason: request.reason.into(),
        person: Some(ids.people[request.person]),
        at: at(request.at),
    }
}

const fn kind(kind: example::GoodwillKind) -> GoodwillKind {
    match kind {
        example::GoodwillKind::Voucher => GoodwillKind::Voucher,
        example::GoodwillKind::Discount => GoodwillKind::Discount,
        example::GoodwillKind::Refund => GoodwillKind::Refund,
        example::GoodwillKind::Replacement => GoodwillKind::Replacement,
        example::GoodwillKind::Shipping => GoodwillKind::Shipping,
    }
}
