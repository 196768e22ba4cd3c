channels-unprocessable = Nicht verarbeitbar
channels-unprocessable-text = Diese Mails sind angekommen, aber Kitt konnte keinen Fall daraus machen. Nichts ist verloren: Sieh sie dir im Original an oder versuche es noch einmal.
channels-unprocessable-none = Hier ist nichts. Jede Mail ist in einem Fall.
channels-unprocessable-list = Mails, die niemand lesen konnte
channels-arrived = angekommen
channels-from = von
channels-from-unknown = unbekannt
channels-reason = Grund
channels-size = Größe
channels-raw = Original
channels-raw-of = Original der Mail { $id } herunterladen
channels-retry = Noch einmal
channels-retry-of = Mail { $id } noch einmal lesen
channels-retry-done = Gelesen: Die Mail ist jetzt in einem Fall.
channels-retry-started = Die Mail wird noch einmal gelesen.
channels-retry-failed = Es ging wieder nicht. Die Mail bleibt hier.
channels-reason-empty = Die Mail ist leer.
channels-reason-not-a-message = Das ist keine Mail: Es gibt weder Kopfzeilen noch Text.
channels-reason-deadly = Kitt ist beim Lesen mehrmals abgebrochen.
channels-reason-panic = Beim Lesen ist ein Fehler in Kitt aufgetreten.
channels-reason-failing = Das Ablegen ist mehrmals misslungen.
channels-sent = Gesendet
channels-sent-none = Noch hat nichts das Haus verlassen.
channels-state = Stand
channels-sent-list = Mails, die das Haus verlassen haben
channels-left = gesendet
channels-to = an
channels-reply-to = Antwort an
channels-subject = Betreff
channels-attachment = Anhang
channels-message = Nachricht
channels-suppressed-text = Automatische Mails, die Kitt nicht gesendet hat, damit sich keine Maschinen gegenseitig schreiben. Wer Fälle bearbeitet, kann sie im Fall trotzdem senden.
channels-suppressed-none = Hier ist nichts. Jede automatische Mail durfte hinaus.
channels-suppressed-list = Automatische Mails, die nicht gesendet wurden
channels-held = zurückgehalten
channels-case = Fall
channels-released-at = trotzdem gesendet: { $when }
channels-released = Wird trotzdem gesendet.
suppressed-own-address = Die Adresse gehört dem eigenen Haus (Schleifenschutz).
suppressed-no-reply = An dieser Adresse liest niemand (Schleifenschutz).
suppressed-auto-replies = Die Adresse antwortet automatisch oder will keine automatischen Antworten (Schleifenschutz).
suppressed-forged = Der Absender ist vermutlich gefälscht: Wem die Adresse gehört, hat nicht geschrieben.
suppressed-bounced = Mail an diese Adresse kam in den letzten 60 Tagen zurück.
suppressed-address-cap = Heute gingen schon 40 automatische Mails an diese Adresse (Schleifenschutz).
suppressed-case-cap = In diesem Fall gingen in kurzer Zeit schon viele automatische Mails hinaus (Schleifenschutz).
bounce-unknown = Diese Adresse gibt es nicht.
bounce-host = Den Mailserver dieser Adresse gibt es nicht.
bounce-full = Das Postfach ist voll.
bounce-suspended = Das Postfach ist gesperrt.
bounce-large = Die Mail ist der Gegenseite zu groß.
bounce-content = Der Inhalt wurde als Werbung oder Schadsoftware abgelehnt.
bounce-unreachable = Der Mailserver der Gegenseite war nicht zu erreichen oder überlastet.
bounce-refused = Der Mailserver der Gegenseite nimmt unsere Mail nicht an.
bounce-other = Die Mail kam zurück.

