hub-time = Time
hub-time-month = this month
hub-time-days = { $n ->
    [365] last 12 months
   *[other] last { $n } days
}
hub-from = From
hub-to = To
hub-show = Show
hub-product = Product
hub-channel = Channel
hub-any = All
hub-download = Download as a table
hub-empty = Nothing is documented yet
hub-empty-text = The hub shows where it cracks in customers' lives. It needs cases whose cause is documented: one key after closing is enough.
hub-empty-step = Document a first case
hub-lage-cases = { $n ->
    [0] no case with a documented cause
    [one] one case with a documented cause
   *[other] { $n } cases with a documented cause
}
hub-lage-cost = Costs in service (actual):
hub-lage-most = { $n } in 10 crack at { $station }.
hub-lage-few = Most of them at { $station }: { $count }.
hub-lage-more = That is { $percent } more than before.
hub-lage-less = That is { $percent } less than before.
hub-lage-same = That is as many as before.
hub-lage-new = { $n ->
    [0] Nothing new was noticed,
    [one] One crack is newly noticed,
   *[other] { $n } cracks are newly noticed,
}
hub-lage-mending = { $n ->
    [0] none is being mended.
    [one] one is being mended.
   *[other] { $n } are being mended.
}
hub-how = show the calculation
hub-how-title = How it is calculated
hub-how-text = Cash that service has already spent on these cases: handling time at the minute rate, goodwill and refunds. A case with several causes is divided by their shares, to the cent. What might still be lost is not part of it.
hub-opened = Cases
hub-with-cause = with a cause
hub-customers = Customers affected
hub-where = Where it cracks
hub-measure = Measure
hub-measure-cost = Costs in service
hub-unit-cases = Cases
hub-unit-thousand = thousand { $currency }
hub-unit = Unit: { $unit }
hub-no-rates = Costs in service: not computable. The rates for time and goodwill are missing.
hub-no-rates-step = Enter the rates
hub-not-computable = not computable
hub-map-caption = { $unit } by station in the customer's life and causing department
hub-map-scroll = Fault map, scrolls sideways
hub-map-how = A case with two causes is in both cells and counts once in the sum. Each cell opens what customers said.
hub-sum = Sum
hub-little = little
hub-much = much
hub-new-crack = new crack
hub-mending = being mended
hub-n-cases = { $n ->
    [one] 1 case
   *[other] { $n } cases
}
hub-nobody = No department
hub-no-insight = No cause on the list
hub-emerging = Newly noticed
hub-emerging-time = last 7 days
hub-emerging-none = Nothing was more frequent than usual in the last 7 days.
hub-emerging-more = { $n } more
hub-emerging-how = Cases of the last 7 days against the mean of the 8 weeks before, from 4 cases and half as many again. Few cases also vary by chance.
hub-times-new = new
hub-quote = “{ $quote }”
hub-flows = From the experience to the cause to the department
hub-flows-unit = Cases, divided by shares · the 10 largest causes
hub-flows-scroll = Flow chart, scrolls sideways
hub-as-table = as a table
hub-flow-finding = Flow from the station through the cause to the department. Largest flow: { $path }, { $n } cases
hub-none = Nothing was documented in this time.
hub-wishes = Customers' wishes
hub-all = all { $n }
hub-words-of = { $n ->
    [one] said once
   *[other] said { $n } times
}
hub-wish-proposed = new
hub-wish-open = new
hub-wish-accepted = { $department } checks
hub-wish-disputed = disputed
hub-wish-declined = declined
hub-wish-planned = { $department } plans
hub-wish-fixed = granted
hub-wish-verified = granted
hub-competitors = What competitors do
hub-mentions = { $n ->
    [one] 1 mention
   *[other] { $n } mentions
}
hub-praise = Praise to pass on
hub-mended = Mended
hub-mended-effect = effect not measured yet
hub-mended-none = No crack is mended yet.
hub-since = since { $date }
hub-told = { $n ->
    [one] 1 person knows
   *[other] { $n } people know
}
hub-untold = { $n } not yet
hub-words = What customers say
hub-words-text = Word for word, newest first
hub-words-none = There is no quote here. It was documented without the customers' words.
hub-voice-since = customer since { $year }
hub-csv-station = Station
hub-csv-insight = Cause
hub-csv-department = Department
hub-csv-cases = Cases
hub-csv-cost = Costs in service (actual)
hub-csv-currency = Currency
