tell-title = Tell customers
tell-back = To the cause
tell-how-far = Who knows already
tell-told = { $n ->
    [one] 1 knows already
   *[other] { $n } know already
}
tell-untold = { $n } not yet
tell-state-prepared = Prepared, nothing was sent yet
tell-state-approved = Approved, being sent
tell-state-done = Sent
tell-waiting = { $n ->
    [one] 1 message waits
   *[other] { $n } messages wait
}
tell-skipped = { $n } left out
tell-prepared-by = Prepared by { $name }, { $when }
tell-approved-by = Approved by { $name }, { $when }
tell-approve = { $n ->
    [one] Approve and send 1 message
   *[other] Approve and send { $n } messages
}
tell-four-eyes = Four eyes: somebody else who leads or manages has to approve.
tell-take-back = Take everything back
tell-prepare = Prepare the message
tell-not-fixed = Customers can be told once the department has fixed the cause or granted the wish.
tell-nobody = Nobody is left who does not know yet.
tell-no-address = no e-mail address
tell-template = Message to everybody
tell-template-de = In German
tell-template-en = In English
tell-list = Who is told
tell-list-how = The message leaves through their own case. Answers come back there.
tell-is-told = knows
tell-is-skipped = left out
tell-is-edited = changed by hand
tell-preview = View the message
tell-message-to = Message to { $name }
tell-skip = Leave out
tell-take-in = Take in again
tell-prepared = Prepared. Nothing was sent yet.
tell-approved = Approved. The messages leave now.
tell-taken-back = Taken back. Nobody received anything.
tell-template-fixed = {"{anrede}"},

    You wrote to us about “{"{was}"}” (your case {"{fall}"}). Thank you: it helped. The cause has been fixed.

    Should it happen again, simply answer this message.

    Kind regards
    { $house }
tell-template-wish = {"{anrede}"},

    You wished for “{"{was}"}” (your case {"{fall}"}). It is here now. Thank you for the idea.

    If you would like to say something about it, simply answer this message.

    Kind regards
    { $house }
