//! What mail servers write when they could not deliver. All lower case, with single blanks, phrases apart by ` | `.

/// The phrases of a list.
pub(super) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split(" | ")
}

/// Phrases of servers, the more telling ones first: several may stand in one sentence.
pub(super) const REASONS: &[(&str, &str)] = &[
    (
        "virusdetected",
        "virus found | virus detected | contains a virus | infected | malware | detected a virus",
    ),
    (
        "requireptr",
        "reverse dns | ptr record | ptr resource | dns ptr | no ptr | without a valid sender domain | \
         cannot find your hostname | cannot find your reverse | no reverse | rdns | unresolvable relay host \
         | does not resolve | forward-confirmed | hostname is not resolv | unable to resolve your host | \
         fix reverse | lookup of your ip | find your hostname",
    ),
    (
        "authfailure",
        "dmarc | spf check | spf record | spf fail | spf validation | (spf) | dkim | unauthenticated email \
         | is unauthenticated | does not have authentication information | not pass authentication | \
         authentication checks | sender policy framework | sender id (pra) | fails to pass authentication | \
         failed authentication checks | spf:  | openspf. | envelope sender domain's",
    ),
    (
        "mailboxfull",
        "mailbox full | mailbox is full | mailbox was full | full mailbox | over quota | over its quota | \
         over the quota | quota exceeded | exceeded storage | exceeded its storage | overquota | out of \
         storage | over the maximum allowed | mailbox size limit | postfach voll | postfach ist voll | \
         quota exceed | exceeded quota | exceeded the quota | disk quota | exceeded the local limit | \
         mailbox has exceeded | storage allocation | exceeds allowed | quota violation | inbox is full | \
         inbox full | exceed the quota | mail quota | mail box full | maildir over | user is over | is over \
         the allowed | boîte pleine | casella piena | user has exhausted | not enough storage space \
         available | quota full | account is full | quota | メールボックスが一杯 | メールボックスの容量",
    ),
    (
        "systemfull",
        "insufficient disk space | insufficient system storage | no space left on device | system storage | \
         insufficient storage | disk full | low on disk",
    ),
    (
        "exceedlimit",
        "fixed maximum message size | fixed limit | recipient's size limit | message too large for this \
         recipient | exceeds the limit of the recipient",
    ),
    (
        "mesgtoobig",
        "message too big | message too large | message is too large | message size exceeds | size exceeds | \
         exceeds maximum size | message file too big | exceeded maximum | exceeds the maximum | message \
         length exceeds | maximum message size | larger than the current | email too large | nachricht zu \
         gross | nachricht zu groß | is too big",
    ),
    (
        "hasmoved",
        "has moved | no longer using this | address changed | has been replaced by | recipient has moved | \
         has a new address | new email address",
    ),
    (
        "norelaying",
        "relay access denied | relaying denied | relay denied | relay not permitted | not permitted to \
         relay | unable to relay | relaying not allowed | relay operation rejected | not configured to \
         relay | relay prohibited | relay not allowed | relaying prohibited | insecure mail relay | open \
         relay | no relaying | not a relay | won't relay | does not relay | mail server requires \
         authentication when attempting to send to a non-local | we do not relay | this is not a relay | \
         relaying is prohibited | not allowed to relay | relay mail from | isn't in my list of allowed \
         rcpthosts | rcpthosts | relayingdenied",
    ),
    (
        "securityerror",
        "smtp authentication | authentication required | authentication failed | auth required | must \
         authenticate | authentication is required | needs authentication | starttls first | must issue a \
         starttls | insufficient security | unauthorized address | authentication turned on | \
         authentication credentials | sasl | tls required | require tls | verification failure | security \
         policy | permissions problem | attachment name | prohibited attachment | account not subscribed | \
         executable file | file type | insecure",
    ),
    (
        "toomanyconn",
        "too many connections | too many concurrent | connection frequency | connection rate limit | too \
         many sessions | max connections | too many smtp | connections from your | concurrent connections | \
         simultaneous connections | too many messages | rate limit | ratelimit | mail rate | receiving mail \
         at a rate | message rate | please slow down | throttl",
    ),
    (
        "spamdetected",
        "spam | unsolicited | content rejected | blocked by content | junk mail | bulk mail | message \
         content reject | message refused by | looks like uce | identified as uce | score too high | \
         message rejected due to content | appears to be unsolicited | spamming | suspicious content | \
         content restrictions | high probability of | classified as | ofr_506 | rule imposed mailbox access \
         | mail content denied | message content is not acceptable",
    ),
    (
        "suspend",
        "account disabled | has been disabled | account is disabled | mailbox disabled | mailbox is \
         disabled | suspended | account inactive | is inactive | is not active | not activated | mailbox is \
         inactive | inactive user | deactivated | disabled or discontinued | is frozen | mailbox frozen | \
         temporarily locked | account locked | mailbox locked | disabled account | disabled user | \
         currently suspended | account expired | user is disabled | discontinued | account is blocked | \
         account has expired | is disabled | no longer active | unavailable or access denied | account \
         closed | bloque. the recipient | inactivity | out of order",
    ),
    (
        "rejected",
        "sender was rejected | sender rejected | sender address rejected | domain of sender address | \
         sender denied | sender is blocked | sender refused | sender not allowed | not a member | is not \
         allowed to send | not authorized to send | you are sending to/from an address that has been \
         blacklisted | sender domain | sender verify | return address | from address | invalid sender | \
         sender address has been | purported responsible address | purported     responsible | permission \
         to post | address not present in | invalid domain, see | only accepts mail from | not permitted to \
         send | may not exist, or you may not have | backscatter protection | unverified address | unable \
         to verify | envelope blocked | sender not | nicht die erforderlichen berechtigungen | keine \
         berechtigung | bounce address | does not accept mail from <> | does not accept bounces | group | \
         sender unknown | unknown sender | domain does not exist:  | domain is not valid | csi.cloudmark | \
         sender's address",
    ),
    (
        "policyviolation",
        "policy violation | policy reasons | for policy reason | violates local policy | due to policy | \
         policy restrict | mail policy | violated policy | you have exceeded the maximum allowed number | \
         url in | message prohibited | disallowed | denied by policy | because of policy | forged | our \
         policy | header error | we do not accept mail containing | subject contains | security reasons | \
         not accepted for policy",
    ),
    (
        "notcompliantrfc",
        "rfc 5322 | rfc5322 | rfc 2822 | rfc2822 | rfc 822 | not compliant | multiple addresses in from | \
         not rfc | duplicate header | missing header | bare lf | bare newline | line too long | lines \
         longer | missing 'from' | missing from header | multiple from | message-id header",
    ),
    (
        "notaccept",
        "does not accept mail | null mx | doesn't receive email | doesn't accept mail | does not receive \
         mail | no smtp service here | smtp protocol diagnostic | host does not receive | mail receiving \
         disabled | server does not accept | not accept any mail | does not accept email | not receive \
         email | does not accept any",
    ),
    (
        "userunknown",
        "user unknown | userunknown | unknown user | no such user | no such recipient | no such mailbox | \
         no such local | no such account | no such address | no such person | unknown recipient | recipient \
         unknown | recipient not found | unknown address | address unknown | unknown local | unknown \
         mailbox | invalid recipient | invalid mailbox | invalid address | invalid user | mailbox not found \
         | no mailbox | user not found | not found in directory | couldn't be found | could not be found | \
         wasn't found at | unknown account | account unknown | unrouteable address | address rejected | not \
         our customer | user doesn't exist | user does not exist | recipient does not exist | mailbox does \
         not exist | account does not exist | account that you tried to reach does not exist | address does \
         not exist | address doesn't exist | mailbox doesn't exist | is not a valid | not a valid | not a \
         known user | no account | unbekannt | existiert nicht | not listed in | name is not recognized | \
         no longer available | no longer valid | no longer on server | no longer exists | not exist here | \
         doesn't have a | not known | undeliverable address | bad destination mailbox | no valid recipients \
         | no local mailbox | adresse inconnue | utilisateur inconnu | destinataire inconnu | utente \
         sconosciuto | nonexistent | non-existent | no one by that name | not handled here | invalid final \
         delivery userid | not have an account | recipient rejected | recipient address rejected: access \
         denied | recipnotfound | recipient is not | user invalid | does not like recipient | unknown or \
         illegal | mailbox unavailable | user account is unavailable | is unknown | dosn't exist | no user \
         | not found: recipient | unknown email | address does not | this address no longer | there is no \
         user | is not known | mailbox name not allowed | delivery error: dd this user | no such id | local \
         user | user ( | aliases | existe pas | no existe",
    ),
    (
        "hostunknown",
        "host unknown | unknown host | host not found | host or domain name not found | domain not found | \
         name service error | no such domain | unable to resolve | nxdomain | domain does not exist | \
         unrouteable mail domain | couldn't find any host | no such host | domain name not found | dns \
         lookup failure | name or service not known | cannot be resolved | domain must resolve | invalid \
         domain | domain is invalid | illegal host | no mx record | illegal domain | bad destination host | \
         could not find mx | unable to lookup dns | no matching mx | recipient's domain | unknown domain | \
         domain unknown | does not exist",
    ),
    (
        "blocked",
        "blocked | blacklist | black list | blocklist | block list | blackhole | denylist | denied by | \
         client host rejected | poor reputation | reputation | bad ip | ip address is | listed in | listed \
         at | listed by | listed on | rbl | dnsbl | spamhaus | not authorized to connect | connection \
         refused by policy | access denied | connections not accepted | banned | not accepting mail from | \
         refused your ip | your ip | ip is | connection rejected | connection dropped | connect from | no \
         access from mail server | bounced by | invalid ip for sending | go away | not allowed to connect | \
         mail from your | messages from | network is | service refused | (bl) | server refused | no smtp \
         service | hello | helo | 550 rejected | dynamic | dial-up | dialup | unacceptable mail server | \
         command rejected | refused to talk",
    ),
    (
        "contenterror",
        "content error | content of message | improper use of 8-bit | message header size | invalid \
         characters | malformed mime | message text | content-transfer-encoding | 8bitmime | body \
         conversion | contenterror | non-ascii",
    ),
    (
        "filtered",
        "filtered | message was filtered | recipient has refused | rejected by recipient | not accepted by \
         the recipient | due to extended inactivity | restricted | refused by recipient | because the \
         recipient is not accepting | not accepting messages | rejected by the domain filter | user reject \
         | resolver.rst | domain filter",
    ),
    (
        "networkerror",
        "lost connection | routing loop | mail loop | loops back | mail forwarding loop | hop count | too \
         many hops | network is unreachable | no route to host | connection reset | connection lost | host \
         is unreachable | wasn't able to establish an smtp connection | unable to connect | dns server | \
         dns lookup | name server | temporarily unable to look | loop detected | malformed dns | mx lookup \
         | lookup of | dns error | servfail | host map lookup | hostname or service | network error | \
         connection broken | remote protocol error | mail loops | timed out while performing the helo",
    ),
    (
        "expired",
        "timed out | timeout | retry time | message expired | delivery expired | envelope expired | could \
         not be delivered for | connection refused | too long | delivery time expired | has expired | could \
         not deliver for the last | giving up | did not accept our requests to connect | not responding | \
         cannot send message for | cannot send mail for | retry timeout | unable to deliver this message \
         after | for too long | didn't respond | not respond | deferred | in queue for | after more than | \
         delay | several days | not been delivered after | unreachable",
    ),
    (
        "onhold",
        "temporarily | temporary | try again later | please try later | greylist | graylist | grey list | \
         service unavailable | try later | recipient error",
    ),
    (
        "systemerror",
        "system error | server error | internal error | i/o error | local error | configuration error | \
         misconfigured | service currently unavailable | transaction failed | system config | server \
         configuration | cannot allocate | internal software error | resources unavailable | queue file \
         write error | unexpected error | bad configuration | lookup table | interrupted system call",
    ),
    (
        "syntaxerror",
        "syntax error | command parameter not implemented | improper sequence | command not implemented | \
         bad sequence | command unrecognized | unrecognized command | bad command",
    ),
    (
        "mailererror",
        "unknown mailer error | command failed | command died | pipe to | procmail | exit status | x-unix | \
         mailer error | command line | died with status",
    ),
];

