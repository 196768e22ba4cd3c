//! Advice: before buying, in the branch, in the shop and by video.

use super::{About, BLANK, Owner, Stop, Theme};
use crate::course::Course;
use crate::model::{Kind, State};

const ADVICE: Theme = Theme { station: Stop::Advice, owner: Owner::Sales, ..BLANK };

pub const THEMES: &[Theme] = &[
    Theme {
        key: "beratung",
        title: "Auskunft in der Beratung war falsch",
        description: "Zugesagt wurden Maße, Eigenschaften oder Leistungen, die das Produkt nicht hat.",
        state: State::Disputed,
        reason: "Der Vertrieb sieht den Fehler in den Produktdaten von Marketing",
        weight: 6,
        about: About::AnyProduct,
        also: &["masse", "rueckgabe", "auskunft"],
        subjects: &[
            "In der Filiale falsch beraten",
            "{p}: nicht wie besprochen",
            "Falsche Auskunft beim Kauf",
        ],
        said: &[
            "In der Filiale {town} hieß es, {das} passe durch eine 80er-Tür. Tut {es} nicht.",
            "Der Verkäufer sagte, Aufbau sei inklusive. Auf der Rechnung steht er extra.",
            "Uns wurde versichert, die Farbe sei nachbestellbar. Jetzt gibt es sie nicht mehr.",
            "„Das geht ganz sicher mit jedem Router“, hat der Berater gesagt. Geht nicht.",
            "Ich habe dreimal nachgefragt, ob {es} wetterfest ist, und dreimal ein Ja bekommen.",
            "Beim Video-Termin wurde mir ein anderes Modell gezeigt, als ich dann bekommen habe.",
            "Der Herr in der Filiale wusste weniger als das Schild daneben.",
            "Auf diese Beratung haben wir uns verlassen, jetzt passt nichts zusammen.",
        ],
        answers: &[
            "Wenn wir es so gesagt haben, stehen wir dazu: Sie können {ihn} kostenlos zurückgeben oder tauschen, Abholung am {next}.",
            "Ich habe mit der Filiale gesprochen. Der Aufbau geht auf uns, die Gutschrift ist unterwegs.",
        ],
        english_subjects: &["Wrong advice in the branch"],
        english: &[
            "In the branch they told us it fits through an 80 cm door. It does not.",
            "The salesman said assembly was included, now it is billed extra.",
        ],
        english_answers: &[
            "If we said so we stand by it: you can return it free of charge, collection on {next}.",
        ],
        ..ADVICE
    },
    Theme {
        key: "farbe",
        title: "Farbe am Bildschirm ganz anders",
        description: "Stofffarben wirken im Shop kühler als in Wirklichkeit; betroffen sind vor allem Moosgrün und Sand.",
        owner: Owner::Marketing,
        state: State::Accepted,
        weight: 5,
        about: About::Groups(&["Polster"]),
        also: &["stoffmuster", "polsterblick", "rueckgabe"],
        subjects: &["{p}: Farbe stimmt nicht", "Moosgrün ist grau", "Farbe ganz anders als im Shop"],
        said: &[
            "Am Bildschirm war es Moosgrün, im Wohnzimmer ist es Schlammgrau.",
            "„Sand“ nennt sich das. Für mich ist das Senf.",
            "Die Farbe hat mit Ihrem Foto so viel zu tun wie Tag mit Nacht.",
            "Neben den Vorhängen, die ich danach ausgesucht habe, sieht das furchtbar aus.",
            "Ich habe drei Bildschirme verglichen, auf keinem ist die Farbe so wie in echt.",
            "Bei Tageslicht grün, am Abend braun. Auf dem Foto war von beidem nichts zu sehen.",
            "Hätte ich vorher einen Fleck Stoff in der Hand gehabt, hätte ich anders bestellt.",
        ],
        answers: &[
            "Wir tauschen die Bezüge, sobald Sie sich aus den Mustern eine Farbe ausgesucht haben; die Muster gehen heute hinaus.",
            "Sie können {ihn} innerhalb von 30 Tagen zurückgeben. Unser Team fotografiert diese Farbe neu, bei Tageslicht.",
        ],
        english_subjects: &["Colour is nothing like the photo"],
        english: &[
            "On the screen it was moss green, in my living room it is mud grey.",
            "With a piece of fabric in my hand I would have ordered differently.",
        ],
        english_answers: &[
            "We exchange the covers as soon as you have picked a colour; samples leave today.",
        ],
        ..ADVICE
    },
    Theme {
        key: "masse",
        title: "Maße im Shop fehlen oder sind falsch",
        description: "Bei mehreren Artikeln waren Tiefe und Verpackungsmaß vertauscht.",
        owner: Owner::Marketing,
        state: State::Fixed,
        reason: "Alle Maße aus den Zeichnungen neu eingelesen",
        course: Course::Fixed { ago: 75, left: 20 },
        weight: 5,
        about: About::Groups(&["Polster", "Wohnen", "Betten", "Küche"]),
        also: &["beratung", "ruecksendung"],
        subjects: &["{p}: Maße stimmen nicht", "Passt nicht in die Nische", "Tiefe falsch angegeben"],
        said: &[
            "Angegeben sind 88 cm Tiefe, gemessen habe ich 96.",
            "{Das} passt nicht in die Nische, obwohl es nach Ihren Maßen zwei Zentimeter Luft hätte.",
            "Sie haben offenbar das Maß der Schachtel angegeben.",
            "Es fehlt jede Angabe zur Sitzhöhe, und die ist für meine Knie entscheidend.",
            "Durch das Stiegenhaus ging {es} nicht, die Maße der Pakete stehen nirgends.",
            "Acht Zentimeter klingen nach wenig, aber jetzt geht die Tür nicht mehr auf.",
            "Im Prospekt 180, im Shop 190, in Wirklichkeit 186.",
        ],
        answers: &[
            "Sie haben richtig gemessen, unsere Angabe war falsch. Wir holen {ihn} am {next} kostenlos ab.",
            "Die Angabe ist korrigiert. Für den Ärger haben wir Ihnen die Lieferkosten zurückgegeben.",
        ],
        english_subjects: &["Wrong dimensions in the shop"],
        english: &[
            "You state a depth of 88 cm, I measured 96.",
            "Apparently you listed the size of the box.",
        ],
        english_answers: &[
            "You measured correctly, our figure was wrong. We will collect it on {next} at no cost.",
        ],
        ..ADVICE
    },
    Theme {
        key: "iphone",
        kind: Kind::Unclear,
        title: "Passt es zu iPhone und Android?",
        description: "Bei Lautsprechern, Lampen und Displays fehlt, mit welchen Geräten und Fassungen sie gehen.",
        owner: Owner::Marketing,
        state: State::Open,
        course: Course::Rising,
        weight: 6,
        about: About::Groups(&["Elektronik", "Licht"]),
        also: &["lampe", "technikhof"],
        subjects: &[
            "Geht {das} mit meinem alten {handy}?",
            "Kompatibel mit iPhone?",
            "Frage vor dem Kauf: {p}",
            "Android oder nur iPhone?",
        ],
        said: &[
            "Bevor ich bestelle, wüsste ich gern, ob iOS 15 reicht.",
            "Steht nirgends: Geht das auch mit Android?",
            "Mein {handy} ist fünf Jahre alt. Läuft die App darauf noch?",
            "In der Beschreibung steht „smart“, aber nicht, womit.",
            "Braucht man dafür ein eigenes Kästchen am Router oder nicht?",
            "Meine Frau hat ein iPhone, ich Android. Können wir {das} beide bedienen?",
            "Auf der Schachtel ist ein Zeichen, das ich nicht kenne. Was heißt das?",
            "Funktioniert {es} auch ganz ohne Konto und ohne Internet?",
        ],
        answers: &[
            "Ja, {das} geht mit iOS ab 14 und Android ab 9, ein Kästchen am Router brauchen Sie nicht.",
            "Mit Ihrem Gerät geht alles außer der Sprachsteuerung. Die Angabe ergänzen wir im Shop.",
        ],
        english_subjects: &["Does it work with Android?"],
        english: &[
            "Before I order I would like to know whether iOS 15 is enough.",
            "It says smart, but not with what.",
            "Can two people with different phones control it?",
        ],
        english_answers: &["Yes, it works with iOS 14 and Android 9 or later, no hub needed."],
        ..ADVICE
    },
    Theme {
        key: "schweiz",
        kind: Kind::Unclear,
        title: "Lieferkosten und Zoll in die Schweiz",
        description: "Im Warenkorb steht nicht, ob Zoll und Abgaben schon enthalten sind.",
        state: State::Planned,
        reason: "Hinweis im Warenkorb mit der nächsten Fassung des Shops",
        weight: 4,
        about: About::AnyProduct,
        also: &["rechnung", "ruecksendung"],
        subjects: &["Lieferung in die Schweiz: Zoll?", "Kosten über die Grenze", "Abgaben inklusive?"],
        said: &[
            "Sind Zoll und Mehrwertsteuer im Preis schon drin, oder kommt da noch etwas?",
            "An der Haustür wollte der Chauffeur plötzlich 86 Franken für die Verzollung.",
            "Im Warenkorb steht „Lieferung gratis“, gilt das auch über die Grenze?",
            "Wir wohnen drei Kilometer hinter der Grenze. Könnt ihr auch an eine Adresse in {grenzort} liefern?",
            "Wer verzollt die Rücksendung, wenn mir {das} nicht gefällt?",
            "Auf der Rechnung fehlt, welchen Betrag der Zoll braucht.",
            "Zahle ich nun in Euro oder in Franken?",
        ],
        answers: &[
            "Zoll und Abgaben sind im Preis enthalten. Sollte der Fahrer etwas verlangen, schicken Sie uns bitte den Beleg, wir erstatten ihn.",
            "Die Verzollung übernehmen wir in beide Richtungen, auch wenn Sie etwas zurückschicken.",
        ],
        english_subjects: &["Delivery to Switzerland: customs?"],
        english: &[
            "Are customs and VAT included, or will there be more to pay?",
            "At the door the driver suddenly asked for 86 francs.",
        ],
        english_answers: &[
            "Customs and taxes are included; if the driver asks for money send us the receipt and we refund it.",
        ],
        ..ADVICE
    },
];
