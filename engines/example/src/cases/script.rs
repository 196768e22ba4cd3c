//! What happens in a case, step after step, until it is closed or `now` is reached.

use crate::cases::answer::{self, Reply};
use crate::cases::steps::{self, Step};
use crate::cases::voice::{self, Said};
use crate::cases::{attach, matter, outcome};
use crate::chance::Chance;
use crate::fill::Scene;
use crate::house;
use crate::model::{Author, Case, Channel, Company, Contact, Direction, Kind, Matter, Priority, Status};
use crate::moment::{after_work, date_of, is_open_since, local, plus, weekday_from};
use crate::speech::Speech;
use crate::themes::{Theme, all};
use Step::{
    Answer, AskBack, Call, Chase, Details, FromDepartment, Interim, Settled, Still, Thanks, ToColleague,
    ToDepartment,
};

/// What is known of a case before it is played.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub customer: usize,
    /// Index among the customer's orders.
    pub order: usize,
    pub theme: usize,
    pub also: Option<usize>,
    pub channel: Channel,
    pub at: i64,
    /// The earlier case of the same cause: its position and when it began.
    pub repeats: Option<(usize, i64)>,
    /// Stays open although it could have been closed by now.
    pub lingers: bool,
    /// Whatever comes, nothing in it is overdue.
    pub on_time: bool,
}

/// A case being played; `at` is where its time has come to.
pub(super) struct Stage<'a> {
    pub(super) company: &'a Company,
    plan: Plan,
    pub(super) theme: &'static Theme,
    pub(super) scene: Scene<'a>,
    said: Said,
    pub(super) me: usize,
    pub(super) at: i64,
    pub(super) case: Case,
    /// The first answer was not enough.
    disappointed: bool,
    /// Who worked how many seconds, and when.
    work: Vec<(usize, i64, i64)>,
}

/// Plays the case that `plan` describes and shows it as it stands at `now`.
pub fn play(company: &Company, plan: Plan, now: i64, chance: &mut Chance) -> Case {
    let customer = &company.customers[plan.customer];
    let me = agent(plan.customer, chance);
    let named = &company.people[chance.below(house::AGENTS)];
    let mut scene = Scene::new(customer, &customer.orders[plan.order], named, plan.at, chance);
    if let Some((_, before)) = plan.repeats {
        scene.comes_back_since(before);
    }
    let said = voice::first(&scene, plan.theme, plan.also, plan.channel, chance);
    let theme = &all()[plan.theme];
    let mut case = blank(plan, subject(&scene, theme, chance), chance);
    case.matter = matter::of(&case, theme);
    let mut stage = Stage {
        company,
        plan,
        theme,
        scene,
        said,
        me,
        at: plan.at,
        case,
        disappointed: false,
        work: Vec::new(),
    };
    stage.begin(chance);
    for step in steps::follow(plan.channel, theme, chance) {
        stage.step(*step, chance);
    }
    stage.end(now, chance)
}

/// Many customers come back to the same person.
fn agent(customer: usize, chance: &mut Chance) -> usize {
    if chance.percent(35) { customer % 10 } else { chance.weighted(&[10, 10, 9, 9, 10, 8, 9, 9, 8, 8, 4, 4]) }
}

fn subject(scene: &Scene, theme: &Theme, chance: &mut Chance) -> String {
    let english = scene.speech == Speech::English;
    let from = if english { theme.english_subjects } else { theme.subjects };
    let subject = scene.say(from, chance);
    match chance.below(9) {
        0 if !subject.contains(&scene.order.number) => format!("{subject} ({})", scene.order.number),
        1 if !english => format!("Auftrag {}: {subject}", scene.order.number).replace(": Auftrag", ","),
        _ => voice::capital(&subject),
    }
}