/// Subjects of servers' reports.
pub(super) const SUBJECTS: &str = "undeliver | returned mail | delivery status notification | delivery failure | delivery failed | \
         mail delivery | failure notice | delivery report | delivery notification | delivery problem | \
         message delivery | mail could not be delivered | could not be delivered | mail system error | \
         nondeliverable | non-deliverable | not delivered | could not send | unzustellbar | nicht \
         zugestellt | zustellung | returning message | mailsystem | mail error | non delivery | nondelivery \
         | non-delivery | non remis | non recapitabile | mancato recapito | mancata consegna | échec de la \
         remise | échec de remise | warning: could not send | warning: message | bounce | delivery has \
         failed | failed delivery | error sending | delivery error | message could not be | rückläufer | \
         fehlgeschlagen | returned to sender | return to sender | unable to deliver | message status - \
         undeliverable | failed mail | email error | transport error | user unknown | メールエラー | 送信できませんでした | \
         エラー通知 | notification d'échec | notificación de estado | delivery delayed | delayed mail | message \
         delayed | fehler beim senden | invalid recipient";

/// Sentences of servers' reports.
pub(super) const SENTENCES: &str = "could not be delivered | couldn't be delivered | was undeliverable | was not delivered | wasn't \
         delivered | delivery failed | delivery has failed | delivery to the following | delivery to these \
         recipients | unable to deliver | wasn't able to deliver | not able to deliver | permanent fatal \
         errors | permanent error | could not deliver | couldn't deliver | cannot be delivered | cannot \
         deliver | can't be delivered | failed to deliver | did not reach | undeliverable | konnte nicht \
         zugestellt | konnte an folgende | nicht zugestellt werden | user unknown | unknown user | returned \
         to sender | no such user | recipient's mailbox | transcript of session | has not been delivered | \
         not yet been delivered | mailbox is full | has been delayed | not delivered | error delivering \
         your mail | delivery errors | delivery problems | could not be sent | delivery attempts | n'a pas \
         pu être remis | n'a pas été remis | impossible de remettre | non è stato recapitato | impossibile \
         recapitare | non è stato possibile consegnare | no se pudo entregar | rejected by a remote mail \
         server | invalid final delivery | 送信できませんでした | delivery error | undelivered | following addresses \
         failed | message was rejected | could not be processed | following recipient(s) cannot be reached \
         | could not be reached";

/// Sentences with which mailing lists refuse a mail.
pub(super) const REFUSALS: &str = "you are not a member of this mailing list | you are not a member of the list | you are not allowed \
         to post to this | is not a member of this list | only members may post | your message to the list \
         was rejected | posting by non-members | not authorized to post";
