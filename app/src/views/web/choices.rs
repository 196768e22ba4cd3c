//! What conditions let choose from, by name: views have it, and rules.

use super::form::ViewForm;
use super::row::Row;
use crate::cases;
use crate::cases::attributes;
use crate::cases::attributes::{CaseField, CaseKind, FieldType, OwnState};
use crate::cases::filter::Kind;
use crate::cases::{Field, Test};
use crate::customers;
use crate::customers::Product;
use crate::findings;
use crate::findings::Station;
use crate::people;
use crate::people::{Department, Person, Queue, Team};
use crate::platform::{Actor, Bilingual, Page, Result, Tx};
use crate::views;
use crate::views::{Column, Heading};

/// Tags that are proposed.
const TAGS: i64 = 500;

/// What the form lets choose from.
pub struct Choices {
    people: Vec<Person>,
    queues: Vec<Queue>,
    pub teams: Vec<Team>,
    products: Vec<Product>,
    kinds: Vec<CaseKind>,
    states: Vec<OwnState>,
    /// Fields of the house's own.
    fields: Vec<CaseField>,
    stations: Vec<Station>,
    departments: Vec<Department>,
    /// Contracts and groups of customers.
    groups: Vec<String>,
    /// Names of tags, to be proposed.
    pub tags: Vec<String>,
    pub may_share: bool,
}

impl Choices {
    pub async fn load(tx: &mut Tx, actor: &Actor) -> Result<Self> {
        Ok(Self {
            people: cases::web::owners(tx).await?,
            queues: people::queues_for(tx, actor).await?,
            teams: people::teams(tx).await?,
            products: customers::products(tx).await?,
            kinds: attributes::kinds(tx).await?,
            states: attributes::own_states(tx).await?,
            fields: attributes::fields(tx).await?.into_iter().filter(|field| !field.archived).collect(),
            stations: findings::stations(tx).await?,
            departments: people::departments(tx).await?,
            groups: cases::customer_groups(tx).await?,
            tags: attributes::tags_like(tx, "", TAGS).await?.into_iter().map(|tag| tag.name).collect(),
            may_share: views::may_share(actor),
        })
    }

    /// Fields of the house's own are compared as they can be.
    pub fn settle(&self, form: &mut ViewForm) {
        form.settle(&self.fields);
    }

    /// How the field of a row can be compared.
    pub fn tests(&self, row: &Row) -> &'static [Test] {
        row.tests(&self.fields)
    }

    /// Values and words of a field that has few.
    pub fn of(&self, page: &Page, row: &Row) -> Vec<(String, String)> {
        let named = |id: i64, name: &str| (id.to_string(), name.to_owned());
        let worded = |code: &str, word: &str| (code.to_owned(), page.t(word).into_owned());
        match row.field.kind() {
            Kind::Codes(codes) => {
                codes.iter().map(|code| worded(code, &code_word(row.field, code))).collect()
            }
            Kind::Flag => vec![worded("yes", "views-yes"), worded("no", "views-no")],
            Kind::People { nobody } => {
                let nobody = nobody.then(|| worded("none", "views-nobody"));
                let all = self.people.iter().map(|person| named(person.id.0, &person.name));
                std::iter::once(worded("me", "views-me")).chain(nobody).chain(all).collect()
            }
            Kind::Queues => self.queues.iter().map(|queue| named(queue.id.0, &queue.name)).collect(),
            Kind::Teams => {
                let all = self.teams.iter().map(|team| named(team.id.0, &team.name));
                std::iter::once(worded("mine", "views-my-teams")).chain(all).collect()
            }
            Kind::Products => {
                self.products.iter().map(|product| named(product.id.0, &product.name)).collect()
            }
            Kind::CaseKinds | Kind::OwnStates => self.of_case(page, row),
            Kind::Stations => {
                let all = self.stations.iter();
                all.map(|station| (station.code.clone(), station.name_in(page))).collect()
            }
            Kind::Departments => self.departments.iter().map(|one| named(one.id.0, &one.name)).collect(),
            Kind::Groups => self.groups.iter().map(|name| (name.clone(), name.clone())).collect(),
            Kind::Own => self.own(row).map_or_else(Vec::new, |field| {
                if field.field_type == FieldType::YesNo {
                    return vec![worded("yes", "views-yes"), worded("no", "views-no")];
                }
                let name = |name: &Bilingual| name.in_language(page.language).to_owned();
                field.choices.iter().map(|one| (one.key.clone(), name(&one.name))).collect()
            }),
            Kind::Ids | Kind::Insights | Kind::Tags | Kind::Text | Kind::Moment | Kind::Number => Vec::new(),
        }
    }

    fn of_case(&self, page: &Page, row: &Row) -> Vec<(String, String)> {
        let name = |name: &Bilingual| name.in_language(page.language).to_owned();
        let none = ("none".to_owned(), page.t("views-none-of-them").into_owned());
        let all: Vec<_> = match row.field.kind() {
            Kind::CaseKinds => {
                self.kinds.iter().map(|kind| (kind.id.to_string(), name(&kind.name))).collect()
            }
            _ => self.states.iter().map(|state| (state.id.to_string(), name(&state.name))).collect(),
        };
        std::iter::once(none).chain(all).collect()
    }

    /// The house's own field that a row is about.
    pub fn own(&self, row: &Row) -> Option<&CaseField> {
        self.fields.iter().find(|field| Some(&field.key) == row.own.as_ref())
    }

    /// All columns by their names, the house's own fields at the end.
    pub fn columns(&self, page: &Page) -> Vec<(String, String)> {
        let known =
            Column::ALL.iter().map(|column| (column.to_string(), page.t(&column.word()).into_owned()));
        let own = self.fields.iter().map(|field| {
            let column = Heading::Own(field.key.clone());
            (column.code(), page.named(&field.name).to_owned())
        });
        known.chain(own).collect()
    }

    /// All fields by their names, the house's own at the end.
    pub fn fields(&self, page: &Page) -> Vec<(String, String)> {
        let known = Field::ALL.iter().filter(|field| **field != Field::Own);
        let known =
            known.map(|field| (field.to_string(), page.t(&format!("views-field-{field}")).into_owned()));
        let own = self
            .fields
            .iter()
            .map(|field| (format!("own:{}", field.key), field.name.in_language(page.language).to_owned()));
        known.chain(own).collect()
    }
}

fn code_word(field: Field, code: &str) -> String {
    let of = match field {
        Field::Status => "case-status",
        Field::Channel => "channel",
        Field::Language => "language",
        Field::Signal => "kind",
        Field::Bin => "cases-view",
        Field::Risk => "views-risk",
        _ => "case-priority",
    };
    format!("{of}-{code}")
}
