//! How mail clients of German and English speaking customers introduce what they quote and sign.

/// The customer's words, and what a client put below them.
const BELOW: &[(&str, &str)] = &[
    (
        "Gmail",
        "Am Di., 3. Mai 2022 um 10:15 Uhr schrieb Möbelhaus Service <\nservice@example.de>:\n\n> Guten Tag,\n> Ihre Lampe kommt.",
    ),
    (
        "Gmail, English",
        "On Tue, May 3, 2022 at 10:15 AM Service <service@example.de> wrote:\n\n> Hello,\n> your lamp.",
    ),
    (
        "Apple Mail",
        "> Am 03.05.2022 um 10:15 schrieb Service <service@example.de>:\n> \n> Guten Tag,\n> Ihre Lampe kommt.",
    ),
    (
        "Apple Mail, unmarked",
        "Am 03.05.2022 um 10:15 schrieb Service <service@example.de>:\n\nGuten Tag,\nIhre Lampe kommt.",
    ),
    ("Apple Mail, English", "On 3 May 2022, at 10:15, Service <service@example.de> wrote:\n\n> Hello"),
    (
        "Outlook 2016",
        "Von: Service <service@example.de>\nGesendet: Dienstag, 3. Mai 2022 10:15\nAn: Hans Huber <hans@example.at>\nBetreff: AW: Lampe\n\nGuten Tag,\nIhre Lampe kommt.",
    ),
    (
        "Outlook 2003",
        "-----Ursprüngliche Nachricht-----\nVon: Service [mailto:service@example.de]\nGesendet: Dienstag, 3. Mai 2022 10:15\nAn: Hans Huber\nBetreff: Lampe\n\nGuten Tag",
    ),
    (
        "Outlook, English",
        "From: Service <service@example.de>\nSent: Tuesday, May 3, 2022 10:15 AM\nTo: Hans Huber <hans@example.at>\nSubject: RE: Lamp\n\nHello",
    ),
    (
        "Outlook for iOS",
        "________________________________\nVon: Service <service@example.de>\nGesendet: Dienstag, Mai 3, 2022 10:15:00 AM\nAn: Hans Huber <hans@example.at>\nBetreff: Lampe\n\nGuten Tag",
    ),
    (
        "Outlook, bold",
        "*Von:* Service <service@example.de>\n*Gesendet:* Dienstag, 3. Mai 2022 10:15\n*An:* Hans Huber\n*Betreff:* Lampe\n\nGuten Tag",
    ),
    (
        "Outlook on the web, Cc",
        "Von: Service <service@example.de>\nGesendet: Dienstag, 3. Mai 2022 10:15\nAn: Hans Huber <hans@example.at>; Anna Huber\n<anna@example.at>\nCc: Max <max@example.at>\nBetreff: Lampe\n\nGuten Tag",
    ),
    (
        "GMX",
        "Gesendet: Dienstag, 03. Mai 2022 um 10:15 Uhr\nVon: \"Service\" <service@example.de>\nAn: hans@example.at\nBetreff: Lampe\n\nGuten Tag",
    ),
    ("Web.de app", "Am 03.05.22, 10:15 schrieb Service <service@example.de>:\n\nGuten Tag"),
    (
        "T-Online",
        "-----Original-Nachricht-----\nBetreff: Lampe\nDatum: 2022-05-03T10:15:00+0200\nVon: \"Service\" <service@example.de>\nAn: \"hans@example.at\" <hans@example.at>\n\nGuten Tag",
    ),
    (
        "Yahoo",
        "Am Dienstag, 3. Mai 2022 um 10:15:00 MESZ hat Service <service@example.de> Folgendes geschrieben:\n\nGuten Tag",
    ),
    (
        "Yahoo, English",
        "On Tuesday, May 3, 2022, 10:15:00 AM GMT+2, Service <service@example.de> wrote:\n\nHello",
    ),
    (
        "Proton",
        "------- Original Message -------\nService <service@example.de> schrieb am Dienstag, 3. Mai 2022 um 10:15:\n\n> Guten Tag",
    ),
    ("Proton, new", "Am Dienstag, 3. Mai 2022 um 10:15 schrieb Service <service@example.de>:\n\n> Guten Tag"),
    ("Thunderbird", "Am 03.05.2022 um 10:15 schrieb Service:\n> Guten Tag,\n> Ihre Lampe kommt."),
    (
        "Thunderbird, forward above",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Lampe\nDatum: Tue, 3 May 2022 10:15:00 +0200\nVon: Service <service@example.de>\nAn: hans@example.at\n\nGuten Tag",
    ),
    (
        "Samsung",
        "-------- Ursprüngliche Nachricht --------\nVon: Service <service@example.de>\nDatum: 03.05.22 10:15 (GMT+01:00)\nAn: hans@example.at\nBetreff: Lampe\n\nGuten Tag",
    ),
    (
        "K-9",
        "Am 3. Mai 2022 10:15:00 MESZ schrieb Service <service@example.de>:\n>Guten Tag,\n>Ihre Lampe kommt.",
    ),
    ("Horde", "Zitat von Service <service@example.de>:\n\n> Guten Tag,\n> Ihre Lampe kommt."),
    (
        "Notes",
        "Von:\tService <service@example.de>\nAn:\thans@example.at\nDatum:\t03.05.2022 10:15\nBetreff:\tLampe\n\nGuten Tag",
    ),
    ("Swiss French", "Le mar. 3 mai 2022 à 10:15, Service <service@example.ch> a écrit :\n\n> Bonjour"),
    (
        "Italian",
        "Il giorno mar 3 mag 2022 alle ore 10:15 Service <service@example.ch>\nha scritto:\n\n> Buongiorno",
    ),
];

