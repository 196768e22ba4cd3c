station-awareness = Aufmerksamkeit
station-advice = Beratung
station-purchase = Kauf
station-delivery = Lieferung
station-use = Nutzung
station-billing = Rechnung
station-service = Service
station-repurchase = Wiederkauf
