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
signal-cause = Beschwerde
signal-wish = Wunsch
signal-competitor = Wettbewerb
signal-praise = Lob
signal-unclear = Frage

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
search-kind-insight = Erkenntnisse
search-all = Alles
search-more = Alle { $n } zeigen
search-none = Nichts gefunden
search-none-text = Versuch ein anderes oder kürzeres Wort, oder lass eines weg. Gefunden wird nur, was du lesen darfst.
search-fuzzy = Genau so kommt es selten oder nicht vor, darum auch Ähnliches.
search-not-ready = Die Suche wird gerade vorbereitet. Gleich findest du hier alles; Fallnummern gehen schon jetzt.
