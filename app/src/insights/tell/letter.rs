//! The message that a customer is told with: a template with placeholders, filled for one person.

use crate::customers::Customer;
use crate::platform::Language;

/// What a template may contain, each in braces.
pub const PLACEHOLDERS: [&str; 4] = ["anrede", "name", "fall", "was"];

/// What stands in for the placeholders.
pub struct Filling<'a> {
    pub customer: &'a Customer,
    /// The case number.
    pub case: &'a str,
    /// The insight's title.
    pub what: &'a str,
}

/// Fills `template`; what is in braces and no placeholder stays as it is.
pub fn fill(template: &str, filling: &Filling<'_>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let found = tail.find('}').and_then(|end| Some((value(&tail[..end], filling)?, end)));
        if let Some((value, end)) = found {
            text.push_str(&value);
            rest = &tail[end + 1..];
        } else {
            text.push('{');
            rest = tail;
        }
    }
    text.push_str(rest);
    text
}

fn value(placeholder: &str, filling: &Filling<'_>) -> Option<String> {
    match placeholder.trim() {
        "anrede" => Some(greeting(filling.customer)),
        "name" => Some(filling.customer.name.clone()),
        "fall" => Some(filling.case.to_owned()),
        "was" => Some(filling.what.to_owned()),
        _ => None,
    }
}

/// "Sehr geehrte Frau Sommerauer", "Dear Mr Miller"; by full name where no salutation is known.
pub fn greeting(customer: &Customer) -> String {
    let last = customer.name.split_whitespace().next_back().unwrap_or(&customer.name);
    let salutation = customer.salutation.as_deref().unwrap_or_default().to_lowercase();
    match (customer.language, salutation.trim_end_matches('.')) {
        (Language::De, "frau" | "female" | "f" | "mrs" | "ms") => format!("Sehr geehrte Frau {last}"),
        (Language::De, "herr" | "male" | "m" | "mr") => format!("Sehr geehrter Herr {last}"),
        (Language::De, _) => format!("Guten Tag {}", customer.name),
        (Language::En, "frau" | "female" | "f" | "mrs" | "ms") => format!("Dear Ms {last}"),
        (Language::En, "herr" | "male" | "m" | "mr") => format!("Dear Mr {last}"),
        (Language::En, _) => format!("Dear {}", customer.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{CustomerId, Timestamp};

    fn customer(salutation: Option<&str>, language: Language) -> Customer {
        Customer {
            id: CustomerId(1),
            name: "Ingrid Sommerauer".into(),
            salutation: salutation.map(Into::into),
            company: None,
            street: None,
            postcode: None,
            town: None,
            country: None,
            language,
            since: Timestamp(0),
            keeper: None,
            version: 1,
        }
    }

    #[test]
    fn customers_are_greeted_in_their_language_and_without_guessing() {
        for (salutation, language, greeted) in [
            (Some("Frau"), Language::De, "Sehr geehrte Frau Sommerauer"),
            (Some("Herr"), Language::De, "Sehr geehrter Herr Sommerauer"),
            (None, Language::De, "Guten Tag Ingrid Sommerauer"),
            (Some("Frau"), Language::En, "Dear Ms Sommerauer"),
            (Some(""), Language::En, "Dear Ingrid Sommerauer"),
        ] {
            assert_eq!(greeting(&customer(salutation, language)), greeted);
        }
    }

    #[test]
    fn only_known_placeholders_are_filled() {
        let customer = customer(Some("Frau"), Language::De);
        let filling = Filling { customer: &customer, case: "26-00001", what: "{name} fehlt" };
        for (template, text) in [
            ("{anrede}, zu {fall}:", "Sehr geehrte Frau Sommerauer, zu 26-00001:"),
            ("„{was}“", "„{name} fehlt“"),
            ("{ name } {foo} {", "Ingrid Sommerauer {foo} {"),
            ("ohne", "ohne"),
        ] {
            assert_eq!(fill(template, &filling), text);
        }
    }
}
