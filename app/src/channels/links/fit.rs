//! Which files go with a mail and which as links: pure arithmetic on sizes.

/// Bytes of a part beside its content: its header and boundary.
const AROUND: i64 = 400;

/// What a file of `size` bytes has as it travels: base64 in lines of 76 characters.
pub const fn travelling(size: i64) -> i64 {
    let encoded = (size + 2) / 3 * 4;
    encoded + encoded.div_euclid(76) * 2 + 2 + AROUND
}

/// For each file whether it goes as a link, so that the message has at most `largest` bytes; `rest` is what it has
/// without them. The largest go first: so as many as possible stay.
pub fn plan(rest: i64, sizes: &[i64], largest: i64) -> Vec<bool> {
    let mut linked = vec![false; sizes.len()];
    let mut total = rest + sizes.iter().map(|size| travelling(*size)).sum::<i64>();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(sizes[*at]));
    for at in order {
        if total <= largest {
            break;
        }
        linked[at] = true;
        total -= travelling(sizes[at]);
    }
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: i64 = 1_000_000;

    #[test]
    fn the_largest_files_go_first_and_no_more_than_need_be() {
        for (sizes, linked) in [
            (vec![], vec![]),
            (vec![MB, 2 * MB], vec![false, false]),
            (vec![20 * MB], vec![true]),
            (vec![4 * MB, 9 * MB, 5 * MB], vec![false, true, false]),
            (vec![6 * MB, 6 * MB, 6 * MB], vec![true, true, false]),
            // As sent it is a third larger.
            (vec![11 * MB], vec![true]),
            (vec![10_900_000], vec![false]),
        ] {
            assert_eq!(plan(2_000, &sizes, 15 * MB), linked, "{sizes:?}");
        }
    }

    #[test]
    fn a_file_travels_as_base64() {
        assert_eq!(travelling(0), 402);
        assert_eq!(travelling(57), 76 + 2 + 402);
        assert!(travelling(3 * MB) < 4_200_000);
    }
}
