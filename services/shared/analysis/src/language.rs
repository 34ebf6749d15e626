//! Which language a text is in.

use std::collections::HashMap;
use std::sync::LazyLock;

use siaga_schemas::Language;
use whatlang::{Detector, Lang};

use crate::text::fold;

/// Bytes of a text that are looked at; more does not change the answer and costs time.
const SAMPLE: usize = 300;

/// The languages that newsrooms of Siaga's sources write in, and their neighbours, so that these are not taken for
/// one of the first; telling apart all that the library knows takes twice as long.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    Detector::with_allowlist(vec![
        Lang::Ind,
        Lang::Eng,
        Lang::Spa,
        Lang::Fra,
        Lang::Deu,
        Lang::Por,
        Lang::Tur,
        Lang::Vie,
        Lang::Ita,
        Lang::Nld,
        Lang::Tgl,
        Lang::Jav,
        Lang::Pol,
        Lang::Swe,
        Lang::Rus,
        Lang::Ukr,
        Lang::Ara,
        Lang::Pes,
        Lang::Urd,
        Lang::Hin,
        Lang::Ben,
        Lang::Tam,
        Lang::Kor,
        Lang::Jpn,
        Lang::Cmn,
        Lang::Tha,
        Lang::Mya,
        Lang::Khm,
        Lang::Heb,
    ])
});

/// At this confidence the library is believed without a look at the words.
const SURE: f64 = 0.8;

/// Least share of a sample's words that must be a language's own for the words to decide.
const LEAST_SHARE: f64 = 0.15;

/// So many own words, of so large a share, need no other opinion: asking the library takes twenty times as long.
const PLENTY: u32 = 5;
const PLENTY_SHARE: f64 = 0.3;

/// The words of the lexicon that only one language has: they decide where the library is not sure, which is so of
/// headlines and of neighbours (Javanese for Indonesian).
#[derive(Debug, Default)]
pub(crate) struct OwnWords {
    /// Number of the language in `codes`; none where several have the word.
    words: HashMap<String, Option<usize>>,
    codes: Vec<String>,
}

impl OwnWords {
    /// Adds a language by its words, folded.
    pub(crate) fn add(&mut self, code: &str, words: impl Iterator<Item = String>) {
        let number = self.codes.len();
        self.codes.push(code.to_owned());
        for word in words {
            let owner = self.words.entry(word).or_insert(Some(number));
            if *owner != Some(number) {
                *owner = None;
            }
        }
    }

    /// The language whose own words stand out in a sample.
    fn vote(&self, sample: &str) -> Option<Vote<'_>> {
        let folded = fold::fold(sample);
        let mut votes = vec![0_u32; self.codes.len()];
        let mut all = 0_u32;
        let words = folded.text().split(|c: char| !c.is_alphanumeric() && c != '-');
        for word in words.filter(|w| w.chars().any(char::is_alphabetic)) {
            all += 1;
            if let Some(Some(owner)) = self.words.get(word) {
                votes[*owner] += 1;
            }
        }
        let (best, most) = votes.iter().enumerate().max_by_key(|(i, n)| (**n, std::cmp::Reverse(*i)))?;
        let second = votes.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, n)| *n).max().unwrap_or(0);
        let stands_out =
            *most >= 2 && *most >= 2 * second && f64::from(*most) >= LEAST_SHARE * f64::from(all);
        let share = f64::from(*most) / f64::from(all.max(1));
        stands_out.then(|| Vote {
            code: self.codes[best].as_str(),
            // One own word of another language more would make it so sure.
            confidence: f64::from(*most) / f64::from(most + second + 1),
            plenty: *most >= PLENTY && share >= PLENTY_SHARE && *most >= 4 * second,
        })
    }
}

/// What the own words say.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Vote<'a> {
    code: &'a str,
    confidence: f64,
    plenty: bool,
}

