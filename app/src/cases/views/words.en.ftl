case-more = More
case-merge = Merge
case-merge-into = Merge other cases into { $number }
case-merge-do = Merge
case-merge-suggestions = Open cases of the same customer
case-merge-hint = Everything of the other cases comes here: messages, files, tasks, promises. Their numbers lead to this case from then on. It can be taken apart again later.
case-merge-other-customer = This case is somebody else's. Their messages will stand here, too; check the address when you answer.
case-merge-private = One of the cases is private, the other is not. Make both private or neither.
case-merge-choose = Choose at least one other case.
case-merged = Merged.
case-number-unknown = There is no case with this number.
case-pick = Number, subject or name
case-part-clean = Nothing happened since: taken apart, both are as they were.
case-part-stays = Something happened since. { $other } gets back what it brought along; what came since stays in { $number }.
case-split = Split
case-split-which = What is to be a case of its own?
case-split-customer = Somebody else's? (empty: the same)
case-split-do = Open the new case
case-split-choose = Choose at least one message.
case-split-all = At least one message must stay in the case.
case-unsplit-late = More has happened in the new case. Merge the two if they are one after all.
case-was-split = A case of its own.
case-relate = Link
case-relate-do = Link
case-related = Linked.
case-relate-self = A case cannot be linked to itself.
case-relate-circle = A case would be a part of itself. Choose the link the other way round.
case-unrelate = Remove the link to { $number }
case-unrelated = Link removed.
case-relations = Linked cases
case-tie = The other case is
case-tie-close = If this case is the duplicate, close it at once
case-tie-related = related
case-tie-parent = the whole of which this is a part
case-tie-child = a part of this one
case-tie-original = the original; this one is the duplicate
case-tie-duplicate = a duplicate
case-people = People involved
case-part-deputy = Deputy
case-part-follower = Follows the case
case-deputy-do = Make responsible, too
case-follower-do = Let follow
case-follow = Follow the case
case-unfollow = Stop following
case-followed = Follows this case now.
case-has-deputy = Responsible, too, from now on.
case-involved = Involved.
case-released = No longer involved.
case-release = Remove { $name }
case-person-cannot = This person cannot see cases.
case-handoff = Hand over
case-handoff-to = To whom?
case-handoff-choose = Choose to whom.
case-handoff-people = People
case-handoff-departments = Departments
case-handoff-partners = Partners
case-handoff-reason = What is it about, what is to be done?
case-handoff-due = By when?
case-handoff-hint = Until somebody accepts, the case stays here. For departments and partners it waits until they answer or their day has come.
case-handoff-do = Hand over
case-handed-off = Handed over. Until it is accepted the case stays here.
case-handoff-twice = They have been asked already. Take that back first.
case-handoff-same = The case is there already.
case-handoff-asked = Handed to { $name }, { $when }; not answered yet.
case-handoff-at-it = { $name } is at it, handed over { $when }.
case-handoff-withdraw = Take back
case-handoff-withdrawn = Taken back.
case-handoff-accepted = Accepted.
case-handoff-declined = Declined. The reason is a note in the case.
case-handoff-answered = Answered. Your answer is a note in the case.
handoffs-title = Handed to you
handoffs-none = Nobody has handed anything to you.
handoffs-changed = Something was handed over or answered
handoffs-until = by { $when }
handoffs-to = to { $name }
handoffs-from = from { $name }
handoffs-at-it = in hand
handoffs-accept = Accept
handoffs-answer = Decline or answer
handoffs-answer-label = Reason or answer
handoffs-decline = Decline
handoffs-done = Done
cases-handed = { $n ->
    [one] One case was handed to you
   *[other] { $n } cases were handed to you
}
cases-tasks = { $n ->
    [one] You have one open task
   *[other] You have { $n } open tasks
}
tasks-title = Tasks
tasks-none = Nothing to do. Add tasks in a case with T.
tasks-changed = The tasks have changed
tasks-progress = { $done } of { $all }
task-add = New task
task-add-do = Add the task
task-added = Task added.
task-changed = Task changed.
task-title = What is to be done?
task-person = Who?
task-anybody = Whoever works on the case
task-due = By when?
task-end = Done: { $title }
task-ended = Done.
task-reopen = Not done after all: { $title }
task-reopened = Open again.
task-remove = Remove: { $title }
task-removed = Task removed.
task-done-by = done by { $name }
checklist-pick = Use a checklist
checklist-choose = Which checklist?
checklist-do = Use it
checklist-applied = Tasks added.
checklist-not-here = This checklist is not for this queue.
checklist-tasks = { $n ->
    [one] one task
   *[other] { $n } tasks
}
checklist-items-count = A checklist has 1 to 50 tasks.
checklist-items-days = 3650 days at most.
checklists-text = A checklist adds several tasks to a case by one pick.
checklists-none = No checklist yet.
checklists-all = all queues
checklists-off = out of use
checklists-active = In use
checklists-hint = One task a line. "Call back +2" is due two days after the checklist was picked.
case-end-tasks = There are open tasks. Say what becomes of them.
case-end-children = Parts of this case are open. Say what becomes of them.
case-end-part-lacks = A part cannot be closed yet: open it and see what is missing. Nothing is closed so far.
case-end-open-tasks = { $n ->
    [one] One task is open
   *[other] { $n } tasks are open
}
case-end-keep-tasks = Stays open
case-end-done-tasks = Is done
case-end-open-children = { $n ->
    [one] One part of this case is open
   *[other] { $n } parts of this case are open
}
case-end-keep-children = Stays open
case-end-close-children = Close as well
wait-tomorrow = Tomorrow at 8
wait-monday = Monday at 8
wait-week = In a week
wait-fortnight = In two weeks
wait-department = For a department …
patience-text = Where a case waits for its customer, Kitt reminds them after some days and closes it after some more. Any answer stops that; a closed case can still be answered. A complaint closes no sooner than after the days without an answer that hold for complaints.
patience-active = Remind and close
patience-remind = Days until the reminder
patience-close = Days from then until it closes
patience-days = Between 1 and 365 days.
patience-own-words = Own wording
patience-fill = Is filled in:
patience-reminder =
    Hello,

    we are still waiting for your answer about "{ $subject }".

    If we do not hear from you by { $day }, we will close the request. An answer to this e-mail opens it again at any time.
time-own = My time on this case
time-hint = Only you see what of it is your time. The case shows the sum.
time-on = Minutes on { $day }
time-none = No time measured yet.
time-minutes-range = Between 0 and 720 minutes.
time-day-ahead = This day is yet to come.
time-corrected = Time put right.
case-print = Print
case-copy = Copy the link
case-copied = Link copied.
case-logged-into = Written down in the case.
print-with-notes = With internal notes
print-without-notes = Without internal notes
print-do = Print
print-case = Case
print-customer = Customer
print-state = State
print-opened = Opened
print-closed = Closed
print-file = Attachment: { $name } ({ $size })
print-made = Printed { $when }
