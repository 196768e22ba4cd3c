//! What is different between two texts, line by line.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::codes;

/// Pairs of lines that are looked at; of longer texts all lines between what is the same count as changed.
const MOST: usize = 4_000_000;

codes! {
    /// What became of a line.
    pub enum Change { Same = "same", Gone = "gone", New = "new" }
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ArticleLine)]
pub struct Line {
    pub change: Change,
    pub text: String,
}

impl Line {
    fn of(change: Change, text: &str) -> Self {
        Self { change, text: text.to_owned() }
    }
}

/// The lines of both texts in their order: what is gone stands before what is new.
pub fn compare(before: &str, after: &str) -> Vec<Line> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let start = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let ends = before[start..].iter().rev().zip(after[start..].iter().rev());
    let end = ends.take_while(|(one, other)| one == other).count();
    let middle = between(&before[start..before.len() - end], &after[start..after.len() - end]);
    let same = |lines: &[&str]| lines.iter().map(|line| Line::of(Change::Same, line)).collect::<Vec<_>>();
    [same(&before[..start]), middle, same(&before[before.len() - end..])].concat()
}

fn between(before: &[&str], after: &[&str]) -> Vec<Line> {
    let gone = |line: &&str| Line::of(Change::Gone, line);
    let new = |line: &&str| Line::of(Change::New, line);
    if MOST < before.len() * after.len() {
        return before.iter().map(gone).chain(after.iter().map(new)).collect();
    }
    let common = common(before, after);
    let width = after.len() + 1;
    let (mut one, mut other) = (0, 0);
    let mut lines = Vec::new();
    while one < before.len() && other < after.len() {
        if before[one] == after[other] {
            lines.push(Line::of(Change::Same, before[one]));
            one += 1;
            other += 1;
        } else if common[one * width + other + 1] <= common[(one + 1) * width + other] {
            lines.push(gone(&before[one]));
            one += 1;
        } else {
            lines.push(new(&after[other]));
            other += 1;
        }
    }
    lines.extend(before[one..].iter().map(gone));
    lines.extend(after[other..].iter().map(new));
    lines
}

/// How many lines are common from each pair of lines on: the usual table, row by row.
fn common(before: &[&str], after: &[&str]) -> Vec<u32> {
    let width = after.len() + 1;
    let mut table = vec![0_u32; (before.len() + 1) * width];
    for one in (0..before.len()).rev() {
        for other in (0..after.len()).rev() {
            table[one * width + other] = if before[one] == after[other] {
                table[(one + 1) * width + other + 1] + 1
            } else {
                table[(one + 1) * width + other].max(table[one * width + other + 1])
            };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let sign = |change| match change {
            Change::Same => ' ',
            Change::Gone => '-',
            Change::New => '+',
        };
        let told = compare(before, after).into_iter();
        let told = told.map(|line| format!("{}{}", sign(line.change), line.text));
        told.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lines_that_stay_are_told_from_those_that_went_and_came() {
        for (before, after, lines) in [
            ("", "", ""),
            ("a", "a", " a"),
            ("", "a\nb", "+a|+b"),
            ("a\nb", "", "-a|-b"),
            ("a\nb\nc", "a\nx\nc", " a|-b|+x| c"),
            ("a\nb\nc\nd", "b\nd\ne", "-a| b|-c| d|+e"),
            ("a\na", "a", " a|-a"),
        ] {
            assert_eq!(told(before, after), lines, "{before:?} and {after:?}");
        }
    }

    #[test]
    fn both_texts_can_be_read_from_the_comparison() {
        let (before, after) = ("1\n2\n3\n4\n5\n6", "0\n2\n3\n5\n5\n6\n7");
        let without = |change: Change| {
            let lines = compare(before, after).into_iter().filter(move |line| line.change != change);
            lines.map(|line| line.text).collect::<Vec<_>>().join("\n")
        };
        assert_eq!((without(Change::New).as_str(), without(Change::Gone).as_str()), (before, after));
    }

    #[test]
    fn very_long_texts_are_compared_roughly_and_at_once() {
        let text =
            |word: &str| (0..3_000).map(|line| format!("{word} {line}")).collect::<Vec<_>>().join("\n");
        assert_eq!(compare(&text("alt"), &text("neu")).len(), 6_000);
    }
}
