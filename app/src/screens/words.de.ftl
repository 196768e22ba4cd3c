cases-title = Mein Stapel
cases-one = Fall
cases-new = Neu
cases-new-long = Neuer Fall
cases-views = Ansichten
cases-view-mine = Ich
cases-view-team = Team
cases-view-unassigned = Frei
cases-view-waiting = Wartet
cases-view-closed = Erledigt
cases-view-all = Alle
cases-group-overdue = Überfällig
cases-group-today = Heute
cases-group-later = Morgen und später
cases-group-answered = Beantwortet
cases-group-waiting = Wartet
cases-group-closed = Erledigt
cases-until = bis { $when }
cases-unread = { $n ->
    [one] Eine Mail konnte nicht gelesen werden
   *[other] { $n } Mails konnten nicht gelesen werden
}
cases-changed = Das Postfach hat sich geändert
cases-browse = blättern
cases-back = Zurück zur Liste
cases-empty = Hier ist nichts zu tun
cases-empty-text = Neue Kontakte erscheinen von selbst. Schick eine E-Mail an eine Adresse des Hauses, um es auszuprobieren.
cases-choose = Such dir einen Fall aus
cases-choose-text = Mit J und K blätterst du, mit Eingabe öffnest du.
due-late-days = { $n ->
    [one] seit 1 Tag
   *[other] seit { $n } Tagen
}

new-channel = Wie kam es herein?
new-reach = E-Mail oder Telefonnummer
new-name = Name, falls noch unbekannt
new-subject = Worum geht es?
new-text = Was wurde gesagt?
new-do = Fall anlegen

file-title = Kundenakte
file-since = bei uns seit { $day }
file-whole = Ganze Akte öffnen
file-good = Gut zu wissen
file-promises = Unsere Zusagen
file-reach = Erreichbar
file-purchases = Aufträge
file-cases = Andere Fälle

search-title = Suche
search-words = Wonach suchst du?
search-do = Suchen
search-hint = Alle Wörter müssen vorkommen, das letzte darf unfertig sein. „In Anführungszeichen“ steht es genau so da. Nummern von Fällen und Aufträgen, E-Mail und Telefon gehen auch.
search-kind-case = Fälle
search-kind-customer = Kundinnen und Kunden
search-kind-insight = Ursachen und Wünsche
search-all = Alles
search-more = Alle { $n } zeigen
search-none = Nichts gefunden
search-none-text = Versuch ein anderes oder kürzeres Wort, oder lass eines weg. Gefunden wird nur, was du lesen darfst.
search-fuzzy = Genau so kommt es selten oder nicht vor, darum auch Ähnliches.
search-not-ready = Die Suche wird gerade vorbereitet. Gleich findest du hier alles; Fallnummern gehen schon jetzt.

life-title = Lebenslinie
life-crack = Riss
life-mended = gekittet
life-span = Zeitraum der Lebenslinie
life-scroll = Lebenslinie, seitlich verschiebbar
life-all = Alles
life-years = 3 Jahre
life-year = 12 Monate
life-alt = Lebenslinie durch acht Stationen: { $cracks } offene Risse, { $mended } gekittete
life-first = Erster Kontakt
life-speaks = spricht { $language }
life-keeper = betreut von { $name }
life-turnover = Umsatz
life-how = so gerechnet
life-how-title = So gerechnet
life-how-text = { $n ->
    [one] Die Summe aus 1 Auftrag, vor Retouren.
   *[other] Die Summe aus { $n } Aufträgen, vor Retouren.
}
life-call = Anrufen
life-edit = Bearbeiten
life-edit-long = Kundendaten bearbeiten
life-contacts = Alles, was war
life-channel = Kanal
life-every = Alle
life-nothing = Noch war nichts. Der erste Kontakt erscheint von selbst.
life-case = Fall { $number }
life-note = intern
life-bought = Gekauft: { $product }
life-promised = Zugesagt: { $text }
life-until = bis { $when }
life-kept = gehalten
life-not-kept = nicht gehalten
life-kept-of = { $kept } von { $due } gehalten
life-mark-kept = Gehalten: { $text }
life-mark-broken = Nicht gehalten: { $text }
life-no-notes = Noch nichts. Was hilft beim nächsten Gespräch?
life-remember = Merken
life-remember-what = Was ist gut zu wissen?
life-forget = Vergessen: { $text }
life-no-promises = Nichts zugesagt.
life-promise = Zusage notieren
life-promise-what = Was haben wir zugesagt?
life-promise-due = Bis wann?
life-point = Erreichbarkeit ergänzen
life-point-kind = Art
life-point-value = Adresse, Nummer oder Name
life-point-remove = { $value } entfernen
life-delayed = Die letzte Mail war lange unterwegs, { $when }.
life-bounced = Die letzte Mail kam zurück, { $when }.
life-works = Stimmt wieder
life-address = Anschrift
life-no-points = Nichts bekannt.
life-no-purchases = Keine Aufträge bekannt.
life-data = Auskunft
life-data-text = Alles, was über diesen Menschen gespeichert ist, als Datei.
life-export = Auskunft herunterladen
life-messages = Nachrichten
life-no-objections = Darf alle Nachrichten bekommen, die erlaubt sind.
life-declines-telling = Möchte keine Bescheide
life-declines-advertising = Möchte keine Werbung
life-decline-telling = Keine Bescheide mehr
life-decline-advertising = Keine Werbung mehr
life-lift = Aufheben
life-lift-telling = Wieder Bescheid geben
life-lift-advertising = Wieder Werbung schicken
life-way-page = Über den Link in einer Mail
life-way-one-click = Über das Mailprogramm
life-way-mail = Per Mail
life-way-person = Uns gesagt
