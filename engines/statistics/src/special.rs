//! Quantiles of the normal, gamma and beta distributions.
//!
//! Found by bisection on the distribution functions, which are computed by series and continued fractions
//! (Abramowitz & Stegun 6.5.29, 6.5.31, 26.5.8; Lentz's method). Slow by a millisecond's fraction, exact
//! to about 12 digits, and readable.

/// Converged when a step changes less than this.
const PRECISION: f64 = 1e-16;

/// Stands for zero where a continued fraction would divide by it.
const TINY: f64 = 1e-300;

/// Enough terms for any count a house will see; both methods converge in about √k of them.
const MOST_TERMS: u32 = 100_000;

/// `p` between 0 and 1.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    // P(X < x) for x >= 0 is (1 + P(1/2, x²/2)) / 2.
    let below = |x: f64| {
        let half = 0.5 * gamma_below(x * x / 2.0, 0.5);
        if x < 0.0 { 0.5 - half } else { 0.5 + half }
    };
    bisect(-10.0, 10.0, |x| below(x) < p)
}

/// The `p` quantile of the gamma distribution with this shape and scale 1.
pub(crate) fn gamma_quantile(p: f64, shape: f64) -> f64 {
    let mut high = shape + 10.0 * shape.sqrt() + 20.0;
    while gamma_below(high, shape) < p {
        high *= 2.0;
    }
    bisect(0.0, high, |x| gamma_below(x, shape) < p)
}

/// The `p` quantile of the beta distribution.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    bisect(0.0, 1.0, |x| beta_below(x, a, b) < p)
}

/// The point where `is_below` turns false.
fn bisect(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || high <= middle {
            return middle;
        }
        if is_below(middle) { low = middle } else { high = middle }
    }
}

/// The regularised incomplete gamma function P(shape, x).
fn gamma_below(x: f64, shape: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = (shape * x.ln() - x - ln_gamma(shape)).exp();
    if x < shape + 1.0 {
        let (mut term, mut sum) = (1.0 / shape, 1.0 / shape);
        for k in 1..MOST_TERMS {
            term *= x / (shape + f64::from(k));
            sum += term;
            if term < sum * PRECISION {
                break;
            }
        }
        return front * sum;
    }
    let fraction = continued(x + 1.0 - shape, |k| (-k * (k - shape), x + 1.0 - shape + 2.0 * k));
    1.0 - front / fraction
}

/// The regularised incomplete beta function.
fn beta_below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || 1.0 <= x {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast only on this side.
    if (a + 1.0) / (a + b + 2.0) < x {
        return 1.0 - beta_below(1.0 - x, b, a);
    }
    let ln_front = a * x.ln() + b * (-x).ln_1p() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    let term = |step: f64| {
        let m = (step / 2.0).floor();
        let even = step % 2.0 == 0.0;
        let numerator = if even {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        (numerator, 1.0)
    };
    ln_front.exp() / (a * continued(1.0, term))
}

/// `b0 + a1/(b1 + a2/(b2 + …))` by Lentz's method; `term(k)` gives `(ak, bk)`.
fn continued(b0: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    let nonzero = |x: f64| if x.abs() < TINY { TINY } else { x };
    let (mut value, mut c, mut d) = (nonzero(b0), nonzero(b0), 0.0);
    for k in 1..MOST_TERMS {
        let (a, b) = term(f64::from(k));
        d = 1.0 / nonzero(b + a * d);
        c = nonzero(b + a / c);
        value *= c * d;
        if (c * d - 1.0).abs() < PRECISION {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function for `x > 0`: Stirling's series, after raising `x` above 15.
fn ln_gamma(x: f64) -> f64 {
    let (mut raised, mut product) = (x, 1.0);
    while raised < 15.0 {
        product *= raised;
        raised += 1.0;
    }
    let r = 1.0 / (raised * raised);
    let series =
        (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / raised;
    (raised - 0.5) * raised.ln() - raised + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_are_met() {
        for (found, expected) in [
            (ln_gamma(1.0), 0.0),
            (ln_gamma(0.5), std::f64::consts::PI.sqrt().ln()),
            (ln_gamma(11.0), 3_628_800f64.ln()),
            (normal_quantile(0.975), crate::Z),
            (normal_quantile(0.5), 0.0),
            // With shape 1 the exponential distribution.
            (gamma_quantile(0.975, 1.0), -(0.025f64.ln())),
            // With a = 1, 1 − (1 − x)^b.
            (beta_quantile(0.975, 1.0, 20.0), 1.0 - 0.025f64.powf(0.05)),
        ] {
            assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
        }
    }

    #[test]
    fn large_counts_agree_with_the_normal_distribution() {
        // Wilson and Hilferty's cube root is good to five digits here.
        let k: f64 = 1e6;
        let approximate = k * (1.0 - 1.0 / (9.0 * k) + crate::Z / (3.0 * k.sqrt())).powi(3);
        assert!((gamma_quantile(0.975, k) / approximate - 1.0).abs() < 1e-8);
    }
}
