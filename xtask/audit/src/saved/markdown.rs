//! Reads Markdown that a program made from a page. Markdown can contain HTML, which the HTML reader reads. The module
//! also passes each supported Markdown element to this reader, as an HTML tag.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Saved;
use super::html::Reader;

pub fn parse(text: &str) -> Saved {
    let mut reader = Reader::parse(text);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let line = reader.line_at(range.start);
        let piece = text.get(range.clone()).unwrap_or_default();
        match event {
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                reader.tokens(piece, range.start);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                reader.start("a", line, |key| {
                    (key == "href").then(|| dest_url.to_string())
                });
            }
            Event::Start(tag) => reader.start(name(&tag.to_end()), line, |_| None),
            Event::End(tag) => reader.end(name(&tag)),
            Event::Text(text) | Event::Code(text) => reader.text(line, &text),
            Event::SoftBreak | Event::HardBreak => reader.flush(),
            _ => {}
        }
    }
    reader.finish()
}

/// Returns the HTML tag for a supported Markdown element, or an empty string. Table headings become the first row.
fn name(tag: &TagEnd) -> &'static str {
    match tag {
        TagEnd::Strong => "strong",
        TagEnd::CodeBlock => "pre",
        TagEnd::Table => "table",
        TagEnd::TableHead | TagEnd::TableRow => "tr",
        TagEnd::TableCell => "td",
        TagEnd::Item => "li",
        TagEnd::Paragraph => "p",
        TagEnd::Heading(_) => "h1",
        _ => "",
    }
}
