channels-unprocessable = Unprocessable
channels-unprocessable-text = These mails arrived, but Kitt could not make a case of them. Nothing is lost: look at the original or try again.
channels-unprocessable-none = Nothing here. Every mail is in a case.
channels-unprocessable-list = Mails that nobody could read
channels-arrived = arrived
channels-from = from
channels-from-unknown = unknown
channels-reason = Reason
channels-size = Size
channels-raw = Original
channels-raw-of = Download the original of mail { $id }
channels-retry = Try again
channels-retry-of = Read mail { $id } again
channels-retry-done = Read: the mail is in a case now.
channels-retry-started = The mail is being read again.
channels-retry-failed = It failed again. The mail stays here.
channels-reason-empty = The mail is empty.
channels-reason-not-a-message = This is no mail: there are neither header fields nor text.
channels-reason-deadly = Kitt broke off several times while reading it.
channels-reason-panic = An error in Kitt occurred while reading it.
channels-reason-failing = Filing it failed several times.
channels-sent = Sent
channels-sent-none = Nothing has left the house yet.
channels-state = State
channels-sent-list = Mails that left the house
channels-left = sent
channels-to = to
channels-reply-to = replies to
channels-subject = Subject
channels-attachment = attachment
channels-message = Message
channels-suppressed-text = Automatic mails that Kitt did not send, so that no machines write to each other. Who works on cases can send them from the case all the same.
channels-suppressed-none = Nothing here. Every automatic mail was allowed to leave.
channels-suppressed-list = Automatic mails that were not sent
channels-held = held back
channels-case = Case
channels-released-at = sent anyway: { $when }
channels-released = Is sent anyway.
suppressed-own-address = The address belongs to the house itself (protection against loops).
suppressed-no-reply = Nobody reads this address (protection against loops).
suppressed-auto-replies = The address answers automatically or wants no automatic answers (protection against loops).
suppressed-forged = The sender is probably forged: whoever has this address did not write.
suppressed-bounced = Mail to this address came back within the last 60 days.
suppressed-address-cap = Today 40 automatic mails went to this address already (protection against loops).
suppressed-case-cap = Many automatic mails left this case within a short time already (protection against loops).
bounce-unknown = This address does not exist.
bounce-host = The mail server of this address does not exist.
bounce-full = The mailbox is full.
bounce-suspended = The mailbox is suspended.
bounce-large = The mail is too large for the other side.
bounce-content = The content was refused as spam or malware.
bounce-unreachable = The mail server of the other side could not be reached or was overloaded.
bounce-refused = The mail server of the other side does not take our mail.
bounce-other = The mail came back.

# Senders
sender-verified = Sender confirmed
sender-unverified = Sender not confirmed
sender-suspicious = Careful: the sender is probably forged
sender-suspicious-do = The message claims to be from { $domain }, but nobody confirms that. Do not open its attachments and links, and answer only once you have made sure in another way. That is why it is not in the customer's file.
sender-why = Why?
sender-several = It names several senders of different domains.
sender-dmarc-pass = { $domain } stands by this message (DMARC).
sender-dmarc-reject = It is not from { $domain }; { $domain } asks to reject such messages (DMARC).
sender-dmarc-quarantine = It is not from { $domain }; { $domain } asks to set such messages aside (DMARC).
sender-dmarc-fail = It is not certain that it is from { $domain } (DMARC).
sender-dmarc-open = Whether { $domain } stands by it could not be found out: the DNS did not answer (DMARC).
sender-dkim-pass = Signed by { $domain } (DKIM).
sender-dkim-fail = The signature of { $domain } is not right (DKIM).
sender-dkim-open = The signature of { $domain } could not be verified: the DNS did not answer (DKIM).
sender-dkim-none = Not signed (DKIM).
sender-spf-pass = The server may send for { $domain } (SPF).
sender-spf-fail = The server may not send for { $domain } (SPF).
sender-spf-none = { $domain } does not say which servers may send (SPF).
sender-spf-open = Whether the server may send for { $domain } could not be found out: the DNS did not answer (SPF).
sender-arc-pass = Forwarded and sealed by { $domain } (ARC).
sender-arc-fail = The seal of the forwarder { $domain } is not right (ARC).
sender-forwarded = Who forwarded it had confirmed the sender before.
sender-by = This was found out by the mail server { $domain }.

