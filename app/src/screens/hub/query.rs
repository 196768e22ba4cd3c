//! The filters of the hub as they stand in its address, and links that change one of them.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::period::{Choice, Period};
use crate::cases::Channel;
use crate::customers;
use crate::insights::map::Filter;
use crate::platform::{App, ProductId, Result, Tx, codes};

codes! {
    /// What the map shows.
    pub enum Measure { Cases = "cases", Cost = "cost" }
}

/// Filters; empty ones hold everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
pub struct HubQuery {
    /// `month` (this one), `30`, `90`, `365` (days), `2026-10`, or `custom` with `from` and `to`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time: String,
    /// First day, `2026-10-01`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Last day, included
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// A product group
    #[serde(skip_serializing_if = "String::is_empty")]
    pub product: String,
    /// A channel, such as `email`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// `cases` or `cost`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub measure: String,
}

impl HubQuery {
    pub fn choice(&self) -> Choice {
        Choice::read(&self.time, &self.from, &self.to)
    }

    pub fn channel(&self) -> Option<Channel> {
        Channel::from_code(&self.channel)
    }

    pub fn measure(&self) -> Measure {
        Measure::from_code(&self.measure).unwrap_or(Measure::Cases)
    }

    /// Does it look at a part only, so that it cannot be compared with all cases?
    pub const fn is_partial(&self) -> bool {
        !self.product.is_empty() || !self.channel.is_empty()
    }

    pub fn period(&self, app: &App) -> Period {
        self.choice().period(&app.zone(), app.now())
    }

    /// As the map understands it.
    pub async fn filter(&self, app: &App, tx: &mut Tx) -> Result<Filter> {
        let period = self.period(app);
        let products =
            if self.product.is_empty() { None } else { Some(products_of(tx, &self.product).await?) };
        Ok(Filter { from: period.from, to: period.to, products, channel: self.channel() })
    }

    /// The filters alone, such as `?time=30`; empty for none.
    pub fn search(&self) -> String {
        let pairs = [
            ("time", &self.time),
            ("from", &self.from),
            ("to", &self.to),
            ("product", &self.product),
            ("channel", &self.channel),
            ("measure", &self.measure),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    pub fn with_time(&self, code: &str) -> Self {
        Self { time: code.into(), from: String::new(), to: String::new(), ..self.clone() }
    }

    pub fn with_product(&self, group: &str) -> Self {
        Self { product: group.into(), ..self.clone() }
    }

    pub fn with_channel(&self, channel: &str) -> Self {
        Self { channel: channel.into(), ..self.clone() }
    }

    pub fn with_measure(&self, measure: Measure) -> Self {
        Self { measure: measure.code().into(), ..self.clone() }
    }
}

async fn products_of(tx: &mut Tx, group: &str) -> Result<Vec<ProductId>> {
    let products = customers::products(tx).await?;
    Ok(products.into_iter().filter(|product| product.group == group).map(|product| product.id).collect())
}
