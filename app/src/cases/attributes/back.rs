//! How what was set on a case is taken back.

use serde::{Deserialize, Serialize};

use super::make::field_set;
use super::store;
use super::value::Value;
use crate::cases::clocks;
use crate::cases::model::{Case, Priority};
use crate::cases::store as rows;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseFieldId, CaseKindId, Result, TagId, Timestamp, Tx};

/// What was changed: how it was, and how it must still be. Stored as JSON, so variants are only added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    Priority {
        was: Priority,
        is: Priority,
    },
    Kind {
        was: Option<CaseKindId>,
        is: Option<CaseKindId>,
        /// The kind made a complaint of the case.
        marked: bool,
    },
    Tagged {
        tag: TagId,
    },
    Untagged {
        tag: TagId,
    },
    Field {
        field: CaseFieldId,
        was: Option<Stored>,
        is: Option<String>,
    },
}

/// A stored value with what is compared.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stored {
    text: String,
    number: Option<f64>,
    at: Option<i64>,
}

impl From<&Value> for Stored {
    fn from(value: &Value) -> Self {
        Self { text: value.text.clone(), number: value.number, at: value.at.map(|at| at.0) }
    }
}

impl From<Stored> for Value {
    fn from(stored: Stored) -> Self {
        Self { text: stored.text, number: stored.number, at: stored.at.map(Timestamp) }
    }
}

/// Takes `change` back; `None` if the case is no longer as it left it.
pub async fn invert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    change: Change,
) -> Result<Option<Fact>> {
    let now = app.now();
    Ok(match change {
        Change::Priority { was, is } if case.priority == is => {
            store::set_priority(tx, case.id, was, now).await?;
            clocks::changed(app, tx, case.id).await?;
            Some(Fact::CasePrioritised { priority: was.code().to_owned() })
        }
        Change::Kind { was, is, marked } if case.kind == is => {
            store::set_kind(tx, case.id, was, now).await?;
            if marked {
                rows::set_complaint(tx, case.id, false).await?;
                let about = About::case(case.id).of(case.customer);
                journal::record(app, tx, actor, about, Fact::ComplaintMarked { complaint: false })?;
            }
            clocks::changed(app, tx, case.id).await?;
            Some(Fact::CaseKindSet { kind: was })
        }
        Change::Tagged { tag } if store::delete_tag(tx, case.id, tag).await? => {
            store::touch(tx, case.id, now).await?;
            Some(Fact::CaseUntagged { tag })
        }
        // It may have been merged into another one or removed from the house meanwhile.
        Change::Untagged { tag }
            if store::tag(tx, tag).await.is_ok() && store::insert_tag(tx, case.id, tag).await? =>
        {
            store::touch(tx, case.id, now).await?;
            Some(Fact::CaseTagged { tag })
        }
        Change::Field { field, was, is } if store::value(tx, case.id, field).await? == is => {
            let said = was.as_ref().map(|was| was.text.clone());
            match was {
                Some(was) => store::set_value(tx, case.id, field, &was.into()).await?,
                None => store::delete_value(tx, case.id, field).await?,
            }
            store::touch(tx, case.id, now).await?;
            let field = store::field(tx, field).await?;
            Some(field_set(tx, case, &field, (is.as_deref(), said.as_deref())).await?)
        }
        _ => None,
    })
}
