//! What machines write for people who are away, in German (of Germany, Austria and Switzerland), French,
//! Italian and English. All lower case, phrases apart by ` | `.

/// The phrases of a list.
pub(super) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split(" | ")
}

/// Beginnings of subjects that only machines write, and only for someone who is away.
pub(super) const ABSENCE_SUBJECTS: &str = "out of office | out-of-office | out of the office | abwesenheitsnotiz | abwesenheitsnachricht | \
     abwesenheitsmeldung | abwesenheitsassistent | abwesenheitsbenachrichtigung | abwesenheitsinfo | \
     abwesenheit: | abwesend: | abwesend bis | abwesend vom | abwesend - | abwesend – | ich bin abwesend \
     | ich bin nicht im büro | nicht im büro | nicht im haus | autom. abwesenheit | automatische \
     abwesenheit | ferienabwesenheit | urlaubsabwesenheit | absence du bureau | notification d'absence | \
     message d'absence | avis d'absence | absence : | absent du bureau | absent jusqu'au | je suis absent \
     | en congé jusqu'au | fuori sede | fuori ufficio | assenza dall'ufficio | messaggio di assenza | \
     assente fino | sono assente | sono in ferie | assente dall'ufficio | away from my mail | away from \
     the office | i am away | i'm away | i am out of | i'm out of | away until | vacation: | on vacation: \
     | ooo: | [ooo] | ooo - | vacation reply | vacation response | annual leave: | on leave: | currently \
     out of";

/// Ends of subjects that begin with a name: "Hans Huber ist außer Haus".
pub(super) const ABSENCE_IN_SUBJECT: &str = "ist außer haus | ist ausser haus | ist abwesend | ist nicht im büro | ist nicht im haus | ist im \
     urlaub | ist auf urlaub | ist in den ferien | is out of the office | is out of office | is away \
     until | is on vacation | is on leave until | est absent du bureau | est absente du bureau | est en \
     congé jusqu | è fuori ufficio | è fuori sede | è assente dall | è in ferie fino";

/// Beginnings of subjects of automatic answers; the text says whether someone is away.
pub(super) const REPLY_SUBJECTS: &str = "automatische antwort | automatic reply | automatic response | réponse automatique | risposta \
     automatica | auto-reply | autoreply | auto reply | auto response | autoresponse | auto-response | \
     autoantwort | auto-antwort | automatische rückantwort | automatische rückmeldung | autoresponder | \
     automatische eingangsbestätigung | automatische empfangsbestätigung | automatische bestätigung | \
     automated reply | automated response | réponse auto | accusé de réception automatique | risponditore \
     automatico | conferma automatica | automatische mail | automatisches antwortschreiben | auto:";

/// Words that say someone is away; looked for only in what a machine sent.
pub(super) const ABSENCE_WORDS: &str = "out of office | out of the office | out of town | out of the country | on vacation | on holiday | on \
     my holiday | annual leave | on leave | away from the office | away from my | maternity leave | \
     paternity leave | parental leave | sick leave | will be back | be back on | back in the office | am \
     away | i'm away | currently away | away until | limited access to | no access to | not have access \
     to | returning to the office | return to the office | upon my return | when i return | until my \
     return | not in the office | office is closed | office will be closed | be returning | abwesen | \
     abwesend | nicht im büro | nicht im haus | nicht im hause | nicht am platz | nicht am arbeitsplatz | \
     nicht erreichbar | nicht zu erreichen | im urlaub | in urlaub | auf urlaub | urlaub bis | \
     urlaubsbedingt | in den ferien | ferienabwesend | in die ferien | meine ferien | bis zu meiner \
     rückkehr | nach meiner rückkehr | elternzeit | mutterschutz | mutterschaft | vaterschaft | karenz | \
     krankenstand | zeitausgleich | dienstreise | auf reisen | geschäftsreise | wieder erreichbar | \
     wieder im büro | wieder im haus | wieder für sie da | wieder zurück | wieder da | wieder persönlich \
     | außer haus | ausser haus | betriebsferien | betriebsurlaub | betriebsruhe | büro geschlossen | \
     büro ist geschlossen | nicht weitergeleitet | keinen zugriff auf meine | meine vertretung | meinen \
     kollegen | meine kollegin | nur eingeschränkt | nur sporadisch | kein zugriff | absent | en congé | \
     en vacances | de retour le | de retour au bureau | serai de retour | hors du bureau | congé \
     maternité | congé parental | pas au bureau | à mon retour | en déplacement | bureau est fermé | \
     bureaux sont fermés | ne suis pas joignable | fermeture annuelle | in ferie | in vacanza | fuori \
     ufficio | fuori sede | fuori dall'ufficio | assente | assenza | di ritorno | rientrerò | rientro | \
     al mio rientro | in congedo | maternità | ufficio chiuso | uffici chiusi | chiusura estiva | non \
     sono in ufficio | non sarò in ufficio | in trasferta";

/// Words of a machine that only confirms.
pub(super) const CONFIRMING: &str = "haben ihre nachricht erhalten | haben ihre anfrage erhalten | haben ihre e-mail erhalten | haben \
     ihre mail erhalten | ist bei uns eingegangen | ist eingegangen | eingangsbestätigung | vielen dank \
     für ihre nachricht | vielen dank für ihre anfrage | vielen dank für ihre e-mail | danke für ihre \
     nachricht | danke für ihre anfrage | melden uns | have received your | has been received | received \
     your message | thank you for contacting | thanks for contacting | will get back to you as soon | \
     ticket number | case number | avons bien reçu | accusons réception | accusé de réception | merci de \
     nous avoir contact | abbiamo ricevuto | grazie per averci contattat | la ringraziamo per";

/// Beginnings of subjects with which a mail program says that a mail was read.
pub(super) const READ_SUBJECTS: &str = "gelesen: | gelesen | read: | lu : | lu: | letto: | lesebestätigung | empfangsbestätigung (angezeigt) \
     | return receipt (displayed) | read receipt | confirmation de lecture | conferma di lettura";

/// What it says then.
pub(super) const READ_WORDS: &str = "wurde gelesen | gelesen wurde | was read | has been read | a été lu | è stato letto | è stata letta \
     | angezeigt wurde | angezeigt. dies ist keine | displayed on the recipient | wurde am computer | \
     return receipt for the mail | lesebestätigung für | ricevuta di ritorno | accusé de réception pour";
