insight-kind = Kind
insight-state = State
insight-state-proposed = proposed
insight-state-open = open
insight-state-accepted = accepted
insight-state-disputed = disputed
insight-state-declined = declined
insight-state-planned = planned
insight-state-fixed = fixed
insight-state-verified = mended
insight-at-cause = Crack at { $station }
insight-at-wish = Wish at { $station }
insight-at-competitor = Competitor at { $station }
insight-at-praise = Praise at { $station }
insight-at-unclear = Unclear at { $station }
insight-at-hindrance = Hindrance at { $station }
insight-number = No. { $n }
insight-first = said first on { $day }
insight-owner = Responsible
insight-owner-who = Who in the department is responsible?
insight-no-owner = Nobody is responsible
insight-change = Change
insight-cases = Cases, last 90 days
insight-cases-ever = { $n } in all
insight-customers = Customers
insight-more-than-once = { $n } more than once
insight-cost = Costs in service (actual)
insight-lately = last 90 days
insight-repeats = Repeated contacts
insight-repeats-how = within 7 days, same cause
insight-decision = Your decision
insight-decision-theirs = The department's decision
insight-decided-after = { $n ->
    [0] Decided on the same day
    [one] Decided after 1 day
   *[other] Decided after { $n } days
}
insight-silent = silent for { $span }
insight-since = open for { $span }
insight-until = by { $day }
insight-fixed-since = since { $day }
insight-fixed-on = fixed on { $day }
insight-step-accept = Accept
insight-step-plan = Plan by …
insight-step-fix = Fixed
insight-step-dispute = Dispute …
insight-step-decline = Decline …
insight-step-reopen = Reopen …
insight-step-move = Assign …
insight-reason = Reason
insight-arbiter = Who should decide?
insight-arbiter-is = { $name } decides
insight-plan-title = By when?
insight-plan-text = The day is recorded before any effect is measured. Everybody sees it.
insight-plan-due = Announced for
insight-plan-what = What you want to do
insight-plan-send = Announce
insight-dispute-title = Dispute
insight-dispute-text = The crack stays visible until somebody has decided.
insight-dispute-send = Dispute and submit
insight-decline-title = Decline
insight-decline-text = The reason is then here for everybody, customer service included.
insight-decline-send = Decline
insight-reopen-title = Reopen
insight-reopen-send = Reopen
insight-move-title = Whose is it?
insight-move-text = The department that you choose has to decide. If it is the same one, the crack counts as accepted.
insight-move-send = Decide
insight-relapse = It came back: a new case followed the fix.
insight-stays = The department stays responsible.
insight-was-moved = Taken over from another department.
insight-trend = Cases per week
insight-trend-scroll = Trend, scrolls sideways
insight-trend-name = Cases per week, first and last of 18 weeks: { $range }. Highest: { $most }.
insight-week-from = Week from
insight-where = On which channels, about what
insight-percent = { $n }%
insight-history = Decisions
insight-history-empty = Nobody has decided yet.
insight-loop = { $n ->
    [one] 1 person said so.
   *[other] { $n } people said so.
}
insight-loop-service = Customer service tells them.
insight-talk = Talk with customer service
insight-talk-empty = Nobody has written anything yet.
insight-talk-say = What would you like to say?
insight-talk-send = Say it
insight-undecided = { $n ->
    [0] Nothing waits for a decision
    [one] 1 crack needs a decision
   *[other] { $n } cracks need a decision
}
insight-departments = Departments
insight-group-new = New for you
insight-group-working = In progress
insight-group-wishes = Wishes
insight-group-mended = Mended
insight-group-declined = Declined
insight-group-news = Praise and competitors
insight-list-elsewhere = What else waits for this department is for its people.
insight-list-empty = Nothing has arrived here yet. As soon as customer service documents a cause for this department, it is here.
insight-choose = Choose one on the left.
insight-no-department = You belong to no department
insight-no-department-text = Your administration can add you to one.
insight-all = Causes, wishes and more
insight-all-empty = Nothing is documented yet. Causes and wishes come from cases: document what was behind one.
insight-all-none = Nothing matches. Take a filter away.
insight-title = Title
insight-words = Words in the title
