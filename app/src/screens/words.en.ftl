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
signal-cause = Complaint
signal-wish = Wish
signal-competitor = Competitor
signal-praise = Praise
signal-unclear = Question

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
search-fuzzy = Exactly this is rare or not there, so similar words count too.
search-not-ready = The search is being prepared. In a moment you will find everything here; case numbers work already.
