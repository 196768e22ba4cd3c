//! What a case is besides its messages: kind, priority, states of the house's own, tags, fields.

mod fields;
mod found;
mod setting;
mod told;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::attributes::{FieldDraft, FieldType, Written};
use kitt::cases::undo::TakenBack;
use kitt::cases::{Status, attributes, undo};
use kitt::platform::{Actor, Bilingual, CaseFieldId, CaseId, CaseKindId, Error, Language, OwnStateId};
use money::Notation;
use serde_json::{Value, json};

use crate::world::World;

impl World {
    async fn field(&self, draft: FieldDraft) -> Result<CaseFieldId> {
        Ok(attributes::set_up_field(&self.app, &self.admin, None, &draft).await?)
    }

    /// A state that means `base`.
    async fn own_state(&self, name: &str, base: Status) -> Result<OwnStateId> {
        let (id, name) = (OwnStateId(0), Bilingual::same(name));
        let state = attributes::OwnState { id, name, base, place: 0, active: true };
        Ok(attributes::set_up_state(&self.app, &self.admin, None, &state).await?)
    }

    async fn kind_named(&self, name: &str) -> Result<CaseKindId> {
        let kinds = attributes::kinds(&mut self.read().await?).await?;
        Ok(kinds.iter().find(|kind| kind.name.de == name).context("no such kind")?.id)
    }

    async fn write_field(&self, case: CaseId, key: &str, text: &str) -> Result<()> {
        Ok(attributes::set_field(&self.app, &self.agent, case, key, Written::plain(text)).await?)
    }

    /// What the case is, in one value.
    async fn what_is(&self, case: CaseId) -> Result<Value> {
        let mut tx = self.read().await?;
        let row = cases::case(&mut tx, case).await?;
        let own = attributes::attributes(&mut tx, &row).await?;
        let json = attributes::web::AttributesJson::of(&own, Language::De);
        Ok(json!([row.status.code(), serde_json::to_value(json)?]))
    }

    async fn take_back(&self, actor: &Actor) -> Result<Result<TakenBack, Error>> {
        let offer =
            undo::newest(&mut self.read().await?, actor, self.now()).await?.context("nothing is offered")?;
        Ok(undo::take_back(&self.app, actor, offer.id).await)
    }
}

fn draft(name: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        key: String::new(),
        name: Bilingual::same(name),
        help: Bilingual::default(),
        field_type,
        required: false,
        standard: String::new(),
        notation: Notation::German,
        queues: Vec::new(),
        kinds: Vec::new(),
        only_if: None,
        choices: Vec::new(),
        place: 0,
        archived: false,
    }
}

fn choice(name: &str) -> attributes::Choice {
    attributes::Choice { key: String::new(), name: Bilingual::same(name), gone: false }
}
