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
tell-four-eyes = Vier Augen: Freigeben muss jemand anders aus Leitung oder Geschäftsführung.
tell-take-back = Alles zurücknehmen
tell-prepare = Nachricht vorbereiten
tell-not-fixed = Bescheid geben geht, sobald die Abteilung die Ursache behoben oder den Wunsch erfüllt hat.
tell-nobody = Es ist niemand mehr übrig, der es noch nicht weiß.
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
