//! Lists of cases: what a filter finds, in an order, page by page.

use std::collections::HashMap;

use super::CASE;
use super::filter::{in_sight, narrow, only_queues};
use crate::cases::filter::{Condition, Eyes, Field, Filter, Sort, Test};
use crate::cases::model::{Case, Cursor, Line};
use crate::platform::{Actor, CaseId, CustomerId, Result, Sql, Timestamp, Tx, key_lists, sql};

/// Of more queues a page is found by going through what all of them have.
const MOST_QUEUES: usize = 16;

/// So many cases are read and sorted sooner than a page of them is found among a million along an order.
const FEW: i64 = 5_000;
/// The same of a count, which would go on until it has found a thousand.
const FEW_COUNTED: i64 = 30_000;

const LINE: &str =
    ", c.sort_at, customers.name AS customer_name, queues.name AS queue_name, people.name AS owner_name
    FROM cases c
    JOIN customers ON customers.id = c.customer_id
    JOIN queues ON queues.id = c.queue_id
    LEFT JOIN people ON people.id = c.owner_id ";

/// A case with the names that lists show.
pub async fn line(tx: &mut Tx, case: CaseId) -> Result<Line> {
    sql("SELECT ").push(CASE).push(LINE).push(" WHERE c.id = ").push_bind(case).one(tx).await
}

/// What an order compares, and how it goes on. Indexes have the same expression for the priority.
const fn order(sort: Sort) -> (&'static str, &'static str, &'static str) {
    match sort {
        Sort::Due => ("(c.sort_at, c.id)", " > ", " ORDER BY c.sort_at, c.id"),
        Sort::Newest => ("(c.created_at, c.id)", " < ", " ORDER BY c.created_at DESC, c.id DESC"),
        Sort::Oldest => ("(c.created_at, c.id)", " > ", " ORDER BY c.created_at, c.id"),
        Sort::Updated => ("(c.updated_at, c.id)", " < ", " ORDER BY c.updated_at DESC, c.id DESC"),
        Sort::Quiet => ("(c.updated_at, c.id)", " > ", " ORDER BY c.updated_at, c.id"),
        Sort::Priority => (
            "((CASE c.priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END), c.sort_at, c.id)",
            " > ",
            " ORDER BY (CASE c.priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END),
                       c.sort_at, c.id",
        ),
    }
}