# Daily proof
channels-retry-all = Read all again
channels-retry-all-text = Worth it after an upgrade of Kitt.
channels-retry-all-started = All are being read again.
proof-now = Check now
proof-sound = Everything is there: no mail is missing.
proof-day = Day
proof-source = Source
proof-filed = Contacts
proof-duplicates = duplicates
proof-own = our own
proof-unprocessable = unprocessable
proof-waiting = worked on
proof-result = Result
proof-complete = complete
proof-differences = { $n ->
    [one] one difference
   *[other] { $n } differences
 }
proof-more = { $n ->
    [one] and one more
   *[other] and { $n } more
 }
proof-listener = Mail port
proof-api = API
proof-import = Import
proof-unreadable = A receipt cannot be read.
proof-text = For every mail that Kitt acknowledged there is a receipt outside the database, and every mailbox knows what it holds. Every night all that is compared: each mail has to have become a contact, or be known as a duplicate or our own, or be unprocessable, or be left out on purpose, or still be worked on.
proof-none = There is no proof yet. The first is made tonight; “Check now” does not wait.
proof-alarm = Something is wrong. The mails are named below; open the source to fetch them again or to say why nothing has to be done. If a backup was restored, what came after it is missing: ask the senders to write again, or take the mails from your mail server's archive. Otherwise run “kitt check” and keep the folder “receipts”.
proof-unproven = No mail is missing as far as could be checked. Not every source could be reached; Kitt tries again every two hours.
proof-not-proven = Not checked.
proof-receipts = Mails
proof-refused = left out
proof-all-settled = settled
proof-imap = Mailboxes (receipts)
proof-missing = Mail { $id } is missing from the database.
proof-changed = Mail { $id } has another content in the database.
proof-no-contact = Mail { $id } is said to be filed, but its contact is missing.
proof-overlooked = The mail with the UID { $id } is on the mail server and was never fetched.
proof-n-mails = { $n ->
    [one] one mail
   *[other] { $n } mails
 }
proof-n-filed = { $n ->
    [one] one contact
   *[other] { $n } contacts
 }
proof-n-duplicates = { $n ->
    [one] one duplicate
   *[other] { $n } duplicates
 }
proof-n-own = { $n } our own
proof-n-unprocessable = { $n } unprocessable
proof-n-refused = { $n } left out on purpose
proof-n-waiting = { $n } worked on
proof-n-differences = { $n ->
    [one] one difference
   *[other] { $n } differences
 }
proof-runs = { $n ->
    [one] Checking: one mail so far.
   *[other] Checking: { $n } mails so far.
 }
proof-begun = Checking.
proof-runs-already = It is being checked already.
proof-csv = As a table (CSV)
proof-made-at = Checked
proof-report = Morning report
proof-report-text = At 7 in the morning the proof of the day before goes by mail to everybody who may change the settings, in their language.
proof-report-no-way = The house has no way for outgoing mail yet: until one is set up no report is sent.
proof-report-daily = Every day
proof-report-differences = Only when something is wrong
proof-report-never = Never
proof-report-set = Saved.
proof-again = Fetch again
proof-again-text = Fetches the mails from the mail server once more where they are still there; otherwise their kept bytes are read again. “Check now” shows afterwards whether everything is there.
proof-again-begun = The mails are being fetched again. Check once more afterwards.
proof-again-none = Nothing is left of these mails that could be fetched.
proof-settle = Mark as settled
proof-settle-text = If nothing has to be done any more: say why. The note stays with your name, and the alarm ends.
proof-reason = Why does nothing have to be done?
proof-settled = Noted.
proof-settled-by = Settled by { $person }, { $when }:
proof-banner-differences = { $n ->
    [one] A mail is missing or wrong: the daily proof does not add up.
   *[other] { $n } mails are missing or wrong: the daily proof does not add up.
 }
proof-banner-unproven = { $n ->
    [one] A source of mail could not be checked for more than a day.
   *[other] { $n } sources of mail could not be checked for more than a day.
 }