fn blank(plan: Plan, subject: String, chance: &mut Chance) -> Case {
    Case {
        customer: plan.customer,
        queue: queue(&all()[plan.theme]),
        subject,
        channel: plan.channel,
        priority: match chance.below(100) {
            0..7 => Priority::High,
            7..16 => Priority::Low,
            _ => Priority::Normal,
        },
        matter: Matter::Question,
        created_at: plan.at,
        owner: None,
        status: Status::Open,
        wait_until: None,
        closed_at: None,
        due_at: None,
        contacts: Vec::new(),
        findings: Vec::new(),
        active_seconds: Vec::new(),
        goodwill: Vec::new(),
        refund_cents: 0,
        requests: Vec::new(),
        promises: Vec::new(),
        repeats: plan.repeats.map(|earlier| earlier.0),
    }
}

fn queue(theme: &Theme) -> usize {
    use crate::themes::Stop;
    match theme.station {
        Stop::Delivery => 1,
        Stop::Usage => 2,
        Stop::Billing => 3,
        _ => 0,
    }
}

impl Stage<'_> {
    /// The customer's first contact.
    fn begin(&mut self, chance: &mut Chance) {
        let attachments = attach::first(self.plan.channel, &self.scene, chance);
        let text = self.said.text.clone();
        self.contact(Direction::In, self.plan.channel, text);
        if let Some(first) = self.case.contacts.last_mut() {
            first.attachments = attachments;
        }
        let seconds = match self.plan.channel {
            Channel::Phone => chance.between(150, 840),
            Channel::Letter => chance.between(90, 300),
            _ => chance.between(30, 150),
        };
        self.work.push((self.me, seconds, self.at));
        if self.theme.key == "wann" {
            // Nothing went wrong, so nothing to ask for.
            return;
        }
        self.refund(chance);
    }

    fn step(&mut self, step: Step, chance: &mut Chance) {
        self.at = self.moment(step, chance);
        let scene = self.scene;
        match step {
            Answer => self.answer(chance),
            Settled => self.settled(chance),
            Interim | AskBack => self.between_answer(step, chance),
            Details => self.customer(voice::phrases(&scene).details, None, chance),
            Chase => self.customer(voice::phrases(&scene).chases, None, chance),
            Thanks => {
                let words = voice::phrases(&scene);
                let fault = matches!(self.theme.kind, Kind::Cause | Kind::Hindrance);
                self.customer(if fault { words.thanks } else { words.thanks_calm }, None, chance);
            }
            Still => {
                let more = voice::sentence(&scene, self.plan.theme, &self.said.quotes, chance);
                self.customer(voice::phrases(&scene).still, Some(&more), chance);
                self.disappointed = true;
                self.scene.next = weekday_from(plus(date_of(self.at), chance.between(2, 7)));
            }
            Call => self.call(chance),
            ToDepartment => {
                let text = answer::note_to_department(&scene, self.theme, chance);
                self.note(self.me, text, chance);
            }
            FromDepartment => {
                let text = answer::note_from_department(&scene, self.theme, chance);
                self.note(house::head_of(self.theme.owner as usize), text, chance);
            }
            ToColleague => {
                let mate = &self.company.people[(self.me + 1 + chance.below(9)) % house::AGENTS];
                let text = answer::note_to_colleague(&scene, mate, chance);
                self.note(self.me, text, chance);
            }
        }
    }

    /// When the next step happens: agents work in opening hours, customers write when they like.
    fn moment(&self, step: Step, chance: &mut Chance) -> i64 {
        let live = self.plan.channel == Channel::Chat && is_open_since(self.at, 0);
        match step {
            Settled => self.at + chance.between(120, 600),
            Answer | Interim | AskBack if live => self.at + chance.between(40, 260),
            Details | Thanks if live => self.at + chance.between(30, 200),
            Answer | Interim | AskBack | ToDepartment | ToColleague => {
                after_work(self.at, self.answer_minutes(chance))
            }
            FromDepartment => after_work(self.at, chance.between(15, 500)),
            Call => by_day(after_work(self.at, chance.between(60, 900))),
            // Somebody gave it a day or more to happen.
            Still => by_day(self.at + chance.between(80_000, 300_000)),
            Details | Thanks | Chase => by_day(self.at + chance.between(1500, 110_000)),
        }
    }

    fn answer_minutes(&self, chance: &mut Chance) -> i64 {
        let usual = match self.plan.channel {
            Channel::Chat | Channel::Phone => 25,
            Channel::Post => 70,
            Channel::Email | Channel::Web => 110,
            Channel::Letter => 420,
        };
        let slow = if chance.percent(8) { 5 } else { 1 };
        chance.between(usual / 5, usual * 2) * slow
    }

    fn answer(&mut self, chance: &mut Chance) {
        let granted = self.request(chance);
        let mut reply = Reply::default();
        reply.lines.push(if self.disappointed {
            self.scene.say(voice::phrases(&self.scene).second, chance)
        } else {
            answer::solution(&self.scene, self.theme, granted, chance)
        });
        let refused = granted == Some(false);
        reply.unsettled = refused;
        let fault = matches!(self.theme.kind, Kind::Cause | Kind::Hindrance);
        if fault && chance.permille(if refused { 260 } else { 110 }) {
            reply.lines.extend(self.goodwill(chance));
        }
        if fault && !refused && chance.permille(190) {
            reply.lines.push(self.promise(chance));
        }
        self.write(&reply, chance);
    }

    fn between_answer(&mut self, step: Step, chance: &mut Chance) {
        let words = voice::phrases(&self.scene);
        let live = self.plan.channel == Channel::Chat && step == AskBack && chance.percent(50);
        let from = if step == Interim { words.interim } else { words.question_back };
        let from = if live { words.chat_wait } else { from };
        let me = self.company.people[self.me].name;
        let reply = Reply { lines: vec![self.scene.fill(chance.pick(from), &[("me", me)])], unsettled: true };
        self.write(&reply, chance);
    }

    /// Sends a reply on the case's channel; calls are answered by e-mail, posts in public.
    fn write(&mut self, reply: &Reply, chance: &mut Chance) {
        let channel = match self.plan.channel {
            Channel::Phone | Channel::Web => Channel::Email,
            // Nobody is in the chat any more.
            Channel::Chat if self.chat_is_over() => Channel::Email,
            other => other,
        };
        let me = &self.company.people[self.me];
        let text = reply.text(&self.scene, self.theme, me, channel, chance);
        let attachments = attach::to_answer(&text, &self.scene);
        self.contact(Direction::Out, channel, text);
        if let Some(last) = self.case.contacts.last_mut() {
            last.attachments = attachments;
        }
        self.work.push((self.me, chance.between(100, 460), self.at));
    }

    fn chat_is_over(&self) -> bool {
        self.case.contacts.last().is_some_and(|last| last.at + 1800 < self.at)
    }

    fn settled(&mut self, chance: &mut Chance) {
        let granted = self.request(chance);
        let solution = answer::solution(&self.scene, self.theme, granted, chance);
        let spoken = if self.scene.speech == Speech::English {
            "Gespräch auf Englisch: "
        } else {
            "Im Gespräch gesagt: "
        };
        let mut text = format!("{spoken}{solution}");
        if matches!(self.theme.kind, Kind::Cause) && chance.permille(80) {
            self.goodwill(chance);
            text.push_str(" Kulanz gegeben.");
        }
        self.note(self.me, text, chance);
    }

    fn customer(&mut self, from: &'static [&'static str], more: Option<&str>, chance: &mut Chance) {
        let text = voice::later(&self.scene, from, more, chance);
        let channel = match self.plan.channel {
            Channel::Phone | Channel::Web | Channel::Letter => Channel::Email,
            Channel::Chat if self.chat_is_over() => Channel::Email,
            other => other,
        };
        let attachments = attach::to_details(&text, chance);
        self.contact(Direction::In, channel, text);
        if let Some(last) = self.case.contacts.last_mut() {
            last.attachments = attachments;
        }
        self.work.push((self.me, chance.between(20, 90), self.at));
    }

    /// The customer rings up in between.
    fn call(&mut self, chance: &mut Chance) {
        let said = voice::first(&self.scene, self.plan.theme, None, Channel::Phone, chance);
        self.contact(Direction::In, Channel::Phone, said.text);
        self.work.push((self.me, chance.between(150, 700), self.at));
    }

    fn note(&mut self, person: usize, text: String, chance: &mut Chance) {
        self.contact(Direction::Note, self.plan.channel, text);
        if let Some(last) = self.case.contacts.last_mut() {
            last.author = Author::Person(person);
        }
        self.work.push((person, chance.between(30, 150), self.at));
    }

    fn contact(&mut self, direction: Direction, channel: Channel, text: String) {
        let author = match direction {
            Direction::In => Author::Customer(self.plan.customer),
            Direction::Out | Direction::Note => Author::Person(self.me),
        };
        let contact = Contact { direction, channel, at: self.at, author, text, attachments: Vec::new() };
        self.case.contacts.push(contact);
    }

    /// How many contacts a case has seen that still waits for something: few wait for us for long.
    fn lingering(&self, now: i64, chance: &mut Chance) -> usize {
        let contacts = &self.case.contacts;
        let keep = 1 + chance.below(contacts.len());
        let spoken = contacts[..keep].iter().rev().find(|contact| contact.direction != Direction::Note);
        let late = spoken.is_some_and(|last| last.direction == Direction::In && last.at + 6 * 3600 < now);
        if late && chance.percent(80) {
            let answer = contacts[keep..].iter().position(|contact| contact.direction == Direction::Out);
            return answer.map_or(keep, |more| keep + more + 1);
        }
        keep
    }

    /// Many leave a case open for some days after their answer, to see whether it was enough.
    fn closing_minutes(&self, chance: &mut Chance) -> i64 {
        let answered = self.case.contacts.last().is_some_and(|last| last.direction == Direction::Out);
        match self.case.matter {
            Matter::Praise | Matter::Wish => chance.between(0, 25),
            _ if answered && chance.percent(45) => chance.between(120, 2400),
            _ => chance.between(0, 25),
        }
    }

    /// Answers in time what would be overdue at `now`.
    fn catch_up(&mut self, now: i64, chance: &mut Chance) {
        let Some(since) = outcome::owed_since(&self.case) else { return };
        let allowed = outcome::allowed(&self.case);
        if now <= after_work(since, allowed) {
            return;
        }
        let last = self.case.contacts.last().map_or(since, |last| last.at);
        let at = after_work(since, allowed * chance.between(20, 90) / 100).max(last + 240);
        if at < now {
            self.at = at;
            self.answer(chance);
        }
    }

    /// Cuts everything after `now` and decides how the case stands then.
    fn end(mut self, now: i64, chance: &mut Chance) -> Case {
        let closed_at = after_work(self.at, self.closing_minutes(chance)).max(self.at + 60);
        let closed = closed_at <= now && !self.plan.lingers;
        if self.plan.lingers {
            let keep = self.lingering(now, chance);
            self.case.contacts.truncate(keep);
        }
        self.case.contacts.retain(|contact| contact.at <= now);
        if !closed && self.plan.on_time {
            self.catch_up(now, chance);
        }
        let until = self.case.contacts.last().map_or(now, |last| if closed { now } else { last.at.min(now) });
        self.work.retain(|work| work.2 <= until);
        self.case.goodwill.retain(|given| given.at <= until);
        self.case.requests.retain(|request| request.at <= until);
        self.case.promises.retain(|promise| promise.at <= until);
        for promise in &mut self.case.promises {
            promise.kept = promise.kept.filter(|_| promise.due_at <= now);
        }
        let standing = (closed.then_some(closed_at), self.plan.on_time);
        outcome::settle(&mut self.case, self.me, standing, now, chance);
        outcome::hours(&mut self.case, &self.work);
        if outcome::is_documented(&self.case, chance) {
            let product = matches!(self.theme.about, crate::themes::About::Nothing);
            let product = (!product).then_some(self.scene.order.product);
            self.case.findings = outcome::findings(&self.said.quotes, product, chance);
        }
        self.case
    }
}

/// Nobody writes at night.
fn by_day(at: i64) -> i64 {
    match local(at).hour() {
        hour @ 0..7 => at + (8 - i64::from(hour)) * 3600,
        _ => at,
    }
}
