//! Whose report an article is: credits, and a signature by which copies are known.

use siaga_schemas::Origin;
use xxhash_rust::xxh3::xxh3_64;

use crate::text::fold;

/// Words that are hashed together.
const SHINGLE: usize = 3;

/// The origin of an article: what its text and its page credit, and the SimHash of its words.
pub(crate) fn of(agencies: Vec<String>, credits: &[String], title: &str, body: &str) -> Origin {
    let mut all = agencies;
    for credit in credits {
        if !all.contains(credit) {
            all.push(credit.clone());
        }
    }
    Origin { agencies: all, signature: format!("{:016x}", simhash(title, body)) }
}

/// SimHash (Charikar 2002) over folded three-word shingles; texts without blanks count by letter.
fn simhash(title: &str, body: &str) -> u64 {
    let text = format!("{title} {body}");
    let folded = fold::fold(&text);
    let words: Vec<&str> = folded
        .text()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .flat_map(pieces)
        .collect();
    let mut votes = [0i32; 64];
    for shingle in words.windows(SHINGLE.min(words.len().max(1))) {
        let hash = xxh3_64(shingle.join(" ").as_bytes());
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    votes.iter().enumerate().filter(|(_, vote)| **vote > 0).fold(0, |hash, (bit, _)| hash | 1 << bit)
}

/// A word, or its letters where the script has no blanks between words.
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let wide =
        word.chars().next().is_some_and(|c| c as u32 >= 0x0E00 && !('\u{AC00}'..='\u{D7AF}').contains(&c));
    let step = if wide { 1 } else { usize::MAX };
    let mut rest = word;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = rest.char_indices().nth(step).map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(cut);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_differ_in_few_bits_and_other_texts_in_many() {
        let text = "Militer Korea Selatan mengatakan Korea Utara menembakkan dua rudal balistik jarak pendek dari \
                    dekat Pyongyang ke laut di lepas pantai timurnya pada Rabu pagi, kata sumber di Seoul.";
        let copy = format!("{text} Baca juga.");
        let other = "Harga cabai rawit di sejumlah pasar tradisional turun menjelang akhir pekan karena pasokan dari \
                     sentra produksi kembali lancar setelah hujan reda, ujar para pedagang kepada wartawan setempat.";
        let distance = |a: &str, b: &str| (simhash("", a) ^ simhash("", b)).count_ones();
        assert!(distance(text, &copy) <= 8, "{}", distance(text, &copy));
        assert!(distance(text, other) >= 16, "{}", distance(text, other));
    }
}
