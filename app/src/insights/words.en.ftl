station-awareness = Awareness
station-advice = Advice
station-purchase = Purchase
station-delivery = Delivery
station-use = Use
station-billing = Billing
station-service = Service
station-repurchase = Repurchase
