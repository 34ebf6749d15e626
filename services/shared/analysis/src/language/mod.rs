//! Which language a text is in.

mod features;
mod own_words;

use std::sync::LazyLock;

use siaga_schemas::Language;
use whatlang::Detector;

use crate::linear::{Linear, ModelError};

pub use features::features;
pub(crate) use own_words::OwnWords;

static MODEL: &[u8] = include_bytes!("../../models/language.bin");

/// Languages that the model has not learnt: a library that knows seventy is asked where the model is not sure.
static OTHERS: LazyLock<Detector> = LazyLock::new(Detector::new);

/// Bytes of a text that are looked at; more does not change the answer and costs time.
const SAMPLE: usize = 300;

/// Below this the library is asked.
const SURE: f32 = 0.95;

/// Below this nothing is said.
const LEAST: f32 = 0.15;

/// At this confidence the library is believed of a language that the model has not learnt.
const SURE_OTHER: f64 = 0.9;

/// Logits that a text full of a language's own words gains for it.
const OWN_WORDS: f32 = 6.0;

/// Logits that a language loses of which the lexicon knows nothing: few newsrooms write in it, and short texts of a
/// neighbour that has many would be called by its name.
const RARE: f32 = 1.5;

/// Logits that the publisher's word is worth.
const HINT: f32 = 1.5;

/// Names languages.
#[derive(Debug)]
pub(crate) struct Identifier {
    model: Linear,
    /// Words that only one language has.
    pub own_words: OwnWords,
}

impl Identifier {
    /// The identifier that is built in, without words.
    ///
    /// # Errors
    /// Where the model is broken; a test keeps a release from having such a one.
    pub(crate) fn built_in() -> Result<Self, ModelError> {
        Ok(Self { model: Linear::read(MODEL)?, own_words: OwnWords::default() })
    }

    /// Name and version of the model.
    pub(crate) fn version(&self) -> &str {
        &self.model.header().name
    }

    /// Names the language of an article from its headline and the beginning of its body. `hint` is what the publisher
    /// states; it decides only where the text leaves room.
    pub(crate) fn identify(&self, title: &str, body: &str, hint: Option<&str>) -> Language {
        let sample = sample(title, body);
        let features = features(&sample);
        let hint = hint.map(|h| h.replace('_', "-"));
        if features.is_empty() {
            let code = hint.as_deref().map(primary).filter(|h| h.len() == 2);
            return Language { code: code.unwrap_or("und").to_owned(), confidence: 0.0 };
        }
        let (code, confidence) = self.best(&sample, &features, hint.as_deref());
        if confidence < SURE
            && let Some(other) = self.other(&sample)
        {
            return other;
        }
        let code = if confidence < LEAST { "und" } else { code };
        Language { code: code.to_owned(), confidence: (confidence * 1000.0).round() / 1000.0 }
    }

    /// The likeliest language that the model knows, and how likely it is.
    fn best(&self, sample: &str, features: &[u32], hint: Option<&str>) -> (&str, f32) {
        let classes = &self.model.header().classes;
        let mut logits = self.model.logits(features);
        let shares = self.own_words.shares(sample);
        for (logit, class) in logits.iter_mut().zip(classes) {
            let share =
                shares.iter().find(|(code, _)| *code == primary(class)).map_or(0.0, |(_, share)| *share);
            *logit += OWN_WORDS * share.sqrt();
            if hint.is_some_and(|h| h == class || h == primary(class)) {
                *logit += HINT;
            }
            if !self.own_words.knows(primary(class)) {
                *logit -= RARE;
            }
        }
        let most = logits.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = logits.iter().map(|l| (l - most).exp()).sum();
        let best = logits.iter().position(|l| *l >= most).unwrap_or(0);
        (&classes[best], 1.0 / sum)
    }

    /// A language that the model has not learnt, where the library is sure of one.
    fn other(&self, sample: &str) -> Option<Language> {
        let found = OTHERS.detect(sample).filter(|info| info.confidence() >= SURE_OTHER)?;
        let code = code(found.lang());
        let learnt = self.model.header().classes.iter().any(|class| primary(class) == code);
        #[expect(clippy::cast_possible_truncation, reason = "three decimals are kept")]
        let confidence = ((found.confidence() * 1000.0).round() / 1000.0) as f32;
        (!learnt).then(|| Language { code: code.to_owned(), confidence })
    }
}

/// The language of a code, without script and country.
fn primary(code: &str) -> &str {
    code.split('-').next().unwrap_or(code)
}

/// The headline and the beginning of the body.
fn sample(title: &str, body: &str) -> String {
    let title = &title[..title.floor_char_boundary(SAMPLE)];
    let body = &body[..body.floor_char_boundary(SAMPLE - title.len().min(SAMPLE / 2))];
    [title, body].join("\n")
}

/// BCP 47 code of a language that the library knows: two letters where there are two.
fn code(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang;
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(title: &str, body: &str, hint: Option<&str>) -> String {
        Identifier::built_in().unwrap().identify(title, body, hint).code
    }

    #[test]
    fn neighbours_are_told_apart() {
        let cases = [
            ("id", "Polisi mengatakan mobil itu ditemukan di dekat kantor karena mogok."),
            ("ms", "Polis berkata kereta itu ditemui berhampiran pejabat kerana rosak."),
            ("jv", "Polisi ngandhakake yen mobil kuwi ditemokake cedhak kantor amarga mogok."),
            ("pt", "A polícia disse que o carro foi encontrado perto do escritório."),
            ("es", "La policía dijo que el coche fue encontrado cerca de la oficina."),
            ("uk", "Поліція повідомила, що автомобіль знайшли біля офісу."),
            ("ru", "Полиция сообщила, что автомобиль нашли возле офиса."),
            ("fa", "پلیس گفت که خودرو در نزدیکی دفتر پیدا شد."),
            ("ar", "قالت الشرطة إن السيارة عثر عليها قرب المكتب."),
            ("zh-Hant", "警方說，汽車在辦公室附近被發現。"),
            ("zh-Hans", "警方说，汽车在办公室附近被发现。"),
        ];
        for (code, text) in cases {
            assert_eq!(code_of("", text, None), code, "{text}");
        }
    }

    #[test]
    fn a_headline_is_enough() {
        assert_eq!(code_of("Korut luncurkan dua rudal, kata militer Korsel", "", None), "id");
        assert_eq!(code_of("North Korea fires missile", "", None), "en");
        assert_eq!(code_of("КНДР запустила две ракеты, сообщили военные Южной Кореи", "", None), "ru");
    }

    #[test]
    fn languages_that_were_not_learnt_are_not_taken_for_others() {
        let swedish = "Polisen uppgav att bilen hittades nära kontoret och att ingen människa hade skadats i olyckan under natten.";
        let greek = "Η αστυνομία είπε ότι το αυτοκίνητο βρέθηκε κοντά στο γραφείο.";
        assert_eq!(code_of("", swedish, None), "sv");
        assert_eq!(code_of("", greek, None), "el");
    }

    #[test]
    fn abstains_without_words() {
        assert_eq!(code_of("", "12345 67890", None), "und");
        assert_eq!(code_of("", "12345 67890", Some("id-ID")), "id");
    }
}
