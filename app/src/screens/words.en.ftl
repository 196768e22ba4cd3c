cases-title = My stack
cases-one = Case
cases-new = New
cases-new-long = New case
cases-views = Views
cases-view-mine = Mine
cases-view-team = Team
cases-view-unassigned = Free
cases-view-waiting = Waiting
cases-view-closed = Done
cases-view-all = All
cases-group-overdue = Overdue
cases-group-today = Today
cases-group-later = Tomorrow and later
cases-group-answered = Answered
cases-group-waiting = Waiting
cases-group-closed = Done
cases-until = until { $when }
cases-unread = { $n ->
    [one] One mail could not be read
   *[other] { $n } mails could not be read
}
cases-changed = The inbox has changed
cases-browse = browse
cases-back = Back to the list
cases-empty = Nothing to do here
cases-empty-text = New contacts appear by themselves. Send an e-mail to one of the house's addresses to try it.
cases-choose = Pick a case
cases-choose-text = Browse with J and K, open with Enter.
due-late-days = { $n ->
    [one] 1 day late
   *[other] { $n } days late
}

new-channel = How did it come in?
new-reach = E-mail or phone number
new-name = Name, if not known yet
new-subject = What is it about?
new-text = What was said?
new-do = Open the case

file-title = Customer file
file-since = with us since { $day }
file-whole = Open the whole file
file-good = Good to know
file-promises = Our promises
file-reach = Reachable
file-purchases = Orders
file-cases = Other cases

search-title = Search
search-words = What are you looking for?
search-do = Search
search-hint = All words must be there, the last one may be unfinished. “In quotation marks” it stands exactly so. Numbers of cases and orders, e-mail and phone work as well.
search-kind-case = Cases
search-kind-customer = Customers
search-kind-insight = Insights
search-all = Everything
search-more = Show all { $n }
search-none = Nothing found
search-none-text = Try another or a shorter word, or leave one out. Only what you may read is found.
search-fuzzy = Few or no exact matches, so similar words are shown too.
search-not-ready = The search is being prepared. In a moment you will find everything here; case numbers work already.

life-title = Life line
life-crack = Crack
life-mended = mended
life-span = Period of the life line
life-scroll = Life line, scrolls sideways
life-all = All
life-years = 3 years
life-year = 12 months
life-alt = Life line through eight stations: { $cracks } open cracks, { $mended } mended
life-first = First contact
life-speaks = speaks { $language }
life-keeper = cared for by { $name }
life-turnover = Sales
life-how = how it was worked out
life-how-title = Worked out like this
life-how-text = { $n ->
    [one] The sum of 1 order, before returns.
   *[other] The sum of { $n } orders, before returns.
}
life-call = Call
life-edit = Edit
life-edit-long = Edit the customer
life-contacts = All that happened
life-channel = Channel
life-every = All
life-nothing = Nothing yet. The first contact appears by itself.
life-case = Case { $number }
life-note = internal
life-bought = Bought: { $product }
life-promised = Promised: { $text }
life-until = by { $when }
life-kept = kept
life-not-kept = not kept
life-kept-of = { $kept } of { $due } kept
life-mark-kept = Kept: { $text }
life-mark-broken = Not kept: { $text }
life-no-notes = Nothing yet. What helps in the next conversation?
life-remember = Remember
life-remember-what = What is good to know?
life-forget = Forget: { $text }
life-no-promises = Nothing promised.
life-promise = Note a promise
life-promise-what = What did we promise?
life-promise-due = By when?
life-point = Add a way to reach them
life-point-kind = Kind
life-point-value = Address, number or name
life-point-remove = Remove { $value }
life-delayed = The last mail took long, { $when }.
life-bounced = The last mail came back, { $when }.
life-works = Works again
life-address = Address
life-no-points = Nothing known.
life-no-purchases = No orders known.
life-data = Disclosure
life-data-text = Everything that is stored about this person, as a file.
life-export = Download the disclosure
life-messages = Messages
life-no-objections = May get all messages that are allowed.
life-declines-telling = Wants no news of fixes
life-declines-advertising = Wants no advertising
life-decline-telling = No more news of fixes
life-decline-advertising = No more advertising
life-lift = Lift
life-lift-telling = Send news of fixes again
life-lift-advertising = Send advertising again
life-way-page = By the link in a mail
life-way-one-click = By the mail program
life-way-mail = By mail
life-way-person = Told to us
