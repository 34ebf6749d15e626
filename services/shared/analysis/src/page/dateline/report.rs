//! The phrase with which newsrooms name their source before the first sentence: `به گزارش خبرگزاری فارس، …`.

use super::piece::{self, Element};
use crate::page::knowledge::Knowledge;

/// Longest phrase with the names behind it, in bytes.
const LONGEST: usize = 160;
/// Most words between phrase and comma.
const MOST_WORDS: usize = 10;
/// Most words of a medium's name.
const LONGEST_NAME: usize = 4;
/// Phrases that may follow each other: `به گزارش ایسنا، به نقل از رویترز،`.
const MOST_PHRASES: usize = 3;

/// The media that a paragraph begins with, and the bytes that the phrase takes.
pub(super) fn find(paragraph: &str, knowledge: &Knowledge) -> Option<(Vec<Element>, usize)> {
    let mut elements = Vec::new();
    let mut end = 0;
    for _ in 0..MOST_PHRASES {
        let Some((media, used)) = phrase(&paragraph[end..], knowledge) else { break };
        elements.extend(media);
        end += used;
    }
    (end > 0).then_some((elements, end))
}

fn phrase(text: &str, knowledge: &Knowledge) -> Option<(Vec<Element>, usize)> {
    let text_start = text.len() - text.trim_start().len();
    let head = &text[..text.floor_char_boundary(LONGEST)];
    let rest = knowledge.reports.strip(head)?;
    let comma = rest.find(['،', ',', '؛', ':'])?;
    let (names, mark) = rest.split_at(comma);
    let words: Vec<&str> = names.split_whitespace().collect();
    if words.len() > MOST_WORDS || names.contains(['.', '؟', '!']) {
        return None;
    }
    let media = media(&words, knowledge);
    let behind = head.len() - mark.len() + mark.chars().next().map_or(0, char::len_utf8);
    (!media.is_empty() && behind > text_start).then_some((media, behind))
}

fn media(words: &[&str], knowledge: &Knowledge) -> Vec<Element> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=LONGEST_NAME.min(words.len() - at)).rev();
        let medium = longest
            .into_iter()
            .find_map(|length| Some((piece::medium(&words[at..at + length].join(" "), knowledge)?, length)));
        at += match medium {
            Some((element, length)) => {
                found.push(element);
                length
            }
            None => 1,
        };
    }
    found
}
