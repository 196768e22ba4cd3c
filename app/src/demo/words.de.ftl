demo-waiting-title = Der Musterladen wird eingerichtet
demo-waiting-text = Das geschieht nur einmal und dauert meist unter einer Minute. Diese Seite öffnet sich dann von selbst.
demo-part-house = Leute, Teams und Postfächer
demo-part-customers = Kundinnen und Kunden
demo-part-cases = Fälle aus 400 Tagen
demo-part-journal = Was in ihnen geschah
demo-part-scenes = Was heute los ist
demo-part-search = Suche und Vorschläge
