//! Rates, ledger entries, exposure.

use jiff::civil::Date;
use money::{Currency, MinuteRateInputs, Money, Percent, RateInput, UnknownCurrency};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{CaseId, CustomerId, EntryId, PersonId, Timestamp, codes};

/// The book that a sum belongs to; EUR and CHF are never added to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Book(pub Currency);

impl TryFrom<String> for Book {
    type Error = UnknownCurrency;

    fn try_from(code: String) -> Result<Self, UnknownCurrency> {
        code.parse().map(Self)
    }
}

codes! {
    /// Something that has to be entered before costs can be computed.
    pub enum Needed {
        YearlyCost = "yearly_cost",
        OverheadPercent = "overhead_percent",
        PaidHours = "paid_hours",
        ShrinkagePercent = "shrinkage_percent",
        VatPercent = "vat_percent",
        RedemptionPercent = "redemption_percent",
    }
}

impl Needed {
    /// Its name in words.
    pub const fn word(self) -> &'static str {
        match self {
            Self::YearlyCost => "finance-yearly-cost",
            Self::OverheadPercent => "finance-overhead",
            Self::PaidHours => "finance-paid-hours",
            Self::ShrinkagePercent => "finance-shrinkage",
            Self::VatPercent => "finance-vat",
            Self::RedemptionPercent => "finance-redemption",
        }
    }
}

impl From<RateInput> for Needed {
    fn from(input: RateInput) -> Self {
        match input {
            RateInput::YearlyCost => Self::YearlyCost,
            RateInput::OverheadPercent => Self::OverheadPercent,
            RateInput::PaidHours => Self::PaidHours,
            RateInput::ShrinkagePercent => Self::ShrinkagePercent,
        }
    }
}

/// Why a cost is not computable. Shown as that, never as zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// What was not entered. Empty when a sum is beyond what can be counted, or in several books.
    pub missing: Vec<Needed>,
}

/// What the house entered so that its service can be priced. All empty at first; never guessed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// Yearly employer cost, overhead, paid hours, shrinkage: what handling time is priced by.
    pub handling: MinuteRateInputs,
    /// The book of `handling`.
    pub currency: Currency,
    /// Value added tax inside goodwill as customers see it.
    pub vat: Option<Percent>,
    /// Share of the value of vouchers that is redeemed.
    pub redemption: Option<Percent>,
}

/// One version of the rates, with who entered it and when.
#[derive(Debug, Clone)]
pub struct RatesVersion {
    pub id: i64,
    pub valid_from: Timestamp,
    pub rates: Rates,
    pub person: Option<PersonId>,
    pub at: Timestamp,
}

codes! {
    /// What an entry of the ledger paid for.
    pub enum Item {
        /// Active time of people.
        Handling = "handling",
        /// Given without a right to it, at once worth its amount.
        Goodwill = "goodwill",
        /// Goodwill that only costs when it is redeemed.
        Voucher = "voucher",
        /// What the customer had a right to: failure cost, never goodwill.
        Refund = "refund",
    }
}

codes! {
    /// Where a figure comes from.
    pub enum Basis { Measured = "measured", Entered = "entered", Estimated = "estimated" }
}

impl Basis {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Measured => "finance-basis-measured",
            Self::Entered => "finance-basis-entered",
            Self::Estimated => "finance-basis-estimated",
        }
    }
}

impl Item {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Handling => "finance-item-handling",
            Self::Goodwill => "finance-item-goodwill",
            Self::Voucher => "finance-item-voucher",
            Self::Refund => "finance-item-refund",
        }
    }

    /// A voucher's cost rests on the expected share of redemption.
    pub const fn basis(self) -> Basis {
        match self {
            Self::Handling => Basis::Measured,
            Self::Goodwill | Self::Refund => Basis::Entered,
            Self::Voucher => Basis::Estimated,
        }
    }
}

/// Something that was spent on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    Time {
        seconds: i64,
    },
    /// `sum` as the customer sees it, with VAT.
    Goodwill {
        sum: Money,
    },
    Voucher {
        sum: Money,
    },
    /// `sum` as it costs the house.
    Refund {
        sum: Money,
    },
}

impl Spending {
    pub const fn item(self) -> Item {
        match self {
            Self::Time { .. } => Item::Handling,
            Self::Goodwill { .. } => Item::Goodwill,
            Self::Voucher { .. } => Item::Voucher,
            Self::Refund { .. } => Item::Refund,
        }
    }

    pub const fn seconds(self) -> i64 {
        match self {
            Self::Time { seconds } => seconds,
            _ => 0,
        }
    }

    pub const fn sum(self) -> Option<Money> {
        match self {
            Self::Time { .. } => None,
            Self::Goodwill { sum } | Self::Voucher { sum } | Self::Refund { sum } => Some(sum),
        }
    }
}

/// A spending of `case` at `at`, before it is in the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Booking {
    pub at: Timestamp,
    pub case: CaseId,
    pub customer: Option<CustomerId>,
    pub spending: Spending,
    /// The journal's entry; `None` for imports.
    pub source: Option<EntryId>,
}

/// An entry of the ledger as it was booked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    pub id: i64,
    pub at: Timestamp,
    pub class: String,
    pub item: Item,
    pub basis: Basis,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub seconds: i64,
    pub cents: i64,
    pub currency: Option<String>,
    #[sqlx(rename = "source_id")]
    pub source: Option<EntryId>,
    /// The version of the rates valid at `at`; 0 for none.
    #[sqlx(rename = "rates_id")]
    pub rates: i64,
}

/// What happened on one day in one product group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exposure {
    pub day: Date,
    pub product_group: String,
    pub orders: u32,
    pub deliveries: u32,
    /// Customers with an order in the 365 days before.
    pub active_customers: u32,
}
