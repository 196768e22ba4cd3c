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
channels-sent-list = Mails that left the house
channels-left = sent
channels-to = to
channels-reply-to = replies to
channels-subject = Subject
channels-attachment = attachment
channels-message = Message

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
proof-text = For every mail that Kitt acknowledged there is a receipt outside the database. Every night both are compared: each mail with a receipt has to have become a contact, or be known as a duplicate or our own, or be unprocessable, or still be worked on.
proof-now = Check now
proof-none = There is no proof yet. The first is made tonight; “Check now” does not wait.
proof-sound = Everything is there: no mail is missing.
proof-alarm = Something is wrong. The mails are named below. If a backup was restored, what came after it is missing: ask the senders to write again, or take the mails from your mail server's archive. Otherwise run “kitt check” and keep the folder “receipts”.
proof-day = Day
proof-source = Source
proof-receipts = Receipts
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
proof-missing = Mail { $id } is missing from the database. Hash:
proof-changed = Mail { $id } has another content in the database. Hash of the acknowledged one:
proof-no-contact = Mail { $id } is said to be filed, but its contact is missing. Hash:
proof-unreadable = A receipt cannot be read.
proof-made-sound = Checked: no mail is missing.
proof-made-alarm = Checked: something is wrong.
