//! The plain data of the example company.
//!
//! Whoever fills a database reads these structs. Ids are indexes into the vectors of [`Company`];
//! moments are unix seconds; money is cents. Nothing here knows how it was made up.

use jiff::civil::Date;

/// A company with everything that was there before the first case of the history.
/// Its cases come from [`Company::cases`], one after the other.
#[derive(Debug, Clone)]
pub struct Company {
    pub name: &'static str,
    /// The last day of the history.
    pub today: Date,
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    pub queues: Vec<Queue>,
    pub departments: Vec<Department>,
    /// The stops of the customer lifecycle, in their order.
    pub stations: Vec<Station>,
    pub products: Vec<Product>,
    /// Oldest customers first.
    pub customers: Vec<Customer>,
    pub insights: Vec<Insight>,
    pub exposure: Vec<DayExposure>,
    pub policies: Vec<Policy>,
    pub(crate) seed: u64,
    pub(crate) cases: usize,
}

/// Somebody who works for the company.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: &'static str,
    pub email: String,
    pub role: Role,
    pub team: Option<usize>,
    pub department: Option<usize>,
    pub language: &'static str,
    pub gender: Gender,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Agent,
    Lead,
    Department,
    Manager,
    Admin,
}

/// How letters address somebody; `Neutral` is greeted by full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gender {
    Female,
    Male,
    Neutral,
}

#[derive(Debug, Clone)]
pub struct Team {
    pub name: &'static str,
}

#[derive(Debug, Clone)]
pub struct Queue {
    pub name: &'static str,
    /// The address that this queue receives.
    pub email: &'static str,
    /// Working minutes until the first answer to an e-mail.
    pub answer_minutes: i64,
    /// Its customers are addressed with du.
    pub informal: bool,
}

#[derive(Debug, Clone)]
pub struct Department {
    pub name: &'static str,
    pub english: &'static str,
}

#[derive(Debug, Clone)]
pub struct Station {
    /// The code name: awareness, advice, purchase …
    pub code: &'static str,
    pub name: &'static str,
    pub english: &'static str,
}

#[derive(Debug, Clone)]
pub struct Product {
    pub name: &'static str,
    pub price_cents: i64,
    pub group: &'static str,
}

#[derive(Debug, Clone)]
pub struct Customer {
    pub first: &'static str,
    pub last: &'static str,
    pub salutation: Gender,
    pub company: Option<String>,
    pub emails: Vec<String>,
    /// E.164 with spaces, always in a range that belongs to nobody.
    pub phone: String,
    pub street: String,
    pub postcode: &'static str,
    pub town: &'static str,
    /// AT, DE or CH.
    pub country: &'static str,
    /// de or en.
    pub language: &'static str,
    pub since: Date,
    pub facts: Vec<Fact>,
    /// Oldest first.
    pub orders: Vec<Order>,
}

/// Something worth knowing about a customer.
#[derive(Debug, Clone)]
pub struct Fact {
    pub text: String,
    pub source: String,
    pub at: i64,
}

#[derive(Debug, Clone)]
pub struct Order {
    /// Like 118-4471, unique in the company.
    pub number: String,
    pub product: usize,
    pub cents: i64,
    pub at: i64,
}

/// What many findings say together, as its owner has treated it until today.
#[derive(Debug, Clone)]
pub struct Insight {
    pub kind: Kind,
    pub title: &'static str,
    pub description: &'static str,
    pub station: usize,
    pub department: usize,
    /// The last of `history`.
    pub state: State,
    /// Oldest first, never empty.
    pub history: Vec<StateChange>,
    pub competitor: Option<&'static str>,
    /// What service and department said to each other about it, oldest first.
    pub talk: Vec<Remark>,
}

#[derive(Debug, Clone)]
pub struct Remark {
    pub person: usize,
    pub at: i64,
    pub text: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Cause,
    Wish,
    Competitor,
    Praise,
    Unclear,
    Hindrance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    Proposed,
    Open,
    Accepted,
    Disputed,
    Declined,
    Planned,
    Fixed,
}