# Absender
sender-verified = Absender bestätigt
sender-unverified = Absender nicht bestätigt
sender-suspicious = Vorsicht: Absender vermutlich gefälscht
sender-suspicious-do = Die Nachricht gibt sich als { $domain } aus, aber niemand bestätigt das. Öffne keine Anhänge und Links daraus und antworte nur, wenn du dich auf anderem Weg vergewissert hast. Sie ist deshalb nicht in der Akte des Kunden abgelegt.
sender-why = Warum?
sender-several = Sie nennt mehrere Absender von verschiedenen Domains.
sender-dmarc-pass = { $domain } steht zu dieser Nachricht (DMARC).
sender-dmarc-reject = Sie stammt nicht von { $domain }; { $domain } bittet darum, solche Nachrichten abzuweisen (DMARC).
sender-dmarc-quarantine = Sie stammt nicht von { $domain }; { $domain } bittet darum, solche Nachrichten auszusortieren (DMARC).
sender-dmarc-fail = Es ist nicht gesichert, dass sie von { $domain } stammt (DMARC).
sender-dmarc-open = Ob { $domain } zu ihr steht, ließ sich nicht klären: Das DNS antwortete nicht (DMARC).
sender-dkim-pass = Unterschrieben von { $domain } (DKIM).
sender-dkim-fail = Die Unterschrift von { $domain } stimmt nicht (DKIM).
sender-dkim-open = Die Unterschrift von { $domain } ließ sich nicht prüfen: Das DNS antwortete nicht (DKIM).
sender-dkim-none = Nicht unterschrieben (DKIM).
sender-spf-pass = Der Server darf für { $domain } senden (SPF).
sender-spf-fail = Der Server darf nicht für { $domain } senden (SPF).
sender-spf-none = { $domain } sagt nicht, welche Server senden dürfen (SPF).
sender-spf-open = Ob der Server für { $domain } senden darf, ließ sich nicht klären: Das DNS antwortete nicht (SPF).
sender-arc-pass = Weitergeleitet und versiegelt von { $domain } (ARC).
sender-arc-fail = Das Siegel der Weiterleitung von { $domain } stimmt nicht (ARC).
sender-forwarded = Wer sie weiterleitete, hatte den Absender vorher bestätigt.
sender-by = Geprüft hat das der Mailserver { $domain }.

# Täglicher Nachweis
channels-retry-all = Alle noch einmal lesen
channels-retry-all-text = Sinnvoll nach einer neuen Version von Kitt.
channels-retry-all-started = Alle werden noch einmal gelesen.
proof-now = Jetzt prüfen
proof-sound = Alles da: Keine Mail fehlt.
proof-day = Tag
proof-source = Quelle
proof-filed = Kontakte
proof-duplicates = doppelt
proof-own = eigene
proof-unprocessable = nicht verarbeitbar
proof-waiting = in Arbeit
proof-result = Ergebnis
proof-complete = vollständig
proof-differences = { $n ->
    [one] eine Abweichung
   *[other] { $n } Abweichungen
 }
proof-more = { $n ->
    [one] und eine weitere
   *[other] und { $n } weitere
 }
proof-listener = Mail-Anschluss
proof-api = Schnittstelle
proof-import = Import
proof-unreadable = Eine Quittung ist nicht lesbar.
proof-text = Für jede Mail, deren Empfang Kitt bestätigt hat, steht eine Quittung außerhalb der Datenbank, und jedes E-Mail-Konto weiß, was in ihm liegt. Jede Nacht wird verglichen: Jede Mail muss ein Kontakt geworden, als doppelt oder eigene erkannt, nicht verarbeitbar, mit Absicht liegen geblieben oder noch in Arbeit sein.
proof-none = Noch gibt es keinen Nachweis. Der erste entsteht in der kommenden Nacht; „Jetzt prüfen“ wartet nicht so lange.
proof-alarm = Etwas stimmt nicht. Die betroffenen Mails stehen unten; öffne die Quelle, um sie noch einmal zu holen oder zu erklären, warum nichts zu tun ist. Wurde eine Sicherung zurückgespielt, fehlt, was danach kam: Bitte die Absender, noch einmal zu schreiben, oder hole die Mails aus dem Archiv deines Mailservers. Sonst lass „kitt check“ laufen und hebe den Ordner „receipts“ auf.
proof-unproven = Keine Mail fehlt, soweit geprüft werden konnte. Nicht jede Quelle war zu erreichen; Kitt versucht es alle zwei Stunden wieder.
proof-not-proven = Nicht geprüft.
proof-receipts = Mails
proof-refused = liegen geblieben
proof-all-settled = geklärt
proof-imap = E-Mail-Konten (Quittungen)
proof-missing = Mail { $id } fehlt in der Datenbank.
proof-changed = Mail { $id } hat in der Datenbank einen anderen Inhalt.
proof-no-contact = Mail { $id } gilt als abgelegt, aber ihr Kontakt fehlt.
proof-overlooked = Die Mail mit der UID { $id } liegt auf dem Mailserver und wurde nie geholt.
proof-n-mails = { $n ->
    [one] eine Mail
   *[other] { $n } Mails
 }
