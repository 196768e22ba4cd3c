//! How far the loading is: a bar on a terminal, lines where a log is kept, and a word for the page that waits.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

/// A part of the loading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    House,
    Customers,
    Cases,
    Journal,
    Scenes,
    Search,
}

impl Part {
    pub const ALL: [Self; 6] =
        [Self::House, Self::Customers, Self::Cases, Self::Journal, Self::Scenes, Self::Search];

    /// As the terminal says it.
    const fn name(self) -> &'static str {
        match self {
            Self::House => "House",
            Self::Customers => "Customers",
            Self::Cases => "Cases",
            Self::Journal => "History",
            Self::Scenes => "Today",
            Self::Search => "Search",
        }
    }

    /// As the page says it that waits.
    pub const fn word(self) -> &'static str {
        match self {
            Self::House => "demo-part-house",
            Self::Customers => "demo-part-customers",
            Self::Cases => "demo-part-cases",
            Self::Journal => "demo-part-journal",
            Self::Scenes => "demo-part-scenes",
            Self::Search => "demo-part-search",
        }
    }
}

/// How far a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Far {
    pub part: Part,
    pub percent: usize,
}

impl Far {
    /// What one process writes for the other.
    fn line(self) -> String {
        format!("{} {}", self.part.name(), self.percent)
    }

    pub fn read(line: &str) -> Option<Self> {
        let (name, percent) = line.split_once(' ')?;
        let part = Part::ALL.into_iter().find(|part| part.name() == name)?;
        Some(Self { part, percent: percent.trim().parse().ok()? })
    }
}

/// Where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Bar,
    Lines,
    Nowhere,
}

struct Begun {
    far: Far,
    done: usize,
    length: usize,
    since: Instant,
}

pub struct Progress {
    bar: ProgressBar,
    shown: Shown,
    /// Standard output is read by the process that serves the waiting page.
    told: bool,
    begun: Mutex<Option<Begun>>,
}

impl Progress {
    /// On standard error, and on standard output for the process that waits.
    pub fn visible() -> Self {
        let style = ProgressStyle::with_template("  {msg:10} {wide_bar} {pos}/{len}")
            .expect("the template only names parts that exist");
        let shown = if std::io::stderr().is_terminal() { Shown::Bar } else { Shown::Lines };
        let bar = if shown == Shown::Bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
        Self { bar: bar.with_style(style), shown, told: true, begun: Mutex::default() }
    }

    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), shown: Shown::Nowhere, told: false, begun: Mutex::default() }
    }

    /// Begins a part of `length` pieces; the one before is over.
    pub fn part(&self, part: Part, length: usize) {
        self.ended();
        let far = Far { part, percent: 0 };
        self.with(|begun| *begun = Some(Begun { far, done: 0, length, since: Instant::now() }));
        self.bar.reset();
        self.bar.set_length(length as u64);
        self.bar.set_message(part.name());
        self.tell(far);
    }

    pub fn step(&self) {
        let at = self.with(|begun| begun.as_ref().map(|begun| (begun.done + 1, begun.length)));
        if let Some((done, length)) = at {
            self.reach(done, length);
        }
    }

    /// So many pieces of so many are done.
    pub fn reach(&self, done: usize, length: usize) {
        let grown = self.with(|begun| {
            let begun = begun.as_mut()?;
            (begun.done, begun.length) = (done.min(length), length);
            let before = begun.far.percent;
            begun.far.percent = begun.done * 100 / length.max(1);
            (before < begun.far.percent).then_some((before, begun.far))
        });
        self.bar.set_length(length as u64);
        self.bar.set_position(done.min(length) as u64);
        let Some((before, far)) = grown else { return };
        self.tell(far);
        // A log is told by quarters.
        if self.shown == Shown::Lines && before / 25 < far.percent / 25 && far.percent < 100 {
            eprintln!("  {}: {} %", far.part.name(), far.percent);
        }
    }

    pub fn done(&self) {
        self.ended();
        self.bar.finish_and_clear();
    }

    /// Leaves a line behind that says what was done, and how long it took.
    fn ended(&self) {
        let Some(begun) = self.with(Option::take) else { return };
        let name = begun.far.part.name();
        let line = format!("  {name:10} {:>7}  {:>5.1} s", begun.length, begun.since.elapsed().as_secs_f32());
        match self.shown {
            Shown::Bar => self.bar.println(line),
            Shown::Lines => eprintln!("{line}"),
            Shown::Nowhere => {}
        }
    }

    fn tell(&self, far: Far) {
        if self.told {
            // Nobody reads any more: then nobody needs to know.
            let _ = writeln!(std::io::stdout(), "{}", far.line());
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Option<Begun>) -> T) -> T {
        change(&mut self.begun.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_process_writes_the_other_reads() {
        for part in Part::ALL {
            let far = Far { part, percent: 37 };
            assert_eq!(Far::read(&far.line()), Some(far));
        }
        assert_eq!(Far::read("a warning of somebody else"), None);
    }

    #[test]
    fn a_part_is_over_when_all_its_pieces_are() {
        let progress = Progress::hidden();
        progress.part(Part::Cases, 4);
        let percent = || progress.with(|begun| begun.as_ref().map(|begun| begun.far.percent));

        progress.step();
        assert_eq!(percent(), Some(25));
        progress.reach(9, 4);
        assert_eq!(percent(), Some(100));
        progress.done();
        assert_eq!(percent(), None);
    }
}