const WORDS: &str = "Guten Morgen,\n\ndie Lampe ist leider defekt. Bitte um Rückruf.\nAm 5. Mai bin ich zuhause.\n\nViele Grüße\nHans Huber";

#[test]
fn what_clients_quote_below_an_answer_is_split_off() {
    for (client, below) in BELOW {
        let split = mail::reply::split(&format!("{WORDS}\n\n{below}"));
        assert_eq!(split.reply, WORDS, "{client}");
        assert_eq!(split.quoted.replace(['\n', ' '], ""), below.replace(['\n', ' '], ""), "{client}");
    }
}

#[test]
fn lines_that_devices_and_scanners_append_are_signatures() {
    for line in [
        "Gesendet von meinem iPhone",
        "Von meinem iPhone gesendet",
        "Sent from my iPhone",
        "Gesendet von Mail für Windows",
        "Sent from Mail for Windows 10",
        "Holen Sie sich Outlook für iOS",
        "Outlook für Android herunterladen",
        "Get Outlook for Android<https://aka.ms/x>",
        "Gesendet mit der GMX Mail App",
        "Gesendet mit der WEB.DE Mail App",
        "Gesendet mit der Telekom Mail App",
        "Von Yahoo Mail auf Android gesendet",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Gesendet mit Proton Mail",
        "Sent with Proton Mail secure email.",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Gesendet über Samsung-Mobilgerät",
        "Virenfrei.www.avast.com",
        "Envoyé de mon iPhone",
        "Inviato da iPhone",
        "Sent from Mailbox for iPad",
        "(sent from my phone)",
        "Mit dem Handy getippt",
        "Sent with Airmail\nSent from my iPhone\nVon meinem Mobiltelefon gesendet",
        "—————\nHans Huber\nhans@example.at\n+43 1 234567",
        "--\nHans Huber\nHauptstraße 1\n1010 Wien",
        "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen.",
    ] {
        let split = mail::reply::split(&format!("{WORDS}\n\n{line}"));
        assert_eq!((split.reply.as_str(), split.signature.as_str()), (WORDS, line));
        let below = mail::reply::split(&format!("{WORDS}\n\n{line}\n\n{}", BELOW[0].1));
        assert_eq!((below.reply.as_str(), below.signature.as_str()), (WORDS, line), "above a quotation");
    }
}

#[test]
fn contact_data_behind_the_name_is_a_signature_and_the_name_is_not() {
    let split =
        mail::reply::split(&format!("{WORDS}\n\nHuber GmbH\nHauptstraße 1\n1010 Wien\nTel. +43 1 234567"));
    assert_eq!((split.reply.as_str(), split.signature.lines().count()), (WORDS, 4));
}

#[test]
fn ordinary_sentences_stay_in_the_reply() {
    for text in [
        "Am 3. Mai schrieb mir Ihr Kollege, dass die Lampe kommt: sie kam nicht.",
        "Ich habe am 03.05.2022 bestellt:\n\n1 Lampe\n2 Birnen",
        "On Monday you wrote that it is fine. It is not.",
        "Von: Wien nach Graz\nIch brauche die Lieferung dort.",
        "Meine Daten:\nName: Hans Huber\nAn: Hauptstraße 1\nTelefon: 0123 456",
        "Gesendet habe ich das Paket am Montag mit der Post, und seitdem warte ich auf die Gutschrift von Ihnen.",
        "Preis -- ist er noch gültig?",
        "Ich habe die Fotos vom Handy gesendet.",
        "Hallo\n\n-----\n\nBestellung 1234567\nBitte senden.",
        "Hallo\n\n—\nHans",
        "Danke\n\nPS: Bitte rufen Sie an unter 0123 456789",
        "Sent from my office is a parcel which has not arrived yet, could you please look where it is now?",
        "> 5 Stück brauche ich",
    ] {
        assert_eq!(mail::reply::split(text).reply, text);
    }
}

#[test]
fn answers_between_quoted_lines_keep_their_context() {
    let text = "Hallo,\n\n> Welche Farbe?\nRot bitte.\n\n> Welche Grösse?\nGross.\n\nGruss Hans";
    let split = mail::reply::split(&format!("{text}\n\n> Mit freundlichen Grüssen\n> Ihr Service"));
    assert_eq!(split.reply, text);
    assert_eq!(split.quoted, "> Mit freundlichen Grüssen\n> Ihr Service");
}

#[test]
fn quoted_lines_that_a_program_wrapped_are_no_answers() {
    let quoted = "Am 03.05.2022 um 10:15 schrieb Service:\n> Guten Tag, wir haben die Lampe heute verschickt und Sie erhalten sie, wenn alles gut\ngeht, am Montag.\n> Ihr Service";
    assert_eq!(mail::reply::split(&format!("Danke!\n\n{quoted}")).reply, "Danke!");
}

#[test]
fn an_answer_below_the_quotation_stands_alone() {
    let split = mail::reply::split(
        "Am 03.05.2022 um 10:15 schrieb Service:\n> Guten Tag,\n> welche Farbe?\n\nRot bitte.",
    );
    assert_eq!((split.reply.as_str(), split.quoted.lines().count()), ("Rot bitte.", 3));
}

#[test]
fn a_forwarded_mail_without_own_words_is_the_message() {
    let text = "---------- Forwarded message ---------\nVon: Anna <anna@example.de>\nDate: Di., 3. Mai 2022 um 10:15 Uhr\nSubject: Lampe\nTo: <hans@example.at>\n\nDie Lampe ist defekt.";
    assert_eq!(mail::reply::split(text).reply, "Die Lampe ist defekt.");
}