proof-n-filed = { $n ->
    [one] ein Kontakt
   *[other] { $n } Kontakte
 }
proof-n-duplicates = { $n } doppelt
proof-n-own = { $n } eigene
proof-n-unprocessable = { $n } nicht verarbeitbar
proof-n-refused = { $n } mit Absicht liegen geblieben
proof-n-waiting = { $n } in Arbeit
proof-n-differences = { $n ->
    [one] eine Abweichung
   *[other] { $n } Abweichungen
 }
proof-runs = { $n ->
    [one] Es wird geprüft: bisher eine Mail.
   *[other] Es wird geprüft: bisher { $n } Mails.
 }
proof-begun = Es wird geprüft.
proof-runs-already = Es wird schon geprüft.
proof-csv = Als Tabelle (CSV)
proof-made-at = Geprüft
proof-report = Morgenbericht
proof-report-text = Um 7 Uhr geht der Nachweis des Vortags per Mail an alle, die Einstellungen ändern dürfen, in ihrer Sprache.
proof-report-no-way = Noch hat das Haus keinen Weg für ausgehende Mail: Bis einer eingerichtet ist, wird kein Bericht verschickt.
proof-report-daily = Jeden Tag
proof-report-differences = Nur wenn etwas nicht stimmt
proof-report-never = Nie
proof-report-set = Gespeichert.
proof-again = Noch einmal holen
proof-again-text = Holt die Mails noch einmal vom Mailserver, wo sie dort noch liegen; sonst werden ihre aufbewahrten Bytes neu gelesen. Danach zeigt „Jetzt prüfen“, ob alles da ist.
proof-again-begun = Die Mails werden noch einmal geholt. Prüfe danach noch einmal.
proof-again-none = Von diesen Mails ist nichts mehr da, das geholt werden könnte.
proof-settle = Als geklärt vermerken
proof-settle-text = Wenn nichts mehr zu tun ist: Schreib dazu, warum. Der Vermerk bleibt mit deinem Namen stehen, und der Alarm endet.
proof-reason = Warum ist nichts zu tun?
proof-settled = Vermerkt.
proof-settled-by = Geklärt von { $person }, { $when }:
proof-banner-differences = { $n ->
    [one] Eine Mail fehlt oder stimmt nicht: Der tägliche Nachweis geht nicht auf.
   *[other] { $n } Mails fehlen oder stimmen nicht: Der tägliche Nachweis geht nicht auf.
 }
proof-banner-unproven = { $n ->
    [one] Eine Quelle von Mails konnte seit über einem Tag nicht geprüft werden.
   *[other] { $n } Quellen von Mails konnten seit über einem Tag nicht geprüft werden.
 }
report-sound = Nachweis für den { $day }: Keine Mail fehlt
report-unproven = Nachweis für den { $day }: Nicht jede Quelle konnte geprüft werden
report-differences = Nachweis für den { $day }: { $said }
report-source-unproven = nicht geprüft. { $why }
report-unprocessable = { $n ->
    [one] Eine Mail ist nicht verarbeitbar und wartet auf einen Menschen.
   *[other] { $n } Mails sind nicht verarbeitbar und warten auf einen Menschen.
 }
