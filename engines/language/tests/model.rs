//! What the classifier promises, told with a small furniture shop.

use language::{BrokenModel, Guess, Model};
use proptest::prelude::*;

const CASES: [(&str, &str); 15] = [
    ("Mein Paket ist immer noch nicht angekommen, die Sendungsverfolgung steht still.", "lost-parcel"),
    ("Wo bleibt die Lieferung? Der Paketdienst hat nichts abgegeben.", "lost-parcel"),
    ("Die Sendung ist seit zwei Wochen unterwegs und kam nie an.", "lost-parcel"),
    ("Lieferung nicht erhalten, der Paketbote behauptet, sie sei zugestellt.", "lost-parcel"),
    ("My parcel never arrived, tracking says delivered.", "lost-parcel"),
    ("Die Schrauben für das Regal fehlen in der Verpackung.", "missing-screws"),
    ("Beim Aufbau des Regals fehlten vier Schrauben und ein Dübel.", "missing-screws"),
    ("Der Schraubenbeutel war nicht im Karton, ich kann das Regal nicht aufbauen.", "missing-screws"),
    ("Es sind zu wenige Schrauben dabei.", "missing-screws"),
    ("The bag of screws is missing, I cannot assemble the shelf.", "missing-screws"),
    ("Die Rechnung weist den falschen Betrag aus, der Rabatt wurde nicht abgezogen.", "wrong-invoice"),
    ("Auf meiner Rechnung fehlt der Gutschein über zehn Prozent.", "wrong-invoice"),
    ("Bitte korrigieren Sie die Rechnung, der Rabatt fehlt.", "wrong-invoice"),
    ("Mir wurde zu viel abgebucht, laut Rechnung gilt der Rabattcode nicht.", "wrong-invoice"),
    ("The invoice is wrong, my discount was not applied.", "wrong-invoice"),
];

fn taught() -> Model {
    let mut model = Model::new();
    for round in [CASES, CASES] {
        for (text, label) in round {
            model.learn(text, label);
        }
    }
    model
}

fn best(model: &Model, text: &str) -> Guess {
    model.predict(text).into_iter().next().expect("a guess")
}

#[test]
fn what_was_confirmed_is_proposed_again() {
    let model = taught();
    for (text, label) in [
        ("Paketzustellung fehlgeschlagen? Ich habe die Lieferung nicht erhalten", "lost-parcel"),
        ("im karton fehlt der beutel mit regalschrauben", "missing-screws"),
        ("Der Rabatt wurde auf der Rechnungskopie vergessen", "wrong-invoice"),
        ("where is my parcel", "lost-parcel"),
    ] {
        assert_eq!(best(&model, text).label, label, "{text}");
    }
}

#[test]
fn little_experience_means_little_confidence() {
    let mut model = Model::new();
    assert_eq!(model.predict("Wo ist mein Paket?"), []);
    model.learn(CASES[0].0, CASES[0].1);
    assert!(best(&model, CASES[1].0).p < 0.3);
    assert!(best(&model, "Etwas ganz anderes").p < 0.1);
    let experienced = best(&taught(), CASES[1].0).p;
    assert!(0.5 < experienced, "{experienced}");
}

#[test]
fn a_description_is_enough_to_be_found_but_not_to_be_believed() {
    let mut model = Model::new();
    model.learn_description(
        "scratch",
        "Kratzer auf Tischplatten",
        "Die Oberfläche ist bei Ankunft zerkratzt.",
    );
    model.learn_description("smell", "Geruch neuer Möbel", "Schränke riechen nach Lösungsmittel.");
    let guess = best(&model, "Der Tisch hat einen tiefen Kratzer");
    assert_eq!(guess.label, "scratch");
    assert!(guess.p < 0.5, "{}", guess.p);
    assert_eq!(model.labels(), [("scratch", 0), ("smell", 0)]);
}

#[test]
fn a_correction_moves_the_example() {
    let mut model = taught();
    let text = "Der Fernseher flackert beim Einschalten";
    model.learn(text, "lost-parcel");
    model.relabel(text, "lost-parcel", "flicker");
    assert_eq!(best(&model, "Fernseher flackert").label, "flicker");
    let count = |label| model.labels().iter().find(|(name, _)| *name == label).map(|(_, count)| *count);
    assert_eq!((count("flicker"), count("lost-parcel")), (Some(1), Some(10)));
}

#[test]
fn a_forgotten_label_is_not_proposed_any_more() {
    let mut model = taught();
    model.forget_label("lost-parcel");
    let guesses = model.predict(CASES[0].0);
    assert_eq!(guesses.len(), 2);
    assert!(guesses.iter().all(|guess| guess.label != "lost-parcel"));
    model.learn(CASES[0].0, "lost-parcel");
    assert_eq!(best(&model, CASES[0].0).label, "lost-parcel");
}

