//! Products, and what customers bought.

use money::{Currency, Money};

use crate::customers::model::{Product, Purchase};
use crate::platform::{Column, CustomerId, ProductId, Result, Timestamp, Tx, sql};

pub const PURCHASES: [Column; 1] = [("purchases", "customer_id")];

pub async fn product(tx: &mut Tx, name: &str, group: &str) -> Result<ProductId> {
    // The update that changes nothing makes RETURNING answer for a known product as well.
    sql("INSERT INTO products (name, product_group) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id")
    .bind(name)
    .bind(group)
    .value(tx)
    .await
}

pub async fn products(tx: &mut Tx) -> Result<Vec<Product>> {
    sql("SELECT id, name, product_group FROM products ORDER BY name").all(tx).await
}

pub async fn has_product(tx: &mut Tx, product: ProductId) -> Result<bool> {
    let found: i64 = sql("SELECT COUNT(*) FROM products WHERE id = $1").bind(product).value(tx).await?;
    Ok(found != 0)
}

pub async fn product_of(tx: &mut Tx, product: ProductId) -> Result<Product> {
    sql("SELECT id, name, product_group FROM products WHERE id = $1").bind(product).one(tx).await
}

/// What a customer bought, each product once, the newest first.
pub async fn bought(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Product>> {
    if tx.has_none(&PURCHASES, customer.0) {
        return Ok(Vec::new());
    }
    sql("SELECT products.id, products.name, products.product_group FROM products
         JOIN (SELECT product_id, MAX(at) AS last FROM purchases WHERE customer_id = $1 GROUP BY product_id) AS bought
             ON bought.product_id = products.id
         ORDER BY bought.last DESC, products.id LIMIT 50")
    .bind(customer)
    .all(tx)
    .await
}

pub async fn insert_purchase(
    tx: &mut Tx,
    customer: CustomerId,
    number: &str,
    product: ProductId,
    price: Money,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO purchases (customer_id, number, product_id, cents, currency, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(customer)
        .bind(number)
        .bind(product)
        .bind(price.cents)
        .bind(price.currency.code())
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Sets what the shop says of an order; how many of its products were found.
pub async fn set_purchase_state(tx: &mut Tx, customer: CustomerId, number: &str, state: &str) -> Result<u64> {
    sql("UPDATE purchases SET state = $3 WHERE customer_id = $1 AND number = $2")
        .bind(customer)
        .bind(number)
        .bind(state)
        .run(tx)
        .await
}

/// Up to `limit` things that a customer bought, the newest first.
pub async fn purchases(tx: &mut Tx, customer: CustomerId, limit: i64) -> Result<Vec<Purchase>> {
    if tx.has_none(&PURCHASES, customer.0) {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, i64, String, Timestamp, Option<String>)> =
        sql("SELECT p.number, products.name, p.cents, p.currency, p.at, p.state
             FROM purchases p JOIN products ON products.id = p.product_id
             WHERE p.customer_id = $1 ORDER BY p.at DESC, p.id DESC LIMIT $2")
        .bind(customer)
        .bind(limit)
        .all(tx)
        .await?;
    let purchase = |(number, product, cents, currency, at, state): (_, _, _, String, _, _)| {
        let currency: Currency = currency.parse().map_err(anyhow::Error::from)?;
        Ok(Purchase { number, product, price: Money::new(cents, currency), at, state })
    };
    rows.into_iter().map(purchase).collect()
}

/// The sum of all orders in each currency, and how many there are.
pub async fn turnover(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(Money, i64)>> {
    let rows: Vec<(String, i64, i64)> =
        sql("SELECT currency, CAST(SUM(cents) AS bigint), COUNT(*) FROM purchases WHERE customer_id = $1
             GROUP BY currency ORDER BY currency DESC")
        .bind(customer)
        .all(tx)
        .await?;
    let sum = |(currency, cents, count): (String, i64, i64)| {
        let currency: Currency = currency.parse().map_err(anyhow::Error::from)?;
        Ok((Money::new(cents, currency), count))
    };
    rows.into_iter().map(sum).collect()
}

/// Orders of these customers: number and product.
pub async fn orders_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(CustomerId, String, String)>> {
    sql("SELECT p.customer_id, p.number, products.name FROM purchases p
         JOIN products ON products.id = p.product_id WHERE p.customer_id IN ")
    .push_list(ids.iter().copied())
    .push(" ORDER BY p.at DESC, p.id DESC")
    .all(tx)
    .await
}
