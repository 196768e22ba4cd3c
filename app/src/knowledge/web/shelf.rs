//! The tags beside an article, with the articles of one of them.

use crate::knowledge;
use crate::knowledge::{Article, Asked, Show};
use crate::platform::{Actor, App, Language, Result, Tx};

/// Articles of a tag that are shown.
const MOST: i64 = 12;

pub(super) struct Shelf {
    /// The tags of published articles, with how many have each.
    pub(super) tags: Vec<(String, i64)>,
    /// Those with the first tag of the article that is read, if it has any.
    pub(super) articles: Vec<Article>,
    /// That tag; empty: none.
    open: String,
    language: Language,
}

impl Shelf {
    pub(super) async fn load(
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        article: &Article,
        language: Language,
    ) -> Result<Self> {
        let open = article.tags.first().cloned().unwrap_or_default();
        let articles = if open.is_empty() {
            Vec::new()
        } else {
            let asked = Asked { tag: open.clone(), ..Asked::new(Show::Published) };
            knowledge::list(app, tx, actor, &asked, None, MOST).await?
        };
        Ok(Self { tags: knowledge::known_tags(tx).await?, articles, open, language })
    }

    pub(super) fn is_open(&self, tag: &str) -> bool {
        knowledge::same_tag(&self.open, tag)
    }

    pub(super) fn title(&self, article: &Article) -> String {
        article.text(self.language).title.clone()
    }
}
