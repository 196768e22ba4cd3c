//! What service costs, and what it is compared with.

mod entered;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::Case;
use kitt::finance;
use kitt::finance::{Cost, Missing, Needed, Rates, costs};
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::goodwill;
use kitt::goodwill::GoodwillKind;
use kitt::node;
use kitt::platform::{CaseId, Clock, InsightId, Role, Timestamp, sql};
use kitt::screens;
use money::{Currency, Hours, MinuteRateInputs, Money, Percent};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    the_lost_parcel_of_the_worked_example_costs_what_it_says,
    without_rates_a_case_is_not_computable_and_never_free,
    rates_entered_later_price_the_past_and_new_versions_the_future,
    an_earlier_day_prices_everything_since_again,
    a_reversal_takes_the_cost_back,
    a_reversal_is_priced_as_what_it_takes_back,
    the_ledger_does_not_tell_when_somebody_worked,
    francs_stay_in_their_own_book,
    many_cases_add_up_in_one_query,
    the_ledger_names_basis_and_source_of_every_entry,
    the_ledger_begins_with_the_newest_day_and_names_the_case,
    what_an_import_brings_costs_the_same,
    what_insights_cost_is_followed_and_says_what_counting_anew_says,
);

/// The inputs of the worked example of docs/money.md.
pub fn rates() -> Rates {
    Rates {
        handling: MinuteRateInputs {
            yearly_cost: Some(Money::eur(4_680_000)),
            overhead_percent: Some(Percent::whole(20)),
            paid_hours: Some(Hours::whole(2002)),
            shrinkage_percent: Some(Percent::whole(30)),
        },
        currency: Currency::Eur,
        vat: Some(Percent::whole(19)),
        redemption: Some(Percent::whole(85)),
    }
}

async fn the_lost_parcel_of_the_worked_example_costs_what_it_says(world: World) -> Result<()> {
    let case = world.lost_parcel().await?;
    world.enter(&rates()).await?;
    world.hear().await?;

    let cost = world.cost(&case).await?.map_err(|missing| anyhow::anyhow!("{missing:?}"))?;

    let expected = Cost {
        handling: Money::eur(1870),
        goodwill: Money::eur(1071),
        refunds: Money::eur(2320),
        total: Money::eur(5262),
    };
    assert_eq!(cost, [expected]);
    if let Some(example) = worked_example() {
        let case = &example["expect"]["case"];
        for (sum, name) in [
            (cost[0].handling, "handling"),
            (cost[0].goodwill, "goodwill"),
            (cost[0].refunds, "replacement"),
            (cost[0].total, "cash_total"),
        ] {
            let euros = case[name].as_f64().context(name)?;
            let cents = f64::from(i32::try_from(sum.cents)?);
            assert!((euros * 100.0 - cents).abs() <= 0.5, "{name}: {sum:?} instead of {euros}");
        }
    }
    Ok(())
}

fn worked_example() -> Option<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/reference/11_money.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped the comparison: {path} is not on this machine");
        return None;
    };
    Some(serde_json::from_str(&text).expect("the reference is JSON"))
}

async fn without_rates_a_case_is_not_computable_and_never_free(world: World) -> Result<()> {
    use Needed::{OverheadPercent, PaidHours, RedemptionPercent, ShrinkagePercent, VatPercent, YearlyCost};
    let fresh = world.complaint().await?;
    let spent = world.lost_parcel().await?;
    world.hear().await?;

    let handling = vec![YearlyCost, OverheadPercent, PaidHours, ShrinkagePercent];
    assert_eq!(world.cost(&fresh).await?, Err(Missing { missing: handling.clone() }));
    let all = [handling, vec![VatPercent, RedemptionPercent]].concat();
    assert_eq!(world.cost(&spent).await?, Err(Missing { missing: all }));

    world.enter(&Rates { redemption: None, ..rates() }).await?;
    assert_eq!(world.cost(&fresh).await?.map(|cost| cost[0].total), Ok(Money::eur(0)));
    assert_eq!(world.cost(&spent).await?, Err(Missing { missing: vec![RedemptionPercent] }));
    Ok(())
}

