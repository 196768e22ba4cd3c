case-more = Mehr
case-merge = Zusammenführen
case-merge-into = Andere Fälle in { $number } zusammenführen
case-merge-do = Zusammenführen
case-merge-suggestions = Offene Fälle derselben Kundin, desselben Kunden
case-merge-hint = Alles aus den anderen Fällen kommt hierher: Nachrichten, Dateien, Aufgaben, Zusagen. Ihre Nummern führen dann zu diesem Fall. Das lässt sich später wieder trennen.
case-merge-other-customer = Dieser Fall gehört jemand anderem. Dessen Nachrichten stehen dann hier mit; prüfe beim Antworten die Adresse.
case-merge-private = Einer der Fälle ist privat, der andere nicht. Mach beide privat oder keinen.
case-merge-choose = Wähle mindestens einen anderen Fall.
case-merged = Zusammengeführt.
case-number-unknown = Einen Fall mit dieser Nummer gibt es nicht.
case-pick = Nummer, Betreff oder Name
case-part-clean = Seither ist nichts geschehen: Getrennt sind beide wieder wie zuvor.
case-part-stays = Inzwischen ist etwas geschehen. { $other } bekommt zurück, was es mitgebracht hat; was seither kam, bleibt in { $number }.
case-split = Teilen
case-split-which = Was soll ein eigener Fall werden?
case-split-customer = Gehört jemand anderem? (leer: gleich)
case-split-do = Neuen Fall anlegen
case-split-choose = Wähle mindestens eine Nachricht.
case-split-all = Wenigstens eine Nachricht muss im Fall bleiben.
case-unsplit-late = In dem neuen Fall ist schon mehr geschehen. Führe die beiden zusammen, wenn sie doch eins sind.
case-was-split = Ein eigener Fall.
case-relate = Verknüpfen
case-relate-do = Verknüpfen
case-related = Verknüpft.
case-relate-self = Ein Fall lässt sich nicht mit sich selbst verknüpfen.
case-relate-circle = So wäre ein Fall ein Teil von sich selbst. Wähle die Verknüpfung andersherum.
case-unrelate = Verknüpfung mit { $number } lösen
case-unrelated = Verknüpfung gelöst.
case-relations = Verknüpfte Fälle
case-tie = Der andere Fall ist
case-tie-close = Ist dieser Fall die Dublette, ihn gleich abschließen
case-tie-related = verwandt
case-tie-parent = übergeordnet
case-tie-child = ein Teil davon
case-tie-original = das Original; dieser hier ist die Dublette
case-tie-duplicate = eine Dublette
case-people = Beteiligte
case-part-deputy = Zweite Verantwortung
case-part-follower = Folgt dem Fall
case-deputy-do = Mitverantwortlich machen
case-follower-do = Folgen lassen
case-follow = Dem Fall folgen
case-unfollow = Nicht mehr folgen
case-followed = Folgt jetzt diesem Fall.
case-has-deputy = Jetzt mitverantwortlich.
case-involved = Beteiligt.
case-released = Nicht mehr beteiligt.
case-release = { $name } herausnehmen
case-person-cannot = Diese Person kann keine Fälle sehen.
case-handoff = Übergeben
case-handoff-to = An wen?
case-handoff-choose = Wähle, an wen.
case-handoff-people = Menschen
case-handoff-departments = Abteilungen
case-handoff-partners = Dienstleister
case-handoff-reason = Worum geht es, was ist zu tun?
case-handoff-due = Bis wann?
case-handoff-hint = Bis jemand annimmt, bleibt der Fall hier. Auf Abteilungen und Dienstleister wartet er, bis sie antworten oder ihr Tag gekommen ist.
case-handoff-do = Übergeben
case-handed-off = Übergeben. Bis zur Zusage bleibt der Fall hier.
case-handoff-twice = Dort ist schon gefragt. Nimm das zuerst zurück.
case-handoff-same = Dort liegt der Fall schon.
case-handoff-asked = An { $name } übergeben, { $when }; noch ohne Antwort.
case-handoff-at-it = { $name } kümmert sich, übergeben { $when }.
case-handoff-withdraw = Zurücknehmen
case-handoff-withdrawn = Zurückgenommen.
case-handoff-accepted = Angenommen.
case-handoff-declined = Abgelehnt. Der Grund steht als Notiz im Fall.
case-handoff-answered = Beantwortet. Deine Antwort steht als Notiz im Fall.
handoffs-title = An dich übergeben
handoffs-none = Niemand hat dir etwas übergeben.
handoffs-changed = Etwas wurde übergeben oder beantwortet
handoffs-until = bis { $when }
handoffs-to = an { $name }
handoffs-from = von { $name }
handoffs-at-it = in Arbeit
handoffs-accept = Annehmen
handoffs-answer = Ablehnen oder antworten
handoffs-answer-label = Grund oder Antwort
handoffs-decline = Ablehnen
handoffs-done = Erledigt
cases-handed = { $n ->
    [one] Ein Fall ist dir übergeben
   *[other] { $n } Fälle sind dir übergeben
}
cases-tasks = { $n ->
    [one] Du hast eine offene Aufgabe
   *[other] Du hast { $n } offene Aufgaben
}
tasks-title = Aufgaben
tasks-none = Nichts zu tun. Aufgaben legst du in einem Fall mit T an.
tasks-changed = Die Aufgaben haben sich geändert
tasks-progress = { $done } von { $all }
task-add = Neue Aufgabe
task-add-do = Aufgabe anlegen
task-added = Aufgabe angelegt.
task-changed = Aufgabe geändert.
task-title = Was ist zu tun?
task-person = Wer?
task-anybody = Wer am Fall arbeitet
task-due = Bis wann?
task-end = Erledigt: { $title }
task-ended = Erledigt.
task-reopen = Doch nicht erledigt: { $title }
task-reopened = Wieder offen.
task-remove = Entfernen: { $title }
task-removed = Aufgabe entfernt.
task-done-by = erledigt von { $name }
checklist-pick = Checkliste anwenden
checklist-choose = Welche Checkliste?
checklist-do = Anwenden
checklist-applied = Aufgaben angelegt.
checklist-not-here = Diese Checkliste ist nicht für diesen Eingang.
checklist-tasks = { $n ->
    [one] eine Aufgabe
   *[other] { $n } Aufgaben
}
checklist-items-count = Eine Checkliste hat 1 bis 50 Aufgaben.
checklist-items-days = Höchstens 3650 Tage.
checklists-text = Eine Checkliste legt mit einem Griff mehrere Aufgaben in einem Fall an.
checklists-none = Noch keine Checkliste.
checklists-all = alle Eingänge
checklists-off = außer Gebrauch
checklists-active = In Gebrauch
checklists-hint = Eine Aufgabe je Zeile. „Rückruf +2“ ist zwei Tage nach dem Anwenden fällig.
case-end-tasks = Es gibt offene Aufgaben. Sag, was aus ihnen wird.
case-end-children = Teile dieses Falls sind offen. Sag, was aus ihnen wird.
case-end-part-lacks = Ein Teil lässt sich so noch nicht abschließen: Mach ihn auf und sieh nach, was fehlt. Noch ist nichts abgeschlossen.
case-end-open-tasks = { $n ->
    [one] Eine Aufgabe ist offen
   *[other] { $n } Aufgaben sind offen
}
case-end-keep-tasks = Bleibt offen
case-end-done-tasks = Ist erledigt
case-end-open-children = { $n ->
    [one] Ein Teil dieses Falls ist offen
   *[other] { $n } Teile dieses Falls sind offen
}
case-end-keep-children = Bleibt offen
case-end-close-children = Auch abschließen
wait-tomorrow = Morgen 8 Uhr
wait-monday = Montag 8 Uhr
wait-week = In einer Woche
wait-fortnight = In zwei Wochen
wait-department = Auf eine Abteilung …
patience-text = Wartet ein Fall auf die Kundin oder den Kunden, erinnert Kitt nach einigen Tagen und schließt ihn nach einigen weiteren. Jede Antwort hält das auf; auf einen geschlossenen Fall kann man weiter antworten. Eine Beschwerde schließt frühestens nach den Tagen ohne Antwort, die für Beschwerden gelten.
patience-active = Erinnern und abschließen
patience-remind = Tage bis zur Erinnerung
patience-close = Tage danach bis zum Abschluss
patience-days = Zwischen 1 und 365 Tagen.
patience-own-words = Eigener Wortlaut
patience-fill = Wird eingesetzt:
patience-reminder =
    Guten Tag,

    zu „{ $subject }“ fehlt uns noch Ihre Antwort.

    Wenn wir bis { $day } nichts von Ihnen hören, schließen wir die Anfrage. Eine Antwort auf diese E-Mail öffnet sie jederzeit wieder.
time-own = Meine Zeit in diesem Fall
time-hint = Nur du siehst, was davon deine Zeit ist. Der Fall zeigt die Summe.
time-on = Minuten am { $day }
time-none = Noch keine Zeit gemessen.
time-minutes-range = Zwischen 0 und 720 Minuten.
time-day-ahead = Dieser Tag kommt erst.
time-corrected = Zeit berichtigt.
case-print = Drucken
case-copy = Link kopieren
case-copied = Link kopiert.
case-logged-into = Im Fall festgehalten.
print-with-notes = Mit internen Notizen
print-without-notes = Ohne interne Notizen
print-do = Drucken
print-case = Fall
print-customer = Kundin, Kunde
print-state = Stand
print-opened = Eröffnet
print-closed = Abgeschlossen
print-file = Anhang: { $name } ({ $size })
print-made = Ausgedruckt { $when }
