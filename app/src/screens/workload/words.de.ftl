workload-title = Auslastung und Wartezeiten
workload-time = Zeit
workload-time-today = heute
workload-time-7 = 7 Tage
workload-time-30 = 30 Tage
workload-time-90 = 90 Tage
workload-queue = Eingang
workload-part = Teil
workload-opened = Neue Fälle
workload-closed = Abgeschlossen
workload-left-now = Nicht abgeschlossen
workload-overdue-now = Überfällig
workload-before = davor { $n }
workload-waiting = { $n ->
    [one] einer davon wartet
   *[other] { $n } davon warten
}
workload-unassigned = { $n ->
    [0] alle mit Zuständigkeit
   *[other] { $n } ohne Zuständigkeit
}
workload-first = Erste Antwort
workload-solution = Bis zum Abschluss
workload-most = 9 von 10 in { $time }
workload-in-days = { $n ->
    [one] 1 Tag
   *[other] { $n } Tagen
}
workload-kept = Fristen gehalten
workload-missed = Fristen verpasst
workload-missed-n = { $n } verpasst
workload-first-minutes = Erste Antwort, Median in Minuten
workload-first-most-minutes = Erste Antwort, 9 von 10 in Minuten
workload-solution-minutes = Bis zum Abschluss, Median in Minuten
workload-solution-most-minutes = Bis zum Abschluss, 9 von 10 in Minuten
workload-flow = Neue Fälle pro Tag
workload-flow-today = Neue Fälle heute nach Stunde
workload-left-over-time = Nicht abgeschlossen am Ende des Tages
workload-opened-name = { $n ->
    [one] Ein neuer Fall in dieser Zeit
   *[other] { $n } neue Fälle in dieser Zeit
}
workload-left-name = { $n ->
    [one] Ein Fall ist jetzt nicht abgeschlossen
   *[other] { $n } Fälle sind jetzt nicht abgeschlossen
}
workload-hours = Wann neue Fälle kommen
workload-hours-caption = Neue Fälle nach Wochentag und Stunde
workload-swipe = Zur Seite wischen zeigt die übrigen Stunden.
workload-hour = { $hour } Uhr
workload-weekday = Wochentag
workload-weekday-1 = Montag
workload-weekday-2 = Dienstag
workload-weekday-3 = Mittwoch
workload-weekday-4 = Donnerstag
workload-weekday-5 = Freitag
workload-weekday-6 = Samstag
workload-weekday-7 = Sonntag
workload-queues = Nach Eingang
workload-teams = Nach Team
workload-team = Team
workload-no-team = Ohne Team
workload-channels = Nach Kanal
workload-as-table = Als Tabelle
workload-nothing = In dieser Zeit ist hier nichts geschehen.
workload-counting = Frühere Tage werden noch gezählt. In ein paar Minuten ist alles da.
workload-small = Hier arbeiten weniger als acht Personen. Wartezeiten, Fristen und zu welcher Stunde oder an welchem Tag etwas abgeschlossen wurde, würden etwas über Einzelne sagen und werden deshalb nicht gezeigt.
workload-partly = In manchen Eingängen arbeiten weniger als acht Personen. Sie zählen nicht mit, wo es um Wartezeiten, Fristen und Abgeschlossenes je Stunde und Tag geht: das würde etwas über Einzelne sagen.
workload-how = Zeiten sind Median und das, was neun von zehn höchstens gewartet haben, nach der Uhr an der Wand: auch nachts und am Wochenende. Verglichen wird mit ebenso vielen Tagen davor, „heute“ mit demselben Wochentag der Vorwoche bis zur gleichen Stunde. Ein Tag wird gezählt, wenn er vorbei ist, und bleibt so; nur Fälle, die später mit altem Datum kommen, werden nachgetragen. Listen zeigen die Fälle, wie sie jetzt sind. Ein Strich heißt: zu wenige für eine Zahl. Private Fälle, Spam und Papierkorb zählen nicht, und keine Zahl handelt von einer Person.
