//! What was documented is taken back: what stood before stands again.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::{Finding, Kind, NewFinding};
use super::{add, revise, show, store, withdraw};
use crate::cases;
use crate::cases::undo::{self, Inverse, Undoer};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, FindingId, Result, Right, Tx, dialect};

const NAME: &str = "findings";

pub static UNDOERS: [Undoer; 1] =
    [Undoer { name: NAME, right: Right::Document, page: |_| "/cases".to_owned(), take_back }];

/// What stands in a case.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    findings: Vec<(FindingId, NewFinding)>,
    unknown: bool,
}

impl Standing {
    pub async fn of(tx: &mut Tx, case: CaseId) -> Result<Self> {
        let said = |finding: Finding| {
            let share = Some(finding.share).filter(|_| finding.kind == Kind::Cause);
            let new = NewFinding {
                kind: finding.kind,
                insight: finding.insight,
                station: finding.station,
                department: finding.department,
                product: finding.product,
                quote: finding.quote,
                contact: finding.contact,
                note: finding.note,
                share,
            };
            (finding.id, new)
        };
        let findings = store::of_case(tx, case).await?.into_iter().map(said).collect();
        Ok(Self { findings, unknown: store::is_unknown(tx, case).await? })
    }
}

#[derive(Serialize, Deserialize)]
struct Done {
    case: CaseId,
    was: Standing,
    is: Standing,
}

/// Offers to take back what was just documented in a case in which this stood before.
pub async fn offer_back(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, was: Standing) -> Result<()> {
    let is = Standing::of(tx, case).await?;
    if was == is {
        return Ok(());
    }
    let inverse = Inverse::elsewhere(NAME, &Done { case, was, is })?;
    undo::offer(app, tx, actor, case, "document-done", &inverse).await
}

fn take_back<'a>(app: &'a App, tx: &'a mut Tx, actor: &'a Actor, what: Value) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Done { case, was, is } = serde_json::from_value(what)?;
        dialect::lock(tx, "case", case.0).await?;
        if Standing::of(tx, case).await? != is {
            return Err(undo::late());
        }
        restore(app, tx, actor, case, was).await
    })
}

async fn restore(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, was: Standing) -> Result<()> {
    let row = cases::case(tx, case).await?;
    let mut standing = store::of_case(tx, case).await?;
    let mut gone = Vec::new();
    for (id, said) in was.findings {
        match standing.iter().position(|old| old.id == id) {
            Some(at) => {
                let old = standing.remove(at);
                revise(app, tx, actor, &old, said.share.unwrap_or(0)).await?;
            }
            None => gone.push(said),
        }
    }
    for old in &standing {
        withdraw(app, tx, actor, old).await?;
    }
    for said in &gone {
        add(app, tx, actor, &row, said, said.share.unwrap_or(0)).await?;
    }
    if was.unknown {
        store::set_unknown(tx, case, actor.person_id(), app.now()).await?;
    } else {
        store::clear_unknown(tx, case).await?;
    }
    show(tx, case).await?;
    let about = About::case(case).of(row.customer);
    journal::record(app, tx, actor, about, Fact::DocumentationTakenBack)
}
