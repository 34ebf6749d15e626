//! Which language a text is in.

use std::sync::LazyLock;

use siaga_schemas::Language;
use whatlang::{Detector, Lang};

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

/// Below this the text gives no ground.
const LEAST: f64 = 0.2;

/// Names the language of an article from its headline and the beginning of its body. `hint` is what the publisher
/// states; it decides only where the text leaves room.
pub(crate) fn identify(title: &str, body: &str, hint: Option<&str>) -> Language {
    let sample = sample(title, body);
    let found = DETECTOR.detect(&sample);
    let hinted =
        hint.map(|h| h.split(['-', '_']).next().unwrap_or(h).to_ascii_lowercase()).filter(|h| h.len() == 2);
    match (found, hinted) {
        (Some(info), hint) if info.confidence() >= LEAST => {
            let code = code(info.lang());
            let sure = info.confidence() >= 0.8 || hint.as_deref() == Some(code);
            match hint {
                Some(hint) if !sure => Language { code: hint, confidence: 0.5 },
                _ => Language { code: code.to_owned(), confidence: rounded(info.confidence()) },
            }
        }
        (_, Some(hint)) => Language { code: hint, confidence: 0.5 },
        (Some(info), None) => {
            Language { code: code(info.lang()).to_owned(), confidence: rounded(info.confidence()) }
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

    #[test]
    fn tells_indonesian_from_english() {
        let id = identify(
            "Korut luncurkan rudal",
            "Militer Korea Selatan mengatakan rudal itu jatuh di laut.",
            None,
        );
        let en = identify(
            "North Korea fires missile",
            "South Korea's military said the missile fell into the sea.",
            None,
        );
        assert_eq!((id.code.as_str(), en.code.as_str()), ("id", "en"));
    }

    #[test]
    fn abstains_without_words() {
        assert_eq!(identify("", "12345 67890", None).code, "und");
        assert_eq!(identify("", "12345 67890", Some("id-ID")).code, "id");
    }
}
