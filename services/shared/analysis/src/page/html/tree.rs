//! From the letters of a page to its tree, within bounds.
//!
//! What browsers do with a broken page costs more than linear time in four places: deep nesting, formatting that is
//! never closed and so is opened anew in each paragraph, attributes by the thousand on one tag, and on `<html>` given
//! again and again. The page is fed to the parser in small pieces, and the bounds are looked at between them.

use std::borrow::Cow;
use std::cell::{Cell, Ref};

use dom_query::{Document, NodeId};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};

use super::Error;

/// Bytes that are parsed between two looks at the bounds.
const PIECE: usize = 256;
/// Most nodes of a page; a long live blog has a third of them.
pub(super) const MOST_NODES: usize = 60_000;
/// Deepest nesting; pages have a few dozen levels, browsers stop at 512.
pub(super) const DEEPEST: usize = 256;
/// Bound on the comparisons that attributes of one tag with each other take. A tag or comment of 100 kB stays below.
const MOST_COMPARISONS: usize = 200_000_000;
/// How often `<html>` and `<body>` may come again with more attributes.
const MOST_REPEATS: usize = 64;

/// Parses a page.
pub(super) fn parse(html: &str) -> Result<Document, Error> {
    // Without scripts, `<noscript>` is part of the page.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser = parse_document(Sink::default(), ParseOpts { tree_builder, ..ParseOpts::default() });
    let mut silence = Silence::default();
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        parser.process(StrTendril::from_slice(piece));
        let sink = &parser.tokenizer.sink.sink;
        silence.hear(sink.calls.get(), piece)?;
        sink.within_bounds()?;
    }
    Ok(parser.finish())
}

/// While the tokenizer reads one tag, nothing reaches the tree; each word of it may be an attribute that is compared
/// with those before it.
#[derive(Debug, Default)]
struct Silence {
    calls: usize,
    words: usize,
    comparisons: usize,
}

impl Silence {
    fn hear(&mut self, calls: usize, piece: &str) -> Result<(), Error> {
        if calls != self.calls {
            (self.calls, self.words) = (calls, 0);
        }
        let is_end = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
        let words = piece.as_bytes().iter().filter(is_end).count();
        self.words += words;
        self.comparisons += words * self.words;
        if self.comparisons > MOST_COMPARISONS { Err(Error::TooManyAttributes) } else { Ok(()) }
    }
}

/// Hands all on to the document, without comments and the parser's complaints.
#[derive(Default)]
struct Sink {
    document: Document,
    /// How often the tree was changed.
    calls: Cell<usize>,
    repeats: Cell<usize>,
    last: Cell<Option<NodeId>>,
}

impl Sink {
    fn called(&self) {
        self.calls.set(self.calls.get() + 1);
    }

    fn within_bounds(&self) -> Result<(), Error> {
        if self.document.tree.len() > MOST_NODES {
            return Err(Error::TooManyNodes);
        }
        let depth = |id: NodeId| self.document.tree.ancestor_ids_of_it(&id, Some(DEEPEST + 1)).count();
        if self.last.get().is_some_and(|id| depth(id) > DEEPEST) { Err(Error::TooDeep) } else { Ok(()) }
    }
}

impl TreeSink for Sink {
    type ElemName<'a> = Ref<'a, QualName>;
    type Output = Document;
    type Handle = NodeId;

    fn finish(self) -> Document {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.document.get_document()
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.document.get_template_contents(target)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.document.set_quirks_mode(mode);
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.document.elem_name(target)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.called();
        let id = self.document.create_element(name, attributes, flags);
        self.last.set(Some(id));
        id
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.called();
        self.document.create_comment(StrTendril::new())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.called();
        self.document.create_comment(StrTendril::new())
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.called();
        self.document.append(parent, child);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        self.called();
        self.document.append_before_sibling(sibling, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.called();
        self.document.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.called();
        self.document.append_doctype_to_document(name, public, system);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.called();
        self.repeats.set(self.repeats.get() + 1);
        if self.repeats.get() <= MOST_REPEATS {
            self.document.add_attrs_if_missing(target, attributes);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.called();
        self.document.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, parent: &NodeId) {
        self.called();
        self.document.reparent_children(node, parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        self.document.is_mathml_annotation_xml_integration_point(handle)
    }
}
