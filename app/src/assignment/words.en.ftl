settings-attendance = Attendance
settings-staff = Who is there and can do what
settings-assignment = Assignment
attendance-text = You say yourself whether you take new cases; nothing is derived from what you do. Only how it is now and what is planned is kept: the past is gone.
attendance-there = There
attendance-busy = No new cases
attendance-away = Away
attendance-do-there = I am there
attendance-do-busy = No new cases for me
attendance-do-away = I am away …
attendance-switch = Attendance: { $now }
attendance-now-there = You get new cases.
attendance-now-busy = No new cases until you change it.
attendance-now-away = The absence counts from now on.
attendance-back = back on { $day }
attendance-open-end = until further notice
attendance-stands-in = Stands in: { $name }
attendance-set-by = entered by { $name }
attendance-absences = Absences
attendance-none = None entered.
attendance-cancel = Cancel
attendance-cancel-one = Cancel the absence from { $day }
attendance-cancelled = The absence is cancelled.
attendance-run = Look at the cases that were passed on
attendance-plan = Enter an absence
attendance-plan-do = Enter
attendance-planned = The absence is entered.
attendance-from = First day
attendance-until = Back on (empty: until further notice)
attendance-replacement = Stands in
attendance-replacement-hint = Gets what would stay with you, if the queue has it so. You come back by yourself.
attendance-profile = What is entered about you
attendance-who-sees = Only you and your lead, who enters it, see this. Whether somebody is there is seen by all who can give them cases; when you were away before, by nobody.
staff-text = Skills, languages and limits of the people in your team. Nothing here says how much or how fast somebody works.
staff-none = Nobody belongs to your team yet.
staff-lacking = { $queue }: cases that wait for somebody who can do them and is there: { $n }.
staff-lacking-hint = Enter skills, or give the cases by hand.
staff-can = Can do
staff-skills = Skills
staff-languages = Languages
staff-capacity = Open cases at a time
staff-capacity-hint = Empty: { $n }, as in the house. 0: gets nothing assigned.
staff-no-skills = There are no skills yet. They are added in the settings, under assignment.
staff-attendance = Enter it for somebody
staff-attendance-text = For example when they are ill. The person sees who entered it.
assignment-text = How cases find people. Who fits is chosen by skills, language, attendance and room; who does not fit gets nothing. If nobody does, the case stays in its queue and is assigned as soon as somebody comes back or finishes something.
assignment-mode = Cases of this queue
assignment-mode-hand = Are taken and given by hand
assignment-mode-load = Go to whoever has the fewest open cases
assignment-mode-turn = Go round in turn
assignment-mode-hint = They go to the queue's team, or to all of customer service without one. Example: who has 4 of 10 possible cases gets the next one before somebody with 3 of 5.
assignment-keeper = Personal contact person first
assignment-keeper-away = If the personal contact person cannot
assignment-keeper-replacement = then who stands in, else the team
assignment-keeper-wait = then wait, and the team afterwards
assignment-keeper-team = then the team
assignment-wait-hours = Hours to wait
assignment-wait-range = Enter 1 to 672 hours.
assignment-needs = Whoever gets a case must know
assignment-speaks = Must speak the customer's language
assignment-absent = Cases of somebody who goes away
assignment-absent-leave = stay
assignment-absent-replacement = go to who stands in, else back to the queue
assignment-absent-queue = go back to the queue
assignment-try = Try it on the last 50 cases
assignment-try-one = Try it on the last 50 cases: { $name }
assignment-trial-none = There are no cases in this queue yet.
assignment-trial = Would have been assigned: { $given } of { $n }.
assignment-trial-hint = With the people who are there now, and without their limits. Trying changes nothing and shows nobody by themselves.
assignment-trial-keeper = { $n ->
    [one] 1 to the personal contact person
   *[other] { $n } to the personal contact person
}
assignment-trial-keeper-replacement = { $n ->
    [one] 1 to who stands in
   *[other] { $n } to who stands in
}
assignment-trial-load = { $n ->
    [one] 1 to the team by load
   *[other] { $n } to the team by load
}
assignment-trial-turn = { $n ->
    [one] 1 to the team in turn
   *[other] { $n } to the team in turn
}
assignment-left-waits = { $n ->
    [one] 1 would wait for the personal contact person
   *[other] { $n } would wait for the personal contact person
}
assignment-left-nobody = { $n ->
    [one] 1 would be left: nobody is in the team
   *[other] { $n } would be left: nobody is in the team
}
assignment-left-unadmitted = { $n ->
    [one] 1 would be left: nobody may see it
   *[other] { $n } would be left: nobody may see them
}
assignment-left-refused = { $n ->
    [one] 1 would be left: everybody gave it back
   *[other] { $n } would be left: everybody gave them back
}
assignment-left-skill = { $n ->
    [one] 1 would be left: nobody has the skill
   *[other] { $n } would be left: nobody has the skill
}
assignment-left-language = { $n ->
    [one] 1 would be left: nobody speaks the language
   *[other] { $n } would be left: nobody speaks the language
}
assignment-left-away = { $n ->
    [one] 1 would be left: who fits is away
   *[other] { $n } would be left: who fits is away
}
assignment-left-busy = { $n ->
    [one] 1 would be left: who fits takes nothing new
   *[other] { $n } would be left: who fits takes nothing new
}
assignment-left-full = { $n ->
    [one] 1 would be left: who fits has no room
   *[other] { $n } would be left: who fits has no room
}
assignment-skills-text = What cases ask for and people can do, such as "electronics", "Italian" or "law". Leads enter who can do what.
assignment-skill-new = New skill
assignment-skill-rename = Rename { $name }
assignment-skill-remove = Remove { $name }
assignment-skill-removed = Skill removed.
assignment-skill-restored = The skill is back.
assignment-kinds = What kinds of cases ask for in addition
assignment-kind-save = Save for { $name }
assignment-capacity = Unless something else is entered about somebody
assignment-capacity-range = Enter 0 to 500.
assignment-until-wrong = The day of return lies before the first day, or is over.
assignment-replacement-wrong = Choose somebody else who works on cases.
assignment-absences-many = There are 50 planned absences already. Cancel some.
assignment-lacking = { $n ->
    [one] One case waits for somebody who can do it and is there.
   *[other] { $n } cases wait for somebody who can do them and is there.
}
assignment-lacking-look = Look
assignment-why = Why is the case here?
assignment-why-me = Why me?
assignment-by-hand = The case was taken or given by hand, or it waits in its queue.
assignment-looked-for = Somebody is being looked for.
assignment-since-hand = Since then somebody passed it on by hand.
assignment-not-yours = Only who has the case can give it back.
assignment-given-back = Given back. You will not be assigned it again.
assignment-back = Not for me
assignment-refuse = Not for me:
assignment-refuse-skill = I do not know enough about it
assignment-refuse-language = I do not speak the language
assignment-refuse-bias = I am biased
assignment-refuse-time = No time
assignment-refuse-other = Another reason
assignment-cause-opened = The case was new.
assignment-cause-moved = The case came to this queue.
assignment-cause-reopened = The case opened again.
assignment-cause-back = Somebody gave the case back.
assignment-cause-absence = Who had the case is away.
assignment-mine-keeper = You are the personal contact person of { $name }.
assignment-mine-keeper-replacement = You stand in for the personal contact person of { $name }.
assignment-mine-owner-replacement = You stand in for who had the case before.
assignment-mine-load = You were there and had, compared with your limit, the fewest open cases.
assignment-mine-turn = You were there, and it was your turn.
assignment-mine-skills = It needed what you can do: { $skills }.
assignment-mine-language = You speak the language: { $language }.
assignment-rule-keeper = Rule: the personal contact person of { $name } comes first.
assignment-rule-keeper-replacement = Rule: somebody stands in for the personal contact person of { $name }.
assignment-rule-owner-replacement = Rule: who stands in takes over from who is away.
assignment-rule-load = Rule: who fits and has the fewest open cases.
assignment-rule-turn = Rule: in turn among those who fit.
assignment-rule-skills = It asked for: { $skills }.
assignment-rule-language = It asked for the language: { $language }.
assignment-waits = The case waits for the personal contact person.
assignment-waits-until = The case waits for the personal contact person until { $when }, then the team gets it.
assignment-nobody = Nobody fits at the moment. The case stays in its queue and is assigned as soon as somebody can.
assignment-rejected-refused = { $n ->
    [one] One person gave it back.
   *[other] { $n } gave it back.
}
assignment-rejected-unadmitted = { $n ->
    [one] One person may not see it.
   *[other] { $n } may not see it.
}
assignment-rejected-skill = { $n ->
    [one] One person lacks a skill.
   *[other] { $n } lack a skill.
}
assignment-rejected-language = { $n ->
    [one] One person does not speak the language.
   *[other] { $n } do not speak the language.
}
assignment-rejected-away = { $n ->
    [one] One person is away.
   *[other] { $n } are away.
}
assignment-rejected-busy = { $n ->
    [one] One person takes nothing new at the moment.
   *[other] { $n } take nothing new at the moment.
}
assignment-rejected-full = { $n ->
    [one] One person has no room.
   *[other] { $n } have no room.
}
keys-why = Why is the case here? Not for me
assignment-absences-overlap = An absence is entered for this time already. Choose other days, or cancel that one first.
assignment-more = Who comes into question
assignment-more-hand = Who comes into question (counts once Kitt assigns)
