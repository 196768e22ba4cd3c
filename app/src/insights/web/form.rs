//! What "What happened?" sends: by programs as a list of findings, by the page field by field.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::dialog::{DocumentDialog, NewCause};
use crate::findings::{Finding, Kind};
use crate::insights::{Documentation, Item, What};
use crate::platform::{DepartmentId, Error, FindingId, InsightId, ProductId, Result};

/// Programs send `findings` and `unknown`, the page sends fields.
#[derive(Deserialize, Serialize, ToSchema, Default)]
#[serde(default)]
pub struct FindingsForm {
    findings: Vec<FindingForm>,
    /// Nobody knows the cause.
    #[serde(deserialize_with = "flag")]
    unknown: bool,
    /// The page's fields: `station`, and the one it proposed as `station_shown`; `cause`, the insight chosen; of
    /// any insight `cause_7` (it is a cause as well), `share_7`, `words_7`; of a new one `title`, `department`,
    /// `new_words`, `new_share`, `new_also`; of other kinds `wish`, `wish_title`, `wish_words`,
    /// `wish_department`; `product`; `keep_9` for a finding that stays as it is.
    #[serde(flatten)]
    #[schema(ignore)]
    fields: HashMap<String, Value>,
}

/// One finding as programs send it.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
struct FindingForm {
    kind: Kind,
    /// An insight's id, or else its title.
    insight: Option<InsightId>,
    /// In any spelling; what nobody named yet begins here, at `station` and for `department`.
    title: Option<String>,
    description: Option<String>,
    competitor: Option<String>,
    /// Without it: where it stands already, or the insight's own.
    station: Option<String>,
    department: Option<DepartmentId>,
    /// Without it: what stands already, or the case's.
    product: Option<ProductId>,
    /// Literally in one of the customer's contacts; other words are kept as a note. Without it: what stands already.
    quote: Option<String>,
    /// Of the case's causes, in thousandths; without any all causes get the same.
    share: Option<i64>,
}

/// Yes as JSON says it, or as a ticked box sends it.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(text(&Value::deserialize(deserializer)?).is_some_and(|text| is_yes(&text)))
}

fn is_yes(text: &str) -> bool {
    !matches!(text, "" | "0" | "false")
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// What the case holds, so that what the page leaves alone stays as it is.
pub struct Standing<'a> {
    pub findings: &'a [Finding],
    pub product: Option<ProductId>,
}

impl FindingForm {
    fn item(self) -> Item {
        let title = self.title.filter(|title| !title.trim().is_empty());
        let what = match (self.insight, title) {
            (Some(insight), _) => What::Known(insight),
            (None, Some(title)) => What::Titled {
                title,
                description: self.description.unwrap_or_default(),
                department: self.department,
                competitor: self.competitor,
            },
            (None, None) => What::Unnamed,
        };
        Item {
            kind: self.kind,
            what,
            station: self.station,
            product: self.product,
            words: self.quote,
            share: self.share,
        }
    }
}

impl FindingsForm {
    /// # Errors
    ///
    /// [`Error::Invalid`] for what is no insight and no share, and if nothing was chosen.
    pub fn said(&self, standing: &Standing<'_>) -> Result<Documentation> {
        let unknown = self.unknown;
        if self.is_silent() {
            return Err(Error::invalid("cause", "document-choose"));
        }
        let items = if self.findings.is_empty() {
            self.items(standing)?
        } else {
            self.findings.iter().cloned().map(FindingForm::item).collect()
        };
        Ok(Documentation { unknown, items })
    }

    /// The page was sent without saying whether something cracked: that must not become "nothing did".
    fn is_silent(&self) -> bool {
        let from_page = self.fields.contains_key("station_shown");
        let said = self.unknown || self.fields.contains_key("cause") || self.filled("title").is_some();
        from_page && !said && self.ids("cause_").is_empty() && self.ids("keep_").is_empty()
    }

    /// A field of the page as it was sent.
    pub fn text(&self, name: &str) -> Option<String> {
        self.fields.get(name).and_then(text)
    }

