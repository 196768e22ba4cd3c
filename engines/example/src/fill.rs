//! Puts names, products, dates and sums into the `{slots}` of sentences.
//!
//! A [`Scene`] holds what one case speaks about, drawn once, so that the same order, date and person
//! come up in all of its messages. Grammar is limited to what the sentences need: the gender of the
//! article and the words that differ between Austria, Germany and Switzerland.

use crate::chance::Chance;
use crate::goods::Good;
use crate::model::{Customer, Gender, Order, Person};
use crate::moment::{date_of, days_between, plus, weekday_from};
use crate::speech::{Speech, clock, month, regional, season, weekday};
use jiff::civil::{Date, Weekday};

/// What the messages of one case speak about.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub customer: &'a Customer,
    pub good: &'a Good,
    pub order: &'a Order,
    /// Whom the customer has spoken to.
    pub agent: &'a Person,
    pub speech: Speech,
    /// When the case began.
    pub at: i64,
    /// A day not long ago on which something went wrong.
    pub past: Date,
    /// A working day soon.
    pub next: Date,
    /// When the customer wrote before about the same.
    pub before: Option<i64>,
    branch: &'static str,
    far: &'static str,
    many: usize,
    second: usize,
    hour: usize,
    window: usize,
    number: i64,
    discount: i64,
}

const BRANCHES: [&[&str]; 3] = [
    &["Graz", "Linz", "Villach", "Klagenfurt", "Salzburg", "Wien"],
    &["Passau", "München", "Rosenheim", "Regensburg"],
    &["St. Gallen", "Zürich", "Chur"],
];
const FAR: &[&str] = &["Innsbruck", "Hamburg", "Bern", "Wien", "Nürnberg", "Bregenz", "Leipzig", "Salzburg"];
const NUMBERS: [&str; 13] = [
    "null", "einer", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
    "zwölf",
];
const NUMBERS_ENGLISH: [&str; 13] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const ORDINALS: [&str; 5] = ["", "", "zweite", "dritte", "vierte"];
const ORDINALS_ENGLISH: [&str; 5] = ["", "", "second", "third", "fourth"];
const WINDOWS: [&str; 5] = ["8 und 10", "10 und 12", "13 und 15", "15 und 17", "17 und 19"];
const WINDOWS_ENGLISH: [&str; 5] = ["8 and 10 am", "10 and 12 am", "1 and 3 pm", "3 and 5 pm", "5 and 7 pm"];

impl<'a> Scene<'a> {
    pub fn new(
        customer: &'a Customer,
        order: &'a Order,
        agent: &'a Person,
        at: i64,
        chance: &mut Chance,
    ) -> Self {
        let today = date_of(at);
        let age = days_between(date_of(order.at), today).max(2);
        let branches = BRANCHES[["AT", "DE", "CH"].iter().position(|c| *c == customer.country).unwrap_or(0)];
        let home = branches.iter().position(|town| *town == customer.town);
        let branch = branches[home.unwrap_or_else(|| chance.below(branches.len()))];
        let far = (0..8).map(|_| chance.pick(FAR)).find(|town| *town != customer.town).unwrap_or("Steyr");
        let discount = order.cents * chance.between(8, 15) / 100;
        Self {
            customer,
            good: &crate::goods::GOODS[order.product],
            order,
            agent,
            speech: Speech::of(customer),
            at,
            past: workday(plus(today, -chance.between(1, 18).min(age - 1))),
            next: weekday_from(plus(today, chance.between(2, 9))),
            before: None,
            branch,
            far,
            many: 2 + chance.below(5),
            second: 2 + chance.below(3),
            hour: 9 + chance.below(10),
            window: chance.below(WINDOWS.len()),
            number: chance.between(1000, 9999),
            discount: (discount / 500).max(1) * 500,
        }
    }

