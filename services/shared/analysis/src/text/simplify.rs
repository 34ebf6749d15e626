//! Traditional Chinese characters and their simplified ones: folding makes both scripts one.

use std::sync::LazyLock;

const FIRST: usize = 0x3400;
const LAST: usize = 0x9FFF;

/// Simplified character by code point from `FIRST`; itself for most.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = (FIRST..=LAST)
        .map(|code| u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    for pair in include_str!("simplified.txt").lines() {
        let mut letters = pair.chars();
        if let (Some(traditional), Some(simplified)) = (letters.next(), letters.next()) {
            table[traditional as usize - FIRST] = simplified;
        }
    }
    table
});

/// The simplified form of a Chinese character, by the table of OpenCC; nothing for letters of other scripts.
pub(crate) fn simplify(letter: char) -> Option<char> {
    let code = letter as usize;
    if !(FIRST..=LAST).contains(&code) {
        return None;
    }
    SIMPLIFIED.get(code - FIRST).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_meet() {
        let simplified: String = "朝鮮發射彈道飛彈".chars().filter_map(simplify).collect();
        assert_eq!(simplified, "朝鲜发射弹道飞弹");
        assert_eq!((simplify('发'), simplify('が'), simplify('a')), (Some('发'), None, None));
    }

    #[test]
    fn every_pair_of_the_table_is_two_characters_in_range() {
        for pair in include_str!("simplified.txt").lines() {
            assert_eq!(pair.chars().count(), 2, "{pair}");
            assert!(pair.chars().all(|c| (FIRST..=LAST).contains(&(c as usize))), "{pair}");
        }
    }
}
