//! SQL of a list's filter: one statement from a [`Filter`], with every value bound.
//!
//! Conditions that hold for certain are told to the database in a form that its partial indexes know
//! (`bin IS NULL`, `status <> 'closed'`). What a case is besides its messages is found by
//! [`crate::cases::attributes::find`], what other slices know of it by their finders.

use crate::cases::LONGEST_UNDO;
use crate::cases::attributes::find;
use crate::cases::filter::{Condition, Eyes, Field, Filter, Finder, Group, Item, Join, Test, span};
use crate::platform::{Actor, Sql, Who};

/// A value that nobody understands finds nothing.
const NEVER: &str = "FALSE";

/// Appends `AND …`: what the filter finds and who looks may know of.
pub fn narrow(mut statement: Sql, filter: &Filter, eyes: &Eyes) -> Sql {
    if !filter.certain().any(|condition| condition.field == Field::Bin) {
        statement = statement.push(" AND c.bin IS NULL");
    }
    if is_unfinished(filter) {
        statement = statement.push(" AND c.status <> 'closed'");
        // What is unfinished and due sorts by that moment: so it is found where an order begins, and nothing else is read.
        for condition in filter.certain().filter(|one| one.field == Field::Due && one.test.is_moment()) {
            statement = time(statement.push(" AND "), "c.sort_at", condition, eyes);
        }
    }
    for part in &filter.also {
        statement = item(statement.push(" AND "), part, eyes);
    }
    match filter.join {
        Join::All => {
            for part in &filter.of {
                statement = item(statement.push(" AND "), part, eyes);
            }
        }
        Join::Any if filter.of.is_empty() => {}
        Join::Any => {
            statement = statement.push(" AND (");
            for (at, part) in filter.of.iter().enumerate() {
                statement = item(statement.push(if at == 0 { "" } else { " OR " }), part, eyes);
            }
            statement = statement.push(")");
        }
    }
    in_sight(statement, eyes.reader())
}

/// The queues of which alone the filter finds cases, if it names them.
pub fn only_queues(filter: &Filter, eyes: &Eyes) -> Vec<i64> {
    let named = |condition: &Condition| match condition.field {
        Field::Queue if condition.test == Test::Is => {
            Some(condition.values.iter().filter_map(|value| value.parse().ok()).collect())
        }
        Field::Team if condition.test == Test::Is && condition.values == ["mine"] => {
            Some(eyes.actor.queues.iter().map(|queue| queue.0).collect())
        }
        _ => None,
    };
    let mut queues: Vec<i64> = filter.certain().find_map(named).unwrap_or_default();
    queues.sort_unstable();
    queues.dedup();
    queues
}

/// Appends `AND …`: what the actor may know of, the rule of [`crate::platform::sight`] as SQL.
pub fn in_sight(mut statement: Sql, actor: &Actor) -> Sql {
    if matches!(actor.who, Who::Kitt(_)) {
        return statement;
    }
    let sight = &actor.sight;
    if !sight.hidden.is_empty() {
        statement = statement.push(" AND (c.queue_id NOT IN ").push_list(sight.hidden.iter().copied());
        statement = named(statement, actor).push(")");
    }
    statement = statement.push(" AND (NOT c.private");
    if !sight.led.is_empty() {
        statement = statement.push(" OR c.queue_id IN ").push_list(sight.led.iter().copied());
    }
    named(statement, actor).push(")")
}

/// Appends `OR …`: the actor is named on the case.
fn named(statement: Sql, actor: &Actor) -> Sql {
    let Some(person) = actor.person_id() else { return statement };
    statement
        .push(" OR c.owner_id = ")
        .push_bind(person)
        .push(" OR EXISTS (SELECT 1 FROM case_people n WHERE n.case_id = c.id AND n.person_id = ")
        .push_bind(person)
        .push(")")
}

/// No closed case is found, whatever else.
fn is_unfinished(filter: &Filter) -> bool {
    filter.certain().any(|condition| {
        let closed = condition.values.iter().any(|value| value == "closed");
        condition.field == Field::Status && ((condition.test == Test::Is) != closed)
    })
}

fn item(statement: Sql, item: &Item, eyes: &Eyes) -> Sql {
    match item {
        Item::Condition(condition) => one(statement, condition, eyes),
        Item::Group(group) => brackets(statement, group, eyes),
    }
}

