//! SQL of views.

use super::model::{Draft, Heading, Shared, View};
use crate::cases::{Filter, Sort};
use crate::platform::{Kept, PersonId, Result, Role, TeamId, Timestamp, Tx, sql};

#[derive(sqlx::FromRow)]
struct ViewRow {
    id: i64,
    name: String,
    person_id: PersonId,
    filter: String,
    sort: Sort,
    columns: String,
    shared: String,
    role: Option<Role>,
    team_id: Option<TeamId>,
    place: i64,
    removed_at: Option<Timestamp>,
}

impl ViewRow {
    /// A filter of a field that is no more finds everything: better than no page at all.
    fn view(self) -> View {
        let shared = match (self.shared.as_str(), self.role, self.team_id) {
            ("all", ..) => Shared::All,
            ("role", Some(role), _) => Shared::Role(role),
            ("team", _, Some(team)) => Shared::Team(team),
            _ => Shared::Private,
        };
        let columns: Vec<Heading> = self.columns.split_whitespace().filter_map(Heading::from_code).collect();
        View {
            id: self.id,
            name: self.name,
            person: self.person_id,
            filter: Filter::read(&self.filter).unwrap_or_default(),
            sort: self.sort,
            columns: if columns.is_empty() { Heading::usual() } else { columns },
            shared,
            place: self.place,
            removed_at: self.removed_at,
        }
    }
}

const VIEW: &str =
    "SELECT id, name, person_id, filter, sort, columns, shared, role, team_id, place, removed_at
    FROM views ";

static VIEWS: Kept<Vec<View>> = Kept::new("views", |tx| Box::pin(load_all(tx)));

pub async fn all(tx: &mut Tx) -> Result<Vec<View>> {
    Ok(VIEWS.get(tx).await?.to_vec())
}

async fn load_all(tx: &mut Tx) -> Result<Vec<View>> {
    let rows: Vec<ViewRow> = sql(VIEW).push("WHERE removed_at IS NULL ORDER BY place, id").all(tx).await?;
    Ok(rows.into_iter().map(ViewRow::view).collect())
}

/// Also one that was taken away.
pub async fn view(tx: &mut Tx, id: i64) -> Result<View> {
    let row: ViewRow = sql(VIEW).push("WHERE id = ").push_bind(id).one(tx).await?;
    Ok(row.view())
}

/// How a view is shared, as its columns have it.
fn shared(shared: Shared) -> (&'static str, Option<Role>, Option<TeamId>) {
    match shared {
        Shared::Private => ("private", None, None),
        Shared::All => ("all", None, None),
        Shared::Role(role) => ("role", Some(role), None),
        Shared::Team(team) => ("team", None, Some(team)),
    }
}

fn codes(columns: &[Heading]) -> String {
    columns.iter().map(Heading::code).collect::<Vec<_>>().join(" ")
}

pub async fn insert(tx: &mut Tx, person: PersonId, draft: &Draft) -> Result<i64> {
    let (kind, role, team) = shared(draft.shared);
    sql("INSERT INTO views (name, person_id, filter, sort, columns, shared, role, team_id, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id")
    .bind(draft.name.trim())
    .bind(person)
    .bind(draft.filter.write()?)
    .bind(draft.sort)
    .bind(codes(&draft.columns))
    .bind(kind)
    .bind(role)
    .bind(team)
    .bind(draft.place)
    .value(tx)
    .await
}

pub async fn update(tx: &mut Tx, id: i64, draft: &Draft) -> Result<()> {
    let (kind, role, team) = shared(draft.shared);
    sql("UPDATE views SET name = $2, filter = $3, sort = $4, columns = $5, shared = $6, role = $7, team_id = $8,
                          place = $9 WHERE id = $1")
    .bind(id)
    .bind(draft.name.trim())
    .bind(draft.filter.write()?)
    .bind(draft.sort)
    .bind(codes(&draft.columns))
    .bind(kind)
    .bind(role)
    .bind(team)
    .bind(draft.place)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_removed(tx: &mut Tx, id: i64, at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE views SET removed_at = $2 WHERE id = $1").bind(id).bind(at).run(tx).await?;
    Ok(())
}
