hub-time = Zeit
hub-time-month = dieser Monat
hub-time-days = { $n ->
    [365] letzte 12 Monate
   *[other] letzte { $n } Tage
}
hub-from = Von
hub-to = Bis
hub-show = Anzeigen
hub-product = Produkt
hub-channel = Kanal
hub-any = Alle
hub-download = Als Tabelle herunterladen
hub-empty = Noch ist nichts festgehalten
hub-empty-text = Die Drehscheibe zeigt, wo es im Leben der Kundschaft reißt. Dafür braucht sie Fälle, bei denen die Ursache festgehalten ist: ein Tastendruck nach dem Abschließen genügt.
hub-empty-step = Ersten Fall festhalten
hub-lage-cases = { $n ->
    [0] kein Fall mit festgehaltener Ursache
    [one] ein Fall mit festgehaltener Ursache
   *[other] { $n } Fälle mit festgehaltener Ursache
}
hub-lage-cost = Kosten im Service (Ist):
hub-lage-most = { $n } von 10 reißen bei { $station }.
hub-lage-few = Am meisten bei { $station }: { $count }.
hub-lage-more = Das sind { $percent } mehr als davor.
hub-lage-less = Das sind { $percent } weniger als davor.
hub-lage-same = Das sind so viele wie davor.
hub-lage-new = { $n ->
    [0] Nichts ist neu aufgefallen,
    [one] Ein Riss ist neu aufgefallen,
   *[other] { $n } Risse sind neu aufgefallen,
}
hub-lage-mending = { $n ->
    [0] keiner wird gerade gekittet.
    [one] einer wird gerade gekittet.
   *[other] { $n } werden gerade gekittet.
}
hub-how = Rechenweg anzeigen
hub-how-title = So gerechnet
hub-how-text = Bares, das der Service für diese Fälle schon ausgegeben hat: Bearbeitungszeit mal Minutensatz, Kulanz und Erstattungen. Hat ein Fall mehrere Ursachen, wird er nach ihren Anteilen auf den Cent geteilt. Was noch verloren gehen könnte, ist nicht darin.
hub-opened = Fälle
hub-with-cause = mit Ursache
hub-customers = Kundinnen und Kunden betroffen
hub-where = Wo es reißt
hub-measure = Maß
hub-measure-cost = Kosten im Service
hub-unit-cases = Fälle
hub-unit-thousand = Tsd. { $currency }
hub-unit = Einheit: { $unit }
hub-no-rates = Kosten im Service: nicht berechenbar. Es fehlen die Sätze, mit denen Zeit und Kulanz bewertet werden.
hub-no-rates-step = Sätze eintragen
hub-not-computable = nicht berechenbar
hub-map-caption = { $unit } nach Station im Kundenlebenslauf und verursachender Abteilung
hub-map-scroll = Fehlerkarte, seitlich verschiebbar
hub-map-how = Ein Fall mit zwei Ursachen steht in beiden Feldern und zählt in der Summe einmal. Jedes Feld öffnet, was Kundinnen und Kunden gesagt haben.
hub-sum = Summe
hub-little = wenig
hub-much = viel
hub-new-crack = neuer Riss
hub-mending = wird gekittet
hub-n-cases = { $n ->
    [one] 1 Fall
   *[other] { $n } Fälle
}
hub-nobody = Ohne Abteilung
hub-no-insight = Ohne Ursache im Verzeichnis
hub-emerging = Neu aufgefallen
hub-emerging-time = seit 7 Tagen
hub-emerging-none = In den letzten 7 Tagen ist nichts häufiger als sonst.
hub-emerging-more = { $n ->
    [one] 1 weiterer
   *[other] { $n } weitere
}
hub-emerging-how = Fälle der letzten 7 Tage gegen den Schnitt der 8 Wochen davor, ab 4 Fällen und dem Anderthalbfachen. Wenige Fälle schwanken auch durch Zufall.
hub-times-new = neu
hub-quote = „{ $quote }“
hub-flows = Vom Erlebnis zur Ursache zur Abteilung
hub-flows-unit = Fälle, nach Anteilen geteilt · die 10 größten Ursachen
hub-flows-scroll = Flussbild, seitlich verschiebbar
hub-as-table = als Tabelle
hub-flow-finding = Fluss von der Station über die Ursache zur Abteilung. Größter Fluss: { $path }, { $n } Fälle
hub-none = In dieser Zeit wurde nichts festgehalten.
hub-wishes = Wünsche der Kundschaft
hub-all = alle { $n }
hub-words-of = { $n ->
    [one] 1 Mal gesagt
   *[other] { $n } Mal gesagt
}
hub-wish-proposed = neu
hub-wish-open = neu
hub-wish-accepted = { $department } prüft
hub-wish-disputed = strittig
hub-wish-declined = abgelehnt
hub-wish-planned = { $department } plant
hub-wish-fixed = erfüllt
hub-wish-verified = erfüllt
hub-competitors = Was der Wettbewerb tut
hub-mentions = { $n ->
    [one] 1 Nennung
   *[other] { $n } Nennungen
}
hub-praise = Lob zum Weitergeben
hub-mended = Gekittet
hub-mended-effect = Wirkung noch nicht gemessen
hub-mended-none = Noch ist kein Riss gekittet.
hub-since = seit { $date }
hub-told = { $n ->
    [one] 1 Mensch weiß es
   *[other] { $n } Menschen wissen es
}
hub-untold = { $n } noch nicht
hub-words = Was Kundinnen und Kunden sagen
hub-words-text = Wörtlich, das Neueste zuerst
hub-words-none = Hier gibt es kein Zitat. Festgehalten wurde es ohne die Worte der Kundschaft.
hub-voice-since = Kundschaft seit { $year }
hub-csv-station = Station
hub-csv-insight = Ursache
hub-csv-department = Abteilung
hub-csv-cases = Fälle
hub-csv-cost = Kosten im Service (Ist)
hub-csv-currency = Währung
