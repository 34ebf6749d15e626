//! From byte offsets to code points.

/// Bytes between two counted positions.
const STEP: usize = 256;

/// Counts code points up to any byte of a text, in constant time after one pass.
#[derive(Debug)]
pub(crate) struct CharIndex<'a> {
    text: &'a str,
    /// Code points before byte `i * STEP`; empty for ASCII, where bytes are code points.
    counted: Vec<u32>,
}

impl<'a> CharIndex<'a> {
    /// Counts a text.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut counted = Vec::new();
        if !text.is_ascii() {
            let mut total = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                counted.push(total);
                total += starts(chunk);
            }
        }
        Self { text, counted }
    }

    /// Code points before a byte offset.
    pub(crate) fn chars_before(&self, byte: usize) -> u32 {
        let byte = byte.min(self.text.len());
        if self.counted.is_empty() {
            return u32::try_from(byte).unwrap_or(u32::MAX);
        }
        let step = (byte / STEP).min(self.counted.len() - 1);
        self.counted[step] + starts(&self.text.as_bytes()[step * STEP..byte])
    }
}

fn starts(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|b| **b & 0xC0 != 0x80).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_like_chars() {
        let text = "rudal 미사일 ".repeat(200);
        let index = CharIndex::new(&text);
        for (count, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(index.chars_before(byte) as usize, count);
        }
        assert_eq!(index.chars_before(text.len()) as usize, text.chars().count());
    }
}
