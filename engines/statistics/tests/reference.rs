//! Reference values computed by independent programs.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use statistics::{
    Estimate, Refusal, exact_share, net_promoter_score, rate, rate_ratio, sample_size_per_group, share,
    share_difference,
};

type TestResult = Result<(), Refusal>;

/// The reference cases of one kind, if this machine has them.
fn cases(kind: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/06_intervals.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not on this machine", path.display());
        return Vec::new();
    };
    let file: Value = serde_json::from_str(&text).expect("the reference is JSON");
    file[kind].as_array().expect("a list of cases").clone()
}

fn count(case: &Value, field: &str) -> u64 {
    case[field].as_u64().expect("a count")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// Relative tolerance of 1e-9 for closed formulas, as the references say.
fn assert_close(found: f64, expected: &Value, what: &Value) {
    let expected = number(expected);
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found}, not {expected}: {what}");
}

fn assert_interval(estimate: &Estimate, interval: &Value, case: &Value) {
    assert_close(estimate.low, &interval[0], case);
    assert_close(estimate.high.expect("an upper limit"), &interval[1], case);
    assert!(estimate.low <= estimate.value && Some(estimate.value) <= estimate.high);
}

#[test]
fn shares_have_the_reference_intervals() -> TestResult {
    for case in cases("wilson") {
        let (x, n) = (count(&case, "x"), count(&case, "n"));
        assert_interval(&share(x, n)?, &case["ci95"], &case);
        assert_interval(&exact_share(x, n)?, &case["clopper_pearson"], &case);
    }
    Ok(())
}

#[test]
fn differences_of_shares_have_the_reference_intervals() -> TestResult {
    for case in cases("newcombe_diff") {
        let c = |field| count(&case, field);
        let difference = share_difference(c("x1"), c("n1"), c("x2"), c("n2"))?;
        assert_close(difference.value, &case["diff"], &case);
        assert_interval(&difference, &case["ci95"], &case);
    }
    Ok(())
}

#[test]
fn rates_have_the_reference_intervals() -> TestResult {
    for case in cases("poisson_garwood") {
        let rate = rate(count(&case, "k"), number(&case["exposure"]))?;
        assert_close(rate.value, &case["rate"], &case);
        assert_interval(&rate, &case["ci95"], &case);
    }
    Ok(())
}

#[test]
fn rate_ratios_have_the_reference_intervals() -> TestResult {
    for case in cases("rate_ratio") {
        let (ea, eb) = (number(&case["ea"]), number(&case["eb"]));
        let ratio = rate_ratio(count(&case, "a"), ea, count(&case, "b"), eb)?;
        assert_close(ratio.value, &case["ratio"], &case);
        assert_interval(&ratio, &case["exact_ci95"], &case);
    }
    Ok(())
}

#[test]
fn promoter_scores_are_the_reference_ones_or_refused_below_ten_answers() -> TestResult {
    for case in cases("nps") {
        let c = |field| count(&case, field);
        let score = net_promoter_score(c("promoters"), c("passives"), c("detractors"));
        if c("promoters") + c("passives") + c("detractors") < 10 {
            assert_eq!(score, Err(Refusal::TooFew { needed: 10 }));
            continue;
        }
        let score = score?;
        assert_close(score.value, &case["nps"], &case);
        assert_interval(&score, &case["wald95"], &case);
    }
    Ok(())
}

#[test]
fn sample_sizes_are_the_reference_ones() -> TestResult {
    for case in cases("sample_size_two_props") {
        let size = sample_size_per_group(number(&case["p1"]), number(&case["p2"]), number(&case["power"]))?;
        assert_eq!(size, count(&case, "n_per_arm"), "{case}");
    }
    Ok(())
}

#[test]
fn what_cannot_be_computed_is_refused_with_the_reason() {
    assert_eq!(share(0, 0), Err(Refusal::NoObservations));
    assert_eq!(exact_share(2, 1), Err(Refusal::PartExceedsWhole));
    assert_eq!(share_difference(1, 2, 0, 0), Err(Refusal::NoObservations));
    assert_eq!(rate(1, 0.0), Err(Refusal::NoExposure));
    assert_eq!(rate_ratio(1, 1.0, 0, 1.0), Err(Refusal::NoReference));
    assert_eq!(sample_size_per_group(0.1, 0.1, 0.8), Err(Refusal::ImpossibleShares));
    assert_eq!(sample_size_per_group(0.1, f64::NAN, 0.8), Err(Refusal::ImpossibleShares));
}

proptest! {
    #[test]
    fn intervals_contain_their_value_and_shrink_with_more_observations(x in 0u64..400, more in 0u64..400) {
        let n = x + more + 1;
        for (small, large) in [(share(x, n), share(10 * x, 10 * n)), (exact_share(x, n), exact_share(10 * x, 10 * n))] {
            let (Ok(small), Ok(large)) = (small, large) else { panic!("both can be computed") };
            let width = |estimate: &Estimate| estimate.high.expect("bounded") - estimate.low;
            prop_assert!(small.low <= small.value && Some(small.value) <= small.high);
            prop_assert!(width(&large) < width(&small));
        }
    }

    #[test]
    fn swapping_the_groups_inverts_a_ratio(a in 1u64..500, b in 1u64..500, ea in 0.1f64..1e4, eb in 0.1f64..1e4) {
        let (Ok(ratio), Ok(inverse)) = (rate_ratio(a, ea, b, eb), rate_ratio(b, eb, a, ea)) else {
            panic!("both can be computed")
        };
        prop_assert!((ratio.value * inverse.value - 1.0).abs() < 1e-9);
        prop_assert!((ratio.low * inverse.high.expect("bounded") - 1.0).abs() < 1e-9);
    }
}
