//! Articles of about 3.1 kB in Indonesian and English, made from sentences of our own: the same index gives the same
//! bytes. Every fourth tells of an event, every fourth of something that only sounds like one.

use std::collections::BTreeMap;

use serde_json::json;

/// Smallest size of an article as JSON, in bytes; the mean is a sentence above.
const SMALLEST: usize = 3050;

const TOWNS: &[&str] =
    &["Ende", "Sorong", "Tarakan", "Kupang", "Bitung", "Banjarbaru", "Lumajang", "Ternate"];
const CITIES: &[&str] = &["Kandahar", "Mogadishu", "Idlib", "Kharkiv", "Maiduguri", "Quetta", "Aden", "Goma"];
const REEFS: &[&str] = &["Scarborough Shoal", "Second Thomas Shoal", "Natuna", "Sabina Shoal"];
const PUBLISHERS: &[&str] = &["Harian Contoh", "Example Wire", "Kabar Percobaan", "The Sample Post"];

#[derive(Debug)]
struct Language {
    code: &'static str,
    sentences: BTreeMap<&'static str, Vec<&'static str>>,
    states: &'static [&'static str],
    days: &'static [&'static str],
}

/// Makes articles by number.
#[derive(Debug)]
pub struct Articles([Language; 2]);

/// Numbers that look random and are the same everywhere (SplitMix64).
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.below(values.len())]
    }
}

impl Default for Articles {
    fn default() -> Self {
        Self::new()
    }
}

impl Articles {
    /// Reads the sentences that articles are made from.
    pub fn new() -> Self {
        Self([
            Language {
                code: "id",
                sentences: sections(include_str!("prose/id.txt")),
                states: &["Korea Utara", "Iran", "Filipina", "Rusia"],
                days: &["Senin", "Selasa", "Rabu", "Kamis"],
            },
            Language {
                code: "en",
                sentences: sections(include_str!("prose/en.txt")),
                states: &["North Korea", "Iran", "the Philippines", "Russia"],
                days: &["Monday", "Tuesday", "Wednesday", "Thursday"],
            },
        ])
    }

    /// Key of an article.
    pub fn id(index: u64) -> String {
        format!("bench-{index:08}")
    }

    /// The raw article as JSON.
    pub fn article(&self, index: u64) -> Vec<u8> {
        let mut choices = Choices(index);
        let language = &self.0[choices.below(2)];
        let section = ["event", "near", "filler", "filler"][(index % 4) as usize];
        let title = language.sentence(if section == "event" { "event-title" } else { "title" }, &mut choices);
        let mut body = language.sentence(section, &mut choices);
        let mut sentences = 1;
        let mut article = json!({
            "id": Self::id(index),
            "url": format!("https://news.example/{}/{index}", language.code),
            "publisher": choices.of(PUBLISHERS),
            "published_at": format!("2026-06-{:02}T{:02}:{:02}:00+07:00", index % 28 + 1, index % 24, index % 60),
            "title": title,
        });
        let other = article.to_string().len() + ",\"body\":\"\"".len();
        // A line break is two bytes in JSON, and everything else of the prose is as long as it is.
        while other + body.len() + body.matches('\n').count() < SMALLEST {
            body.push_str(if sentences % 3 == 0 { "\n\n" } else { " " });
            body.push_str(&language.sentence("filler", &mut choices));
            sentences += 1;
        }
        article["body"] = body.into();
        article.to_string().into_bytes()
    }
}

impl Language {
    fn sentence(&self, section: &str, choices: &mut Choices) -> String {
        let sentence = choices.of(&self.sentences[section]);
        if !sentence.contains('{') {
            return sentence.to_owned();
        }
        let n = choices.below(18) + 2;
        let filled = sentence
            .replace("{town}", choices.of(TOWNS))
            .replace("{city}", choices.of(CITIES))
            .replace("{reef}", choices.of(REEFS))
            .replace("{state}", choices.of(self.states))
            .replace("{day}", choices.of(self.days))
            .replace("{n}", &n.to_string())
            .replace("{m}", &(n + 9).to_string());
        let mut letters = filled.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

fn sections(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut section = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(name) => section = name,
            None => found.entry(section).or_default().push(line),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_of_the_size_that_is_promised() {
        let articles = Articles::new();
        let sizes: Vec<usize> = (0..2000).map(|index| articles.article(index).len()).collect();
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        assert!((3050..=3150).contains(&mean), "{mean}");
        assert!(sizes.iter().all(|size| (SMALLEST..SMALLEST + 200).contains(size)));
    }

    #[test]
    fn the_same_index_gives_the_same_article_and_no_slot_stays_open() {
        let (one, two) = (Articles::new(), Articles::new());
        for index in 0..500 {
            let article = one.article(index);
            assert_eq!(article, two.article(index));
            let read: serde_json::Value = serde_json::from_slice(&article).unwrap();
            assert_eq!(read["id"], Articles::id(index));
            assert!(!read["body"].as_str().unwrap().contains('{'), "{read}");
        }
    }
}