fn brackets(mut statement: Sql, group: &Group, eyes: &Eyes) -> Sql {
    // What is unknown, such as the owner of a case without one, is not found: so its opposite is.
    statement = statement.push(if group.not { "NOT COALESCE((" } else { "((" });
    for (at, condition) in group.of.iter().enumerate() {
        let between = match (at, group.join) {
            (0, _) => "",
            (_, Join::All) => " AND ",
            (_, Join::Any) => " OR ",
        };
        statement = one(statement.push(between), condition, eyes);
    }
    statement.push(if group.not { "), FALSE)" } else { "))" })
}

fn one(statement: Sql, condition: &Condition, eyes: &Eyes) -> Sql {
    match condition.test {
        Test::IsNot | Test::NotContains | Test::HasNone => {
            let opposite = match condition.test {
                Test::IsNot => Test::Is,
                Test::HasNone => Test::Has,
                _ => Test::Contains,
            };
            let positive = Condition { test: opposite, ..condition.clone() };
            positively(statement.push("NOT COALESCE("), &positive, eyes).push(", FALSE)")
        }
        _ => positively(statement, condition, eyes),
    }
}

fn positively(statement: Sql, condition: &Condition, eyes: &Eyes) -> Sql {
    let values = &condition.values;
    match condition.field {
        Field::Status => codes(statement, "c.status", values),
        Field::Channel => codes(statement, "c.channel", values),
        Field::Priority => codes(statement, "c.priority", values),
        Field::Bin => codes(statement, "c.bin", values),
        Field::Queue => ids(statement, "c.queue_id", values),
        Field::Customer => ids(statement, "c.customer_id", values),
        Field::Product => ids(statement, "c.product_id", values),
        Field::Owner => person(statement, "c.owner_id", values, eyes),
        Field::Team => team(statement, values, eyes),
        Field::Deputy => part(statement, "deputy", values, eyes),
        Field::Follower => part(statement, "follower", values, eyes),
        Field::Language => codes(of_customer(statement), "u.language", values).push(")"),
        Field::Company => ids(of_customer(statement), "u.company_id", values).push(")"),
        Field::Group => group(statement, condition),
        Field::Keeper => person(of_customer(statement), "u.keeper_id", values, eyes).push(")"),
        Field::Subject => contains(statement, values),
        Field::Signal => signal(statement, values),
        Field::Created => time(statement, "c.created_at", condition, eyes),
        Field::Updated => time(statement, "c.updated_at", condition, eyes),
        Field::Due => time(statement, "c.due_at", condition, eyes),
        Field::Wait => time(statement, "c.wait_until", condition, eyes),
        Field::Closed => time(statement, "c.closed_at", condition, eyes),
        Field::Promise => promise(statement, condition, eyes),
        Field::Contacts => number(statement, "(c.contacts - c.internal)", condition),
        Field::Documented => flag(statement, "c.documented", values),
        Field::Suspicious => flag(statement, "c.suspicious", values),
        Field::Private => flag(statement, "c.private", values),
        Field::Attachment => attachment(statement, values),
        Field::Merged => merged(statement, values),
        Field::Failed => failed(statement, values),
        Field::Planned => planned(statement, values, eyes),
        Field::Mention => mentioned(statement, values, eyes).push(")"),
        Field::Unseen => mentioned(statement, values, eyes).push(" AND m.seen_at IS NULL)"),
        Field::CaseKind | Field::OwnState | Field::Tag | Field::Own => find(statement, condition, eyes),
        Field::Revenue => revenue(statement, condition),
        Field::Risk => codes(risk(statement, eyes), "", values),
        Field::Insight | Field::Station | Field::Department | Field::Cost => elsewhere(statement, condition),
    }
}

/// What another slice knows.
fn elsewhere(statement: Sql, condition: &Condition) -> Sql {
    match Finder::of(condition.field) {
        Some(finder) => (finder.find)(statement, condition),
        None => statement.push(NEVER),
    }
}

/// From the notes to their cases: somebody is called into few of all. Without its closing bracket.
fn mentioned(statement: Sql, values: &[String], eyes: &Eyes) -> Sql {
    let called = statement.push("c.id IN (SELECT m.case_id FROM mentions m WHERE ");
    ids(called, "m.person_id", &people(values, eyes))
}

fn codes(statement: Sql, column: &'static str, values: &[String]) -> Sql {
    match values {
        [value] => statement.push(column).push(" = ").push_bind(value),
        _ => statement.push(column).push(" IN ").push_list(values),
    }
}

fn ids(statement: Sql, column: &'static str, values: &[String]) -> Sql {
    let ids: Vec<i64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    match ids.as_slice() {
        [id] => statement.push(column).push(" = ").push_bind(*id),
        _ => statement.push(column).push(" IN ").push_list(ids),
    }
}

