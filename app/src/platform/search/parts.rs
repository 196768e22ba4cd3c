//! Parts of German compounds in customer service, so that "Gerät" finds "Ladegerät".
//!
//! A compound is taken apart only if all its parts are listed, so the usual endings and linking letters are
//! added to each. A missing word costs little: the whole compound is still found by its beginning.

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
    zugang zusage zusatz zustand zustell zustellung zwischen";

/// Linking letters and usual inflections.
const ENDINGS: [&str; 7] = ["", "s", "es", "n", "en", "e", "er"];

/// Inflections that change the vowel, which endings do not make.
const CHANGED: &str = "häuser räder bücher länder plätze plätzen stühle stühlen schränke schränken verträge verträgen \
    aufträge aufträgen anträge beträge beträgen mängel mängeln schäden töpfe wünsche wünschen kosten daten füße böden \
    brände gründe klänge lücken namens gläser gläsern hölzer schlösser tücher türen kunden geräte geräten teile teilen";

/// Every form, with umlauts and with their two-letter spellings.
pub fn all() -> Vec<String> {
    let inflected = WORDS.split_whitespace().flat_map(|word| ENDINGS.map(|ending| format!("{word}{ending}")));
    let mut forms: Vec<String> = inflected.chain(CHANGED.split_whitespace().map(str::to_owned)).collect();
    let spelt: Vec<String> =
        forms.iter().map(|form| language::fold(form)).filter(|folded| !forms.contains(folded)).collect();
    forms.extend(spelt);
    forms
}
