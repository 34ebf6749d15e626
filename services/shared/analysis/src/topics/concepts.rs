//! The IPTC Media Topics that Siaga names: codes and English labels of the NewsCodes vocabulary (2023-10).

/// The top level, in order of code.
pub const TOP: [(&str, &str); 17] = [
    ("01000000", "arts, culture, entertainment and media"),
    ("02000000", "crime, law and justice"),
    ("03000000", "disaster, accident and emergency incident"),
    ("04000000", "economy, business and finance"),
    ("05000000", "education"),
    ("06000000", "environment"),
    ("07000000", "health"),
    ("08000000", "human interest"),
    ("09000000", "labour"),
    ("10000000", "lifestyle and leisure"),
    ("11000000", "politics and government"),
    ("12000000", "religion"),
    ("13000000", "science and technology"),
    ("14000000", "society"),
    ("15000000", "sport"),
    ("16000000", "conflict, war and peace"),
    ("17000000", "weather"),
];

/// Number of top levels.
pub(crate) const TOPS: usize = TOP.len();

/// The second level of politics and of conflict: code, number of its top level in [`TOP`], label.
const SECOND: [(&str, usize, &str); 17] = [
    ("20000053", CONFLICT, "act of terror"),
    ("20000056", CONFLICT, "armed conflict"),
    ("20000065", CONFLICT, "civil unrest"),
    ("20000070", CONFLICT, "coup d'etat"),
    ("20000071", CONFLICT, "massacre"),
    ("20000073", CONFLICT, "peace process"),
    ("20000080", CONFLICT, "prisoners of war"),
    ("20001361", CONFLICT, "cyber warfare"),
    ("20000077", CONFLICT, "post-war reconstruction"),
    ("20000574", POLITICS, "election"),
    ("20000587", POLITICS, "fundamental rights"),
    ("20000593", POLITICS, "government"),
    ("20000621", POLITICS, "government policy"),
    ("20000638", POLITICS, "international relations"),
    ("20000647", POLITICS, "political crisis"),
    ("20000648", POLITICS, "political dissent"),
    ("20000649", POLITICS, "political process"),
];

const POLITICS: usize = 10;
const CONFLICT: usize = 15;

/// Where a code stands: the number of its top level, and its label where it is of the second level.
pub(crate) fn place(code: &str) -> Option<(usize, Option<&'static str>)> {
    if let Some(top) = TOP.iter().position(|(c, _)| *c == code) {
        return Some((top, None));
    }
    SECOND.iter().find(|(c, _, _)| *c == code).map(|(_, top, label)| (*top, Some(*label)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_level_stands_under_the_top_level_that_it_names() {
        assert_eq!((TOP[POLITICS].0, TOP[CONFLICT].0), ("11000000", "16000000"));
        assert_eq!(place("20000574"), Some((POLITICS, Some("election"))));
        assert_eq!(place("16000000"), Some((CONFLICT, None)));
        assert_eq!(place("16000001"), None);
    }
}
