//! What agents and departments write among themselves: call notes and internal notes.
//!
//! Always in German and, between colleagues, with du.

/// How an agent notes a call; `{said}` is the customer's own sentence.
pub const CALL_NOTES: &[&str] = &[
    "Ruft an, {stimmung}. „{said}“ {wunsch}",
    "Anruf aus {home}, {stimmung}. Auftrag {order}. „{said}“ {wunsch}",
    "{last} am Telefon wegen {order}: „{said}“ {wunsch}",
    "Klingt {stimmung}. „{said}“ Mehr war im Hintergrund nicht zu verstehen. {wunsch}",
    "Meldet sich zu {p}. „{said}“ {wunsch}",
    "„{said}“ So beginnt das Gespräch, {stimmung}. {wunsch}",
    "Kurzes Gespräch, {stimmung}: „{said}“ {wunsch}",
    "Ist {stimmung} und erzählt lange. Kern: „{said}“ {wunsch}",
    "Anruf zu Auftrag {order}, {stimmung}. „{said}“ {wunsch}",
    "Aus dem Auto angerufen, schlechte Verbindung. „{said}“ {wunsch}",
    "Zuerst bei der Filiale {town} gewesen, dann hier. „{said}“ {wunsch}",
    "Kauft seit {year} bei uns, heute {stimmung}. „{said}“ {wunsch}",
];

pub const CALL_MOODS: &[&str] = &[
    "ruhig, aber bestimmt",
    "verärgert",
    "müde, nicht laut",
    "freundlich",
    "ungeduldig",
    "sehr höflich",
    "hörbar enttäuscht",
    "laut, beruhigt sich dann",
    "in Eile",
    "gefasst",
    "ratlos",
    "gut gelaunt",
];

pub const CALL_WISHES: &[&str] = &[
    "Möchte einen Rückruf nach {uhr}.",
    "Will eine schriftliche Bestätigung.",
    "Bittet um Antwort bis {next}.",
    "Überlegt zu stornieren.",
    "Bedankt sich fürs Zuhören.",
    "Hat alles schon einmal geschildert.",
    "Nummer stimmt, Adresse auch.",
    "Fotos kommen per E-Mail.",
    "Will es nicht eskalieren, nur gelöst haben.",
    "Fragt nach einem Nachlass.",
    "War mit der Erklärung zufrieden.",
    "Meldet sich sonst selbst am {next} wieder.",
];

/// What follows a call in which nothing went wrong.
pub const CALL_WISHES_CALM: &[&str] = &[
    "Eilt nicht.",
    "Bedankt sich fürs Zuhören.",
    "Nummer stimmt, Adresse auch.",
    "War mit der Erklärung zufrieden.",
    "Bittet um Antwort bis {next}, gern per E-Mail.",
    "Möchte einen Rückruf nach {uhr}.",
    "Will danach entscheiden.",
    "Fragt auch für die Schwester.",
];

/// How praise is passed on.
pub const PRAISE_TO_DEPARTMENT: &[&str] = &[
    "@{dept} Lob für euch, bitte lesen!",
    "@{dept} Das gehört an eure Wand.",
    "@{dept} Schön, so etwas weiterzugeben. Danke euch!",
    "@{dept} Bitte sagt es den beiden weiter, die dort waren.",
];

/// What an agent asks a department, and what comes back. Colleagues say du.
pub const NOTES_TO_DEPARTMENT: &[&str] = &[
    "@{dept} Könnt ihr bei {order} nachsehen? Die Kundschaft wartet seit dem {date}.",
    "@{dept} Schon der dritte solche Fall diese Woche. Wisst ihr, woran es liegt?",
    "@{dept} Bitte um eine Auskunft zu {p}, ich muss bis {uhr} antworten.",
    "@{dept} Was darf ich hier zusagen? {first} {last} aus {home} ist seit {year} bei uns.",
    "@{dept} Ist das bekannt? Wenn ja, bis wann gelöst?",
    "@{dept} Kann das jemand von euch übernehmen? Ich habe nur das alte System.",
];

pub const NOTES_FROM_DEPARTMENT: &[&str] = &[
    "Ja, ist eingetragen. Du kannst es zusagen.",
    "Nachgesehen: Der Fehler liegt bei uns. Bitte entschuldige dich auch in unserem Namen.",
    "Bekannt, wir arbeiten daran. Termin steht bei der Ursache.",
    "Ich kümmere mich selbst darum, bis {next} ist es erledigt.",
    "Nein, das geht leider nicht. Gib bitte einen Nachlass, wenn deine Börse reicht.",
    "Danke fürs Melden, das war uns neu. Ich frage nach.",
    "Kannst du mir ein Foto besorgen? Dann weiß ich mehr.",
];

/// The same for questions and wishes, where nobody made a mistake.
pub const NOTES_FROM_DEPARTMENT_CALM: &[&str] = &[
    "Ja, so kannst du antworten.",
    "Gute Frage, wir schreiben es auf die Seite dazu.",
    "Danke fürs Nachfragen, das haben jetzt schon mehrere wissen wollen.",
    "Notiert, liegt bei den anderen Stimmen dazu.",
    "Ich kläre das und sage dir bis {next} Bescheid.",
];

/// Notes of an agent to themselves or a colleague by name.
pub const NOTES_TO_COLLEAGUE: &[&str] = &[
    "@{mate} Kannst du übernehmen, falls vor {uhr} eine Antwort kommt? Ich bin in der Schulung.",
    "@{mate} Hattest du mit {last} nicht schon einmal zu tun?",
    "@{mate} Bitte um deine Meinung: Gutschrift ja oder nein?",
    "Nicht erreicht, um {uhr} noch einmal probieren.",
    "Spedition angerufen, 14. in der Schleife. Formular geschickt.",
    "Fotos sind da, Schaden ist eindeutig.",
    "Bitte freundlich bleiben, die Vorgeschichte ist lang.",
];