async fn rates_entered_later_price_the_past_and_new_versions_the_future(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.spend_minutes(&case, 60).await?;
    world.hear().await?;
    world.enter(&rates()).await?;
    assert_eq!(world.total(&case).await?, Money::eur(4007));

    world.forward(Timestamp::days(30));
    world.enter(&doubled()).await?;
    world.spend_minutes(&case, 60).await?;
    world.hear().await?;

    assert_eq!(world.total(&case).await?, Money::eur(4007 + 8015));
    Ok(())
}

fn doubled() -> Rates {
    let handling = MinuteRateInputs { yearly_cost: Some(Money::eur(9_360_000)), ..rates().handling };
    Rates { handling, ..rates() }
}

async fn an_earlier_day_prices_everything_since_again(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.enter(&rates()).await?;
    world.forward(Timestamp::days(10));
    world.spend_minutes(&case, 60).await?;
    world.hear().await?;

    let form = [
        ("yearly_cost", "93.600 €"),
        ("overhead_percent", "20"),
        ("paid_hours", "2002"),
        ("shrinkage_percent", "30"),
        ("valid_from", "2026-11-20"),
    ];
    let entered = world.post_form(Role::Finance, "/settings/rates", &form).await?;

    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    assert_eq!(world.total(&case).await?, Money::eur(8015));
    Ok(())
}

async fn a_reversal_takes_the_cost_back(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.enter(&rates()).await?;
    let grant =
        goodwill::grant(&world.app, &world.agent, case.id, GoodwillKind::Discount, Money::eur(1190), "")
            .await?;
    world.hear().await?;
    assert_eq!(world.total(&case).await?, Money::eur(1000));

    goodwill::reverse(&world.app, &world.agent, case.id, grant).await?;
    world.hear().await?;

    assert_eq!(world.total(&case).await?, Money::eur(0));
    Ok(())
}

async fn a_reversal_is_priced_as_what_it_takes_back(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.enter(&rates()).await?;
    let kind = GoodwillKind::Voucher;
    let grant = goodwill::grant(&world.app, &world.agent, case.id, kind, Money::eur(1190), "").await?;
    world.forward(Timestamp::days(30));
    world.enter(&Rates { redemption: Some(Percent::whole(10)), ..rates() }).await?;

    goodwill::reverse(&world.app, &world.agent, case.id, grant).await?;
    world.hear().await?;

    assert_eq!(world.total(&case).await?, Money::eur(0));
    Ok(())
}

async fn the_ledger_does_not_tell_when_somebody_worked(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.spend_minutes(&case, 2).await?;
    world.hear().await?;

    let ledger = world.get_json(Role::Finance, "/finance/ledger").await?.json()?;

    let times: Vec<_> = ledger["items"].as_array().into_iter().flatten().map(|entry| &entry["at"]).collect();
    // Midnight in Vienna.
    assert_eq!(times, ["2026-11-15T23:00:00Z", "2026-11-15T23:00:00Z"]);
    Ok(())
}

async fn francs_stay_in_their_own_book(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.enter(&rates()).await?;
    goodwill::refund(&world.app, &world.agent, case.id, Money::chf(3000), "").await?;
    goodwill::refund(&world.app, &world.agent, case.id, Money::eur(2000), "").await?;
    world.hear().await?;

    let costs = world.cost(&case).await?.map_err(|missing| anyhow::anyhow!("{missing:?}"))?;

    let totals: Vec<_> = costs.iter().map(|cost| cost.total).collect();
    assert_eq!(totals, [Money::eur(2000), Money::chf(3000)]);
    Ok(())
}

async fn many_cases_add_up_in_one_query(world: World) -> Result<()> {
    world.enter(&rates()).await?;
    for _ in 0..3 {
        world.lost_parcel().await?;
    }
    world.hear().await?;

    let mut tx = world.read().await?;
    // As the hub asks, with a share of 800 thousandths each.
    let spent: Vec<costs::Spent> = kitt::platform::sql(
        "SELECT rates_id, currency, CAST(SUM(800 * active_seconds) AS bigint) AS seconds,
                CAST(SUM(800 * goodwill_cents) AS bigint) AS goodwill,
                CAST(SUM(800 * voucher_cents) AS bigint) AS vouchers,
                CAST(SUM(800 * refund_cents) AS bigint) AS refunds
         FROM finance_case_costs GROUP BY rates_id, currency",
    )
    .all(&mut tx)
    .await?;
    let prices = costs::Prices::load(&mut tx, world.now()).await?;

    // 3 · 0.8 · 52.6155844156 €
    assert_eq!(prices.total(&spent), Ok(Money::eur(12628)));
    Ok(())
}