    pub fn ticked(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| is_yes(&text))
    }

    pub fn filled(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    /// The insights that are named as causes, the chosen one first.
    pub fn insights(&self) -> Vec<InsightId> {
        let mut also = self.ids("cause_");
        also.sort_unstable();
        let chosen = self.filled("cause").and_then(|id| id.parse().ok());
        let also = also.into_iter().filter(|id| chosen != Some(*id));
        chosen.into_iter().chain(also).map(InsightId).collect()
    }

    /// Ids of the ticked fields whose names begin so.
    fn ids(&self, prefix: &str) -> Vec<i64> {
        let names = self.fields.keys().filter(|name| self.ticked(name));
        names.filter_map(|name| name.strip_prefix(prefix)?.parse().ok()).collect()
    }

    fn moved(&self) -> bool {
        self.text("station") != self.text("station_shown")
    }

    /// What the page sent.
    fn items(&self, standing: &Standing<'_>) -> Result<Vec<Item>> {
        let product = self.filled("product").and_then(|id| id.parse().ok()).map(ProductId);
        // A finding may have another product than its case; unless somebody chose one, it keeps it.
        let product = product.filter(|product| Some(*product) != standing.product);
        let kept: Vec<&Finding> = self
            .ids("keep_")
            .into_iter()
            .filter_map(|id| standing.findings.iter().find(|one| one.id == FindingId(id)))
            .collect();
        let mut items = self.causes(&kept)?;
        items.extend(self.others(standing));
        items.extend(kept.into_iter().filter(|one| one.kind != Kind::Cause).map(keep));
        for item in &mut items {
            item.product = item.product.or(product);
        }
        Ok(items)
    }

    fn causes(&self, kept: &[&Finding]) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        let mut given = Vec::new();
        let title = self.filled("title");
        let chosen = self.filled("cause");
        if let Some(chosen) = &chosen {
            chosen.parse::<i64>().map_err(|_| Error::invalid("cause", "insight-unknown"))?;
        }
        for insight in self.insights() {
            let is_chosen = chosen.as_deref() == Some(insight.to_string().as_str());
            // A new cause takes the place of the chosen one, unless it comes in addition.
            let replaced = is_chosen && title.is_some() && !self.ticked("new_also");
            if replaced && !self.ticked(&format!("cause_{insight}")) {
                continue;
            }
            let station = self.filled("station").filter(|_| is_chosen && self.moved());
            let words = self.text(&format!("words_{insight}"));
            items.push(Item { station, words, ..item(Kind::Cause, What::Known(insight)) });
            given.push(self.share(&format!("share_{insight}"))?);
        }
        if let Some(title) = title {
            let what = titled(title, self.department("department"));
            let (station, words) = (self.filled("station"), self.text("new_words"));
            items.push(Item { station, words, ..item(Kind::Cause, what) });
            given.push(self.share("new_share")?);
        }
        for cause in kept.iter().filter(|one| one.kind == Kind::Cause) {
            items.push(keep(cause));
            given.push(None);
        }
        let shares = complete(&given).ok_or_else(|| Error::invalid("share", "finding-shares"))?;
        for (item, share) in items.iter_mut().zip(shares) {
            item.share = share;
        }
        Ok(items)
    }

    /// Per cent, in thousandths.
    fn share(&self, name: &str) -> Result<Option<i64>> {
        let Some(text) = self.filled(name) else { return Ok(None) };
        let text = text.trim().replace(',', ".");
        let (whole, tenths) = text.split_once('.').unwrap_or((&text, "0"));
        let thousandths = whole.parse::<u8>().ok().zip(tenths.parse::<u8>().ok().filter(|one| *one < 10));
        let thousandths = thousandths.map(|(whole, tenth)| i64::from(whole) * 10 + i64::from(tenth));
        thousandths.map(Some).ok_or_else(|| Error::invalid("share", "finding-shares"))
    }

    fn others(&self, standing: &Standing<'_>) -> Vec<Item> {
        let others = Kind::ALL.iter().filter(|kind| **kind != Kind::Cause && self.ticked(kind.code()));
        let other = |kind: &Kind| {
            let code = kind.code();
            let department = self.department(&format!("{code}_department"));
            let what = self.filled(&format!("{code}_title"));
            let what = what.map_or(What::Unnamed, |title| titled(title, department));
            let stands = standing.findings.iter().find(|one| one.kind == *kind && !self.moved());
            let station = stands.map(|one| one.station.clone()).or_else(|| self.filled("station"));
            Item { station, words: self.text(&format!("{code}_words")), ..item(*kind, what) }
        };
        others.map(other).collect()
    }

    /// Shows again what was sent, to be corrected.
    pub fn refill(&self, dialog: &mut DocumentDialog) {
        let sent = |name: &str| self.text(name).unwrap_or_default();
        for station in &mut dialog.stations {
            station.chosen = station.code == sent("station");
        }
        for cause in &mut dialog.causes {
            let id = cause.insight;
            cause.chosen = sent("cause") == id.to_string();
            cause.also = self.ticked(&format!("cause_{id}"));
            cause.share = sent(&format!("share_{id}"));
            cause.words = sent(&format!("words_{id}"));
        }
        dialog.causeless = self.text("cause").as_deref() == Some("");
        for one in &mut dialog.kinds {
            let code = one.kind.code();
            one.chosen = self.ticked(code);
            one.title = self.filled(&format!("{code}_title"));
            one.words = self.filled(&format!("{code}_words"));
            one.department = self.department(&format!("{code}_department"));
        }
        for one in &mut dialog.kept {
            one.chosen = self.ticked(&format!("keep_{}", one.finding));
        }
        for product in &mut dialog.products {
            product.chosen = sent("product") == product.id.to_string();
        }
        dialog.new = NewCause {
            title: sent("title"),
            department: self.department("department"),
            words: sent("new_words"),
            share: sent("new_share"),
            also: self.ticked("new_also"),
        };
    }

    fn department(&self, name: &str) -> Option<DepartmentId> {
        self.filled(name).and_then(|id| id.parse().ok()).map(DepartmentId)
    }
}

