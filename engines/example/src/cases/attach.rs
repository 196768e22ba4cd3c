//! The few attachments of the example company: tiny pictures and texts made here.

use crate::chance::Chance;
use crate::fill::Scene;
use crate::model::{Attachment, Channel};
use crate::png;

/// What comes with a first message, rarely something; letters are always scanned.
pub fn first(channel: Channel, scene: &Scene, chance: &mut Chance) -> Vec<Attachment> {
    match channel {
        Channel::Letter => vec![text(format!("Brief-{}.txt", scene.order.number), scan(scene))],
        Channel::Email | Channel::Web if chance.percent(5) => vec![photo(chance)],
        _ => Vec::new(),
    }
}

/// Pictures, if the message says that some are there.
pub fn to_details(message: &str, chance: &mut Chance) -> Vec<Attachment> {
    let mentioned = message.contains("Anbei die Fotos") || message.contains("Photos attached");
    if mentioned { vec![photo(chance), photo(chance)] } else { Vec::new() }
}

/// The invoice, if the answer says that it is attached.
pub fn to_answer(answer: &str, scene: &Scene) -> Vec<Attachment> {
    let mentioned = ["angehängt.", "attached the invoice", "liegt sie auch hier bei"];
    if !mentioned.iter().any(|words| answer.contains(words)) {
        return Vec::new();
    }
    let lines = format!(
        "Kasten & Licht\nRechnung zu Auftrag {}\n{} {}\n{}: {}\n",
        scene.order.number,
        scene.customer.first,
        scene.customer.last,
        scene.good.name,
        scene.money(scene.order.cents)
    );
    vec![text(format!("Rechnung-{}.txt", scene.order.number), lines)]
}

fn text(name: String, content: String) -> Attachment {
    Attachment { name, content_type: "text/plain", bytes: content.into_bytes() }
}

fn scan(scene: &Scene) -> String {
    format!("Posteingang, Scan 1 Seite, {}\nAuftrag {}\n", scene.customer.last, scene.order.number)
}

fn photo(chance: &mut Chance) -> Attachment {
    let number = chance.between(1000, 9999);
    let shade = u8::try_from(chance.between(60, 220)).unwrap_or(128);
    let bytes = png::square([shade, 120, 255 - shade]);
    Attachment { name: format!("IMG_{number}.png"), content_type: "image/png", bytes }
}
