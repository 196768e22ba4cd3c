//! The names that the hub's pages show: insights, departments, stations.

use std::collections::HashMap;

use crate::insights;
use crate::insights::{Insight, Station};
use crate::people;
use crate::people::Department;
use crate::platform::{DepartmentId, InsightId, Page, Result, Tx};

/// Everything that has a name here, loaded once per page.
pub struct House {
    pub stations: Vec<Station>,
    pub departments: Vec<Department>,
    pub insights: HashMap<InsightId, Insight>,
}

impl House {
    pub async fn load(tx: &mut Tx) -> Result<Self> {
        let insights = insights::all(tx).await?;
        Ok(Self {
            stations: insights::stations(tx).await?,
            departments: people::departments(tx).await?,
            insights: insights.into_iter().map(|insight| (insight.id, insight)).collect(),
        })
    }

    /// The station at this place in the customer's life, from 0.
    pub fn station(&self, page: &Page, place: i64) -> String {
        let station = usize::try_from(place).ok().and_then(|place| self.stations.get(place));
        station.map_or_else(String::new, |station| station.name_in(page))
    }

    pub fn department(&self, page: &Page, department: Option<DepartmentId>) -> String {
        let known = department.and_then(|id| self.departments.iter().find(|one| one.id == id));
        known.map_or_else(|| page.t("hub-nobody").into_owned(), |one| one.name.clone())
    }

    pub fn title(&self, page: &Page, insight: Option<InsightId>) -> String {
        let known = insight.and_then(|id| self.insights.get(&id));
        known.map_or_else(|| page.t("hub-no-insight").into_owned(), |one| one.title.clone())
    }
}
