answers-title = Offene Fälle beantworten
answers-how = Du schreibst die Antwort einmal je Sprache und Anredeform, siehst sie dir Fall für Fall an und schickst sie ab. Anrede und Gruß kommen vom Eingang des Falls.
answers-none = Dazu wartet kein offener Fall, von dem du wissen darfst, auf eine gemeinsame Antwort.
answers-begin = { $n ->
    [one] Einen offenen Fall beantworten
   *[other] { $n } offene Fälle beantworten
}
answers-begun = Schreib jetzt die Antwort; sie bleibt als Entwurf für alle erhalten.
answers-by = begonnen von { $name }, { $when }
answers-text = Antwort
answers-de-formal = { $n ->
    [one] Auf Deutsch per Sie (ein Fall)
   *[other] Auf Deutsch per Sie ({ $n } Fälle)
}
answers-de-informal = { $n ->
    [one] Auf Deutsch per Du (ein Fall)
   *[other] Auf Deutsch per Du ({ $n } Fälle)
}
answers-en = { $n ->
    [one] Auf Englisch (ein Fall)
   *[other] Auf Englisch ({ $n } Fälle)
}
answers-placeholders = Ohne Anrede und Gruß, wenn der Eingang welche hat. Platzhalter:
answers-then = Danach ist jeder Fall
answers-then-wait = wartend auf die Kundschaft
answers-then-open = weiter offen
answers-then-close = gelöst und abgeschlossen
answers-files = Anhänge
answers-file-add = Anhängen
answers-file-remove = { $name } entfernen
answers-state-draft = Ansehen und freigeben
answers-state-sending = Wird verschickt
answers-state-cancelling = Wird zurückgeholt
answers-state-done = Verschickt
answers-state-cancelled = Zurückgeholt
answers-open = { $n } noch nicht angesehen
answers-is-approved = { $n } freigegeben
answers-is-skipped = { $n } ausgelassen
answers-is-sent = { $n } beantwortet
answers-is-held = { $n } zurückgehalten
answers-is-withdrawn = { $n } zurückgeholt
answers-send = { $n ->
    [one] Eine Antwort senden
   *[other] { $n } Antworten senden
}
answers-send-command = Freigegebene Antworten senden
answers-started = Die Antworten gehen hinaus.
answers-leaving = Die Antworten gehen gleich hinaus
answers-stop = Anhalten und zurückholen
answers-stopped = Angehalten. Was noch nicht hinaus war, ist zurückgeholt.
answers-again = Zurückgehaltene noch einmal ansehen
answers-again-open = { $n ->
    [one] Den noch nicht angesehenen ansehen
   *[other] Die { $n } noch nicht angesehenen ansehen
}
answers-approve = Freigeben
answers-approved = Freigegeben.
answers-approve-rest = Alle übrigen freigeben
answers-refresh = { $n ->
    [one] Einen neuen Fall dazunehmen
   *[other] { $n } neue Fälle dazunehmen
}
answers-refresh-command = Neue Fälle dazunehmen
answers-look = Antwort im Fall { $number }
answers-to-case = Zum Fall
answers-skip = Auslassen
answers-own = Nur diese Antwort ändern
answers-own-for = Antwort nur für Fall { $number }
answers-own-how = Leer gilt wieder der gemeinsame Text.
answers-is-own = eigener Text
answers-outdated = Seit der Freigabe kam etwas dazu. Sieh noch einmal hin und gib neu frei.
answers-case-open = offen
answers-case-approved = freigegeben
answers-case-skipped = ausgelassen
answers-case-sent = beantwortet
answers-case-held = zurückgehalten
answers-case-withdrawn = zurückgeholt
answers-case-left = war schon hinaus
answers-no-text = In dieser Sprache ist noch kein Text geschrieben.
answers-changed = Seit der Freigabe ist es ein anderer Brief: andere Sprache oder Anredeform, oder Anrede und Schluss sind neu. Sieh noch einmal hin.
answers-mixed = Anrede und Schluss sind nur per Sie geschrieben, der Text ist per Du. Das gibst du nur einzeln frei.
answers-other-tone = Für diese Anredeform fehlt der Text, der andere ginge hinaus. Das gibst du nur einzeln frei.
answers-hole = Ein Platzhalter lässt sich hier nicht füllen. Ändere den Text für diesen Fall.
answers-closed = Der Fall ist nicht mehr offen.
answers-gone = Der Fall ist nicht mehr zu beantworten.
answers-other-cause = Im Fall ist inzwischen etwas anderes dokumentiert.
answers-look-first = Sieh dir erst ein paar Antworten einzeln an.
answers-nothing-approved = Gib erst mindestens eine Antwort frei.
answers-of-insight = { $n ->
    [one] Ein Fall ist offen
   *[other] { $n } Fälle sind offen
}
answers-together = Gemeinsame Antwort: { $title }
answers-run-of = { $when }: { $sent } beantwortet
answers-failed = Das ist stehen geblieben: Kitt hat es oft versucht. Was schon hinaus ist, ist hinaus, der Rest liegt still. Die Administration kann es wieder anstoßen.
answers-failed-step = Zu den Aufgaben im Hintergrund
