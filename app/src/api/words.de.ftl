api-title = Schnittstelle (API)
api-about = Jede Seite gibt ihre Daten auch als JSON: unter /api/v1, oder überall sonst mit „Accept: application/json“.
api-token = Programme melden sich mit „Authorization: Bearer TOKEN“ an. „kitt token create“ macht ein Token.
api-once = Mit einem „Idempotency-Key“ geschieht ein POST innerhalb von 24 Stunden nur einmal.
api-document = OpenAPI-Dokument
api-nothing = Keine Angaben nötig.
api-required = Pflicht
