workload-title = Workload and waiting times
workload-time = Time
workload-time-today = today
workload-time-7 = 7 days
workload-time-30 = 30 days
workload-time-90 = 90 days
workload-queue = Queue
workload-part = Part
workload-opened = New cases
workload-closed = Closed
workload-left-now = Not closed
workload-overdue-now = Overdue
workload-before = before: { $n }
workload-waiting = { $n ->
    [one] one of them waits
   *[other] { $n } of them wait
}
workload-unassigned = { $n ->
    [0] all assigned
   *[other] { $n } unassigned
}
workload-first = First answer
workload-solution = Until closed
workload-most = 9 of 10 in { $time }
workload-in-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
workload-kept = Deadlines kept
workload-missed = Deadlines missed
workload-missed-n = { $n } missed
workload-first-minutes = First answer, median in minutes
workload-first-most-minutes = First answer, 9 of 10 in minutes
workload-solution-minutes = Until closed, median in minutes
workload-solution-most-minutes = Until closed, 9 of 10 in minutes
workload-flow = New cases per day
workload-flow-today = New cases today by hour
workload-left-over-time = Not closed at the end of the day
workload-opened-name = { $n ->
    [one] One new case in this time
   *[other] { $n } new cases in this time
}
workload-left-name = { $n ->
    [one] One case is not closed now
   *[other] { $n } cases are not closed now
}
workload-hours = When new cases come
workload-hours-caption = New cases by weekday and hour
workload-swipe = Swipe sideways to see the other hours.
workload-hour = { $hour }:00
workload-weekday = Weekday
workload-weekday-1 = Monday
workload-weekday-2 = Tuesday
workload-weekday-3 = Wednesday
workload-weekday-4 = Thursday
workload-weekday-5 = Friday
workload-weekday-6 = Saturday
workload-weekday-7 = Sunday
workload-queues = By queue
workload-teams = By team
workload-team = Team
workload-no-team = No team
workload-channels = By channel
workload-as-table = As a table
workload-nothing = Nothing happened here in this time.
workload-counting = Former days are still being counted. All will be there in a few minutes.
workload-small = Fewer than eight people work here. Waiting times, deadlines and at which hour or on which day something was closed would say something about single people, so they are not shown.
workload-partly = Fewer than eight people work in some queues. They are left out where it is about waiting times, deadlines and what was closed by hour and day: that would say something about single people.
workload-how = Times are the median and what nine of ten waited at most, by the clock on the wall: nights and weekends count. They are compared with as many days before, today with the same weekday a week ago up to the same hour. A day is counted when it is over and stays so; only cases that come later with an old date are added. Lists show cases as they are now. A dash means: too few for a figure. Private cases, spam and trash do not count, and no figure is about a person.
