sending-well = Nichts wartet: Jede Mail, die hinaus soll, ist draußen.
sending-waiting = { $n ->
    [one] 1 Mail ist auf dem Weg hinaus.
   *[other] { $n } Mails sind auf dem Weg hinaus.
}
sending-alarm = { $n ->
    [one] 1 Mail kommt nicht hinaus, seit mehr als einer Viertelstunde. Der Grund steht im Fall bei der Nachricht.
   *[other] { $n } Mails kommen nicht hinaus, die älteste seit mehr als einer Viertelstunde. Der Grund steht im Fall bei der Nachricht.
}
sending-signatures = Absender und Signaturen
sending-signatures-text = Jeder Eingang schreibt unter seinem Namen. Die Signatur steht unter jeder Antwort, in der Sprache der Kundin oder des Kunden.
sending-queue = Eingang
sending-name = Absendername
sending-name-hint = Leer: der Name des Hauses.
sending-change = Ändern
sending-change-one = { $name } ändern
sending-signature-de = Signatur, deutsch
sending-signature-en = Signatur, englisch
sending-placeholders = Platzhalter:
sending-placeholder-wrong = Diesen Platzhalter gibt es nicht. Es gibt: agent, queue und house, jeweils in geschweiften Klammern.
sending-preview-de = So sieht sie aus, deutsch
sending-preview-en = So sieht sie aus, englisch
sending-keys = Unterschrift der Domain (DKIM)
sending-keys-text = Mit einem Schlüssel unterschreibt Kitt jede Mail, damit andere Server sie von Fälschungen unterscheiden. Lege einen Schlüssel an, trage den Eintrag im DNS der Domain ein, prüfe ihn und schalte ihn dann ein.
sending-keys-none = Noch gibt es keinen Schlüssel. Mails gehen ohne Unterschrift hinaus.
sending-key-signs = unterschreibt
sending-key-off = aus
sending-found-published = im DNS gefunden
sending-found-missing = nicht im DNS
sending-found-different = im DNS steht ein anderer
sending-found-unreachable = DNS antwortet nicht
sending-record = Dieser Eintrag gehört ins DNS:
sending-record-of = Eintrag im DNS für { $name }
sending-key-check = DNS prüfen
sending-key-checked = Das DNS wurde gefragt.
sending-key-start = Einschalten
sending-key-stop = Ausschalten
sending-key-remove = Entfernen
sending-key-make = Schlüssel anlegen
sending-key-made = Schlüssel angelegt. Trage ihn jetzt im DNS ein.
sending-domain = Domain der Absenderadressen
sending-selector = Selektor
sending-selector-hint = Ein kurzer Name, zum Beispiel kitt oder kitt2027.
sending-selector-taken = Diesen Selektor gibt es für die Domain schon. Wähle einen anderen.
sending-algorithm = Verfahren
sending-algorithm-hint = RSA verstehen alle Server. Ed25519 ist kürzer; nimm es nur zusätzlich.
channels-source = Quelltext und Kopfzeilen
channels-source-file = Mail herunterladen
channels-headers = Kopfzeilen
channels-bytes = Quelltext
channels-source-cut = Hier steht nur der Anfang. In der Datei steht alles.
