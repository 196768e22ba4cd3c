//! Whom one can be in the demo.

use std::fmt::Write;

use example::{Company, Role};

/// Everybody's password; the example company has nothing to hide.
pub const PASSWORD: &str = "kitt-demo-2026";

/// The people worth being, the first one first: name and what they see.
const WORTH: [(&str, &str); 6] = [
    ("Miriam Kofler", "agent: queue, cases, customers, documenting"),
    ("Sabine Auer", "lead: the same, and approves what customers are told"),
    ("Henrik Paulsen", "department: the inbox of Logistik, decides its insights"),
    ("Elisa Reindl", "department: the inbox of Produkt"),
    ("Valerie Rosner", "manager: hub, insights, costs, all cases"),
    ("Petra Gschwandtner", "admin: people, rights, settings"),
];

/// One line per person: `  mail@address  password  role: what they see`.
pub fn table(company: &Company) -> String {
    let mut table = String::new();
    let found = WORTH.iter().filter_map(|(name, sees)| {
        company.people.iter().find(|person| person.name == *name).map(|person| (person, sees))
    });
    for (person, sees) in found {
        let _ = writeln!(table, "  {:<44}  {PASSWORD}  {sees}", person.email);
    }
    table
}

/// A role of the example company as this program names it; leads also answer customers.
pub fn roles(role: Role) -> Vec<crate::platform::Role> {
    use crate::platform::Role as Own;
    match role {
        Role::Agent => vec![Own::Agent],
        Role::Lead => vec![Own::Lead, Own::Agent],
        Role::Department => vec![Own::Department],
        Role::Manager => vec![Own::Manager],
        Role::Admin => vec![Own::Admin],
    }
}
