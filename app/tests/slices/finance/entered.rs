//! What people and programs enter: rates, and what the costs are compared with.

use anyhow::Result;
use axum::http::{Method, StatusCode};
use kitt::platform::Role;
use serde_json::json;

use super::rates;
use crate::world::{World, both};

both!(
    rates_beyond_reason_are_refused_at_their_field,
    the_rates_page_says_what_is_missing_and_what_follows,
    exposure_of_an_unknown_group_is_refused,
    exposure_comes_by_csv_and_json_and_replaces_the_day,
    exposure_with_a_wrong_line_is_not_taken_at_all,
);

async fn rates_beyond_reason_are_refused_at_their_field(world: World) -> Result<()> {
    world.enter(&rates()).await?;
    for (field, typed) in [
        ("paid_hours", "100,5"),
        ("paid_hours", "20020"),
        ("overhead_percent", "1234,6"),
        ("overhead_percent", "12.5"),
        ("vat_percent", "119"),
        ("valid_from", "9999-12-31"),
    ] {
        let refused = world.post_form(Role::Finance, "/settings/rates", &[(field, typed)]).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed}");
        assert!(refused.body.contains(&format!("id=\"{field}-e\"")), "{field} {typed}: {}", refused.body);
    }
    Ok(())
}

async fn the_rates_page_says_what_is_missing_and_what_follows(world: World) -> Result<()> {
    let empty = world.get(Role::Finance, "/settings/rates").await?;
    assert!(empty.body.contains("nicht berechenbar"), "{}", empty.body);
    let wrong = [("yearly_cost", "viel"), ("shrinkage_percent", "100"), ("paid_hours", "0")];
    let wrong = world.post_form(Role::Finance, "/settings/rates", &wrong).await?;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["yearly_cost", "shrinkage_percent", "paid_hours"] {
        assert!(wrong.body.contains(&format!("id=\"{field}-e\"")), "{field}: {}", wrong.body);
    }
    let part = world.post_form(Role::Finance, "/settings/rates", &[("yearly_cost", "46.800")]).await?;
    assert_eq!(part.status, StatusCode::SEE_OTHER, "{}", part.body);
    let json = world.get_json(Role::Finance, "/settings/rates").await?.json()?;
    assert_eq!(json["missing"], json!(["overhead_percent", "paid_hours", "shrinkage_percent"]));
    assert_eq!(json["hour_rate"], json!(null));

    let all = json!({"yearly_cost": "46800", "overhead_percent": "20", "paid_hours": "2002", "shrinkage_percent": "30"});
    let entered = world.post_json(Role::Finance, "/api/v1/settings/rates", &all).await?;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    let json = world.get_json(Role::Finance, "/settings/rates").await?.json()?;
    assert_eq!(json["hour_rate"], json!({"cents": 4007, "currency": "EUR"}));
    assert_eq!(json["versions"].as_array().map(Vec::len), Some(2));
    let page = world.get(Role::Finance, "/settings/rates").await?;
    assert!(page.body.contains("40,07"), "{}", page.body);
    assert_eq!(world.get(Role::Agent, "/settings/rates").await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn exposure_of_an_unknown_group_is_refused(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    kitt::customers::product(&mut tx, "Sofa Malta", "Sofas").await?;
    tx.commit().await?;
    let row = |date: &str, group: &str| json!([{"date": date, "product_group": group, "orders": 1, "deliveries": 1, "active_customers": 1}]);

    let unknown = world.post_json(Role::Finance, "/exposure", &row("2026-11-15", "Quatsch")).await?;
    let known = world.post_json(Role::Finance, "/exposure", &row("15.11.2026", "Sofas")).await?;
    let page = world.get(Role::Finance, "/exposure").await?;

    assert_eq!(
        (unknown.status, known.status),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::OK),
        "{}",
        known.body
    );
    assert!(page.body.contains("15.11.2026") && !page.body.contains("2026-11-15"), "{}", page.body);
    Ok(())
}

async fn exposure_comes_by_csv_and_json_and_replaces_the_day(world: World) -> Result<()> {
    let csv = "date,product_group,orders,deliveries,active_customers\n2026-11-15,Sofas,12,9,800\n2026-11-15,Lampen,40,38,900\n";
    let headers = [("accept", "application/json"), ("content-type", "text/csv")];
    for _ in 0..2 {
        let taken = world.ask(Role::Finance, Method::POST, "/api/v1/exposure", &headers, csv).await?;
        assert_eq!((taken.status, taken.json()?), (StatusCode::OK, json!({"rows": 2})), "{}", taken.body);
    }
    let row = json!([{"date": "2026-11-15", "product_group": "Sofas", "orders": 13, "deliveries": 9, "active_customers": 801}]);
    assert_eq!(world.post_json(Role::Finance, "/api/v1/exposure", &row).await?.status, StatusCode::OK);

    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{csv}\r\n--x--\r\n"
    );
    let headers = [
        ("accept", "text/html"),
        ("content-type", "multipart/form-data; boundary=x"),
        ("sec-fetch-site", "same-origin"),
    ];
    let list = world.get_json(Role::Finance, "/exposure?from=2026-11-15&limit=1").await?.json()?;
    assert_eq!(
        (&list["items"][0]["product_group"], &list["next"]),
        (&json!("Lampen"), &json!("2026-11-15_Lampen"))
    );
    let rest = world.get_json(Role::Finance, "/exposure?cursor=2026-11-15_Lampen").await?.json()?;
    assert_eq!((&rest["items"][0]["orders"], &rest["next"]), (&json!(13), &json!(null)));

    let uploaded = world.ask(Role::Manager, Method::POST, "/exposure", &headers, form).await?;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.body);
    let page = world.get(Role::Manager, "/exposure").await?;
    assert!(page.body.contains("Lampen"), "{}", page.body);
    assert_eq!(world.get(Role::Agent, "/exposure").await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn exposure_with_a_wrong_line_is_not_taken_at_all(world: World) -> Result<()> {
    let csv = "date;product_group;orders;deliveries;active_customers\n2026-11-15;Sofas;12;9;800\n11/15/2026;Sofas;12;9;800\n";
    let headers = [("accept", "application/json"), ("content-type", "text/csv")];
    let refused = world.ask(Role::Finance, Method::POST, "/exposure", &headers, csv).await?;
    let page = [("accept", "text/html"), ("content-type", "text/csv"), ("sec-fetch-site", "same-origin")];
    let shown = world.ask(Role::Finance, Method::POST, "/exposure", &page, csv).await?;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let errors = &refused.json()?["errors"];
    assert_eq!((&errors[0]["line"], &errors[0]["field"]), (&json!(3), &json!("date")), "{errors}");
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.body.contains("Zeile 3"), "{}", shown.body);
    assert_eq!(world.get_json(Role::Finance, "/exposure").await?.json()?["items"], json!([]));
    Ok(())
}
