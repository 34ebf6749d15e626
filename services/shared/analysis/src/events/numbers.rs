//! Numbers of a sentence: digits and words, with the words that bound them.

use std::ops::Range;

use super::item::{Item, Quantity, What};
use super::sentence::gap;
use crate::vocabulary::{Meaning, Word};

/// Numbers in digits that count something: no dates, hours, ordinals, percentages, prices and names.
pub(crate) fn digits(text: &str, range: &Range<usize>, thousands: char, taken: &[Range<usize>]) -> Vec<Item> {
    let bytes = text.as_bytes();
    let mut items = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let mut end = at;
        while end < range.end
            && (bytes[end].is_ascii_digit()
                || (matches!(bytes[end], b'.' | b',')
                    && end + 1 < range.end
                    && bytes[end + 1].is_ascii_digit()))
        {
            end += 1;
        }
        if thousands == ' ' && end - start <= 3 {
            end = groups_end(bytes, end, range.end);
        }
        at = end.max(start + 1);
        if taken.iter().any(|t| t.start < end && start < t.end) || !counts(text, start, end) {
            continue;
        }
        if let Some(value) = value(&text[start..end], thousands) {
            let quantity = Quantity { min: Some(value), max: Some(value), digits: (start, end) };
            items.push(Item { start, end, clause: 0, what: What::Quantity(quantity) });
        }
    }
    items
}

/// Where a number ends whose thousands are parted by blanks (*4 000*).
fn groups_end(bytes: &[u8], mut end: usize, limit: usize) -> usize {
    let digits = |from: usize, to: usize| to <= limit && bytes[from..to].iter().all(u8::is_ascii_digit);
    while digits(end + 1, end + 4)
        && bytes[end] == b' '
        && !(end + 4 < limit && bytes[end + 4].is_ascii_digit())
    {
        end += 4;
    }
    end
}

/// Whether the signs around digits let them count something.
fn counts(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let glued_before = before
        .is_some_and(|c| matches!(c, '-' | ':' | '/' | '$' | '€' | '£' | '#') || c.is_ascii_alphanumeric());
    let glued_after = after.is_some_and(|c| matches!(c, '%' | '/' | '°') || c.is_ascii_alphabetic());
    let hour = after == Some(':') && text[end + 1..].starts_with(|c: char| c.is_ascii_digit());
    !(glued_before || glued_after || hour)
}

/// The value of digits with their separators; none for fractions.
fn value(digits: &str, thousands: char) -> Option<u32> {
    let groups: Vec<&str> = digits.split(['.', ',', ' ']).collect();
    let separators_fit = digits.chars().filter(|c| !c.is_ascii_digit()).all(|c| c == thousands);
    let grouped = groups[1..].iter().all(|g| g.len() == 3);
    if groups.len() > 1 && !(separators_fit && grouped) {
        return None;
    }
    groups.concat().parse().ok()
}

/// Puts number words, multipliers and bounds together.
pub(crate) fn join(items: &mut Vec<Item>, text: &str) {
    words_to_quantities(items);
    multiply(items, text);
    drop_units(items, text);
    bound(items, text);
    items.retain(|i| !matches!(i.what, What::Raw(Meaning::Multiplier(_))));
}

fn words_to_quantities(items: &mut [Item]) {
    for item in items {
        let (min, max) = match item.what {
            What::Raw(Meaning::Number(n)) => (n, Some(n)),
            What::Raw(Meaning::Vague(n)) => (n, None),
            _ => continue,
        };
        item.what = What::Quantity(Quantity { min: Some(min), max, digits: (item.start, item.end) });
    }
}

/// *two thousand*, *dua puluh lima*, *1,5 juta*: words that follow each other add up or multiply.
fn multiply(items: &mut Vec<Item>, text: &str) {
    let mut at = 0;
    while at + 1 < items.len() {
        let (left, right) = (&items[at], &items[at + 1]);
        let adjacent =
            right.start >= left.end && text[left.end..right.start].chars().all(|c| c == ' ' || c == '-');
        let joined = match (&left.what, &right.what) {
            (What::Quantity(q), What::Raw(Meaning::Multiplier(m))) if adjacent => {
                let times = |n: Option<u32>| n.map(|n| n.saturating_mul(*m));
                Some(Quantity { min: times(q.min), max: times(q.max), digits: (q.digits.0, right.end) })
            }
            (What::Quantity(a), What::Quantity(b)) if adjacent && adds(*a, *b) => {
                let sum = |x: Option<u32>, y: Option<u32>| Some(x?.saturating_add(y?));
                Some(Quantity {
                    min: sum(a.min, b.min),
                    max: sum(a.max, b.max),
                    digits: (a.digits.0, right.end),
                })
            }
            _ => None,
        };
        match joined {
            Some(quantity) => {
                items[at].end = items[at + 1].end;
                items[at].what = What::Quantity(quantity);
                items.remove(at + 1);
            }
            None => at += 1,
        }
    }
}

