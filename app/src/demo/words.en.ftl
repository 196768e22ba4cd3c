demo-waiting-title = The example shop is being set up
demo-waiting-text = This happens only once and mostly takes less than a minute. This page opens by itself then.
demo-part-house = People, teams and queues
demo-part-customers = Customers
demo-part-cases = Cases of 400 days
demo-part-journal = What happened in them
demo-part-scenes = What is going on today
demo-part-search = Search and suggestions
