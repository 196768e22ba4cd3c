//! Voices beside faults and wishes: what competitors do, and praise.

use super::{About, BLANK, Owner, Stop, Theme};
use crate::course::Course;
use crate::model::{Kind, State};

const RIVAL: Theme = Theme {
    kind: Kind::Competitor,
    owner: Owner::Sales,
    answers: &[
        "Danke, dass Sie uns das so offen sagen. Ich gebe es an unseren Vertrieb weiter, dort wird es gelesen.",
        "Das ist ein guter Vergleich, und ich möchte Sie nicht verlieren. Ich frage nach, was wir Ihnen anbieten können.",
    ],
    english_answers: &["Thank you for telling us so openly. I will pass it on to our sales team."],
    ..BLANK
};

const PRAISE: Theme = Theme {
    kind: Kind::Praise,
    state: State::Accepted,
    answers: &[
        "Ihre Zeilen haben uns sehr gefreut, ich habe sie gleich weitergegeben. Danke, dass Sie sich die Zeit genommen haben!",
        "So eine Nachricht hängt man sich an die Wand. Vielen Dank, ich leite sie weiter!",
    ],
    english_answers: &["You made our day, thank you! I passed it on straight away."],
    ..BLANK
};

pub const THEMES: &[Theme] = &[
    Theme {
        key: "zimmerfein",
        title: "Zimmerfein: Zwei-Stunden-Fenster, Fahrer ruft an",
        description: "Zimmerfein nennt ein Fenster von zwei Stunden, und der Fahrer ruft vorher an.",
        competitor: "Zimmerfein",
        station: Stop::Delivery,
        state: State::Accepted,
        course: Course::Rising,
        weight: 2,
        about: About::Groups(&["Polster", "Betten", "Wohnen"]),
        also: &["fenster"],
        subjects: &["Bei Zimmerfein geht es doch auch", "Überlege zu wechseln"],
        said: &[
            "Bei Zimmerfein bekomme ich ein Zwei-Stunden-Fenster, und der Fahrer ruft vorher an.",
            "Meine Schwester hat bei Zimmerfein bestellt, die kamen auf die Minute.",
            "Zimmerfein schickt am Vorabend eine Uhrzeit. Warum geht das bei Ihnen nicht?",
            "Das nächste Mal bestelle ich gleich bei Zimmerfein.",
        ],
        english_subjects: &["Zimmerfein does it better"],
        english: &["At Zimmerfein I get a two-hour window, and the driver calls ahead."],
        ..RIVAL
    },
    Theme {
        key: "zimmerfein60",
        title: "Zimmerfein: 60 Tage Rückgabe",
        description: "Zimmerfein nimmt Möbel 60 Tage lang zurück, auch aufgebaut.",
        competitor: "Zimmerfein",
        station: Stop::Repurchase,
        state: State::Open,
        weight: 1,
        about: About::AnyProduct,
        also: &["dreissig"],
        subjects: &["60 Tage bei der Konkurrenz"],
        said: &[
            "Zimmerfein gibt mir 60 Tage, auch für aufgebaute Möbel.",
            "Bei Zimmerfein hätte ich {ihn} ohne ein Wort zurückgeben können.",
            "60 Tage Probewohnen bei Zimmerfein, 30 bei euch. Da muss man nicht lange rechnen.",
        ],
        english_subjects: &["60 days elsewhere"],
        english: &["Zimmerfein gives me 60 days, even for assembled furniture."],
        ..RIVAL
    },
    Theme {
        key: "technikhof",
        title: "Technikhof: drei Jahre Garantie ohne Aufpreis",
        description: "Technikhof gibt auf alle Geräte drei Jahre Garantie.",
        competitor: "Technikhof",
        station: Stop::Purchase,
        state: State::Planned,
        reason: "Angebot für drei Jahre Garantie wird gerechnet",
        weight: 2,
        about: About::Groups(&["Elektronik", "Haushaltsgeräte"]),
        also: &["garantie"],
        subjects: &["Technikhof gibt drei Jahre", "Drei Jahre Garantie wie bei Technikhof?"],
        said: &[
            "Bei Technikhof bekomme ich drei Jahre Garantie, ohne etwas dazuzuzahlen.",
            "Technikhof hätte mir gleich ein Ersatzgerät mitgegeben.",
            "Dasselbe Gerät, derselbe Preis, aber bei Technikhof ein Jahr länger Garantie.",
            "Ein Arbeitskollege schwört auf Technikhof, langsam verstehe ich ihn.",
        ],
        english_subjects: &["Technikhof gives three years"],
        english: &["Technikhof gives three years of guarantee at no extra charge."],
        ..RIVAL
    },
    Theme {
        key: "polsterblick",
        title: "Polsterblick: Stoffmuster gratis in zwei Tagen",
        description: "Polsterblick schickt bis zu acht Muster kostenlos nach Hause.",
        competitor: "Polsterblick",
        station: Stop::Advice,
        state: State::Proposed,
        weight: 1,
        about: About::Groups(&["Polster"]),
        also: &["stoffmuster"],
        subjects: &["Muster wie bei Polsterblick"],
        said: &[
            "Polsterblick hat mir in zwei Tagen acht Stoffmuster geschickt, gratis.",
            "Bei Polsterblick liegt jedem Muster gleich ein Gutschein bei.",
            "Ich habe dann bei Polsterblick bestellt, weil ich dort den Stoff vorher hatte.",
        ],
        english_subjects: &["Samples like Polsterblick"],
        english: &["Polsterblick sent me eight fabric samples within two days, for free."],
        ..RIVAL
    },
    Theme {
        key: "freundlich",
        title: "Freundlich am Telefon",
        description: "Lob für Menschen im Kundenservice, die zuhören und zurückrufen.",
        station: Stop::Service,
        weight: 5,
        subjects: &[
            "Danke an {agents}!",
            "Ein großes Lob",
            "Einfach Danke",
            "Das muss auch einmal gesagt werden",
        ],
        said: &[
            "So freundlich wurde mir am Telefon noch nie geholfen.",
            "{agent} hat sich wirklich Zeit genommen, das erlebt man selten.",
            "Zum ersten Mal hat jemand wirklich zurückgerufen.",
            "{agent} hat sich sogar an meinen Hund erinnert!",
            "Man hatte das Gefühl, mit einem Menschen zu sprechen und nicht mit einer Nummer.",
            "Ich hatte mich auf eine Diskussion eingestellt, und dann war alles in zwei Minuten gelöst.",
            "Bitte richten Sie {agents} meinen herzlichen Dank aus.",
        ],
        english_subjects: &["Thank you, {agent}!"],
        english: &[
            "I have never been helped so kindly on the phone.",
            "{agent} really took the time, that is rare.",
        ],
        ..PRAISE
    },
    Theme {
        key: "monteure",
        title: "Aufbau-Team sauber und nett",
        description: "Lob für die Monteure: pünktlich, sauber, freundlich.",
        station: Stop::Delivery,
        owner: Owner::Logistics,
        course: Course::Rising,
        weight: 4,
        about: About::Groups(&["Betten", "Wohnen", "Küche", "Polster"]),
        subjects: &["Lob für die Monteure", "Tolles Aufbau-Team", "Danke ans Team aus {town}"],
        said: &[
            "Die zwei Monteure haben sogar gesaugt.",
            "Pünktlich, freundlich, und in einer Stunde stand {das}.",
            "Die Herren haben ganz selbstverständlich die Schuhe ausgezogen.",
            "Einer der beiden hat meiner Mutter noch das Fenster repariert, einfach so.",
            "Vom alten Möbel bis zum letzten Karton haben sie alles mitgenommen.",
            "Solche Leute sollten Sie gut bezahlen!",
        ],
        english_subjects: &["Great assembly team"],
        english: &["The two fitters even vacuumed before they left."],
        ..PRAISE
    },
    Theme {
        key: "filiale",
        title: "Ehrliche Beratung in der Filiale",
        description: "Lob für Beratung, die auch einmal vom teureren Stück abrät.",
        station: Stop::Advice,
        owner: Owner::Sales,
        weight: 3,
        about: About::AnyProduct,
        subjects: &["Danke für die ehrliche Beratung", "Lob für die Filiale {town}"],
        said: &[
            "Die Dame in {town} hat mir vom teureren Modell abgeraten. So etwas merkt man sich.",
            "Beim Video-Termin konnte ich alles in Ruhe ansehen, ohne Druck.",
            "Man hat mir den Tisch selbst ins Auto getragen.",
            "Der junge Mann in der Filiale hat mit uns das ganze Wohnzimmer ausgemessen.",
            "Ehrlich, geduldig, kompetent. Wir kommen wieder.",
        ],
        english_subjects: &["Honest advice"],
        english: &["The lady in {town} advised me against the more expensive one. I will remember that."],
        ..PRAISE
    },
    Theme {
        key: "haelt",
        title: "Hält seit vielen Jahren",
        description: "Lob für Haltbarkeit: Möbel und Leuchten, die nach zehn Jahren noch gut sind.",
        station: Stop::Usage,
        owner: Owner::Product,
        weight: 3,
        subjects: &["Meine Lampe von {year}", "Qualität, die hält", "Nach {yrs} Jahren wie neu"],
        said: &[
            "Meine Lampe von {year} brennt immer noch. Danke!",
            "Der Esstisch hat drei Kinder und zwei Umzüge überlebt.",
            "Nach {yrs} Jahren quietscht noch immer nichts.",
            "Das Regal von meinen Eltern steht jetzt bei mir, und es wackelt nicht.",
            "Man sagt ja immer gleich, wenn etwas kaputt ist. Heute sage ich: Es hält.",
        ],
        english_subjects: &["Still going strong"],
        english: &["My lamp from {year} still works. Thank you!"],
        ..PRAISE
    },
];
