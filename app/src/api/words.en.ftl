api-title = API
api-about = Every page gives its data as JSON, too: below /api/v1, or anywhere else with “Accept: application/json”.
api-token = Programs log in with “Authorization: Bearer TOKEN”. “kitt token create” makes a token.
api-once = With an “Idempotency-Key” a POST happens only once within 24 hours.
api-document = OpenAPI document
api-nothing = Needs nothing.
api-required = required
