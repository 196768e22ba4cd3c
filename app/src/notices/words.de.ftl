notices-title = Benachrichtigungen
notices-none = Nichts Neues. Hier steht, was dich betrifft: neue Nachrichten in deinen Fällen, Erwähnungen, Fristen.
notices-new = neu
notices-bell = { $n ->
    [0] Benachrichtigungen, nichts Neues
    [one] Benachrichtigungen, eine ungelesen
   *[other] Benachrichtigungen, { $n } ungelesen
}
notices-unread = { $n ->
    [one] Eine ungelesene Benachrichtigung.
   *[other] { $n } ungelesene Benachrichtigungen.
}
notices-read-all = Alle als gelesen markieren
notices-read-all-done = Alles gelesen.
notices-read-one = Gelesen.
notices-unread-one = Wieder ungelesen.
notices-read-this = Als gelesen markieren: { $what }
notices-unread-this = Als ungelesen markieren: { $what }
notices-show-unread = Nur ungelesene
notices-show-all = Alle zeigen
notice-rule = { $n ->
    [one] Eine Regel meldet dir diesen Fall
   *[other] Eine Regel meldet dir diesen Fall ({ $n }-mal)
}
notice-mentioned = { $n ->
    [one] Du wurdest erwähnt
   *[other] Du wurdest { $n }-mal erwähnt
}
notice-given = { $n ->
    [one] Ein Fall ist jetzt deiner
   *[other] Ein Fall wurde dir { $n }-mal gegeben
}
notice-taken = { $n ->
    [one] Dein Fall ist jetzt bei jemand anderem
   *[other] Dein Fall wechselte { $n }-mal zu jemand anderem
}
notice-contact = { $n ->
    [one] Neue Nachricht in deinem Fall
   *[other] { $n } neue Nachrichten in deinem Fall
}
notice-talk = { $n ->
    [one] Antwort in einem Nebengespräch
   *[other] { $n } Antworten in Nebengesprächen
}
notice-failed = { $n ->
    [one] Eine Antwort kam nicht an
   *[other] { $n } Antworten kamen nicht an
}
notice-handoff = { $n ->
    [one] Ein Fall wird dir übergeben
   *[other] { $n } Übergaben warten auf dich
}
notice-handoff-answered = { $n ->
    [one] Deine Übergabe wurde beantwortet
   *[other] { $n } Antworten auf deine Übergaben
}
notice-task = { $n ->
    [one] Neue Aufgabe für dich
   *[other] { $n } neue Aufgaben für dich
}
notice-task-due = { $n ->
    [one] Eine Aufgabe ist fällig
   *[other] { $n } Aufgaben sind fällig
}
notice-promise-due = { $n ->
    [one] Eine Zusage wird fällig
   *[other] { $n } Zusagen werden fällig
}
notice-woken = { $n ->
    [one] Das Warten ist vorbei
   *[other] Das Warten ist { $n }-mal vorbei
}
notice-deadline-near = { $n ->
    [one] Eine Frist läuft bald ab
   *[other] { $n } Fristen laufen bald ab
}
notice-deadline-missed = { $n ->
    [one] Eine Frist ist abgelaufen
   *[other] { $n } Fristen sind abgelaufen
}
notice-escalated = { $n ->
    [one] Eskalation: eine Frist im Team ist abgelaufen
   *[other] Eskalation: { $n } Schritte in einem Fall des Teams
}
notice-insight = { $n ->
    [one] Eine Ursache oder ein Wunsch wartet auf deine Abteilung
   *[other] { $n } Ursachen oder Wünsche warten auf deine Abteilung
}
notice-insight-decided = { $n ->
    [one] Über deine Ursache oder deinen Wunsch wurde entschieden
   *[other] Über deine Ursache oder deinen Wunsch wurde { $n }-mal entschieden
}
notice-article-proposed = { $n ->
    [one] Jemand schlägt eine Änderung eines Artikels vor
   *[other] { $n } Änderungen eines Artikels sind vorgeschlagen
}
notice-article-decided = { $n ->
    [one] Über deinen Vorschlag zu einem Artikel ist entschieden
   *[other] Über { $n } deiner Vorschläge zu einem Artikel ist entschieden
}
notice-approval = { $n ->
    [one] Eine Nachricht an Kunden braucht deine Zustimmung
   *[other] { $n } Nachrichten an Kunden brauchen deine Zustimmung
}
notice-kind-mentioned = Jemand erwähnt mich
notice-kind-given = Ein Fall wird meiner
notice-kind-taken = Mein Fall geht an jemand anderen
notice-kind-contact = Neue Nachricht in meinem Fall
notice-kind-talk = Antwort in einem Nebengespräch
notice-kind-failed = Meine Antwort kam nicht an
notice-kind-handoff = Ein Fall wird mir oder meinem Team übergeben
notice-kind-handoff-answered = Antwort auf meine Übergabe
notice-kind-task = Neue Aufgabe
notice-kind-task-due = Aufgabe fällig
notice-kind-promise-due = Zusage wird fällig
notice-kind-woken = Das Warten ist vorbei
notice-kind-deadline-near = Frist läuft bald ab
notice-kind-deadline-missed = Frist abgelaufen
notice-kind-escalated = Eskalation im Team
notice-kind-insight = Ursache oder Wunsch für mich oder meine Abteilung
notice-kind-insight-decided = Entscheidung über meine Ursache oder meinen Wunsch
notice-kind-approval = Zustimmung gefragt
notice-kind-rule = Eine Regel meldet mir einen Fall
notice-kind-article-proposed = Änderung eines Artikels vorgeschlagen
notice-kind-article-decided = Über meinen Vorschlag zu einem Artikel ist entschieden
notices-settings-text = Bestimme, was du erfährst und wie. Nie erfährst du, was du selbst getan hast.
notices-house-text = So werden alle benachrichtigt, die nichts anderes gewählt haben. Wer eigene Einstellungen hat, behält sie.
notices-what = Was
notices-way-page = hier
notices-way-push = im Browser
notices-way-mail = Mail gleich
notices-way-digest = Mail gesammelt
notices-ways-hint = „Hier“ ist die Liste hinter der Glocke. „Mail gleich“ kommt nach einer Minute, wenn du es bis dahin nicht gelesen hast; mehreres zum selben Fall kommt zusammen.
notices-digest = Gesammelte Mail
notices-digest-how = Wie oft
notices-daily = täglich
notices-hourly = stündlich
notices-digest-time = Täglich um
notices-quiet = Ruhezeiten
notices-quiet-text = In Ruhezeiten erscheint alles still hinter der Glocke. Browser und Mail warten; danach kommt das Ungelesene auf einmal.
notices-quiet-from = Ruhe von
notices-quiet-until = bis
notices-quiet-days = Ganze Tage:
notices-quiet-now = Gerade ist Ruhe: { $until } geht es weiter.
notices-pause = Pause bis
notices-zone = Zeitzone (leer: die des Hauses)
notices-zone-unknown = Diese Zeitzone gibt es nicht. Schreib sie wie Europe/Vienna.
notices-monday = Mo
notices-tuesday = Di
notices-wednesday = Mi
notices-thursday = Do
notices-friday = Fr
notices-saturday = Sa
notices-sunday = So
notices-push-subject = Im Browser auch zeigen, worum es geht und von wem. Das läuft verschlüsselt über den Hersteller des Browsers.
notices-reset = Wieder wie im Haus üblich
notices-browsers = Browser, die benachrichtigen
notices-browsers-text = Jeder Browser wird für sich eingeschaltet. Er meldet sich auch, wenn Kitt gerade nicht offen ist.
notices-browsers-none = Noch keiner.
notices-browser-used = zuletzt gemeldet
notices-browser-remove = { $name } nicht mehr benachrichtigen
notices-push-here = In diesem Browser einschalten
notices-push-not-here = In diesem Browser ausschalten
notices-push-try = Ausprobieren
notices-push-try-one = { $name } ausprobieren
notices-push-tried = Gleich sollte sich der Browser melden.
notices-push-on = Eingeschaltet.
notices-push-off = Ausgeschaltet.
notices-push-denied = Der Browser erlaubt es nicht. Erlaube dort Benachrichtigungen für diese Seite und versuche es noch einmal.
notices-push-failed = Das hat nicht geklappt. Der Browser erreicht den Dienst seines Herstellers nicht; versuche es später noch einmal.
notices-push-none = Dieser Browser kann das nicht, oder die Seite ist nicht über HTTPS geöffnet.
notices-push-trial = So meldet sich Kitt.
notices-push-many = { $n ->
    [one] Eine neue Benachrichtigung
   *[other] { $n } neue Benachrichtigungen
}
notices-mail-subject = { $n ->
    [one] Eine neue Benachrichtigung
   *[other] { $n } neue Benachrichtigungen
}
notices-mail-more = { $n ->
    [one] … und eine weitere.
   *[other] … und { $n } weitere.
}
notices-mail-link = Alle Benachrichtigungen
notices-mail-settings = Einstellungen
notices-end-title = Mails abbestellen
notices-end-text = Du bekommst dann keine Benachrichtigungen mehr per Mail, weder gleich noch gesammelt. Hinter der Glocke stehen sie weiterhin.
notices-end-do = Keine Mails mehr
notices-end-done = Erledigt: Du bekommst keine Benachrichtigungen mehr per Mail.