    /// The same for notes of the house, which are in German whatever the customer speaks.
    pub fn in_german(&self) -> Self {
        Self { speech: Speech::Austrian, ..*self }
    }

    /// The customer wrote at `before` about the same, so what went wrong lies before that.
    pub fn comes_back_since(&mut self, before: i64) {
        self.before = Some(before);
        self.past = self.past.min(workday(plus(date_of(before), -1)));
    }

    /// Years as a customer, at least two, for sentences about loyalty.
    pub fn years(&self) -> i64 {
        (days_between(self.customer.since, date_of(self.at)) / 365).max(2)
    }

    /// Whether `template` may be said: loyalty needs years, a date of before needs one.
    pub fn fits(&self, template: &str) -> bool {
        let loyal =
            template.contains("{yrs}") || template.contains("{year}") || template.contains("stammkunde");
        (!loyal || 4 <= self.years()) && (!template.contains("{before}") || self.before.is_some())
    }

    /// One that may be said, filled.
    pub fn say(&self, from: &'static [&'static str], chance: &mut Chance) -> String {
        let template = (0..12).map(|_| chance.pick(from)).find(|template| self.fits(template));
        self.fill(template.unwrap_or(from[0]), &[])
    }

    /// `template` with every slot filled and in the customer's way of writing.
    /// Slots not known here are taken from `extra`, without change.
    pub fn fill(&self, template: &str, extra: &[(&str, &str)]) -> String {
        let mut text = String::with_capacity(template.len() + 40);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(&regional(before, self.speech));
            match extra.iter().find(|(name, _)| *name == slot) {
                Some((_, value)) => text.push_str(value),
                None => text.push_str(&regional(&self.slot(slot), self.speech)),
            }
            rest = after;
        }
        text.push_str(&regional(rest, self.speech));
        text
    }

    fn slot(&self, slot: &str) -> String {
        let english = self.speech == Speech::English;
        match slot {
            "p" if english => self.good.english.to_owned(),
            "p" => self.good.name.to_owned(),
            "das" | "Das" | "den" | "dem" | "mein" | "Mein" | "meinen" => self.with_article(slot),
            "es" | "Es" | "ihn" => self.pronoun(slot).to_owned(),
            "order" => self.order.number.clone(),
            "ordered" => self.day(date_of(self.order.at)),
            "date" => self.day(self.past),
            "before" => self.day(date_of(self.before.unwrap_or(self.at))),
            "tag" => weekday(self.past, english).to_owned(),
            "next" => self.full_day(self.next),
            "monat" => month(plus(date_of(self.at), 20), self.speech).to_owned(),
            "uhr" if english => clock(self.hour),
            "uhr" => format!("{} Uhr", self.hour),
            "window" if english => WINDOWS_ENGLISH[self.window].to_owned(),
            "window" => WINDOWS[self.window].to_owned(),
            "price" => self.money(self.order.cents),
            "discount" => self.money(self.discount),
            "number" => self.number.to_string(),
            "phone" => self.customer.phone.clone(),
            _ => self.word(slot, english),
        }
    }

    fn word(&self, slot: &str, english: bool) -> String {
        let woman = self.customer.salutation == Gender::Female;
        let austrian = self.speech == Speech::Austrian;
        let numbers = if english { NUMBERS_ENGLISH } else { NUMBERS };
        let years = usize::try_from(self.years()).unwrap_or(2).min(12);
        match slot {
            "n" => numbers[self.many],
            "yrs" => numbers[years],
            "year" => return self.customer.since.year().to_string(),
            "zweite" if english => ORDINALS_ENGLISH[self.second],
            "zweite" => ORDINALS[self.second],
            "zweiten" => return format!("{}n", ORDINALS[self.second]),
            "town" => self.branch,
            "home" => self.customer.town,
            "fern" => self.far,
            "grenzort" => ["Lindau", "Bregenz", "Konstanz", "Feldkirch"][self.window % 4],
            "first" => self.customer.first,
            "last" => self.customer.last,
            "agent" | "agents" => return self.agent_name(slot == "agents", english),
            "code" => return format!("{}{}", season(self.at), date_of(self.at).year() % 100),
            "saison" => season(self.at),
            "lift" if self.speech == Speech::German => "Aufzug",
            "lift" => "Lift",
            "handy" if self.speech == Speech::Swiss => "Natel",
            "handy" => "Handy",
            "spital" if self.speech == Speech::German => "Krankenhaus",
            "spital" => "Spital",
            "kasten" if austrian => "Kasten",
            "kasten" => "Schrank",
            "heuer" if austrian => "heuer",
            "heuer" => "dieses Jahr",
            "stammkunde" if woman => "Stammkundin",
            "stammkunde" => "Stammkunde",
            "pensionist" if austrian && woman => "Pensionistin",
            "pensionist" if austrian => "Pensionist",
            "pensionist" if woman => "Rentnerin",
            "pensionist" => "Rentner",
            _ => return format!("{{{slot}}}"),
        }
        .to_owned()
    }

    fn with_article(&self, slot: &str) -> String {
        let article = match (slot, self.good.gender) {
            ("das", 'm') | ("dem", 'f') => "der",
            ("das" | "den", 'f') => "die",
            ("das" | "den", 'n') => "das",
            ("den", _) => "den",
            ("Das", 'm') => "Der",
            ("Das", 'f') => "Die",
            ("Das", _) => "Das",
            ("dem", _) => "dem",
            ("mein" | "meinen", 'f') => "meine",
            ("Mein", 'f') => "Meine",
            ("Mein", _) => "Mein",
            ("meinen", 'm') => "meinen",
            _ => "mein",
        };
        format!("{article} {}", self.good.name)
    }

    fn pronoun(&self, slot: &str) -> &'static str {
        match (slot, self.good.gender) {
            ("ihn", 'm') => "ihn",
            ("Es", 'm') => "Er",
            ("Es", 'f') => "Sie",
            ("Es", _) => "Es",
            (_, 'm') => "er",
            (_, 'f') => "sie",
            _ => "es",
        }
    }

    /// The agent as customers call them; `bent` is the German accusative and dative.
    fn agent_name(&self, bent: bool, english: bool) -> String {
        let last = self.agent.name.rsplit(' ').next().unwrap_or(self.agent.name);
        let title = match (self.agent.gender, english, bent) {
            (Gender::Female, true, _) => "Ms",
            (Gender::Female, false, _) => "Frau",
            (_, true, _) => "Mr",
            (_, false, true) => "Herrn",
            (_, false, false) => "Herr",
        };
        format!("{title} {last}")
    }

    /// Like 14. Jänner, 14. Januar or 14 January.
    pub fn day(&self, date: Date) -> String {
        let dot = if self.speech == Speech::English { "" } else { "." };
        format!("{}{dot} {}", date.day(), month(date, self.speech))
    }

    /// With the day of the week before it.
    pub fn full_day(&self, date: Date) -> String {
        format!("{}, {}", weekday(date, self.speech == Speech::English), self.day(date))
    }

    pub fn money(&self, cents: i64) -> String {
        let (thousands, comma) = if self.speech == Speech::English { (',', '.') } else { ('.', ',') };
        let euros = cents / 100;
        let whole = match euros / 1000 {
            0 => euros.to_string(),
            more => format!("{more}{thousands}{:03}", euros % 1000),
        };
        let rest = if cents % 100 == 0 { String::new() } else { format!("{comma}{:02}", cents % 100) };
        if self.speech == Speech::English {
            format!("€{whole}{rest}")
        } else {
            format!("{whole}{rest} €")
        }
    }
}

/// Nobody delivers on Sundays: then it was the day before.
fn workday(date: Date) -> Date {
    if date.weekday() == Weekday::Sunday { plus(date, -1) } else { date }
}
