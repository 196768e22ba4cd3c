answers-title = Answer open cases
answers-how = You write the answer once per language and form of address, look at it case by case, and send it. Greeting and closing come from the case's queue.
answers-none = No open case of it that you may know of waits for an answer to all.
answers-begin = { $n ->
    [one] Answer one open case
   *[other] Answer { $n } open cases
}
answers-begun = Now write the answer; it is kept as a draft for everybody.
answers-by = begun by { $name }, { $when }
answers-text = Answer
answers-de-formal = { $n ->
    [one] In German, formal (one case)
   *[other] In German, formal ({ $n } cases)
}
answers-de-informal = { $n ->
    [one] In German, informal (one case)
   *[other] In German, informal ({ $n } cases)
}
answers-en = { $n ->
    [one] In English (one case)
   *[other] In English ({ $n } cases)
}
answers-placeholders = Without greeting and closing where the queue has them. Placeholders:
answers-then = Afterwards each case
answers-then-wait = waits for the customer
answers-then-open = stays open
answers-then-close = is solved and closed
answers-files = Attachments
answers-file-add = Attach
answers-file-remove = Remove { $name }
answers-state-draft = Look and approve
answers-state-sending = Being sent
answers-state-cancelling = Being taken back
answers-state-done = Sent
answers-state-cancelled = Taken back
answers-open = { $n } not looked at yet
answers-is-approved = { $n } approved
answers-is-skipped = { $n } left out
answers-is-sent = { $n } answered
answers-is-held = { $n } held back
answers-is-withdrawn = { $n } taken back
answers-send = { $n ->
    [one] Send one answer
   *[other] Send { $n } answers
}
answers-send-command = Send approved answers
answers-started = The answers are leaving.
answers-leaving = The answers are about to leave
answers-stop = Stop and take back
answers-stopped = Stopped. What had not left is taken back.
answers-again = Look again at what was held back
answers-again-open = { $n ->
    [one] Look at the one not looked at yet
   *[other] Look at the { $n } not looked at yet
}
answers-approve = Approve
answers-approved = Approved.
answers-approve-rest = Approve all others
answers-refresh = { $n ->
    [one] Take in one new case
   *[other] Take in { $n } new cases
}
answers-refresh-command = Take in new cases
answers-look = Answer in case { $number }
answers-to-case = To the case
answers-skip = Leave out
answers-own = Change only this answer
answers-own-for = Answer only for case { $number }
answers-own-how = Empty means the common text again.
answers-is-own = text of its own
answers-outdated = Something was said since the approval. Look again and approve anew.
answers-case-open = open
answers-case-approved = approved
answers-case-skipped = left out
answers-case-sent = answered
answers-case-held = held back
answers-case-withdrawn = taken back
answers-case-left = had left
answers-no-text = Nothing is written in this language yet.
answers-changed = Since the approval it is another letter: another language or form of address, or greeting and closing are new. Look once more.
answers-mixed = Greeting and closing are written formally (Sie) only, the text is informal (Du). You approve that one by one only.
answers-other-tone = The text for this form of address is missing, the other one would leave. You approve that one by one only.
answers-hole = A placeholder cannot be filled in here. Change the text for this case.
answers-closed = The case is no longer open.
answers-gone = The case can no longer be answered.
answers-other-cause = Something else is documented in the case by now.
answers-look-first = First look at some of the answers one by one.
answers-nothing-approved = First approve at least one answer.
answers-of-insight = { $n ->
    [one] One case is open
   *[other] { $n } cases are open
}
answers-together = Answered together: { $title }
answers-run-of = { $when }: { $sent } answered
answers-failed = This has stopped: Kitt tried many times. What has left has left, the rest lies still. An administrator can let it go on.
answers-failed-step = To the background jobs