/// *twenty* and *five* add up, *2* and *12* stand apart.
fn adds(left: Quantity, right: Quantity) -> bool {
    match (left.min, right.min) {
        (Some(a), Some(b)) => b > 0 && a >= 20 && (b < 10 && a % 10 == 0 || b < 100 && a % 100 == 0),
        _ => false,
    }
}

/// A number before a unit measures.
fn drop_units(items: &mut Vec<Item>, text: &str) {
    let measures: Vec<bool> = (0..items.len())
        .map(|i| {
            matches!(items[i].what, What::Quantity(_))
                && items.get(i + 1).is_some_and(|next| {
                    let unit = next.is_word(Word::Unit)
                        || matches!(next.what, What::Raw(Meaning::Time(t)) if t.is_unit());
                    unit && gap(text, items[i].end, next.start) == 0
                })
        })
        .collect();
    let mut keep = measures.iter().map(|m| !m);
    items.retain(|_| keep.next().unwrap_or(true));
}

/// *at least two*, *up to 30*, *two to four*.
fn bound(items: &mut Vec<Item>, text: &str) {
    let mut at = 0;
    while at < items.len() {
        if let What::Quantity(quantity) = items[at].what {
            let mut quantity = quantity;
            let mut start = items[at].start;
            let before = at.checked_sub(1).filter(|b| gap(text, items[*b].end, items[at].start) == 0);
            if let Some(word) = before.and_then(|b| items[b].word())
                && let Some(bounded) = bounded(quantity, word)
            {
                quantity = bounded;
                start = items[at - 1].start;
                items.remove(at - 1);
                at -= 1;
            }
            if let Some((behind, bounded)) = bounded_behind(items, at, text, quantity) {
                quantity = bounded;
                items.remove(behind);
            }
            items[at].start = start;
            items[at].what = What::Quantity(quantity);
        }
        at += 1;
    }
}

/// 30人以上, *300'den fazla*: a bound right behind the number or what it counts.
fn bounded_behind(items: &[Item], at: usize, text: &str, quantity: Quantity) -> Option<(usize, Quantity)> {
    let mut end = items[at].end;
    for next in at + 1..items.len().min(at + 6) {
        let item = &items[next];
        if item.start < end {
            continue;
        }
        if gap(text, end, item.start) > 0 {
            return None;
        }
        match &item.what {
            // *12 killed, at least 30 hurt*: what stands before the next number is that one's.
            What::Word(word) if !followed_by_number(items, next, text) => {
                return bounded(quantity, *word).filter(|b| *b != quantity).map(|b| (next, b));
            }
            What::Noun(_) => end = item.end,
            _ => return None,
        }
    }
    None
}

fn followed_by_number(items: &[Item], at: usize, text: &str) -> bool {
    let next = items[at + 1..].iter().find(|i| i.start >= items[at].end);
    next.is_some_and(|n| matches!(n.what, What::Quantity(_)) && gap(text, items[at].end, n.start) == 0)
}

fn bounded(quantity: Quantity, word: Word) -> Option<Quantity> {
    let value = quantity.min;
    Some(match word {
        Word::AtLeast => Quantity { max: None, ..quantity },
        Word::MoreThan => Quantity { min: value.map(|v| v.saturating_add(1)), max: None, ..quantity },
        Word::AtMost => Quantity { min: None, max: value, ..quantity },
        Word::LessThan => Quantity { min: None, max: value.map(|v| v.saturating_sub(1)), ..quantity },
        Word::About => quantity,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, thousands: char) -> Vec<u32> {
        let items = digits(text, &(0..text.len()), thousands, &[]);
        items.into_iter().filter_map(|i| if let What::Quantity(q) = i.what { q.min } else { None }).collect()
    }

    #[test]
    fn reads_what_counts_and_leaves_the_rest() {
        assert_eq!(values("1,500 men and 12 boats at 11:41, $40, 3rd, f-16, 0.6 per", ','), [1500, 12]);
        assert_eq!(values("1.500 orang, 2,5 juta, 12/9", '.'), [1500]);
        assert_eq!(values("4 000 солдат, 12 345 678, 5 12, 3 0000", ' '), [4000, 12_345_678, 5, 12, 3, 0]);
        assert_eq!(values("99999999999999999999", ','), Vec::<u32>::new());
    }
}
