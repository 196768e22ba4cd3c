settings-attendance = Anwesenheit
settings-staff = Wer da ist und was kann
settings-assignment = Zuteilung
attendance-text = Ob du neue Fälle bekommst, sagst du selbst; nichts wird aus deinem Tun abgeleitet. Gespeichert ist nur, was jetzt gilt und was geplant ist: Vergangenes verschwindet.
attendance-there = Da
attendance-busy = Keine neuen Fälle
attendance-away = Abwesend
attendance-do-there = Ich bin da
attendance-do-busy = Keine neuen Fälle für mich
attendance-do-away = Ich bin abwesend …
attendance-switch = Anwesenheit: { $now }
attendance-now-there = Du bekommst neue Fälle.
attendance-now-busy = Keine neuen Fälle, bis du es änderst.
attendance-now-away = Die Abwesenheit gilt ab jetzt.
attendance-back = wieder da am { $day }
attendance-open-end = bis auf Weiteres
attendance-stands-in = Vertretung: { $name }
attendance-set-by = eingetragen von { $name }
attendance-absences = Abwesenheiten
attendance-none = Keine eingetragen.
attendance-cancel = Aufheben
attendance-cancel-one = Abwesenheit ab { $day } aufheben
attendance-cancelled = Die Abwesenheit ist aufgehoben.
attendance-run = Weitergegebene Fälle ansehen
attendance-plan = Abwesenheit eintragen
attendance-plan-do = Eintragen
attendance-planned = Die Abwesenheit ist eingetragen.
attendance-from = Erster Tag
attendance-until = Wieder da am (leer: bis auf Weiteres)
attendance-replacement = Vertretung
attendance-replacement-hint = Bekommt, was bei dir bliebe, wenn der Eingang es so vorsieht. Du kommst von selbst zurück.
attendance-profile = Was über dich eingetragen ist
attendance-who-sees = Das sehen nur du und deine Leitung, die es einträgt. Ob jemand da ist, sehen alle, die dir Fälle geben können; wann du früher abwesend warst, niemand.
staff-text = Fähigkeiten, Sprachen und Grenzen der Menschen in deinem Team. Hier steht nichts darüber, wie viel oder wie schnell jemand arbeitet.
staff-none = Zu deinem Team gehört noch niemand.
staff-lacking = { $queue }: Fälle, die auf jemanden warten, der sie kann und da ist: { $n }.
staff-lacking-hint = Trag Fähigkeiten ein oder gib die Fälle von Hand.
staff-can = Kann
staff-skills = Fähigkeiten
staff-languages = Sprachen
staff-capacity = Offene Fälle zugleich
staff-capacity-hint = Leer: { $n }, wie im Haus. 0: bekommt nichts zugeteilt.
staff-no-skills = Noch gibt es keine Fähigkeiten. Sie werden in den Einstellungen unter Zuteilung angelegt.
staff-attendance = Für jemanden eintragen
staff-attendance-text = Etwa bei Krankheit. Die Person sieht, wer es eingetragen hat.
assignment-text = Wie Fälle zu Menschen finden. Wer passt, wird nach Können, Sprache, Anwesenheit und Platz gewählt; wer nicht passt, bekommt nichts. Findet sich niemand, bleibt der Fall im Eingang und wird zugeteilt, sobald jemand zurückkommt oder etwas abschließt.
assignment-mode = Fälle dieses Eingangs
assignment-mode-hand = Werden von Hand genommen und gegeben
assignment-mode-load = Gehen an die Person mit den wenigsten offenen Fällen
assignment-mode-turn = Gehen reihum
assignment-mode-hint = Zugeteilt wird dem Team des Eingangs, ohne Team allen im Kundenservice. Beispiel: Wer von 10 möglichen Fällen 4 hat, bekommt den nächsten vor jemandem mit 3 von 5.
assignment-keeper = Stammbetreuung zuerst
assignment-keeper-away = Kann die Stammbetreuung nicht
assignment-keeper-replacement = dann die Vertretung, sonst das Team
assignment-keeper-wait = dann warten, danach das Team
assignment-keeper-team = dann das Team
assignment-wait-hours = Stunden warten
assignment-wait-range = Gib 1 bis 672 Stunden an.
assignment-needs = Wer einen Fall bekommt, muss können
assignment-speaks = Muss die Sprache der Kundin oder des Kunden sprechen
assignment-absent = Fälle von jemandem, der abwesend wird
assignment-absent-leave = bleiben
assignment-absent-replacement = gehen an die Vertretung, sonst zurück in den Eingang
assignment-absent-queue = gehen zurück in den Eingang
assignment-try = An den letzten 50 Fällen ausprobieren
assignment-try-one = An den letzten 50 Fällen ausprobieren: { $name }
assignment-trial-none = In diesem Eingang gibt es noch keine Fälle.
assignment-trial = Zugeteilt worden wären { $given } von { $n }.
assignment-trial-hint = Mit den Menschen, die jetzt da sind, und ohne ihre Grenzen. Ausprobieren ändert nichts und zeigt niemanden einzeln.
assignment-trial-keeper = { $n ->
    [one] 1 an die Stammbetreuung
   *[other] { $n } an die Stammbetreuung
}
assignment-trial-keeper-replacement = { $n ->
    [one] 1 an eine Vertretung
   *[other] { $n } an eine Vertretung
}
assignment-trial-load = { $n ->
    [one] 1 ans Team nach Auslastung
   *[other] { $n } ans Team nach Auslastung
}
assignment-trial-turn = { $n ->
    [one] 1 ans Team reihum
   *[other] { $n } ans Team reihum
}
assignment-left-waits = { $n ->
    [one] 1 würde auf die Stammbetreuung warten
   *[other] { $n } würden auf die Stammbetreuung warten
}
assignment-left-nobody = { $n ->
    [one] 1 bliebe liegen: Im Team ist niemand
   *[other] { $n } blieben liegen: Im Team ist niemand
}
assignment-left-unadmitted = { $n ->
    [one] 1 bliebe liegen: Niemand darf ihn sehen
   *[other] { $n } blieben liegen: Niemand darf sie sehen
}
assignment-left-refused = { $n ->
    [one] 1 bliebe liegen: Alle gaben ihn zurück
   *[other] { $n } blieben liegen: Alle gaben sie zurück
}
assignment-left-skill = { $n ->
    [one] 1 bliebe liegen: Niemand hat die Fähigkeit
   *[other] { $n } blieben liegen: Niemand hat die Fähigkeit
}
assignment-left-language = { $n ->
    [one] 1 bliebe liegen: Niemand spricht die Sprache
   *[other] { $n } blieben liegen: Niemand spricht die Sprache
}
assignment-left-away = { $n ->
    [one] 1 bliebe liegen: Wer passt, ist abwesend
   *[other] { $n } blieben liegen: Wer passt, ist abwesend
}
assignment-left-busy = { $n ->
    [one] 1 bliebe liegen: Wer passt, nimmt nichts Neues
   *[other] { $n } blieben liegen: Wer passt, nimmt nichts Neues
}
assignment-left-full = { $n ->
    [one] 1 bliebe liegen: Wer passt, hat keinen Platz
   *[other] { $n } blieben liegen: Wer passt, hat keinen Platz
}
assignment-skills-text = Was Fälle verlangen und Menschen können, etwa „Elektronik“, „Italienisch“ oder „Recht“. Wer was kann, trägt die Leitung ein.
assignment-skill-new = Neue Fähigkeit
assignment-skill-rename = { $name } umbenennen
assignment-skill-remove = { $name } entfernen
assignment-skill-removed = Fähigkeit entfernt.
assignment-skill-restored = Die Fähigkeit ist wieder da.
assignment-kinds = Was Arten von Fällen zusätzlich verlangen
assignment-kind-save = Für { $name } speichern
assignment-capacity = Wenn bei jemandem nichts anderes eingetragen ist
assignment-capacity-range = Gib 0 bis 500 an.
assignment-until-wrong = Der Tag der Rückkehr liegt vor dem ersten Tag oder ist schon vorbei.
assignment-replacement-wrong = Wähle jemand anderen, der Fälle bearbeitet.
assignment-absences-many = Es sind schon 50 Abwesenheiten geplant. Hebe welche auf.
assignment-lacking = { $n ->
    [one] Ein Fall wartet auf jemanden, der ihn kann und da ist.
   *[other] { $n } Fälle warten auf jemanden, der sie kann und da ist.
}
assignment-lacking-look = Ansehen
assignment-why = Warum liegt der Fall hier?
assignment-why-me = Warum ich?
assignment-by-hand = Der Fall wurde von Hand genommen oder gegeben, oder er wartet im Eingang.
assignment-looked-for = Jemand wird gerade gesucht.
assignment-since-hand = Danach hat ihn jemand von Hand weitergegeben.
assignment-not-yours = Zurückgeben kann nur, wer den Fall hat.
assignment-given-back = Zurückgegeben. Du bekommst ihn nicht wieder zugeteilt.
assignment-back = Nicht für mich
assignment-refuse = Nicht für mich:
assignment-refuse-skill = Kenne mich damit nicht aus
assignment-refuse-language = Spreche die Sprache nicht
assignment-refuse-bias = Bin befangen
assignment-refuse-time = Keine Zeit
assignment-refuse-other = Anderer Grund
assignment-cause-opened = Der Fall war neu.
assignment-cause-moved = Der Fall kam in diesen Eingang.
assignment-cause-reopened = Der Fall ging wieder auf.
assignment-cause-back = Jemand hat den Fall zurückgegeben.
assignment-cause-absence = Wer den Fall hatte, ist abwesend.
assignment-mine-keeper = Du bist die Stammbetreuung von { $name }.
assignment-mine-keeper-replacement = Du vertrittst die Stammbetreuung von { $name }.
assignment-mine-owner-replacement = Du vertrittst, wer den Fall vorher hatte.
assignment-mine-load = Du warst da und hattest, gemessen an deiner Grenze, am wenigsten offene Fälle.
assignment-mine-turn = Du warst da und an der Reihe.
assignment-mine-skills = Gebraucht wurde, was du kannst: { $skills }.
assignment-mine-language = Du sprichst die Sprache: { $language }.
assignment-rule-keeper = Regel: Die Stammbetreuung von { $name } kommt zuerst.
assignment-rule-keeper-replacement = Regel: Für die Stammbetreuung von { $name } springt die Vertretung ein.
assignment-rule-owner-replacement = Regel: Die Vertretung übernimmt von Abwesenden.
assignment-rule-load = Regel: Wer passt und die wenigsten offenen Fälle hat.
assignment-rule-turn = Regel: Reihum unter denen, die passen.
assignment-rule-skills = Verlangt war: { $skills }.
assignment-rule-language = Verlangte Sprache: { $language }.
assignment-waits = Der Fall wartet auf die Stammbetreuung.
assignment-waits-until = Der Fall wartet bis { $when } auf die Stammbetreuung, dann bekommt ihn das Team.
assignment-nobody = Niemand passt gerade. Der Fall bleibt im Eingang und wird zugeteilt, sobald jemand kann.
assignment-rejected-refused = { $n ->
    [one] Eine Person hat ihn zurückgegeben.
   *[other] { $n } haben ihn zurückgegeben.
}
assignment-rejected-unadmitted = { $n ->
    [one] Eine Person darf ihn nicht sehen.
   *[other] { $n } dürfen ihn nicht sehen.
}
assignment-rejected-skill = { $n ->
    [one] Einer Person fehlt eine Fähigkeit.
   *[other] { $n } fehlt eine Fähigkeit.
}
assignment-rejected-language = { $n ->
    [one] Eine Person spricht die Sprache nicht.
   *[other] { $n } sprechen die Sprache nicht.
}
assignment-rejected-away = { $n ->
    [one] Eine Person ist abwesend.
   *[other] { $n } sind abwesend.
}
assignment-rejected-busy = { $n ->
    [one] Eine Person nimmt gerade nichts Neues.
   *[other] { $n } nehmen gerade nichts Neues.
}
assignment-rejected-full = { $n ->
    [one] Eine Person hat keinen Platz.
   *[other] { $n } haben keinen Platz.
}
keys-why = Warum liegt der Fall hier? Nicht für mich
assignment-absences-overlap = In dieser Zeit ist schon eine Abwesenheit eingetragen. Nimm andere Tage, oder nimm die eingetragene vorher zurück.
assignment-more = Wer in Frage kommt
assignment-more-hand = Wer in Frage kommt (zählt erst, wenn Kitt zuteilt)
