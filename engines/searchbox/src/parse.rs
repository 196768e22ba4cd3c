//! From typed text to clauses.

use jiff::civil::Date;

use crate::{Clause, Note, Operator, Part, Text, Typed, Want, period};

/// More clauses narrow nothing and only cost.
const MOST: usize = 16;

/// Reads what was typed on the day `today`. Never fails.
pub fn parse(typed: &str, today: Date) -> Typed {
    let mut reading = Reading { typed, at: 0, today, read: Typed::default(), or: false, not: false };
    while reading.next() {}
    reading.read
}

struct Reading<'a> {
    typed: &'a str,
    at: usize,
    today: Date,
    read: Typed,
    /// `ODER` was said just before.
    or: bool,
    /// `NICHT` was said just before.
    not: bool,
}

/// A piece between spaces, or one in quotation marks.
struct Piece<'a> {
    text: &'a str,
    quoted: bool,
}

/// Any quotation mark, of whatever language; an opening one may be closed by any other.
pub const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”' | '«' | '»')
}

impl<'a> Reading<'a> {
    fn rest(&self) -> &'a str {
        &self.typed[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.typed.len() - self.rest().trim_start().len();
    }

    /// Reads one clause or one word between clauses; false at the end.
    fn next(&mut self) -> bool {
        self.skip_spaces();
        let start = self.at;
        let bare = self.rest().split(char::is_whitespace).next().unwrap_or_default();
        match bare {
            "" => return false,
            "ODER" | "OR" | "|" => self.or = !self.read.parts.is_empty(),
            "UND" | "AND" | "+" | "&" | "-" | "*" => {}
            "NICHT" | "NOT" => self.not = true,
            _ => {
                self.clause(start);
                return true;
            }
        }
        self.at += bare.len();
        true
    }

    fn clause(&mut self, start: usize) {
        let mut not = std::mem::take(&mut self.not);
        if let Some(rest) = self.rest().strip_prefix(['-', '−', '!'])
            && rest.starts_with(|c: char| !c.is_whitespace() && c != '-')
        {
            not = true;
            self.at = self.typed.len() - rest.len();
        }
        let want = match self.operator() {
            Some(operator) => self.after(operator),
            None => self.words(),
        };
        if let Some(want) = want {
            self.push(Clause { not, want, range: start..self.at });
        }
    }

    /// Reads the name of an operator and its colon, if that is what comes.
    fn operator(&mut self) -> Option<Operator> {
        let (name, _) = self.rest().split_once(':')?;
        if name.is_empty() || 20 < name.len() || !name.chars().all(char::is_alphabetic) {
            return None;
        }
        let operator = Operator::named(&language::fold(name));
        let value = &self.rest()[name.len() + 1..];
        match operator {
            Some(_) => self.at += name.len() + 1,
            // Addresses of pages and pasted lines such as "Re: …" are words.
            None if !value.starts_with('/')
                && value.starts_with(|c: char| c.is_alphanumeric() || is_quote(c)) =>
            {
                self.read.notes.push(Note::UnknownOperator(name.to_owned()));
            }
            None => {}
        }
        operator
    }

    fn after(&mut self, operator: Operator) -> Option<Want> {
        let colon = self.at;
        // "von: Müller" is meant as "von:Müller".
        self.skip_spaces();
        let piece = self.piece();
        let text = text_of(&piece);
        if text.text.is_empty() {
            self.at = self.at.max(colon);
            self.read.notes.push(Note::Empty(operator));
            return None;
        }
        if operator.is_date() {
            let said = period(&language::fold(&text.text), self.today);
            return said
                .map(|period| Want::Said(operator, period))
                .or_else(|| Some(self.unknown(operator, text)));
        }
        if !operator.values().is_empty() {
            let value = operator.value(&language::fold(&text.text));
            return value
                .map(|value| Want::Code(operator, value.code))
                .or_else(|| Some(self.unknown(operator, text)));
        }
        Some(if operator.is_named() { named(operator, text) } else { Want::In(operator, text) })
    }

    fn unknown(&mut self, operator: Operator, text: Text) -> Want {
        self.read.notes.push(Note::UnknownValue(operator, text.text.clone()));
        Want::Words(text)
    }

    fn words(&mut self) -> Option<Want> {
        let text = text_of(&self.piece());
        (!text.text.is_empty()).then_some(Want::Words(text))
    }

