//! The worked example of the money model: figures computed independently of this crate.

use std::path::Path;

use money::{Exact, Hours, MinuteRateInputs, Money, Percent, allocate, case_cost, goodwill_cost};
use money::{handling_cost, replacement_cost};
use serde_json::Value;

type TestResult = Result<(), Box<dyn std::error::Error>>;

/// The file with the expected figures, if this machine has it.
fn worked_example() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/11_money.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not on this machine", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).expect("the reference is JSON"))
}

fn assert_close(cents: f64, expected: &Value) {
    let expected = expected.as_f64().expect("a number") * 100.0;
    assert!((cents - expected).abs() <= 1e-9 * expected.abs(), "{cents} instead of {expected} cents");
}

fn inputs() -> MinuteRateInputs {
    MinuteRateInputs {
        yearly_cost: Some(Money::eur(4_680_000)),
        overhead_percent: Some(Percent::whole(20)),
        paid_hours: Some(Hours::whole(2002)),
        shrinkage_percent: Some(Percent::whole(30)),
    }
}

#[test]
fn the_minute_rate_is_the_one_of_the_worked_example() -> TestResult {
    let Some(example) = worked_example() else { return Ok(()) };
    let rates = &example["expect"]["rates"];
    let rate = inputs().minute_rate()?;

    assert_close(rate.per_hour()?.cents(), &rates["rate_direct_h"]);
    assert_close(rate.per_minute()?.cents(), &rates["rate_direct_min"]);
    let loaded = rate.loaded(Percent::whole(82)).ok_or("occupancy is above zero")?;
    assert_close(loaded.per_hour()?.cents(), &rates["rate_loaded_h"]);
    assert_eq!(rate.per_hour()?.round()?, Money::eur(4007));
    assert_eq!(loaded.per_hour()?.round()?, Money::eur(4887));
    Ok(())
}

#[test]
fn the_lost_parcel_costs_what_the_worked_example_says() -> TestResult {
    let Some(example) = worked_example() else { return Ok(()) };
    let case = &example["expect"]["case"];
    let rate = inputs().minute_rate()?;

    let handling = handling_cost((14 + 9 + 5) * 60, rate)?;
    let goodwill = goodwill_cost(Money::eur(1500), Percent::whole(19), Percent::whole(85))?;
    let refunds = replacement_cost(Money::eur(3800), Money::eur(520), Money::eur(0), Money::eur(2000))?;
    let total = case_cost(handling, goodwill, refunds)?;

    assert_close(handling.cents(), &case["handling"]);
    assert_close(goodwill.cents(), &case["goodwill"]);
    assert_close(refunds.cents(), &case["replacement"]);
    assert_close(total.cents(), &case["cash_total"]);
    assert_close(total.share(Percent::whole(80))?.cents(), &case["split"]["Logistik"]);
    assert_close(total.share(Percent::whole(20))?.cents(), &case["split"]["Marketing"]);
    Ok(())
}

#[test]
fn rounding_waits_for_the_end_and_the_split_adds_up() -> TestResult {
    let handling = handling_cost(28 * 60, inputs().minute_rate()?)?;
    let goodwill = goodwill_cost(Money::eur(1500), Percent::whole(19), Percent::whole(85))?;
    let total = case_cost(handling, goodwill, Exact::from(Money::eur(2320)))?.round()?;

    // Rounding each part first would give 18.70 + 10.71 + 23.20 = 52.61.
    assert_eq!(total, Money::eur(5262));
    assert_eq!(allocate(total, &[80, 20])?, [Money::eur(4210), Money::eur(1052)]);
    Ok(())
}