report-link = Zum Nachweis
report-why-you = Du bekommst diesen Bericht, weil du die Einstellungen von Kitt verwaltest. Wann er kommt, steht auf der Seite des Nachweises.
channels-reason-report = Die Antwort einer Maschine auf den Morgenbericht, oder er kam zurück: Stimmt die Adresse der Person noch?
sending-rules = Größe und Takt
sending-rules-text = Was nicht in eine Mail passt, geht als Link: die größten Dateien zuerst. Der Takt gilt für jede Domain, an die ihr schreibt; große Anbieter halten sonst für Werbung, was zu schnell kommt.
sending-unreachable = Links auf Dateien gehen noch nicht: Kitt weiß nicht, unter welcher Adresse es von außen zu erreichen ist. Starte es mit --public-url.
sending-rule-largest = Größte Mail, wie sie gesendet wird, in MB
sending-rule-days = Links sind gültig, in Tagen
sending-rule-person = Mails an eine Domain je Minute
sending-rule-bulk = davon Mails an viele
sending-rule-together = Mails an eine Domain gleichzeitig
sending-rule-range = Das ist keine Zahl, die hier Sinn ergibt.
file-link-intro = Diese Dateien sind zu groß für eine E-Mail. Sie können sie hier herunterladen:
file-link-line = { $name } ({ $size })
file-link-until = verfügbar bis { $day }
file-told = { $size }, verfügbar bis { $day }
file-download = Herunterladen
file-ask = Fragen dazu? Schreiben Sie uns: { $address }
file-gone-title = Diese Datei ist nicht mehr da
file-gone = Der Link ist abgelaufen, oder die Datei wurde zurückgezogen. Wenn Sie die Datei noch brauchen, schreiben Sie uns: { $address }
file-as-link = geht als Link
file-no-link = zu groß für eine Mail, und Links gehen nicht: Die Administration muss --public-url einstellen
file-link-open = Ging als Link, gültig bis { $day }.
file-link-over = Ging als Link, abgelaufen am { $day }.
file-link-ended = Ging als Link, zurückgezogen.
file-link-downloads = { $n ->
    [0] Noch nicht heruntergeladen.
    [one] Einmal heruntergeladen.
   *[other] { $n }-mal heruntergeladen.
}
file-link-withdraw = Zurückziehen
file-link-withdraw-one = Link auf { $name } zurückziehen
file-link-extend = Verlängern
file-link-extend-one = Link auf { $name } verlängern
file-link-withdrawn = Der Link gilt nicht mehr.
file-link-extended = Der Link gilt länger.
unsubscribe-by-page = Wenn Sie solche Nachrichten nicht mehr möchten: { $url }
unsubscribe-by-mail = Wenn Sie solche Nachrichten nicht mehr möchten, antworten Sie mit dem Betreff „{ $subject }“.
unsubscribe-title = Nachrichten abbestellen
unsubscribe-text = Möchten Sie von { $house } keine solchen Nachrichten mehr bekommen? Antworten auf Ihre eigenen Anliegen bekommen Sie weiterhin.
unsubscribe-do = Ja, abbestellen
unsubscribe-done-title = Abbestellt
unsubscribe-done = { $house } schickt Ihnen keine solchen Nachrichten mehr. Antworten auf Ihre eigenen Anliegen bekommen Sie weiterhin.
unsubscribe-mistake = War das ein Versehen? Schreiben Sie uns: { $address }
suppressed-declined = Die Kundin oder der Kunde möchte keine solchen Nachrichten.
suppressed-declined-still = Die Kundin oder der Kunde möchte keine solchen Nachrichten. Nur wer die Akte bearbeitet, kann das auf ihren oder seinen Wunsch dort aufheben.
sending-stuck = { $n ->
    [one] Eine Mail kommt nicht hinaus. Sie ist sicher und geht von selbst, sobald der Mailserver sie nimmt.
   *[other] { $n } Mails kommen nicht hinaus. Sie sind sicher und gehen von selbst, sobald der Mailserver sie nimmt.
}
sending-late = { $n } Mails warten, viele schon länger als eine Viertelstunde. Sie sind sicher; eilige Auskünfte gibst du besser am Telefon.
sending-growing = Es kommen mehr Mails, als hinausgehen: { $n } warten. Sie sind sicher, aber es dauert.
sending-look = Senden prüfen
sending-look-sent = Was hinausging
settings-acknowledgements = Eingangsbestätigung
acknowledge-text = Wer schreibt, erfährt sofort, dass die Mail angekommen ist, unter welcher Nummer und bis wann eine Antwort kommt. Höchstens einmal je Fall, nie an Maschinen oder gefälschte Absender.
acknowledge-state = Neue Mails
acknowledge-on = werden bestätigt
acknowledge-off = werden nicht bestätigt
acknowledge-do = Neue Mails sofort bestätigen
acknowledge-german = Auf Deutsch
acknowledge-english = Auf Englisch
acknowledge-hint = Platzhalter: {"{name}"}, {"{nummer}"}, {"{betreff}"}, {"{bis}"}, {"{haus}"}.
acknowledge-placeholder-wrong = Diesen Platzhalter gibt es nicht. Möglich sind name, nummer, betreff, bis und haus.
acknowledge-until = { $day }, { $time } Uhr
sending-undo = Sekunden, in denen eine Antwort zurückgeholt werden kann
sending-undo-hint = 0 bis 60; bei 0 geht jede Antwort sofort hinaus.
