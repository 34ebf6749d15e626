//! From a tree to lines: a paragraph, an item, a row each, with an empty line between them.

use dom_query::NodeRef;

/// Most captions of a page, and the longest in bytes.
const MOST_CAPTIONS: usize = 64;
const LONGEST_CAPTION: usize = 2000;

/// Text of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Paragraphs, an empty line between them.
    pub body: String,
    /// What stands under pictures.
    pub captions: Vec<String>,
}

/// How an element stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// No text of the article's.
    Skipped,
    Caption,
    /// Begins and ends a paragraph.
    Block,
    /// A block whose line ends count.
    Preformatted,
    LineEnd,
    Link,
    Inline,
}

fn role(name: &str) -> Role {
    match name {
        "head" | "script" | "style" | "noscript" | "template" | "svg" | "math" | "iframe" | "object"
        | "embed" | "button" | "input" | "select" | "textarea" | "nav" | "aside" | "footer" | "audio"
        | "video" | "canvas" | "dialog" | "menu" => Role::Skipped,
        "figcaption" | "caption" => Role::Caption,
        "pre" => Role::Preformatted,
        "br" => Role::LineEnd,
        "a" => Role::Link,
        "address" | "article" | "blockquote" | "body" | "center" | "dd" | "details" | "div" | "dl" | "dt"
        | "fieldset" | "figure" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup"
        | "hr" | "html" | "li" | "main" | "ol" | "p" | "section" | "summary" | "table" | "tbody" | "td"
        | "tfoot" | "th" | "thead" | "tr" | "ul" => Role::Block,
        _ => Role::Inline,
    }
}

/// What becomes of paragraphs that are nothing but a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// They are the article's, as in a feed.
    Kept,
    /// They lead to other articles, as on a page.
    Dropped,
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    Leave(Role),
}

/// The text below a node.
pub(super) fn of(root: &NodeRef<'_>, links: Links) -> Found {
    let mut found = Found::default();
    let mut lines = Lines { drops_links: links == Links::Dropped, ..Lines::default() };
    let mut preformatted = 0;
    let mut steps = vec![Step::Enter(*root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) if node.is_text() => lines.push(&node.text(), preformatted > 0),
            Step::Enter(node) => {
                let role = node.node_name().map_or(Role::Inline, |name| role(&name));
                match role {
                    Role::Skipped => continue,
                    _ if node.has_attr("hidden") => continue,
                    Role::Caption => {
                        found.add_caption(&node);
                        continue;
                    }
                    Role::Block => lines.end_paragraph(),
                    Role::Preformatted => {
                        lines.end_paragraph();
                        preformatted += 1;
                    }
                    Role::LineEnd => lines.end_line(),
                    Role::Link => lines.links += 1,
                    Role::Inline => {}
                }
                steps.push(Step::Leave(role));
                steps.extend(node.children_it(true).map(Step::Enter));
            }
            Step::Leave(role) => {
                preformatted -= usize::from(role == Role::Preformatted);
                lines.links -= usize::from(role == Role::Link);
                if matches!(role, Role::Block | Role::Preformatted) {
                    lines.end_paragraph();
                }
            }
        }
    }
    lines.end_paragraph();
    found.body = lines.text;
    found
}

impl Found {
    fn add_caption(&mut self, node: &NodeRef<'_>) {
        let mut lines = Lines::default();
        lines.push(&node.text(), false);
        let caption = lines.text;
        let fits = (1..=LONGEST_CAPTION).contains(&caption.len());
        if fits && self.captions.len() < MOST_CAPTIONS && !self.captions.contains(&caption) {
            self.captions.push(caption);
        }
    }
}

/// White space as browsers show it.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    /// Line ends that are owed before the next letter.
    ends: usize,
    gap: Gap,
    /// Links that are open.
    links: usize,
    drops_links: bool,
    /// Where the paragraph begins, and whether letters of it stand outside of links.
    start: usize,
    plain: bool,
}

/// White space that is owed before the next letter of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    /// A line end in the source: a blank, but not between signs that are written without.
    LineEnd,
    Blank,
}