    /// Reads up to the next space, or to the next quotation mark after one. An unclosed mark reaches to the end.
    fn piece(&mut self) -> Piece<'a> {
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix(is_quote) {
            let text = inside.split(is_quote).next().unwrap_or_default();
            let mark = rest.len() - inside.len();
            let after = &inside[text.len()..];
            let closing = after.chars().next().map_or(0, char::len_utf8);
            self.at += mark + text.len() + closing;
            return Piece { text, quoted: true };
        }
        let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
        self.at += end;
        Piece { text: &rest[..end], quoted: false }
    }

    fn push(&mut self, clause: Clause) {
        let or = std::mem::take(&mut self.or);
        let count: usize = self.read.parts.iter().map(|part| part.any.len()).sum();
        if count == MOST {
            if !self.read.notes.contains(&Note::TooMany) {
                self.read.notes.push(Note::TooMany);
            }
            return;
        }
        match self.read.parts.last_mut() {
            Some(part) if or => part.any.push(clause),
            _ => self.read.parts.push(Part { any: vec![clause] }),
        }
    }
}

fn text_of(piece: &Piece) -> Text {
    let bare = piece.text.trim_end_matches('*');
    let wild = !piece.quoted && bare.len() < piece.text.len() && 1 < bare.chars().count();
    Text { text: if piece.quoted { piece.text } else { bare }.trim().to_owned(), exact: piece.quoted, wild }
}

