//! What the search can narrow cases by of their findings: the insights, stations and departments.

use std::collections::HashSet;

use futures::FutureExt;

use super::store;
use crate::platform::search::Found;
use crate::platform::{CaseId, Tx};

/// By case; one without any insight says so.
pub fn codes<'a>(tx: &'a mut Tx, cases: &'a [CaseId]) -> Found<'a, (CaseId, String)> {
    async move {
        let places = store::places(tx, cases).await?;
        let mut without: HashSet<CaseId> = cases.iter().copied().collect();
        let mut codes = Vec::new();
        for place in places {
            codes.push((place.case, format!("station:{}", place.station)));
            codes.extend(place.department.map(|department| (place.case, format!("department:{department}"))));
            if let Some(insight) = place.insight {
                without.remove(&place.case);
                codes.push((place.case, format!("insight:{insight}")));
            }
        }
        codes.extend(without.into_iter().map(|case| (case, "insight:none".to_owned())));
        Ok(codes)
    }
    .boxed()
}
