//! What customers are given or refused in a case: requests, goodwill, promises, refunds.

use crate::cases::script::Stage;
use crate::cases::{answer, voice};
use crate::chance::Chance;
use crate::house;
use crate::model::{Goodwill, GoodwillKind, Kind, Promise, Request};
use crate::moment::{date_of, plus, seconds, weekday_from};

impl Stage<'_> {
    /// Whether the customer asked for what a policy speaks about, and got it. Asked once per case.
    pub(super) fn request(&mut self, chance: &mut Chance) -> Option<bool> {
        if let Some(earlier) = self.case.requests.first() {
            return earlier.granted.then_some(true);
        }
        let policy = house::policy_called(self.theme.policy)?;
        if !chance.permille(650) {
            return None;
        }
        let granted = chance.permille(430);
        let reasons: &[&str] = if granted {
            &[
                "Knapp über der Grenze",
                "Lange Kundschaft",
                "Lieferung kam später",
                "Härtefall",
                "Fehler lag bei uns",
            ]
        } else {
            &["Regel eindeutig", "Frist deutlich überschritten", "Kein Beleg", "Börse leer", "Kein Ermessen"]
        };
        let reason = chance.pick(reasons);
        let version = self.company.policies[policy].version
            - u32::from(plus(self.company.today, -200) > date_of(self.at));
        let request =
            Request { policy, version: version.max(1), granted, at: self.at, person: self.me, reason };
        self.case.requests.push(request);
        Some(granted)
    }

    /// Grants something beyond what is owed; the sentence about it, if the reply should say it.
    pub(super) fn goodwill(&mut self, chance: &mut Chance) -> Option<String> {
        use GoodwillKind::{Discount, Refund, Replacement, Shipping, Voucher};
        let kind = [Voucher, Discount, Refund, Replacement, Shipping][chance.weighted(&[45, 20, 15, 8, 12])];
        let cents = match kind {
            Shipping => 2_990,
            _ if chance.percent(8) => chance.between(11, 18) * 500,
            _ => chance.between(1, 8) * 500,
        };
        self.case.goodwill.push(Goodwill { cents, at: self.at, person: self.me, kind });
        let sum = self.scene.money(cents);
        let told = matches!(kind, Voucher | Discount | Refund);
        told.then(|| self.scene.fill(chance.pick(voice::phrases(&self.scene).goodwill), &[("sum", &sum)]))
    }

    pub(super) fn promise(&mut self, chance: &mut Chance) -> String {
        let day = weekday_from(plus(date_of(self.at), chance.between(1, 4)));
        let due_at = seconds(day, chance.between(10, 17), 0);
        let due = answer::when(&self.scene, due_at);
        let text = self.scene.fill(chance.pick(voice::phrases(&self.scene).promise), &[("due", &due)]);
        let kept = Some(chance.percent(if self.theme.key == "termin" { 58 } else { 86 }));
        self.case.promises.push(Promise { text: text.clone(), at: self.at, person: self.me, due_at, kept });
        text
    }

    /// Money the customer had a right to.
    pub(super) fn refund(&mut self, chance: &mut Chance) {
        let percent = match self.theme.key {
            "doppelt" | "rueckerstattung" => 70,
            "bestand" | "doppelbestellung" => 40,
            "schaden" | "beratung" | "farbe" | "masse" | "dreissig" => 12,
            _ => 1,
        };
        if self.theme.kind == Kind::Cause && chance.percent(percent) {
            self.case.refund_cents = self.scene.order.cents;
        }
    }
}