fn named(operator: Operator, text: Text) -> Want {
    let word = if text.exact { None } else { operator.word(&language::fold(&text.text)) };
    word.map_or_else(|| Want::Named(operator, text.text), |word| Want::Code(operator, word.code))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    /// What was read, as one line: `+` between parts, `|` between alternatives.
    fn read(typed: &str) -> String {
        let said = parse(typed, TODAY);
        let parts = said.parts.iter().map(|part| part.any.iter().map(one).collect::<Vec<_>>().join("|"));
        parts.collect::<Vec<_>>().join("+")
    }

    fn one(clause: &Clause) -> String {
        let text = |text: &Text| {
            let (quote, star) = (if text.exact { "'" } else { "" }, if text.wild { "*" } else { "" });
            format!("{quote}{}{quote}{star}", text.text)
        };
        let want = match &clause.want {
            Want::Words(words) => text(words),
            Want::In(operator, words) => format!("{}={}", operator.code(), text(words)),
            Want::Named(operator, name) => format!("{}={name}", operator.code()),
            Want::Code(_, code) => (*code).to_owned(),
            Want::Said(operator, period) => format!("{} {}..{}", operator.code(), period.from, period.to),
        };
        if clause.not { format!("-{want}") } else { want }
    }

    #[test]
    fn what_people_type_is_read_as_they_mean_it() {
        for (typed, expected) in [
            ("rote Lampe", "rote+Lampe"),
            ("\"rote Lampe\" Graz", "'rote Lampe'+Graz"),
            ("„rote Lampe“", "'rote Lampe'"),
            ("Graz \"rote", "Graz+'rote'"),
            ("  ", ""),
            ("-", ""),
            ("Lampe -Graz", "Lampe+-Graz"),
            ("Lampe NICHT Graz", "Lampe+-Graz"),
            ("Wasch-Maschine", "Wasch-Maschine"),
            ("-\"rote Lampe\"", "-'rote Lampe'"),
            ("rot ODER blau Lampe", "rot|blau+Lampe"),
            ("rot OR blau OR gelb", "rot|blau|gelb"),
            ("ODER rot", "rot"),
            ("rot ODER", "rot"),
            ("brief*", "brief*"),
            ("*", ""),
            ("b*", "b"),
            ("von:Müller", "from=Müller"),
            ("Von: Müller", "from=Müller"),
            ("von:\"Anna Müller\"", "from='Anna Müller'"),
            ("from:anna@mail.example", "from=anna@mail.example"),
            ("an:service*", "to=service*"),
            ("betreff:Sofa -betreff:Tisch", "subject=Sofa+-subject=Tisch"),
            ("status:offen", "status:open"),
            ("status:geschlossen ODER status:waiting", "status:closed|status:waiting"),
            ("kanal:Telefon", "channel:phone"),
            ("ist:überfällig", "is:overdue"),
            ("ist:zusammengeführt", "is:merged"),
            ("ist:unzustellbar", "is:failed"),
            ("ist:geplant", "is:planned"),
            ("ist:ueberfaellig", "is:overdue"),
            ("is:mine", "owner:me"),
            ("bearbeiter:ich", "owner:me"),
            ("bearbeiter:niemand", "owner:none"),
            ("bearbeiter:Anna", "owner=Anna"),
            ("eingang:\"Reklamation Graz\"", "queue=Reklamation Graz"),
            ("tag:Versand", "tag=Versand"),
            ("Schlagwort: \"Rote Lampe\"", "tag=Rote Lampe"),
            ("tag:#vip -tags:Retoure", "tag=#vip+-tag=Retoure"),
            ("tag:none", "tag:none"),
            ("tag:\"none\"", "tag=none"),
            ("-schlagwort:keine", "-tag:none"),
            ("art:Beschwerde", "kind=Beschwerde"),
            ("kind:none ODER art:Frage", "kind:none|kind=Frage"),
            ("zustand:\"wartet auf Lieferant\"", "state=wartet auf Lieferant"),
            ("state:keiner", "state:none"),
            ("erkenntnis:17", "insight=17"),
            ("insight:ohne", "insight:none"),
            ("station:Lieferung abteilung:Logistik", "station=Lieferung+department=Logistik"),
            ("department:\"Customer Care\"", "department=Customer Care"),
            ("erwähnt:ich", "mention:me"),
            ("erwaehnt:mich", "mention:me"),
            ("mentioned:\"Eva Agent\"", "mentioned=Eva Agent"),
            ("hat:anhang", "has:attachment"),
            ("-hat:anhang", "-has:attachment"),
            ("vor:1.11.2026", "before 2026-11-01..2026-11-02"),
            ("nach:gestern", "after 2026-11-22..2026-11-23"),
            ("am:2026-11", "on 2026-11-01..2026-12-01"),
            ("datei:rechnung.pdf", "file=rechnung.pdf"),
            ("https://kitt.example/x", "https://kitt.example/x"),
            ("10:30", "10:30"),
        ] {
            assert_eq!(read(typed), expected, "{typed}");
            assert!(parse(typed, TODAY).notes.is_empty(), "{typed}");
        }
    }

    #[test]
    fn what_is_not_understood_is_searched_as_words_and_said_so() {
        for (typed, expected, note) in [
            ("farbe:rot", "farbe:rot", Note::UnknownOperator("farbe".into())),
            ("status:blau", "blau", Note::UnknownValue(Operator::Status, "blau".into())),
            ("vor:demnächst", "demnächst", Note::UnknownValue(Operator::Before, "demnächst".into())),
            ("Sofa von:", "Sofa", Note::Empty(Operator::From)),
            ("von:\"\" Sofa", "Sofa", Note::Empty(Operator::From)),
            ("Sofa tag:", "Sofa", Note::Empty(Operator::Tag)),
            ("erwähnt: ", "", Note::Empty(Operator::Mentioned)),
        ] {
            assert_eq!(read(typed), expected, "{typed}");
            assert_eq!(parse(typed, TODAY).notes, [note], "{typed}");
        }
        assert_eq!(parse(&"a ".repeat(60), TODAY).notes, [Note::TooMany]);
    }

    #[test]
    fn a_clause_is_taken_out_with_its_or() {
        let typed = "von: Müller rot ODER blau -\"rote Lampe\"";
        let read = parse(typed, TODAY);
        for (part, clause, expected) in [
            (0, 0, "rot ODER blau -\"rote Lampe\""),
            (1, 0, "von: Müller blau -\"rote Lampe\""),
            (1, 1, "von: Müller rot -\"rote Lampe\""),
            (2, 0, "von: Müller rot ODER blau"),
        ] {
            assert_eq!(read.without(typed, part, clause), expected);
        }
    }

    proptest! {
        #[test]
        fn anything_may_be_typed(typed in "(von|vor|ist|hat|-|\"|„|“|ODER|NICHT|:|\\*| |ä|x|1|\\.|\\PC){0,30}") {
            let read = parse(&typed, TODAY);
            for (index, part) in read.parts.iter().enumerate() {
                prop_assert!(!part.any.is_empty());
                for (at, clause) in part.any.iter().enumerate() {
                    prop_assert!(typed.get(clause.range.clone()).is_some());
                    read.without(&typed, index, at);
                }
            }
        }
    }
}