report-sound = Proof for { $day }: no mail is missing
report-unproven = Proof for { $day }: not every source could be checked
report-differences = Proof for { $day }: { $said }
report-source-unproven = not checked. { $why }
report-unprocessable = { $n ->
    [one] One mail is unprocessable and waits for a person.
   *[other] { $n } mails are unprocessable and wait for a person.
 }
report-link = To the proof
report-why-you = You get this report since you manage the settings of Kitt. When it comes is set on the page of the proof.
channels-reason-report = A machine's answer to the morning report, or it came back: is the person's address still right?
sending-rules = Size and pace
sending-rules-text = What does not fit into a mail goes as a link: the largest files first. The pace is for each domain that you write to; large providers take what comes too fast for advertising.
sending-unreachable = Links to files do not work yet: Kitt does not know at which address it is reached from outside. Start it with --public-url.
sending-rule-largest = Largest mail as it is sent, in MB
sending-rule-days = Links are valid, in days
sending-rule-person = Mails to one domain per minute
sending-rule-bulk = of these, mails to many
sending-rule-together = Mails to one domain at a time
sending-rule-range = This is no number that makes sense here.
file-link-intro = These files are too large for an e-mail. You can download them here:
file-link-line = { $name } ({ $size })
file-link-until = available until { $day }
file-told = { $size }, available until { $day }
file-download = Download
file-ask = Any questions? Write to us: { $address }
file-gone-title = This file is not here any more
file-gone = The link has expired, or the file was withdrawn. If you still need the file, write to us: { $address }
file-as-link = goes as a link
file-no-link = too large for a mail, and links do not work: the administration has to set --public-url
file-link-open = Went as a link, valid until { $day }.
file-link-over = Went as a link, expired on { $day }.
file-link-ended = Went as a link, withdrawn.
file-link-downloads = { $n ->
    [0] Not downloaded yet.
    [one] Downloaded once.
   *[other] Downloaded { $n } times.
}
file-link-withdraw = Withdraw
file-link-withdraw-one = Withdraw the link to { $name }
file-link-extend = Extend
file-link-extend-one = Extend the link to { $name }
file-link-withdrawn = The link is not valid any more.
file-link-extended = The link is valid for longer.
unsubscribe-by-page = If you do not want such messages any more: { $url }
unsubscribe-by-mail = If you do not want such messages any more, answer with the subject “{ $subject }”.
unsubscribe-title = Unsubscribe
unsubscribe-text = Would you like to get no more such messages from { $house }? You will still get answers to your own requests.
unsubscribe-do = Yes, unsubscribe
unsubscribe-done-title = Unsubscribed
unsubscribe-done = { $house } will send you no more such messages. You will still get answers to your own requests.
unsubscribe-mistake = Was this a mistake? Write to us: { $address }
suppressed-declined = The customer does not want such messages.
suppressed-declined-still = The customer does not want such messages. Only who edits the customer's file can lift that there, if the customer asks for it.
sending-stuck = { $n ->
    [one] One mail does not get out. It is safe and leaves by itself as soon as the mail server takes it.
   *[other] { $n } mails do not get out. They are safe and leave by themselves as soon as the mail server takes them.
}
sending-late = { $n } mails wait, many of them for more than a quarter of an hour. They are safe; what is urgent is better said by phone.
sending-growing = More mails come than leave: { $n } wait. They are safe, but it takes time.
sending-look = Check sending
sending-look-sent = What left
settings-acknowledgements = Acknowledgements
acknowledge-text = Whoever writes learns at once that the mail has arrived, under which number, and by when they have an answer. At most once for each case, never to machines or forged senders.
acknowledge-state = New mails
acknowledge-on = are acknowledged
acknowledge-off = are not acknowledged
acknowledge-do = Acknowledge new mails at once
acknowledge-german = In German
acknowledge-english = In English
acknowledge-hint = Placeholders: {"{name}"}, {"{number}"}, {"{subject}"}, {"{until}"}, {"{house}"}.
acknowledge-placeholder-wrong = There is no such placeholder. Possible are name, number, subject, until and house.
acknowledge-until = { $day }, { $time }
sending-undo = Seconds in which an answer can be taken back
sending-undo-hint = 0 to 60; with 0 each answer leaves at once.
