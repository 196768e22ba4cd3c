//! How far the loading is, on standard error.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal; nothing where nobody watches.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn visible() -> Self {
        let style = ProgressStyle::with_template("  {msg:12} {wide_bar} {pos}/{len}")
            .expect("the template only names parts that exist");
        Self { bar: ProgressBar::new(0).with_style(style) }
    }

    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }

    /// Begins a part of `length` pieces.
    pub fn part(&self, name: &'static str, length: usize) {
        self.bar.reset();
        self.bar.set_length(length as u64);
        self.bar.set_message(name);
    }

    pub fn step(&self) {
        self.bar.inc(1);
    }

    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
