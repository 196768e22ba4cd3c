//! The message that a customer is told with: a template with placeholders, filled for one person.

use crate::customers::Customer;
use crate::platform::{Language, Tone};

/// What a template may contain, each in braces: in German and in English, both in both.
const PLACEHOLDERS: [[&str; 2]; 4] =
    [["anrede", "greeting"], ["name", "name"], ["fall", "case"], ["was", "what"]];

/// What stands in for the placeholders.
pub struct Filling<'a> {
    pub customer: &'a Customer,
    /// The case number.
    pub case: &'a str,
    /// What it is about, as customers read it; while it is empty, its placeholder stays.
    pub what: &'a str,
    /// That of the template: its greeting follows it.
    pub tone: Option<Tone>,
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
        "anrede" | "greeting" => Some(greeting(filling.customer, filling.tone)),
        "name" => Some(filling.customer.name.clone()),
        "fall" | "case" => Some(filling.case.to_owned()),
        "was" | "what" => Some(filling.what.to_owned()).filter(|what| !what.is_empty()),
        _ => None,
    }
}

/// Placeholders that are none, and braces without their other half: customers would read them.
pub fn wrong_placeholders(template: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find(['{', '}']) {
        let tail = &rest[start + 1..];
        let end = tail
            .find(['{', '}'])
            .filter(|end| rest[start..].starts_with('{') && tail[*end..].starts_with('}'));
        let Some(end) = end else {
            wrong.push(rest[start..].chars().take(12).collect());
            rest = tail;
            continue;
        };
        if !PLACEHOLDERS.iter().flatten().any(|known| *known == tail[..end].trim()) {
            wrong.push(rest[start..=start + 1 + end].to_owned());
        }
        rest = &tail[end + 1..];
    }
    wrong
}

/// Does it say what it is about?
pub fn says_what(template: &str) -> bool {
    let inner = template.split('{').skip(1).filter_map(|part| part.split_once('}'));
    inner.map(|(placeholder, _)| placeholder.trim()).any(|placeholder| PLACEHOLDERS[3].contains(&placeholder))
}

/// "Sehr geehrte Frau Sommerauer", "Dear Mr Miller"; by full name where no salutation is known. In an informal letter
/// "Hallo Ingrid".
pub fn greeting(customer: &Customer, tone: Option<Tone>) -> String {
    if tone == Some(Tone::Informal) {
        return format!("Hallo {}", customer.first_name().unwrap_or(&customer.name));
    }
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
            tone: None,
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
            assert_eq!(greeting(&customer(salutation, language), None), greeted);
        }
        let ingrid = customer(Some("Frau"), Language::De);
        assert_eq!(greeting(&ingrid, Some(Tone::Formal)), "Sehr geehrte Frau Sommerauer");
        assert_eq!(greeting(&ingrid, Some(Tone::Informal)), "Hallo Ingrid");
        for nobody in ["Familie Huber", "Holzbau GmbH", "Ingrid", "ingrid@example.org"] {
            let customer = Customer { name: nobody.into(), ..ingrid.clone() };
            assert_eq!(greeting(&customer, Some(Tone::Informal)), format!("Hallo {nobody}"));
        }
    }

    #[test]
    fn only_known_placeholders_are_filled() {
        let customer = customer(Some("Frau"), Language::De);
        let filling = Filling { customer: &customer, case: "26-00001", what: "{name} fehlt", tone: None };
        for (template, text) in [
            ("{anrede}, zu {fall}:", "Sehr geehrte Frau Sommerauer, zu 26-00001:"),
            ("„{was}“", "„{name} fehlt“"),
            ("{ name } {foo} {", "Ingrid Sommerauer {foo} {"),
            ("ohne", "ohne"),
            ("{greeting}, {case}: {what}", "Sehr geehrte Frau Sommerauer, 26-00001: {name} fehlt"),
        ] {
            assert_eq!(fill(template, &filling), text);
        }
    }

    #[test]
    fn what_would_reach_customers_as_it_is_typed_is_found() {
        for (template, wrong) in [
            ("{anrede}, {name} { fall } {was} {greeting} {case} {what}", vec![]),
            ("{anrede}, {gibtsnicht} {fall <b>{was}</b>", vec!["{gibtsnicht}", "{fall <b>{wa"]),
            ("alles gut}", vec!["}"]),
            ("{", vec!["{"]),
            ("{}", vec!["{}"]),
        ] {
            assert_eq!(wrong_placeholders(template), wrong, "{template}");
        }
    }

    #[test]
    fn a_template_says_what_it_is_about_in_either_language() {
        assert!(says_what("zu {was}") && says_what("about { what }"));
        assert!(!says_what("was {fall}"));
    }
}
