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
channels-sent-list = Mails, die das Haus verlassen haben
channels-left = gesendet
channels-to = an
channels-reply-to = Antwort an
channels-subject = Betreff
channels-attachment = Anhang
channels-message = Nachricht

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
proof-text = Für jede Mail, deren Empfang Kitt bestätigt hat, steht eine Quittung außerhalb der Datenbank. Jede Nacht wird verglichen: Jede quittierte Mail muss ein Kontakt geworden, als doppelt oder eigene erkannt, nicht verarbeitbar oder noch in Arbeit sein.
proof-now = Jetzt prüfen
proof-none = Noch gibt es keinen Nachweis. Der erste entsteht in der kommenden Nacht; „Jetzt prüfen“ wartet nicht so lange.
proof-sound = Alles da: Keine Mail fehlt.
proof-alarm = Etwas stimmt nicht. Die betroffenen Mails stehen unten. Wurde eine Sicherung zurückgespielt, fehlt, was danach kam: Bitte die Absender, noch einmal zu schreiben, oder hole die Mails aus dem Archiv deines Mailservers. Sonst lass „kitt check“ laufen und hebe den Ordner „receipts“ auf.
proof-day = Tag
proof-source = Quelle
proof-receipts = Quittungen
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
proof-missing = Mail { $id } fehlt in der Datenbank. Prüfsumme:
proof-changed = Mail { $id } hat in der Datenbank einen anderen Inhalt. Prüfsumme der quittierten:
proof-no-contact = Mail { $id } gilt als abgelegt, aber ihr Kontakt fehlt. Prüfsumme:
proof-unreadable = Eine Quittung ist nicht lesbar.
proof-made-sound = Geprüft: Keine Mail fehlt.
proof-made-alarm = Geprüft: Etwas stimmt nicht.