async fn the_ledger_names_basis_and_source_of_every_entry(world: World) -> Result<()> {
    world.lost_parcel().await?;
    world.hear().await?;
    world.hear().await?;
    let before = world.get_json(Role::Finance, "/finance/ledger").await?.json()?;
    let items = before["items"].as_array().context("entries")?;
    assert_eq!(items[0]["cents"], json!(2320.0), "the newest is first: {before}");
    let last = items.last().context("entries")?;
    assert_eq!(last["cents"], json!(null), "time without rates is not computable");

    world.enter(&rates()).await?;
    let page = world.get_json(Role::Finance, "/finance/ledger?limit=200").await?.json()?;
    let items = page["items"].as_array().context("a list")?;
    let told: Vec<_> = items.iter().map(|entry| (entry["item"].as_str(), entry["basis"].as_str())).collect();
    assert!(told.contains(&(Some("handling"), Some("measured"))));
    assert!(told.contains(&(Some("voucher"), Some("estimated"))));
    assert!(told.contains(&(Some("refund"), Some("entered"))));
    assert!(
        items
            .iter()
            .all(|entry| entry["class"] == "A" && entry["source"].is_i64() != (entry["item"] == "handling")),
        "{page}"
    );

    let csv = world.get(Role::Manager, "/finance/ledger?format=csv").await?;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.body.contains(",voucher,estimated,") && csv.body.contains(",10.7143,EUR,"), "{}", csv.body);
    assert_eq!(world.get(Role::Agent, "/finance/ledger").await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn the_ledger_begins_with_the_newest_day_and_names_the_case(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let mut tx = world.app.db.write().await?;
    for days in [10, 300, 20] {
        let at = world.now() - Timestamp::days(days);
        finance::past::refund(&mut tx, case.id, case.customer, at, Money::eur(days * 100)).await?;
    }
    tx.commit().await?;

    let first = world.get_json(Role::Finance, "/finance/ledger?limit=2").await?.json()?;
    let next = first["next"].as_str().context("there is more")?;
    let rest =
        world.get_json(Role::Finance, &format!("/finance/ledger?limit=2&cursor={next}")).await?.json()?;
    let page = world.get(Role::Finance, "/finance/ledger").await?;

    let cents = |page: &serde_json::Value| {
        let items = page["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|entry| entry["cents"].as_f64().unwrap_or(0.0)).collect::<Vec<_>>()
    };
    assert_eq!((cents(&first), cents(&rest)), (vec![1000.0, 2000.0], vec![30_000.0]));
    assert!(page.body.contains(&case.number), "{}", page.body);
    Ok(())
}

async fn what_an_import_brings_costs_the_same(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let at = world.now() - Timestamp::days(100);
    let mut tx = world.app.db.write().await?;
    finance::past::rates(&mut tx, &rates(), Timestamp(0), None, at).await?;
    finance::past::time(&mut tx, case.id, case.customer, at, 28 * 60).await?;
    finance::past::goodwill(&mut tx, case.id, case.customer, at, "voucher", Money::eur(1500)).await?;
    finance::past::refund(&mut tx, case.id, case.customer, at, Money::eur(2320)).await?;
    tx.commit().await?;

    assert_eq!(world.total(&case).await?, Money::eur(5262));
    Ok(())
}

async fn what_insights_cost_is_followed_and_says_what_counting_anew_says(world: World) -> Result<()> {
    world.enter(&rates()).await?;
    let cable = world.insight(Kind::Cause, "Kabel zu kurz").await?;
    let parcel = world.insight(Kind::Cause, "Paket verloren").await?;
    let (_, first) = world.said("Ingrid Sommerauer", "ingrid@example.org", cable, "Zu kurz").await?;
    let (customer, second) = world.said("Karl Kern", "karl@example.org", parcel, "Weg").await?;
    assert_eq!(world.weighed().await?, Vec::<i64>::new(), "nothing was spent");

    goodwill::refund(&world.app, &world.agent, first, Money::eur(2320), "Ersatz").await?;
    assert_eq!(world.weighed().await?, [2320]);
    world.causes(first, &[cable, parcel]).await?;
    assert_eq!(world.weighed().await?, [1160, 1160], "both share it");
    world.causes(first, &[parcel]).await?;
    assert_eq!(world.weighed().await?, [0, 2320], "the cable was not it");
    world.forward(Timestamp::days(40));
    let late = cases::case(&mut world.read().await?, second).await?;
    world.spend_minutes(&late, 60).await?;
    assert_eq!(world.weighed().await?, [0, 2320 + 4007]);

    let into = world.complaint().await?;
    cases::merge(&world.app, &world.agent, into.id, &[second]).await?;
    world.weighed().await?;
    cases::unmerge(&world.app, &world.agent, second).await?;
    assert_eq!(world.weighed().await?, [0, 2320 + 4007]);

    let mut tx = world.app.db.write().await?;
    finance::past::refund(&mut tx, second, customer, world.now(), Money::eur(500)).await?;
    tx.commit().await?;
    assert_eq!(world.weighed().await?, [0, 2320 + 4007 + 500], "an import is no news");
    world.enter(&doubled()).await?;
    world.spend_minutes(&late, 60).await?;
    assert_eq!(world.weighed().await?, [0, 2320 + 4007 + 500 + 8015]);
    Ok(())
}

impl World {
    /// What insights cost in cents, as this node follows it; another one that begins to count now says the same.
    async fn weighed(&self) -> Result<Vec<i64>> {
        self.hear().await?;
        screens::costs::weigh(&self.app).await?;
        let other = node::open(self.app.settings().clone(), Clock::fixed(self.now())).await?;
        assert_eq!(screens::costs::weigh(&other).await?, 0, "another node has nothing to change");
        other.db.close().await;
        let costs = sql("SELECT cents FROM insight_costs ORDER BY insight_id");
        Ok(costs.values(&mut self.read().await?).await?)
    }

    /// These are what caused `case`, in equal parts.
    async fn causes(&self, case: CaseId, insights: &[InsightId]) -> Result<()> {
        let all = insights
            .iter()
            .map(|insight| NewFinding {
                insight: Some(*insight),
                department: Some(self.product),
                ..NewFinding::new(Kind::Cause, "delivery")
            })
            .collect();
        let mut tx = self.app.db.write().await?;
        findings::document(&self.app, &mut tx, &self.agent, case, all).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn enter(&self, rates: &Rates) -> Result<i64> {
        Ok(finance::set_rates(&self.app, self.person(Role::Finance), rates, self.now()).await?)
    }

    /// 28 minutes of three people, a voucher of 15 € and a replacement of 23.20 €.
    async fn lost_parcel(&self) -> Result<Case> {
        let case = self.complaint().await?;
        for minutes in [14, 9, 5] {
            self.spend_minutes(&case, minutes).await?;
        }
        goodwill::grant(&self.app, &self.agent, case.id, GoodwillKind::Voucher, Money::eur(1500), "").await?;
        goodwill::refund(&self.app, &self.agent, case.id, Money::eur(2320), "Ersatz").await?;
        Ok(case)
    }

    async fn spend_minutes(&self, case: &Case, minutes: usize) -> Result<()> {
        for _ in 0..minutes {
            cases::spend_time(&self.app, &self.agent, case.id, 60).await?;
        }
        Ok(())
    }

    async fn cost(&self, case: &Case) -> Result<Result<Vec<Cost>, Missing>> {
        Ok(finance::case_cost(&mut self.read().await?, case.id, self.now()).await?)
    }

    async fn total(&self, case: &Case) -> Result<Money> {
        let cost = self.cost(case).await?.map_err(|missing| anyhow::anyhow!("{missing:?}"))?;
        Ok(cost[0].total)
    }
}
