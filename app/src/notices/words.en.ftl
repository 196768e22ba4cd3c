notices-title = Notifications
notices-none = Nothing new. This is where you see what concerns you: new messages in your cases, mentions, deadlines.
notices-new = new
notices-bell = { $n ->
    [0] Notifications, nothing new
    [one] Notifications, one unread
   *[other] Notifications, { $n } unread
}
notices-unread = { $n ->
    [one] One unread notification.
   *[other] { $n } unread notifications.
}
notices-read-all = Mark all as read
notices-read-all-done = All read.
notices-read-one = Read.
notices-unread-one = Unread again.
notices-read-this = Mark as read: { $what }
notices-unread-this = Mark as unread: { $what }
notices-show-unread = Unread only
notices-show-all = Show all
notice-rule = { $n ->
    [one] A rule tells you of this case
   *[other] A rule tells you of this case ({ $n } times)
}
notice-mentioned = { $n ->
    [one] You were mentioned
   *[other] You were mentioned { $n } times
}
notice-given = { $n ->
    [one] A case is yours now
   *[other] A case was given to you { $n } times
}
notice-taken = { $n ->
    [one] Your case is with somebody else now
   *[other] Your case went to somebody else { $n } times
}
notice-contact = { $n ->
    [one] New message in your case
   *[other] { $n } new messages in your case
}
notice-talk = { $n ->
    [one] Answer in a side conversation
   *[other] { $n } answers in side conversations
}
notice-failed = { $n ->
    [one] An answer did not arrive
   *[other] { $n } answers did not arrive
}
notice-handoff = { $n ->
    [one] A case is handed to you
   *[other] { $n } hand-offs wait for you
}
notice-handoff-answered = { $n ->
    [one] Your hand-off was answered
   *[other] { $n } answers to your hand-offs
}
notice-task = { $n ->
    [one] New task for you
   *[other] { $n } new tasks for you
}
notice-task-due = { $n ->
    [one] A task is due
   *[other] { $n } tasks are due
}
notice-promise-due = { $n ->
    [one] A promise is coming due
   *[other] { $n } promises are coming due
}
notice-woken = { $n ->
    [one] The waiting is over
   *[other] The waiting is over { $n } times
}
notice-deadline-near = { $n ->
    [one] A deadline is near
   *[other] { $n } deadlines are near
}
notice-deadline-missed = { $n ->
    [one] A deadline was missed
   *[other] { $n } deadlines were missed
}
notice-escalated = { $n ->
    [one] Escalation: a deadline of the team was missed
   *[other] Escalation: { $n } steps in a case of the team
}
notice-insight = { $n ->
    [one] An insight waits for your department
   *[other] { $n } insights wait for your department
}
notice-insight-decided = { $n ->
    [one] Your insight was decided
   *[other] Your insight was decided { $n } times
}
notice-article-proposed = { $n ->
    [one] Somebody proposes a change of an article
   *[other] { $n } changes of an article are proposed
}
notice-article-decided = { $n ->
    [one] Your proposal for an article is decided
   *[other] { $n } of your proposals for an article are decided
}
notice-approval = { $n ->
    [one] A message to customers needs your approval
   *[other] { $n } messages to customers need your approval
}
notice-kind-mentioned = Somebody mentions me
notice-kind-given = A case becomes mine
notice-kind-taken = My case goes to somebody else
notice-kind-contact = New message in my case
notice-kind-talk = Answer in a side conversation
notice-kind-failed = My answer did not arrive
notice-kind-handoff = A case is handed to me or my team
notice-kind-handoff-answered = Answer to my hand-off
notice-kind-task = New task
notice-kind-task-due = Task due
notice-kind-promise-due = Promise coming due
notice-kind-woken = The waiting is over
notice-kind-deadline-near = Deadline near
notice-kind-deadline-missed = Deadline missed
notice-kind-escalated = Escalation in the team
notice-kind-insight = Insight for me or my department
notice-kind-insight-decided = Decision about my insight
notice-kind-approval = Approval wanted
notice-kind-rule = A rule tells me of a case
notice-kind-article-proposed = Change of an article proposed
notice-kind-article-decided = My proposal for an article is decided
notices-settings-text = Choose what you hear of, and how. You never hear of what you did yourself.
notices-house-text = How everybody is told who has not chosen otherwise. Who has settings of their own keeps them.
notices-what = What
notices-way-page = here
notices-way-push = in the browser
notices-way-mail = mail at once
notices-way-digest = mail, collected
notices-ways-hint = “Here” is the list behind the bell. “Mail at once” comes after a minute unless you have read it by then; several things of one case come together.
notices-digest = Collected mail
notices-digest-how = How often
notices-daily = daily
notices-hourly = hourly
notices-digest-time = Daily at
notices-quiet = Quiet hours
notices-quiet-text = In quiet hours everything appears silently behind the bell. Browser and mail wait; afterwards what is unread comes at once.
notices-quiet-from = Quiet from
notices-quiet-until = until
notices-quiet-days = Whole days:
notices-quiet-now = It is quiet now: it goes on { $until }.
notices-pause = Pause until
notices-zone = Time zone (empty: that of the house)
notices-zone-unknown = There is no such time zone. Write it like Europe/Vienna.
notices-monday = Mon
notices-tuesday = Tue
notices-wednesday = Wed
notices-thursday = Thu
notices-friday = Fri
notices-saturday = Sat
notices-sunday = Sun
notices-push-subject = Also show in the browser what it is about and from whom. It passes through the browser’s maker, encrypted.
notices-reset = Back to what is usual in the house
notices-browsers = Browsers that notify
notices-browsers-text = Each browser is switched on by itself. It notifies you even while Kitt is not open.
notices-browsers-none = None yet.
notices-browser-used = last notified
notices-browser-remove = Stop notifying { $name }
notices-push-here = Switch on in this browser
notices-push-not-here = Switch off in this browser
notices-push-try = Try
notices-push-try-one = Try { $name }
notices-push-tried = The browser should notify you in a moment.
notices-push-on = Switched on.
notices-push-off = Switched off.
notices-push-denied = The browser does not allow it. Allow notifications for this site there and try again.
notices-push-failed = That did not work. The browser does not reach its maker’s service; try again later.
notices-push-none = This browser cannot do that, or the page was not opened over HTTPS.
notices-push-trial = This is how Kitt notifies you.
notices-push-many = { $n ->
    [one] One new notification
   *[other] { $n } new notifications
}
notices-mail-subject = { $n ->
    [one] One new notification
   *[other] { $n } new notifications
}
notices-mail-more = { $n ->
    [one] … and one more.
   *[other] … and { $n } more.
}
notices-mail-link = All notifications
notices-mail-settings = Settings
notices-end-title = Unsubscribe from mails
notices-end-text = You will then get no notifications by mail any more, neither at once nor collected. They still appear behind the bell.
notices-end-do = No more mails
notices-end-done = Done: you get no notifications by mail any more.