/// A page of a list, in its order. Which cases it has is read from indexes alone, what its lines show only of those.
pub async fn list(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Line>> {
    let groups = rare_groups(tx, filter, FEW).await?;
    let ids: Vec<CaseId> = page(eyes, filter, &groups, sort, cursor, limit).values(tx).await?;
    let mut lines = lines(tx, eyes.reader(), &ids).await?;
    let places: HashMap<CaseId, usize> = ids.into_iter().zip(0..).collect();
    lines.sort_by_key(|line| places.get(&line.case.id).copied());
    Ok(lines)
}

/// The cases of a page. An index has the cases of one queue in the order of what is due, not those of several: so each
/// queue says its next ones, and the first of these are the page.
fn page(
    eyes: &Eyes<'_>,
    filter: &Filter,
    groups: &[String],
    sort: Sort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Sql {
    let along = sort == Sort::Due && groups.is_empty();
    let queues = if along { only_queues(filter, eyes) } else { Vec::new() };
    if !(2..=MOST_QUEUES).contains(&queues.len()) {
        let statement = narrow(of_cases(sql("SELECT c.id"), groups), filter, eyes);
        return walk(statement, sort, cursor, limit);
    }
    let mut statement = sql("SELECT id FROM (");
    for (at, queue) in queues.into_iter().enumerate() {
        let of_queue = "SELECT * FROM (SELECT c.id, c.sort_at FROM cases c WHERE c.queue_id = ";
        statement = statement.push(if at == 0 { "" } else { " UNION ALL " }).push(of_queue).push_bind(queue);
        statement = walk(narrow(statement, filter, eyes), sort, cursor, limit).push(") AS next_ones");
    }
    statement.push(") AS found ORDER BY sort_at, id LIMIT ").push_bind(limit)
}

/// All cases that a filter finds at one moment, in their order. One statement sees one moment, so that none is missing
/// and none is twice.
pub async fn all_ids(tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter, sort: Sort) -> Result<Vec<CaseId>> {
    let groups = rare_groups(tx, filter, FEW_COUNTED).await?;
    let statement = narrow(of_cases(sql("SELECT c.id"), &groups), filter, eyes);
    statement.push(order(sort).2).values(tx).await
}

/// The groups of customers that a list begins with, since few cases are theirs; none if it goes along its order, where
/// the cases of a large group soon make a page.
async fn rare_groups(tx: &mut Tx, filter: &Filter, few: i64) -> Result<Vec<String>> {
    let of_group = |one: &&Condition| one.field == Field::Group && one.test == Test::Is;
    let Some(condition) = filter.certain().find(of_group) else { return Ok(Vec::new()) };
    let statement = sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM service_groups led CROSS JOIN cases x
         WHERE x.customer_id = led.customer_id AND led.name IN ");
    let counted =
        statement.push_list(&condition.values).push(" LIMIT ").push_bind(few + 1).push(") AS found");
    let cases: i64 = counted.value(tx).await?;
    Ok(if cases <= few { condition.values.clone() } else { Vec::new() })
}

/// Goes on with all cases, or with those of customers in these groups.
fn of_cases(statement: Sql, groups: &[String]) -> Sql {
    if groups.is_empty() {
        return statement.push(" FROM cases c WHERE TRUE");
    }
    // CROSS JOIN keeps SQLite to this order. Cases are found by their customers alone and read afterwards: it would else
    // look into the index of a queue once for each customer.
    let statement = statement.push(
        " FROM service_groups led CROSS JOIN cases x CROSS JOIN cases c
         WHERE x.customer_id = led.customer_id AND c.id = x.id AND led.name IN ",
    );
    statement.push_list(groups)
}

/// Those of these cases that the actor may know of, in any order.
pub async fn lines(tx: &mut Tx, actor: &Actor, cases: &[CaseId]) -> Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(cases.len());
    for portion in key_lists(cases) {
        let statement = sql("SELECT ").push(CASE).push(LINE).push(" WHERE c.id IN ");
        let statement = in_sight(statement.push_list(portion.iter().copied()), actor);
        lines.extend::<Vec<Line>>(statement.all(tx).await?);
    }
    Ok(lines)
}

/// As [`list`] in the order of what is due, the ids only, with what they sort by.
pub async fn list_ids(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<(Timestamp, CaseId)>> {
    let groups = rare_groups(tx, filter, FEW).await?;
    let statement = narrow(of_cases(sql("SELECT c.sort_at, c.id"), &groups), filter, eyes);
    walk(statement, Sort::Due, cursor, limit).all(tx).await
}

/// Those of these cases that `filter` finds.
pub async fn matching(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    cases: &[CaseId],
) -> Result<Vec<CaseId>> {
    let mut found = Vec::new();
    for portion in key_lists(cases) {
        let statement = sql("SELECT c.id FROM cases c WHERE c.id IN ").push_list(portion.iter().copied());
        found.extend::<Vec<CaseId>>(narrow(statement, filter, eyes).values(tx).await?);
    }
    Ok(found)
}

fn walk(mut statement: Sql, sort: Sort, cursor: Option<&Cursor>, limit: i64) -> Sql {
    let (compared, goes_on, order) = order(sort);
    if let Some(Cursor(last)) = cursor {
        statement = statement.push(" AND ").push(compared).push(goes_on).push_list(last.iter().copied());
    }
    statement.push(order).push(" LIMIT ").push_bind(limit)
}

/// How many cases `filter` finds, counted up to `limit` so that a page's head costs the same with a million. Pages ask
/// [`crate::cases::counts`], which remembers for some seconds.
pub async fn count(tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter, limit: i64) -> Result<i64> {
    let groups = rare_groups(tx, filter, FEW_COUNTED).await?;
    let statement = of_cases(sql("SELECT COUNT(*) FROM (SELECT 1 AS one"), &groups);
    narrow(statement, filter, eyes).push(" LIMIT ").push_bind(limit).push(") AS found").value(tx).await
}

/// The newest cases of a customer that the actor may know of, without spam and trash.
pub async fn of_customer(tx: &mut Tx, actor: &Actor, customer: CustomerId, limit: i64) -> Result<Vec<Case>> {
    let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.bin IS NULL AND c.customer_id = ");
    newest(in_sight(statement.push_bind(customer), actor), limit).all(tx).await
}

/// As [`of_customer`], with spam and trash: what a person's right to know is about.
pub async fn all_of_customer(
    tx: &mut Tx,
    actor: &Actor,
    customer: CustomerId,
    limit: i64,
) -> Result<Vec<Case>> {
    let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.customer_id = ");
    newest(in_sight(statement.push_bind(customer), actor), limit).all(tx).await
}

fn newest(statement: Sql, limit: i64) -> Sql {
    statement.push(" ORDER BY c.created_at DESC, c.id DESC LIMIT ").push_bind(limit)
}
