tell-title = Bescheid geben
tell-back = Zur Ursache
tell-how-far = Wer es schon weiß
tell-told = { $n ->
    [one] 1 weiß es schon
   *[other] { $n } wissen es schon
}
tell-untold = { $n } noch nicht
tell-state-prepared = Vorbereitet, noch nichts gesendet
tell-state-approved = Freigegeben, wird gesendet
tell-state-done = Gesendet
tell-waiting = { $n ->
    [one] 1 Nachricht wartet
   *[other] { $n } Nachrichten warten
}
tell-skipped = { $n } ausgelassen
tell-prepared-by = Vorbereitet von { $name }, { $when }
tell-approved-by = Freigegeben von { $name }, { $when }
tell-approve = { $n ->
    [one] 1 Nachricht freigeben und senden
   *[other] { $n } Nachrichten freigeben und senden
}
tell-sure = { $n ->
    [one] Eine Kundin oder einen Kunden benachrichtigen?
   *[other] { $n } Kundinnen und Kunden benachrichtigen?
}
tell-sure-text = Danach lässt es sich nicht mehr zurückholen. So liest es, wer als Erstes dran ist:
tell-sure-do = { $n ->
    [one] Jetzt an 1 Person senden
   *[other] Jetzt an { $n } Personen senden
}
tell-count-changed = Sieh dir bitte an, wie viele es sind und was sie lesen, und bestätige es dann.
tell-placeholder-unknown = Hier ist ein Platzhalter unbekannt oder eine geschwungene Klammer offen. Es gibt {"{anrede}"}, {"{name}"}, {"{fall}"} und {"{was}"}.
tell-placeholder-wrong = So käme es bei der Kundschaft an: { $wrong }
tell-braces = Geschwungene Klammern kämen so bei der Kundschaft an. Schreib aus, was dort stehen soll.
tell-placeholders-de = Platzhalter: {"{anrede}"}, {"{name}"}, {"{fall}"}, {"{was}"}
tell-placeholders-en = Platzhalter: {"{greeting}"}, {"{name}"}, {"{case}"}, {"{what}"}
tell-what-de = Worum es geht, auf Deutsch
tell-what-en = Worum es geht, auf Englisch
tell-what-hint = Steht in der Nachricht; in Worten, die die Kundschaft versteht.
tell-what-missing = Bitte schreib in dieser Sprache, worum es geht: Auf der Liste stehen Menschen, die sie sprechen.
tell-four-eyes = Vier Augen: Freigeben muss jemand anders aus Leitung oder Geschäftsführung.
tell-take-back = Alles zurücknehmen
tell-prepare = Nachricht vorbereiten
tell-not-fixed = Bescheid geben geht, sobald die Abteilung die Ursache behoben oder den Wunsch erfüllt hat.
tell-nobody = Es ist niemand mehr übrig, der es noch nicht weiß.
tell-declined = Diese Kundin oder dieser Kunde möchte keine solchen Nachrichten. Das steht in der Akte.
tell-no-address = keine E-Mail-Adresse
tell-template = Nachricht an alle
tell-template-de = Auf Deutsch
tell-template-en = Auf Englisch
tell-list = Wer Bescheid bekommt
tell-list-how = Die Nachricht geht über den eigenen Fall. Antworten kommen dorthin zurück.
tell-is-told = weiß es
tell-is-skipped = ausgelassen
tell-is-edited = von Hand geändert
tell-preview = Nachricht ansehen
tell-message-to = Nachricht an { $name }
tell-skip = Auslassen
tell-take-in = Wieder aufnehmen
tell-prepared = Vorbereitet. Noch wurde nichts gesendet.
tell-approved = Freigegeben. Die Nachrichten gehen jetzt hinaus.
tell-taken-back = Zurückgenommen. Niemand hat etwas bekommen.
tell-template-fixed = {"{anrede}"},

    Sie haben uns zu „{"{was}"}“ geschrieben (Ihr Fall {"{fall}"}). Danke dafür: Ihr Hinweis hat geholfen. Die Ursache ist behoben.

    Sollte es wieder vorkommen, antworten Sie einfach auf diese Nachricht.

    Freundliche Grüße
    { $house }
tell-template-wish = {"{anrede}"},

    Sie haben sich „{"{was}"}“ gewünscht (Ihr Fall {"{fall}"}). Ab jetzt gibt es das. Danke für die Anregung.

    Wenn Sie dazu etwas sagen möchten, antworten Sie einfach auf diese Nachricht.

    Freundliche Grüße
    { $house }