/// Names the language of an article from its headline and the beginning of its body. `hint` is what the publisher
/// states; it decides only where the text leaves room.
pub(crate) fn identify(words: &OwnWords, title: &str, body: &str, hint: Option<&str>) -> Language {
    let sample = sample(title, body);
    let vote = words.vote(&sample);
    if let Some(vote) = vote.filter(|v| v.plenty) {
        return Language { code: vote.code.to_owned(), confidence: rounded(vote.confidence) };
    }
    let found = DETECTOR.detect(&sample).map(|info| (code(info.lang()), info.confidence()));
    if let Some((code, confidence)) = found.filter(|(_, confidence)| *confidence >= SURE) {
        return Language { code: code.to_owned(), confidence: rounded(confidence) };
    }
    let hinted =
        hint.map(|h| h.split(['-', '_']).next().unwrap_or(h).to_ascii_lowercase()).filter(|h| h.len() == 2);
    let decided = |code: &str, least: f64| {
        let agreed = found.filter(|(c, _)| *c == code).map_or(0.0, |(_, confidence)| confidence);
        Language { code: code.to_owned(), confidence: rounded(agreed.max(least)) }
    };
    if let Some(vote) = vote {
        return decided(vote.code, 0.7);
    }
    match (found, hinted) {
        (_, Some(hint)) => decided(&hint, 0.5),
        (Some((code, confidence)), None) => {
            Language { code: code.to_owned(), confidence: rounded(confidence) }
        }
        (None, None) => Language { code: "und".to_owned(), confidence: 0.0 },
    }
}

#[expect(clippy::cast_possible_truncation, reason = "three decimals are kept")]
fn rounded(confidence: f64) -> f32 {
    ((confidence * 1000.0).round() / 1000.0) as f32
}

/// The headline and the beginning of the body, in small letters: headlines in capitals tell no less.
fn sample(title: &str, body: &str) -> String {
    let mut end = SAMPLE.min(body.len());
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let mut sample = String::with_capacity(title.len() + end + 1);
    sample.push_str(&title[..title.floor_char_boundary(SAMPLE)]);
    sample.push('\n');
    sample.push_str(&body[..end]);
    sample
}

/// BCP 47 code of a language that the library knows.
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Ind => "id",
        Lang::Eng => "en",
        Lang::Spa => "es",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Por => "pt",
        Lang::Tur => "tr",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ara => "ar",
        Lang::Pes => "fa",
        Lang::Hin => "hi",
        Lang::Kor => "ko",
        Lang::Jpn => "ja",
        Lang::Cmn => "zh",
        Lang::Vie => "vi",
        Lang::Tgl => "tl",
        Lang::Jav => "jv",
        Lang::Tha => "th",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Urd => "ur",
        Lang::Ben => "bn",
        Lang::Tam => "ta",
        Lang::Mya => "my",
        Lang::Khm => "km",
        Lang::Heb => "he",
        Lang::Pol => "pl",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> OwnWords {
        let mut words = OwnWords::default();
        words.add("id", ["yang", "rudal", "kata", "militer"].map(str::to_owned).into_iter());
        words.add("en", ["the", "said", "missile"].map(str::to_owned).into_iter());
        words
    }

    #[test]
    fn tells_indonesian_from_english() {
        let id = identify(
            &words(),
            "Korut luncurkan rudal",
            "Militer Korea Selatan mengatakan rudal itu jatuh di laut.",
            None,
        );
        let en = identify(
            &words(),
            "North Korea fires missile",
            "South Korea's military said the missile fell into the sea.",
            None,
        );
        assert_eq!((id.code.as_str(), en.code.as_str()), ("id", "en"));
    }

    #[test]
    fn own_words_decide_where_the_library_is_not_sure() {
        let text = "Korut luncurkan dua rudal, kata militer.";
        assert!(DETECTOR.detect(text).is_none_or(|info| info.confidence() < SURE));
        assert_eq!(identify(&words(), "", text, None).code, "id");
        assert_eq!(identify(&words(), "", text, Some("en")).code, "id");
    }

    #[test]
    fn a_word_of_two_languages_decides_nothing() {
        let mut words = OwnWords::default();
        words.add("id", ["drone".to_owned(), "di".to_owned()].into_iter());
        words.add("en", ["drone".to_owned()].into_iter());
        assert_eq!(words.vote("drone drone drone"), None);
        assert_eq!(words.vote("di drone di").map(|v| v.code), Some("id"));
    }

    #[test]
    fn abstains_without_words() {
        assert_eq!(identify(&words(), "", "12345 67890", None).code, "und");
        assert_eq!(identify(&words(), "", "12345 67890", Some("id-ID")).code, "id");
    }
}
