//! Letters as Helvetica has them in a PDF (Windows-1252), and how wide they are.

/// A character as one byte; `None`: it has no likeness.
pub fn byte(letter: char) -> Option<u8> {
    match letter {
        ' '..='~' | '\u{a1}'..='\u{ff}' => u8::try_from(u32::from(letter)).ok(),
        _ if letter.is_whitespace() => Some(b' '),
        _ => special(letter).or_else(|| plain(letter)),
    }
}

/// Characters that join or hide others and are nothing by themselves.
pub const fn is_silent(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        || letter.is_ascii_control()
}

const fn special(letter: char) -> Option<u8> {
    Some(match letter {
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8a,
        '‹' => 0x8b,
        'Œ' => 0x8c,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' | '‐' | '‑' | '−' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9a,
        '›' => 0x9b,
        'œ' => 0x9c,
        'ž' => 0x9e,
        'Ÿ' => 0x9f,
        'ẞ' => b'\xdf',
        _ => return None,
    })
}

/// Letters of our neighbours without their marks.
fn plain(letter: char) -> Option<u8> {
    const LIKE: [(&str, u8); 36] = [
        ("ĀĂĄ", b'A'),
        ("āăą", b'a'),
        ("ĆĈĊČ", b'C'),
        ("ćĉċč", b'c'),
        ("ĎĐ", b'D'),
        ("ďđ", b'd'),
        ("ĒĔĖĘĚ", b'E'),
        ("ēĕėęě", b'e'),
        ("ĜĞĠĢ", b'G'),
        ("ĝğġģ", b'g'),
        ("ĤĦ", b'H'),
        ("ĥħ", b'h'),
        ("ĨĪĬĮİ", b'I'),
        ("ĩīĭįı", b'i'),
        ("Ĵ", b'J'),
        ("ĵ", b'j'),
        ("Ķ", b'K'),
        ("ķ", b'k'),
        ("ĹĻĽĿŁ", b'L'),
        ("ĺļľŀł", b'l'),
        ("ŃŅŇ", b'N'),
        ("ńņň", b'n'),
        ("ŌŎ", b'O'),
        ("ōŏ", b'o'),
        ("Ő", 0xd6),
        ("ő", 0xf6),
        ("ŔŖŘ", b'R'),
        ("ŕŗř", b'r'),
        ("ŚŜŞȘ", b'S'),
        ("śŝşș", b's'),
        ("ŢŤŦȚ", b'T'),
        ("ţťŧț", b't'),
        ("ŨŪŬŮŲ", b'U'),
        ("ũūŭůų", b'u'),
        ("ŹŻ", b'Z'),
        ("źż", b'z'),
    ];
    let like = LIKE.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, byte)| *byte);
    like.or(match letter {
        'Ű' => Some(0xdc),
        'ű' => Some(0xfc),
        _ => None,
    })
}

/// Thousandths of the size for the characters from the space to the tilde.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// Thousandths of the size that a byte is wide.
pub fn width(byte: u8, bold: bool) -> u16 {
    let table = if bold { &BOLD } else { &REGULAR };
    let of = |letter: u8| table[usize::from(letter - b' ')];
    match byte {
        b' '..=b'~' => of(byte),
        0xc0..=0xc5 => of(b'A'),
        0xc7 => of(b'C'),
        0xc8..=0xcb => of(b'E'),
        0xcc..=0xcf => of(b'I'),
        0xd1 => of(b'N'),
        0xd2..=0xd6 | 0xd8 => of(b'O'),
        0xd9..=0xdc => of(b'U'),
        0xdd | 0x9f => of(b'Y'),
        0xe0..=0xe5 => of(b'a'),
        0xe7 => of(b'c'),
        0xe8..=0xeb => of(b'e'),
        0xec..=0xef => of(b'i'),
        0xf1 => of(b'n'),
        0xf2..=0xf6 | 0xf8 | 0xdf => of(b'o').max(611),
        0xf9..=0xfc => of(b'u'),
        0xfd | 0xff => of(b'y'),
        0x82 | 0x91 | 0x92 => of(b',').max(222),
        0x84 | 0x93 | 0x94 => 500,
        0x85 | 0x89 | 0x97 | 0x99 | 0x8c | 0x9c | 0xc6 | 0xe6 => 1000,
        0xa9 | 0xae => 737,
        _ => 611,
    }
}
