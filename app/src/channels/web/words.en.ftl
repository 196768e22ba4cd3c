sending-well = Nothing waits: every mail that was to leave has left.
sending-waiting = { $n ->
    [one] 1 mail is on its way out.
   *[other] { $n } mails are on their way out.
}
sending-alarm = { $n ->
    [one] 1 mail cannot leave, for more than a quarter of an hour. The reason stands in the case, at the message.
   *[other] { $n } mails cannot leave, the oldest for more than a quarter of an hour. The reason stands in the case, at the message.
}
sending-signatures = Senders and signatures
sending-signatures-text = Each queue writes under its name. The signature stands below each answer, in the customer's language.
sending-queue = Queue
sending-name = Sender's name
sending-name-hint = Empty: the name of the house.
sending-change = Change
sending-change-one = Change { $name }
sending-signature-de = Signature, German
sending-signature-en = Signature, English
sending-placeholders = Placeholders:
sending-placeholder-wrong = There is no such placeholder. There are: agent, queue and house, each in braces.
sending-preview-de = How it looks, German
sending-preview-en = How it looks, English
sending-keys = Signature of the domain (DKIM)
sending-keys-text = With a key Kitt signs each mail, so that other servers can tell it from forgeries. Make a key, publish the record in the domain's DNS, check it, and then switch it on.
sending-keys-none = There is no key yet. Mails leave unsigned.
sending-key-signs = signs
sending-key-off = off
sending-found-published = found in the DNS
sending-found-missing = not in the DNS
sending-found-different = the DNS has another one
sending-found-unreachable = the DNS does not answer
sending-record = This record belongs into the DNS:
sending-record-of = DNS record for { $name }
sending-key-check = Check the DNS
sending-key-checked = The DNS was asked.
sending-key-start = Switch on
sending-key-stop = Switch off
sending-key-remove = Remove
sending-key-make = Make a key
sending-key-made = Key made. Publish it in the DNS now.
sending-domain = Domain of the sender addresses
sending-selector = Selector
sending-selector-hint = A short name, such as kitt or kitt2027.
sending-selector-taken = The domain has this selector already. Choose another one.
sending-algorithm = Algorithm
sending-algorithm-hint = All servers understand RSA. Ed25519 is shorter; use it only in addition.
channels-source = Source and headers
channels-source-file = Download the mail
channels-headers = Headers
channels-bytes = Source
channels-source-cut = Only the beginning is shown here. The file has all of it.