/// Ids of people; "me" is who looks, and nobody for programs.
fn people(values: &[String], eyes: &Eyes) -> Vec<String> {
    let me = eyes.actor.person_id().map_or(0, |person| person.0).to_string();
    values.iter().map(|value| if value == "me" { me.clone() } else { value.clone() }).collect()
}

fn person(statement: Sql, column: &'static str, values: &[String], eyes: &Eyes) -> Sql {
    let mut people = people(values, eyes);
    let nobody = people.iter().any(|value| value == "none");
    people.retain(|value| value != "none");
    match (nobody, people.is_empty()) {
        (true, true) => statement.push(column).push(" IS NULL"),
        (false, _) => ids(statement, column, &people),
        (true, false) => {
            ids(statement.push("(").push(column).push(" IS NULL OR "), column, &people).push(")")
        }
    }
}

fn team(statement: Sql, values: &[String], eyes: &Eyes) -> Sql {
    let mine = values.iter().any(|value| value == "mine");
    let others: Vec<i64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    if mine && others.is_empty() {
        return match eyes.actor.queues.as_slice() {
            [queue] => statement.push("c.queue_id = ").push_bind(*queue),
            queues => statement.push("c.queue_id IN ").push_list(queues.iter().copied()),
        };
    }
    let teams = others.into_iter().chain(eyes.actor.teams.iter().filter(|_| mine).map(|team| team.0));
    statement.push("c.queue_id IN (SELECT q.id FROM queues q WHERE q.team_id IN ").push_list(teams).push(")")
}

/// From the people to their cases: each is named on few of all.
fn part(statement: Sql, part: &'static str, values: &[String], eyes: &Eyes) -> Sql {
    let statement =
        statement.push("c.id IN (SELECT w.case_id FROM case_people w WHERE w.part = ").push_bind(part);
    ids(statement.push(" AND "), "w.person_id", &people(values, eyes)).push(")")
}

fn of_customer(statement: Sql) -> Sql {
    statement.push("EXISTS (SELECT 1 FROM customers u WHERE u.id = c.customer_id AND ")
}

/// From the cases to their customers: a group may be half of the house. Lists begin with the customers of one that has
/// few cases.
fn group(statement: Sql, condition: &Condition) -> Sql {
    let found = "EXISTS (SELECT 1 FROM service_groups g WHERE g.customer_id = c.customer_id";
    match condition.test {
        Test::Set => statement.push(found).push(")"),
        Test::Unset => statement.push("NOT ").push(found).push(")"),
        _ => statement.push(found).push(" AND g.name IN ").push_list(&condition.values).push(")"),
    }
}

/// SQLite folds ASCII only, so umlauts are also looked for as they were typed.
fn contains(mut statement: Sql, values: &[String]) -> Sql {
    statement = statement.push("(");
    for (at, value) in values.iter().enumerate() {
        statement = statement
            .push(if at == 0 { "" } else { " OR " })
            .push("LOWER(c.subject) LIKE ")
            .push_bind(pattern(&value.to_lowercase()))
            .push(" ESCAPE '!' OR c.subject LIKE ")
            .push_bind(pattern(value))
            .push(" ESCAPE '!'");
    }
    statement.push(")")
}

