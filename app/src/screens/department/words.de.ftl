insight-kind = Art
insight-state = Stand
insight-state-proposed = vorgeschlagen
insight-state-open = offen
insight-state-accepted = angenommen
insight-state-disputed = angezweifelt
insight-state-declined = abgelehnt
insight-state-planned = geplant
insight-state-fixed = behoben
insight-state-verified = gekittet
insight-at-cause = Riss bei { $station }
insight-at-wish = Wunsch bei { $station }
insight-at-competitor = Wettbewerb bei { $station }
insight-at-praise = Lob bei { $station }
insight-at-unclear = Unklar bei { $station }
insight-at-hindrance = Hindernis bei { $station }
insight-number = Nr. { $n }
insight-first = zum ersten Mal gesagt am { $day }
insight-owner = Zuständig
insight-owner-who = Wer in der Abteilung ist zuständig?
insight-no-owner = Niemand ist zuständig
insight-change = Ändern
insight-cases = Fälle, letzte 90 Tage
insight-cases-ever = { $n } insgesamt
insight-customers = Kundinnen und Kunden
insight-more-than-once = { $n } mehr als einmal
insight-cost = Kosten im Service (Ist)
insight-lately = letzte 90 Tage
insight-repeats = Wiederholte Kontakte
insight-repeats-how = binnen 7 Tagen, gleiche Ursache
insight-decision = Eure Entscheidung
insight-decision-theirs = Stand der Abteilung
insight-decided-after = { $n ->
    [0] Entschieden am selben Tag
    [one] Entschieden nach 1 Tag
   *[other] Entschieden nach { $n } Tagen
}
insight-silent = { $span } still
insight-since = { $span } offen
insight-until = bis { $day }
insight-fixed-since = seit { $day }
insight-fixed-on = behoben am { $day }
insight-step-accept = Annehmen
insight-step-plan = Planen bis …
insight-step-fix = Behoben
insight-step-dispute = Anzweifeln …
insight-step-decline = Ablehnen …
insight-step-reopen = Wieder öffnen …
insight-step-move = Zuordnen …
insight-reason = Grund
insight-arbiter = Wer soll entscheiden?
insight-arbiter-is = { $name } entscheidet
insight-plan-title = Bis wann?
insight-plan-text = Der Tag wird festgehalten, bevor irgendeine Wirkung gemessen wird. Alle sehen ihn.
insight-plan-due = Angekündigt für
insight-plan-what = Was ihr tun wollt
insight-plan-send = Ankündigen
insight-dispute-title = Anzweifeln
insight-dispute-text = Der Riss bleibt sichtbar, bis jemand entschieden hat.
insight-dispute-send = Anzweifeln und vorlegen
insight-decline-title = Ablehnen
insight-decline-text = Der Grund steht dann hier für alle, auch für den Kundenservice.
insight-decline-send = Ablehnen
insight-reopen-title = Wieder öffnen
insight-reopen-send = Wieder öffnen
insight-move-title = Wem gehört das?
insight-move-text = Die Abteilung, die du wählst, muss entscheiden. Ist es die bisherige, gilt der Riss als angenommen.
insight-move-send = Entscheiden
insight-relapse = Wieder aufgetreten: nach dem Beheben kam ein neuer Fall.
insight-stays = Die Abteilung bleibt zuständig.
insight-was-moved = Von einer anderen Abteilung übernommen.
insight-trend = Fälle je Woche
insight-trend-scroll = Verlauf, seitlich verschiebbar
insight-trend-name = Fälle je Woche, erste und letzte der 18 Wochen: { $range }. Höchster Wert: { $most }.
insight-week-from = Woche ab
insight-where = Wobei und worüber
insight-percent = { $n } %
insight-history = Entscheidungen
insight-history-empty = Noch hat niemand entschieden.
insight-loop = { $n ->
    [one] 1 Mensch hat das gesagt.
   *[other] { $n } Menschen haben das gesagt.
}
insight-loop-service = Den Bescheid schickt der Kundenservice.
insight-talk = Gespräch mit dem Kundenservice
insight-talk-empty = Noch hat niemand etwas geschrieben.
insight-talk-say = Was möchtest du sagen?
insight-talk-send = Sagen
insight-undecided = { $n ->
    [0] Nichts wartet auf eine Entscheidung
    [one] 1 Riss braucht eine Entscheidung
   *[other] { $n } Risse brauchen eine Entscheidung
}
insight-departments = Abteilungen
insight-group-new = Neu für euch
insight-group-working = In Arbeit
insight-group-wishes = Wünsche
insight-group-mended = Gekittet
insight-group-declined = Abgelehnt
insight-group-news = Lob und Wettbewerb
insight-list-elsewhere = Was sonst auf diese Abteilung wartet, sieht nur sie.
insight-list-empty = Hier ist noch nichts angekommen. Sobald der Kundenservice eine Ursache für diese Abteilung festhält, steht sie hier.
insight-choose = Wähle links, worum es gehen soll.
insight-no-department = Du gehörst zu keiner Abteilung
insight-no-department-text = Deine Administration kann dich einer Abteilung zuordnen.
insight-all = Ursachen, Wünsche und mehr
insight-all-empty = Noch ist nichts festgehalten. Ursachen und Wünsche entstehen aus Fällen: Halte bei einem fest, woran es lag.
insight-all-none = Nichts passt dazu. Nimm einen Filter weg.
insight-title = Titel
insight-words = Wörter im Titel
