//! The smallest picture there is: one colour, 8 by 8 pixels, as PNG.

/// A complete PNG file of the colour (red, green, blue).
pub fn square(colour: [u8; 3]) -> Vec<u8> {
    const SIDE: u8 = 8;
    // Each row starts with its filter: none.
    let row: Vec<u8> = std::iter::once(0).chain(colour.repeat(SIDE.into())).collect();
    let pixels = row.repeat(SIDE.into());
    let header = [0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0];
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &stored(&pixels));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("a tiny picture");
    file.extend(length.to_be_bytes());
    let mut named = name.to_vec();
    named.extend(data);
    file.extend(&named);
    file.extend(crc(&named).to_be_bytes());
}

/// A zlib stream that stores `data` without compression.
fn stored(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a tiny picture");
    let mut stream = vec![0x78, 0x01, 0x01];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(data);
    stream.extend(adler(data).to_be_bytes());
    stream
}

fn crc(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn adler(data: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_agree_with_the_published_ones() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler(b"Wikipedia"), 0x11E6_0398);
    }
}
