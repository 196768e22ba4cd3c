//! Parts of German compounds, so that "Schlauch" finds "Waschmaschinenschlauch".
//!
//! A compound is taken apart into words of a list of customer service, with the usual endings and linking letters.
//! One part may be unknown, such as the name of a product in "Lindensofa": then the others must be long enough to be no
//! chance. A missing word costs little: the whole compound is still found by its beginning.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Nouns and stems as they stand inside compounds, lower case.
const WORDS: &str = "\
    abend abhol abholung ablauf absage abschluss abteilung adresse akku aktion anfrage angebot anlage anleitung \
    annahme anruf ansprech antrag antwort anzahlung anzeige apparat arbeit artikel auflage aufbau auftrag ausfall \
    ausgabe auskunft auslieferung austausch auto bad bank batterie bau baum bedien bedienung bein beistell beleg \
    berater beratung bericht beschädigung beschwerde bestand bestätigung bestell bestellung besuch betrag betreuung bett \
    bezug bild bildschirm blume boden bohr bon boten brief buch buchung büro chef computer couch dach dame daten dauer \
    decke dienst display druck drucker ecke eingang einbau einkauf einzel ende entgelt entschädigung ersatz erstattung \
    ess fach fahrer fahrt familie farbe fehler fenster fern fernbedienung fernseher fest filiale filter firma flach \
    fläche foto frage frei frist fuß garantie garten gebühr gefrier gefühl geld gerät geschäft geschenk geschirr \
    gespräch gewähr gewährleistung gewicht glas griff größe grund gruppe gutschein gutschrift hand handel händler \
    haupt haus haushalt heft heim heiz herd hilfe hinweis hof holz hotline inhalt jahr kabel kaffee kalt kamera karte \
    karton kasse kauf käufer keller kinder kissen klage kleider klima knopf kommode konferenz konto kontakt kopf \
    kopfhörer kosten kratzer kredit küche kühl kühlschrank kulanz kunde kündigung kunst kurier lack lade laden lager \
    lampe land last lauf laut leder leistung leiter leitung leuchte licht liefer lieferant lieferung linie liste loch \
    luft lüfter mahn mahnung mangel mappe marke maschine maß material matratze meister meldung menge messe metall \
    mitarbeiter möbel monat monitor montage motor muster nachricht nacht name netz netzteil not nummer nutzung ofen \
    online ort paket papier park partner pass pflege platte platz platzierung polster post preis problem produkt \
    programm projekt prüfung punkt qualität quittung rabatt rad rahmen rand rate raum rechnung regal reise reklamation \
    reparatur rest ring rohr rollen rück rückgabe rückruf rückzahlung ruf ruhe saal sache sack saft schaden schalter \
    schein schiene schlaf schlüssel schloss schnitt schrank schraube schreib schreiben schrift schuh schulung schutz seite \
    sendung sensor service sessel sicherheit sicht signal sitz sofa sonder spannung speicher sperr spiegel spiel spüle \
    spül staub staubsauger stadt steck stecker stelle stern stoff storno straße strom stück stuhl stunde system tag \
    tarif tasche tausch technik techniker teil telefon teppich termin test tipp tisch ton tonne topf tor transport \
    trocken tuch tür typ uhr umtausch umzug unterlage urlaub ursache verbrauch verkauf verkäufer verlust vermittlung \
    verpackung versand versicherung verspätung vertrag verzögerung verzug vorgang vorhang wagen wahl wand ware wart \
    wartung wasch wäsche wasser wechsel weg wein weiß welle werbe werbung werk werkstatt werkzeug wert widerruf woche \
    wohn wohnung wort wunsch zahl zahlung zaun zeichen zeit zeitung zettel zimmer zins zoll zubehör zufriedenheit zug \
    zugang zusage zusatz zustand zustell zustellung zwischen \
    schlauch pumpe trommel dichtung filter sieb bezug naht lehne armlehne fuß rolle reifen kette bremse lampe \
    leuchtmittel fassung steckdose adapter hülle gehäuse taste tastatur maus spülmaschine geschirrspüler trockner \
    toaster mixer wasserkocher bügeleisen rasierer matratzen lattenrost schublade schiene scharnier griff beschlag \
    lieferschein paketschein rücksendung rücksende etikett schein zusteller fahrer liefertermin lieferzeit liefer \
    adresse anschrift kundennummer bestellnummer auftragsnummer rechnungsnummer guthaben überweisung lastschrift \
    abbuchung mahngebühr zinsen kundenkonto passwort anmeldung konto newsletter verfügbarkeit farbton muster \
    holzart gestell sessel hocker teppich gardine rollo markise grill schirm liege";

/// Linking letters and usual inflections.
const ENDINGS: [&str; 7] = ["", "s", "es", "n", "en", "e", "er"];

/// Inflections that change the vowel, which endings do not make.
const CHANGED: &str = "häuser räder bücher länder plätze plätzen stühle stühlen schränke schränken verträge verträgen \
    aufträge aufträgen anträge beträge beträgen mängel mängeln schäden töpfe wünsche wünschen kosten daten füße böden \
    brände gründe klänge lücken namens gläser gläsern hölzer schlösser tücher türen kunden geräte geräten teile teilen \
    schläuche schläuchen";

