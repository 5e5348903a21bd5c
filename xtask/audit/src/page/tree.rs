//! Makes a tree from the tables of a page. In the tree, the table of an object type is below a field of this type.

use super::words::{self, Location, Section};
use super::{Field, Page, Response, Unread};
use crate::markup::is_made_of;

/// A table of fields that has no position in the tree yet.
pub struct Raw {
    /// The line of the table.
    pub line: usize,
    /// The section of the page that contains the table.
    pub section: Section,
    /// The status in the heading above the table.
    pub status: Option<u16>,
    /// The caption of the table, or the line above the table.
    pub caption: String,
    /// The anchors of the table: names that links use as targets.
    pub anchors: Vec<String>,
    /// The rows of the table, each with the targets of its links.
    pub rows: Vec<(Field, Vec<String>)>,
}

impl Raw {
    fn answers(&self) -> bool {
        self.section == Section::Response
    }

    /// Returns a score: how well the anchors and the caption match a field. Returns `None` if the table does not match.
    fn fits(&self, field: &Field, links: &[String], path: &str) -> Option<u32> {
        if self.anchors.iter().any(|anchor| links.contains(anchor)) {
            return Some(100);
        }
        if !field.kind.may_have_fields() || words::place(&self.caption).is_some() {
            return None;
        }
        let mut words = identifiers(&self.caption);
        let says = |word: &str| words.clone().any(|known| known == word);
        if field.kind.type_name().is_some_and(says) {
            return Some(80);
        }
        if says(path) {
            return Some(70);
        }
        words.any(|word| word == field.name).then_some(50)
    }
}

/// Adds the fields of the tables to the page. Ignores answer headers. Tables without a position become unread parts.
pub fn plant(tables: &[Raw], page: &mut Page) {
    let mut forest = Forest {
        tables,
        used: vec![false; tables.len()],
    };
    for index in 0..tables.len() {
        forest.root(index, page);
    }
    forest.leftovers(page);
}

struct Forest<'a> {
    tables: &'a [Raw],
    used: Vec<bool>,
}

impl<'a> Forest<'a> {
    /// Adds a table to the page. Skips used tables and tables of answer headers. If the caption names no location, also
    /// skips a table that matches an earlier field.
    fn root(&mut self, index: usize, page: &mut Page) {
        let Some(table) = self.tables.get(index) else {
            return;
        };
        let place = words::place(&table.caption);
        if self.used.get(index) == Some(&true) || (place.is_none() && self.is_named(index)) {
            return;
        }
        match (table.section, place) {
            (Section::Response, Some(Location::Header)) => self.mark(index),
            (Section::Response, _) => self.answer(index, table, page),
            (_, Some(Location::Body)) => self.body(index, page),
            (_, Some(place)) => self.parameters(index, page, |_| place),
            (_, None) => self.unlabelled(index, table, page),
        }
    }

    /// Returns whether the table matches a field of an earlier table. Both must be tables of answers, or neither.
    fn is_named(&self, index: usize) -> bool {
        let Some(table) = self.tables.get(index) else {
            return false;
        };
        let earlier = self.tables.iter().take(index);
        let rows = earlier
            .filter(|other| other.answers() == table.answers())
            .flat_map(|other| &other.rows);
        rows.into_iter().any(|(field, links)| {
            let last = identifiers(&table.caption).find(|word| {
                word.rsplit('.').next() == Some(field.name.as_str()) && word.contains('.')
            });
            table
                .fits(field, links, last.unwrap_or(&field.name))
                .is_some()
        })
    }

    fn unlabelled(&mut self, index: usize, table: &Raw, page: &mut Page) {
        let template = page.path.clone();
        let is_header = |(field, _): &(Field, Vec<String>)| {
            field.name.starts_with("X-") || field.name == "Content-Type"
        };
        if table.rows.iter().any(is_header) {
            self.parameters(index, page, |_| Location::Header);
        } else if table.section == Section::Uri {
            self.parameters(index, page, |field| {
                match template.contains(&format!("{{{}}}", field.name)) {
                    true => Location::Path,
                    false => Location::Query,
                }
            });
        } else if page.method == "GET" || page.method == "HEAD" {
            self.parameters(index, page, |_| Location::Query);
        } else if page.body.is_empty() {
            self.body(index, page);
        }
    }

    fn parameters(&mut self, index: usize, page: &mut Page, place: impl Fn(&Field) -> Location) {
        for field in self.grow(index) {
            page.parameters.push((place(&field), field));
        }
    }

    fn body(&mut self, index: usize, page: &mut Page) {
        let fields = self.grow(index);
        page.body.extend(fields);
    }

    /// Adds the first table below a status as the body of the answer. Other tables of the answer must belong to fields.
    fn answer(&mut self, index: usize, table: &Raw, page: &mut Page) {
        let status = table.status.or_else(|| page.success()).unwrap_or(200);
        if page.responses.iter().any(|answer| answer.status == status) {
            return;
        }
        let fields = self.grow(index);
        page.responses.push(Response {
            status,
            line: table.line,
            fields,
        });
    }

    fn grow(&mut self, index: usize) -> Vec<Field> {
        self.fields(index, "", &mut Vec::new())
    }

    fn fields(&mut self, index: usize, path: &str, chain: &mut Vec<usize>) -> Vec<Field> {
        self.mark(index);
        let Some(table) = self.tables.get(index) else {
            return Vec::new();
        };
        chain.push(index);
        let fields = table.rows.iter().map(|(field, links)| {
            let path = match path {
                "" => field.name.clone(),
                path => format!("{path}.{}", field.name),
            };
            let below = self.below(index, field, links, &path, chain);
            Field {
                fields: below.map_or_else(Vec::new, |below| self.fields(below, &path, chain)),
                ..field.clone()
            }
        });
        let fields = fields.collect();
        chain.pop();
        fields
    }

    /// Returns the index of the best table for a field. If tables match equally, prefers first a table with the same
    /// status as the field's own table. Then prefers an unused table, then a table after the field's own table.
    fn below(
        &self,
        from: usize,
        field: &Field,
        links: &[String],
        path: &str,
        chain: &[usize],
    ) -> Option<usize> {
        let own = self.tables.get(from)?;
        let candidates = self.tables.iter().enumerate();
        let fitting = candidates.filter_map(|(index, table)| {
            if chain.contains(&index) || chain.len() > 12 || table.answers() != own.answers() {
                return None;
            }
            let near = u32::from(table.status == own.status) * 4
                + u32::from(self.used.get(index) == Some(&false)) * 2
                + u32::from(index > from);
            Some((table.fits(field, links, path)? + near, index))
        });
        fitting
            .max_by_key(|(score, index)| (*score, std::cmp::Reverse(*index)))
            .map(|(_, index)| index)
    }

    fn mark(&mut self, index: usize) {
        if let Some(used) = self.used.get_mut(index) {
            *used = true;
        }
    }

    fn leftovers(&self, page: &mut Page) {
        let lost = self
            .tables
            .iter()
            .zip(&self.used)
            .filter(|(_, used)| !**used);
        page.unread
            .extend(lost.map(|(table, _)| Unread::table(table.line, &table.caption)));
        page.unread.sort_by_key(|unread| unread.line);
    }
}

/// Splits a caption into words that can be names. Chinese characters also end a word, because Chinese has no spaces.
fn identifiers(caption: &str) -> impl Iterator<Item = &str> + Clone {
    caption.split(|char: char| !is_made_of(&char.to_string(), "_.-"))
}