fn pattern(text: &str) -> String {
    let escaped = text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

fn signal(mut statement: Sql, values: &[String]) -> Sql {
    statement = statement.push("(");
    for (at, value) in values.iter().enumerate() {
        statement = statement
            .push(if at == 0 { "" } else { " OR " })
            .push("' ' || c.signals || ' ' LIKE ")
            .push_bind(format!("% {value} %"));
    }
    statement.push(")")
}

pub fn time(statement: Sql, column: &'static str, condition: &Condition, eyes: &Eyes) -> Sql {
    let now = eyes.now.0;
    let value = condition.values.first().map_or("", String::as_str);
    let far = span(value);
    let at = eyes.moment(value);
    match (condition.test, far, at) {
        (Test::Set, ..) => statement.push(column).push(" IS NOT NULL"),
        (Test::Unset, ..) => statement.push(column).push(" IS NULL"),
        (Test::Within, Some(far), _) => between(statement, column, now.saturating_sub(far), now),
        (Test::Ahead, Some(far), _) => between(statement, column, now, now.saturating_add(far)),
        (Test::Older, Some(far), _) => statement.push(column).push(" < ").push_bind(now.saturating_sub(far)),
        (Test::Before, _, Some(at)) => statement.push(column).push(" < ").push_bind(at),
        (Test::After, _, Some(at)) => statement.push(column).push(" >= ").push_bind(at),
        _ => statement.push(NEVER),
    }
}

fn between(statement: Sql, column: &'static str, from: i64, to: i64) -> Sql {
    let statement = statement.push("(").push(column).push(" >= ").push_bind(from);
    statement.push(" AND ").push(column).push(" <= ").push_bind(to).push(")")
}

fn promise(statement: Sql, condition: &Condition, eyes: &Eyes) -> Sql {
    // From the promises to their cases: few are open.
    let open = "c.id IN (SELECT p.case_id FROM promises p
        WHERE p.kept IS NULL AND p.withdrawn_at IS NULL AND p.case_id IS NOT NULL";
    match condition.test {
        Test::Set => statement.push(open).push(")"),
        Test::Unset => statement.push("NOT ").push(open).push(")"),
        _ => time(statement.push(open).push(" AND "), "p.due_at", condition, eyes).push(")"),
    }
}

fn number(statement: Sql, column: &'static str, condition: &Condition) -> Sql {
    let value: i64 = condition.values.first().and_then(|value| value.parse().ok()).unwrap_or(0);
    let compare = match condition.test {
        Test::AtLeast => " >= ",
        Test::AtMost => " <= ",
        _ => " = ",
    };
    statement.push(column).push(compare).push_bind(value)
}

/// What the case's customer bought, in cents; a value is in whole euros.
fn revenue(statement: Sql, condition: &Condition) -> Sql {
    let (least, beyond) = condition.cents();
    let bought = "(SELECT COALESCE(SUM(b.cents), 0) FROM purchases b
                   WHERE b.customer_id = c.customer_id AND b.currency = 'EUR')";
    let (from, to) = match condition.test {
        Test::AtLeast => (Some(least), None),
        // Up to the last cent of that euro.
        Test::AtMost => (None, Some(beyond)),
        _ => (Some(least), Some(beyond)),
    };
    let mut statement = statement.push("(TRUE");
    if let Some(from) = from {
        statement = statement.push(" AND ").push(bought).push(" >= ").push_bind(from);
    }
    if let Some(to) = to {
        statement = statement.push(" AND ").push(bought).push(" < ").push_bind(to);
    }
    statement.push(")")
}

/// How long the case's customer has bought nothing, measured by their own rhythm: by chance nine of ten wait at most
/// 2.3 times as long as usual and nineteen of twenty 3 times. Who ordered less than three times has no rhythm.
fn risk(statement: Sql, eyes: &Eyes) -> Sql {
    let silent = |statement: Sql, times: &'static str, code: &'static str| {
        statement
            .push(" WHEN (")
            .push_bind(eyes.now)
            .push(" - MAX(b.at)) / 1000000 * (COUNT(DISTINCT b.number) - 1) * 10 >= (MAX(b.at) - MIN(b.at)) / 1000000 * ")
            .push(times)
            .push(code)
    };
    let statement = statement
        .push("(SELECT CASE WHEN COUNT(DISTINCT b.number) < 3 OR MAX(b.at) = MIN(b.at) THEN 'unknown'");
    let statement = silent(statement, "30", " THEN 'high'");
    silent(statement, "23", " THEN 'raised'")
        .push(" ELSE 'low' END FROM purchases b WHERE b.customer_id = c.customer_id)")
}

fn yes(values: &[String]) -> bool {
    values.iter().any(|value| value == "yes")
}

fn flag(statement: Sql, column: &'static str, values: &[String]) -> Sql {
    statement.push(if yes(values) { "" } else { "NOT " }).push(column)
}

fn merged(statement: Sql, values: &[String]) -> Sql {
    statement
        .push(if yes(values) { "" } else { "NOT " })
        .push("(c.moved_to IS NOT NULL OR EXISTS (SELECT 1 FROM case_merges g WHERE g.into_id = c.id))")
}

/// From the messages to their cases, in the words of the partial indexes: few have not arrived or leave later.
fn failed(statement: Sql, values: &[String]) -> Sql {
    statement
        .push(if yes(values) { "" } else { "NOT " })
        .push("c.id IN (SELECT t.case_id FROM contacts t WHERE t.state = 'failed')")
}

fn planned(statement: Sql, values: &[String], eyes: &Eyes) -> Sql {
    statement
        .push(if yes(values) { "" } else { "NOT " })
        .push("c.id IN (SELECT t.case_id FROM contacts t WHERE t.state = 'queued' AND t.send_at > ")
        .push_bind(eyes.now + LONGEST_UNDO)
        .push(")")
}

fn attachment(statement: Sql, values: &[String]) -> Sql {
    statement.push(if yes(values) { "" } else { "NOT " }).push(
        "EXISTS (SELECT 1 FROM contacts t JOIN attachments a ON a.contact_id = t.id
                 WHERE t.case_id = c.id AND NOT a.inline)",
    )
}