/// What ends words and is none.
const SUFFIXES: [&str; 16] = [
    "schaft", "schaften", "lung", "lungen", "keit", "heit", "lich", "liche", "lichen", "isch", "ische",
    "ischen", "ende", "enden", "barkeit", "weise",
];
/// Letters of the shortest compound.
const SHORTEST: usize = 8;
/// Letters of a part beside an unknown one, and of the unknown one.
const SURE: usize = 4;
/// Letters of the longest part that is looked for.
const LONGEST: usize = 18;

static FORMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let inflected = WORDS.split_whitespace().flat_map(|word| ENDINGS.map(|ending| format!("{word}{ending}")));
    let mut forms: HashSet<String> = inflected.chain(CHANGED.split_whitespace().map(str::to_owned)).collect();
    let spelt: Vec<String> = forms.iter().map(|form| crate::fold(form)).collect();
    forms.extend(spelt);
    forms
});

/// The parts of `word`, which is in lower case, with or without umlauts; none if it is no compound of known words.
pub fn parts(word: &str) -> Vec<&str> {
    let letters = word.chars().count();
    if !(SHORTEST..=60).contains(&letters) || FORMS.contains(word) {
        return Vec::new();
    }
    let bounds: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let split = Split { word, bounds };
    let parts = split.begin(&split.before(1), letters).or_else(|| split.with_unknown(letters));
    parts.filter(|parts| 1 < parts.len()).unwrap_or_default()
}

/// Into how few parts a beginning or an end can be taken apart, and where the outermost part of these begins or ends.
type Ways = Vec<Option<(usize, usize)>>;

struct Split<'a> {
    word: &'a str,
    /// Where each letter begins, and the end.
    bounds: Vec<usize>,
}

impl<'a> Split<'a> {
    fn slice(&self, from: usize, to: usize) -> &'a str {
        &self.word[self.bounds[from]..self.bounds[to]]
    }

    fn is_part(&self, from: usize, to: usize) -> bool {
        FORMS.contains(self.slice(from, to))
    }

    /// Of the letters before each place, in parts of at least `shortest` letters.
    fn before(&self, shortest: usize) -> Ways {
        let mut ways: Ways = vec![None; self.bounds.len()];
        ways[0] = Some((0, 0));
        for to in shortest..self.bounds.len() {
            for from in to.saturating_sub(LONGEST)..=to - shortest {
                let Some((count, _)) = ways[from] else { continue };
                if ways[to].is_none_or(|(best, _)| count + 1 < best) && self.is_part(from, to) {
                    ways[to] = Some((count + 1, from));
                }
            }
        }
        ways
    }

    /// Of the letters from each place on.
    fn after(&self, shortest: usize) -> Ways {
        let last = self.bounds.len() - 1;
        let mut ways: Ways = vec![None; self.bounds.len()];
        ways[last] = Some((0, last));
        for from in (0..=last.saturating_sub(shortest)).rev() {
            for to in (from + shortest..=last.min(from + LONGEST)).rev() {
                let Some((count, _)) = ways[to] else { continue };
                if ways[from].is_none_or(|(best, _)| count + 1 < best) && self.is_part(from, to) {
                    ways[from] = Some((count + 1, to));
                }
            }
        }
        ways
    }

    /// The parts of the first `letters`, by what [`Self::before`] found.
    fn begin(&self, ways: &[Option<(usize, usize)>], letters: usize) -> Option<Vec<&'a str>> {
        let mut parts = Vec::new();
        let mut to = letters;
        while 0 < to {
            let (_, from) = ways[to]?;
            parts.push(self.slice(from, to));
            to = from;
        }
        parts.reverse();
        Some(parts)
    }

    /// With one unknown part at the end or at the beginning, the shortest there is.
    fn with_unknown(&self, letters: usize) -> Option<Vec<&'a str>> {
        let (before, after) = (self.before(SURE), self.after(SURE));
        for unknown in SURE..=letters.saturating_sub(SURE) {
            let cut = letters - unknown;
            let end = self.slice(cut, letters);
            if before[cut].is_some() && !SUFFIXES.contains(&end) {
                let mut parts = self.begin(&before, cut)?;
                parts.push(end);
                return Some(parts);
            }
            if after[unknown].is_some() {
                let mut parts = vec![self.slice(0, unknown)];
                let mut from = unknown;
                while from < letters {
                    let (_, to) = after[from]?;
                    parts.push(self.slice(from, to));
                    from = to;
                }
                return Some(parts);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn compounds_are_taken_apart_and_other_words_are_left() {
        for (word, expected) in [
            ("waschmaschinenschlauch", vec!["wasch", "maschinen", "schlauch"]),
            ("ladegeraete", vec!["lade", "geraete"]),
            ("ladegerät", vec!["lade", "gerät"]),
            ("kundendienstmitarbeiter", vec!["kunden", "dienst", "mitarbeiter"]),
            ("lindensofa", vec!["linden", "sofa"]),
            ("sofakufe", vec!["sofa", "kufe"]),
            ("lieferung", vec![]),
            ("sofort", vec![]),
            ("donnerstag", vec![]),
            ("handlung", vec![]),
            ("freundlichen", vec![]),
            ("sofa", vec![]),
        ] {
            assert_eq!(parts(word), expected, "{word}");
        }
    }

    proptest! {
        #[test]
        fn the_parts_make_the_word(word in "(wasch|maschine|n|s|ä|gerät|sofa|[a-z]{1,3}){1,9}") {
            let parts = parts(&word);
            prop_assert!(parts.is_empty() || parts.concat() == word);
        }
    }
}