#[derive(Debug, Clone)]
pub struct StateChange {
    pub state: State,
    pub at: i64,
    pub person: usize,
    pub reason: Option<&'static str>,
    /// The date that was announced with a plan; may lie in the future.
    pub due: Option<Date>,
}

/// What happened on one day, to compare contacts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayExposure {
    pub date: Date,
    pub product_group: &'static str,
    pub orders: u32,
    pub deliveries: u32,
    /// Customers with an order in the 365 days before.
    pub active_customers: u32,
}

/// A rule of the house that customers run into.
#[derive(Debug, Clone)]
pub struct Policy {
    pub title: &'static str,
    pub version: u32,
    pub owner_department: usize,
    pub text: &'static str,
}

/// A piece of service work with everything that happened in it until now.
#[derive(Debug, Clone)]
pub struct Case {
    pub customer: usize,
    pub queue: usize,
    pub subject: String,
    pub channel: Channel,
    pub priority: Priority,
    pub matter: Matter,
    pub created_at: i64,
    /// None: still in the queue.
    pub owner: Option<usize>,
    pub status: Status,
    /// While `status` is waiting; may lie in the future. None: until the customer writes.
    pub wait_until: Option<i64>,
    pub closed_at: Option<i64>,
    /// By when the customer should hear from us; only while the last word is the customer's.
    pub due_at: Option<i64>,
    /// Oldest first, never empty; the first is the customer's.
    pub contacts: Vec<Contact>,
    /// Empty while undocumented.
    pub findings: Vec<Finding>,
    /// Seconds of handling, one entry per person.
    pub active_seconds: Vec<(usize, i64)>,
    pub goodwill: Vec<Goodwill>,
    /// Money paid back that the customer had a right to; never goodwill.
    pub refund_cents: i64,
    pub requests: Vec<Request>,
    pub promises: Vec<Promise>,
    /// The position (from 0, in the order of [`Company::cases`]) of the case of the same cause at most
    /// 7 days earlier that this one repeats.
    pub repeats: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    Email,
    Phone,
    Letter,
    Chat,
    Web,
    /// A public post on a social network.
    Post,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    Low,
    Normal,
    High,
}

/// What a case is about, as whoever takes it would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Matter {
    Question,
    Order,
    Fault,
    Return,
    Complaint,
    Praise,
    Wish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Open,
    Waiting,
    Closed,
}

/// One message, conversation or internal note.
#[derive(Debug, Clone)]
pub struct Contact {
    pub direction: Direction,
    pub channel: Channel,
    pub at: i64,
    pub author: Author,
    pub text: String,
    pub attachments: Vec<Attachment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    In,
    Out,
    /// Internal, never seen by the customer.
    Note,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author {
    Person(usize),
    Customer(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

/// One documented piece of information inside a case.
#[derive(Debug, Clone)]
pub struct Finding {
    pub kind: Kind,
    /// None: "Weiss ich nicht".
    pub insight: Option<usize>,
    pub station: usize,
    pub department: Option<usize>,
    /// Literally in one of the case's inbound contacts.
    pub quote: String,
    pub product: Option<usize>,
    /// The shares of a case's causes sum to 1000; other kinds have 0.
    pub share_permille: u16,
}

#[derive(Debug, Clone)]
pub struct Goodwill {
    pub cents: i64,
    pub at: i64,
    pub person: usize,
    pub kind: GoodwillKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GoodwillKind {
    Voucher,
    Discount,
    Refund,
    Replacement,
    Shipping,
}

/// A customer asked for something that a policy speaks about.
#[derive(Debug, Clone)]
pub struct Request {
    pub policy: usize,
    /// The version that was in force.
    pub version: u32,
    pub granted: bool,
    pub at: i64,
    pub person: usize,
    pub reason: &'static str,
}

/// What a customer was told would happen, by when.
#[derive(Debug, Clone)]
pub struct Promise {
    pub text: String,
    pub at: i64,
    pub person: usize,
    /// May lie in the future; then `kept` is None.
    pub due_at: i64,
    pub kept: Option<bool>,
}