#[test]
fn the_explanation_names_the_telling_words_as_they_are_written() {
    let model = taught();
    let text = "Guten Tag, leider fehlten die Schrauben. Viele Grüße";
    let words = model.explain(text, "missing-screws", 2);
    assert_eq!(words[0].word, "Schrauben");
    assert!(words.len() == 2 && words[1].weight <= words[0].weight);
    assert_eq!(model.explain(text, "unknown", 5), []);
}

#[test]
fn the_quote_is_the_sentence_that_speaks_most_for_the_label() {
    let model = taught();
    let text = "Sehr geehrte Damen und Herren,\n\nich habe letzte Woche bestellt. Leider ist das Paket nicht \
                angekommen. Ausserdem stimmt auf der Rechnung der Rabatt nicht.\n\nMit freundlichen Grüßen";
    assert_eq!(model.quote(text, "lost-parcel"), Some("Leider ist das Paket nicht angekommen."));
    let invoice = "Ausserdem stimmt auf der Rechnung der Rabatt nicht.";
    assert_eq!(model.quote(text, "wrong-invoice"), Some(invoice));
    assert_eq!(model.quote(text, "unknown"), None);
    assert_eq!(model.quote("", "lost-parcel"), None);
}

#[test]
fn a_stored_model_goes_on_as_if_it_had_never_been_stored() {
    let mut model = taught();
    model.forget_label("wrong-invoice");
    let bytes = model.to_bytes();
    let mut restored = Model::from_bytes(&bytes).expect("our own bytes");
    assert_eq!(restored.to_bytes(), bytes);
    for model in [&mut model, &mut restored] {
        model.learn(CASES[12].0, CASES[12].1);
    }
    assert_eq!(restored.to_bytes(), model.to_bytes());
    assert_eq!(restored.predict(CASES[1].0), model.predict(CASES[1].0));
}

#[test]
fn the_same_examples_give_the_same_bytes() {
    assert_eq!(taught().to_bytes(), taught().to_bytes());
    let train = || Model::train(CASES);
    assert_eq!(train().to_bytes(), train().to_bytes());
}

#[test]
fn bytes_that_are_no_model_are_refused() {
    let bytes = taught().to_bytes();
    assert_eq!(Model::from_bytes(b"").err(), Some(BrokenModel::NotAModel));
    assert_eq!(Model::from_bytes(b"PK\x03\x04....").err(), Some(BrokenModel::NotAModel));
    let newer = [&bytes[..4], &[9], &bytes[5..]].concat();
    assert_eq!(Model::from_bytes(&newer).err(), Some(BrokenModel::Newer(9)));
    for length in (5..bytes.len()).step_by(97) {
        assert_eq!(Model::from_bytes(&bytes[..length]).err(), Some(BrokenModel::Damaged), "{length}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Model::from_bytes(&longer).err(), Some(BrokenModel::Damaged));
}

#[test]
fn texts_without_words_and_labels_without_a_name_teach_nothing() {
    let mut model = Model::new();
    model.learn("", "label");
    model.learn("…", "label");
    model.learn("Text", "");
    assert_eq!(model.labels(), []);
    assert_eq!(model.predict("Text"), []);
    assert_eq!(taught().predict(""), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn probabilities_are_sorted_and_leave_room_for_none_of_them(
        examples in prop::collection::vec(("[a-e]{1,4}( [a-e]{1,4}){0,6}", "[xyz]"), 0..30),
        text in "[a-f]{1,4}( [a-f]{1,4}){0,6}",
    ) {
        let mut model = Model::new();
        for (text, label) in &examples {
            model.learn(text, label);
        }
        let guesses = model.predict(&text);
        prop_assert_eq!(guesses.len(), model.labels().len());
        prop_assert!(guesses.is_sorted_by(|a, b| b.p <= a.p));
        prop_assert!(guesses.iter().all(|guess| (0.0..=1.0).contains(&guess.p)));
        prop_assert!(guesses.iter().map(|guess| guess.p).sum::<f32>() <= 1.0 + 1e-4);
        let restored = Model::from_bytes(&model.to_bytes()).expect("our own bytes");
        prop_assert_eq!(restored.predict(&text), guesses);
    }

    #[test]
    fn damaged_bytes_never_panic(at in 5usize..4000, byte in any::<u8>()) {
        let mut bytes = taught().to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(model) = Model::from_bytes(&bytes) {
            model.predict(CASES[0].0);
        }
    }

    #[test]
    fn any_text_can_be_learnt_explained_and_quoted(text in "\\PC{0,60}") {
        let mut model = taught();
        model.learn(&text, "any");
        model.explain(&text, "any", 3);
        if let Some(quote) = model.quote(&text, "any") {
            prop_assert!(text.contains(quote));
        }
    }
}
