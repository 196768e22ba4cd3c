//! What customers of the example company talk about.
//!
//! One [`Theme`] is one insight and everything that is said and answered around it. All sentences are
//! written by hand; `fill` puts names, products and dates into their `{slots}`. A file per station,
//! wishes and the voices beside faults in files of their own. What happens in a case is not decided
//! here (see `cases`).

mod advice;
mod awareness;
mod billing;
mod delivery;
mod purchase;
mod repurchase;
mod service;
mod usage;
mod voices;
mod wishes;

use crate::course::Course;
use crate::model::{Kind, State};

/// One insight with its sentences.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// Short name inside this crate; `also` refers to it.
    pub key: &'static str,
    pub kind: Kind,
    pub title: &'static str,
    pub description: &'static str,
    pub station: Stop,
    pub owner: Owner,
    pub state: State,
    /// Why its owner disputes or declines it, or what they plan.
    pub reason: &'static str,
    /// How often it is said over time.
    pub course: Course,
    /// How often compared with the other themes, before its course.
    pub weight: u64,
    pub about: About,
    pub competitor: &'static str,
    /// The title of the policy that customers run into here.
    pub policy: &'static str,
    /// Keys of what is often said in the same breath.
    pub also: &'static [&'static str],
    pub subjects: &'static [&'static str],
    pub said: &'static [&'static str],
    pub answers: &'static [&'static str],
    pub english_subjects: &'static [&'static str],
    pub english: &'static [&'static str],
    pub english_answers: &'static [&'static str],
}

/// Which products a theme is about.
#[derive(Debug, Clone, Copy)]
pub enum About {
    /// The service, the shop, the bill: no product.
    Nothing,
    /// Whatever was ordered.
    AnyProduct,
    Groups(&'static [&'static str]),
    /// By name.
    Products(&'static [&'static str]),
}

/// The stations in the order of the customer's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Awareness,
    Advice,
    Purchase,
    Delivery,
    Usage,
    Billing,
    Service,
    Repurchase,
}

/// The departments in the order of the fault map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Product,
    Marketing,
    Sales,
    Online,
    Logistics,
    Finance,
    Service,
}

/// What a theme starts from; every field that matters is overwritten.
const BLANK: Theme = Theme {
    key: "",
    kind: Kind::Cause,
    title: "",
    description: "",
    station: Stop::Service,
    owner: Owner::Service,
    state: State::Open,
    reason: "",
    course: Course::Steady,
    weight: 3,
    about: About::Nothing,
    competitor: "",
    policy: "",
    also: &[],
    subjects: &[],
    said: &[],
    answers: &[],
    english_subjects: &[],
    english: &[],
    english_answers: &[],
};

/// Every theme; the index is the index of its insight.
pub fn all() -> &'static [Theme] {
    static ALL: std::sync::LazyLock<Vec<Theme>> = std::sync::LazyLock::new(|| {
        [
            awareness::THEMES,
            advice::THEMES,
            purchase::THEMES,
            delivery::THEMES,
            usage::THEMES,
            billing::THEMES,
            service::THEMES,
            repurchase::THEMES,
            wishes::THEMES,
            voices::THEMES,
        ]
        .concat()
    });
    &ALL
}

/// The index of the theme called `key`.
pub fn find(key: &str) -> Option<usize> {
    all().iter().position(|theme| theme.key == key)
}
