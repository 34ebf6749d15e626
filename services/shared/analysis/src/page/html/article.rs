//! Finding the article on a page.

use dom_query::{Document, NodeData, NodeRef};
use dom_smoothie::{Config, Readability};

use super::text::{self, Found, Links};

/// Longest attribute that is kept, in bytes: longer ones are pictures.
const LONGEST_ATTRIBUTE: usize = 4096;
/// Characters from which a text is an article; with fewer, the library is less strict about what belongs to it.
const SHORTEST: usize = 200;
/// Bound on letters that are escaped times length of one text: the library writes the article down, and takes the
/// product of both for it.
const LARGEST_PRODUCT: usize = 10_000_000_000;

/// The article of a page; nothing where the library finds none.
pub(super) fn find(document: Document) -> Found {
    lighten(&document);
    // The page's own statements are read elsewhere, by a parser that is sure.
    let config = Config { disable_json_ld: true, char_threshold: SHORTEST, ..Config::default() };
    let Ok(mut readability) = Readability::with_document(document, None, Some(config)) else {
        return Found::default();
    };
    if readability.parse().is_err() {
        return Found::default();
    }
    let article = readability.doc.select_single("#readability-page-1");
    article.nodes().first().map(|node| text::of(node, Links::Dropped)).unwrap_or_default()
}

/// Takes away what only costs time.
fn lighten(document: &Document) {
    let mut product = 0;
    for node in document.root().descendants() {
        match node.query(text_product) {
            Some(Some(more)) => {
                product += more;
                if product > LARGEST_PRODUCT {
                    node.set_text("");
                }
            }
            _ => drop_long_attributes(&node),
        }
    }
}

fn text_product(node: &dom_query::TreeNode) -> Option<usize> {
    let NodeData::Text { contents } = &node.data else { return None };
    let is_escaped = |byte: &&u8| matches!(byte, b'&' | b'<' | b'>' | 0xC2);
    Some(contents.as_bytes().iter().filter(is_escaped).count() * contents.len())
}

fn drop_long_attributes(node: &NodeRef<'_>) {
    node.update(|node| {
        if let NodeData::Element(element) = &mut node.data {
            element.attrs.retain(|attribute| attribute.value.len() <= LONGEST_ATTRIBUTE);
        }
    });
}