const fn item(kind: Kind, what: What) -> Item {
    Item { kind, what, station: None, product: None, words: None, share: None }
}

/// What stands stays as it is.
fn keep(one: &Finding) -> Item {
    let what = one.insight.map_or(What::Unnamed, What::Known);
    Item { station: Some(one.station.clone()), product: one.product, ..item(one.kind, what) }
}

const fn titled(title: String, department: Option<DepartmentId>) -> What {
    What::Titled { title, description: String::new(), department, competitor: None }
}

/// Those without a share get equal parts of what the others leave; `None` if nothing is left for them.
fn complete(given: &[Option<i64>]) -> Option<Vec<Option<i64>>> {
    let empty = i64::try_from(given.iter().filter(|share| share.is_none()).count()).ok()?;
    if given.len() < 2 || given.iter().all(Option::is_none) {
        return Some(vec![None; given.len()]);
    }
    let left = 1000 - given.iter().flatten().sum::<i64>();
    if left < empty {
        return None;
    }
    let mut nth = 0;
    let part = |share: &Option<i64>| {
        share.or_else(|| {
            nth += 1;
            Some(left / empty + i64::from(nth <= left % empty))
        })
    };
    Some(given.iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_share_gets_what_the_others_leave() {
        for (given, expected) in [
            (vec![], Some(vec![])),
            (vec![Some(700)], Some(vec![None])),
            (vec![None, None], Some(vec![None, None])),
            (vec![Some(700), None], Some(vec![Some(700), Some(300)])),
            (vec![None, Some(999), None], None),
            (vec![Some(500), None, None], Some(vec![Some(500), Some(250), Some(250)])),
            (vec![Some(499), None, None], Some(vec![Some(499), Some(251), Some(250)])),
            (vec![Some(700), Some(200)], Some(vec![Some(700), Some(200)])),
        ] {
            assert_eq!(complete(&given), expected, "{given:?}");
        }
    }
}