impl Lines {
    fn push(&mut self, text: &str, preformatted: bool) {
        for letter in text.chars() {
            match letter {
                '\n' if preformatted => self.end_line(),
                '\n' | '\r' => self.gap = self.gap.max(Gap::LineEnd),
                // Blanks that indent a line belong to the end of the one before.
                _ if letter.is_whitespace() => {
                    if self.gap == Gap::None {
                        self.gap = Gap::Blank;
                    }
                }
                // Soft hyphens and marks without width break words; joiners are part of them.
                '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
                _ if letter.is_control() => {}
                _ => self.letter(letter),
            }
        }
    }

    fn letter(&mut self, letter: char) {
        let last = self.text.chars().next_back();
        self.plain |= self.links == 0 && letter.is_alphanumeric();
        if self.ends > 0 {
            self.text.extend(std::iter::repeat_n('\n', self.ends));
        } else if let Some(last) = last {
            let unspaced = self.gap == Gap::LineEnd && is_unspaced(last) && is_unspaced(letter);
            if self.gap != Gap::None && !unspaced {
                self.text.push(' ');
            }
        }
        (self.ends, self.gap) = (0, Gap::None);
        self.text.push(letter);
    }

    fn end_line(&mut self) {
        self.end(self.ends + 1);
    }

    fn end_paragraph(&mut self) {
        if self.drops_links && !self.plain {
            self.text.truncate(self.start);
        }
        (self.start, self.plain) = (self.text.len(), false);
        self.end(2);
    }

    fn end(&mut self, ends: usize) {
        self.gap = Gap::None;
        if !self.text.is_empty() {
            self.ends = self.ends.max(ends.min(2));
        }
    }
}

/// Signs of scripts without blanks between words.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{312F}' | '\u{3190}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    fn body(html: &str) -> String {
        of(&Document::from(html).root(), Links::Kept).body
    }

    #[test]
    fn blocks_are_paragraphs_and_breaks_are_lines() {
        assert_eq!(
            body("<p>One  <b>two</b>\n three</p>four<br>five<br><br><br>six"),
            "One two three\n\nfour\nfive\n\nsix"
        );
        assert_eq!(body("<ul><li>a</li><li>b</li></ul><table><tr><td>c<td>d</table>"), "a\n\nb\n\nc\n\nd");
        assert_eq!(body("<pre>a\n  b</pre>"), "a\nb");
    }

    #[test]
    fn what_is_not_read_aloud_is_left_out() {
        let html =
            "<nav>Home</nav><p>A<script>x()</script><style>y</style></p><p hidden>B</p><button>C</button>";
        assert_eq!(body(html), "A");
        assert_eq!(body("co\u{AD}op\u{200B}er\u{FEFF}ate"), "cooperate");
    }

    #[test]
    fn line_ends_of_the_source_stand_for_blanks_only_where_words_have_them() {
        assert_eq!(body("<p>北京\n  发言人说</p>"), "北京发言人说");
        assert_eq!(body("<p>Jumat\n  pagi</p>"), "Jumat pagi");
        assert_eq!(body("<p>東京 大阪</p>"), "東京 大阪");
    }

    #[test]
    fn paragraphs_that_are_only_a_link_are_dropped_on_a_page() {
        let html = "<p>A <a href=x>b</a></p><p><a href=x>Other</a> &gt;</p><div><a href=x>More</a><br></div><p>c</p>";
        let document = Document::from(html);
        assert_eq!(of(&document.root(), Links::Dropped).body, "A b\n\nc");
        assert_eq!(of(&document.root(), Links::Kept).body, "A b\n\nOther >\n\nMore\n\nc");
    }

    #[test]
    fn captions_stand_apart() {
        let html = "<figure><img><figcaption> A <b>ship</b>.</figcaption></figure><p>Text</p>";
        let found = of(&Document::from(html).root(), Links::Kept);
        assert_eq!((found.body.as_str(), found.captions), ("Text", vec!["A ship.".to_owned()]));
    }
}
