//! Queries, which select records and define their order.
//!
//! A row is the number of a record. To check its conditions, a query reads only the entries and counts of the indexes.
//! Then the query reads the records of the page. A query with a test also reads other records that satisfy the
//! conditions. A query that sorts in memory reads all records that it sorts. If a query collects rows in memory, each
//! row needs eight bytes.

use std::collections::BTreeMap;
use std::iter::Peekable;

use super::index::{Index, IndexKey, IndexKeys};
use super::view::{ALL, BLOCK, Span, Stored, Tables, jump, prefix, row_in, row_of, with_row};
use super::{Record, StoreError};

/// The maximum number of rows that a query sorts in memory. A query sorts in memory only if one of its conditions
/// selects at most this number of rows. A sorted query that does not sort in memory reads the rows from the index that
/// defines the order.
const SORTED_IN_MEMORY: u64 = 1024;

type Test<'q, R> = Box<dyn Fn(&R) -> bool + 'q>;

/// A selection of records. By default, a query selects all records, in the order of their creation. Each selected
/// record satisfies all conditions and tests.
pub(crate) struct Query<'q, R: Record> {
    conditions: Vec<Condition<R>>,
    tests: Vec<Test<'q, R>>,
    order: Option<&'static Index<R>>,
    descending: bool,
    skip: usize,
    take: usize,
}

enum Condition<R: Record> {
    AnyOf(&'static Index<R>, Vec<IndexKey>),
    /// Selects records with a value between the two keys. Both ends are included. `None` means no limit.
    Between(&'static Index<R>, Option<IndexKey>, Option<IndexKey>),
}

/// A page of the result of a query: the part that `skip` and `take` select.
pub(crate) struct Page<R> {
    /// The number of all records that match the query.
    pub total: u64,
    pub records: Vec<R>,
}

impl<R: Record> Default for Query<'_, R> {
    fn default() -> Self {
        Self {
            conditions: Vec::new(),
            tests: Vec::new(),
            order: None,
            descending: false,
            skip: 0,
            take: usize::MAX,
        }
    }
}

impl<'q, R: Record> Query<'q, R> {
    /// Selects records with this value in an index.
    pub fn with(self, index: &'static Index<R>, key: IndexKey) -> Self {
        self.any(index, vec![key])
    }

    /// Selects records with one of these values in an index.
    pub fn any(mut self, index: &'static Index<R>, mut keys: Vec<IndexKey>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        self.conditions.push(Condition::AnyOf(index, keys));
        self
    }

    /// Selects records with a value between `from` and `to`. Both ends are included. `None` means no limit.
    pub fn between(
        mut self,
        index: &'static Index<R>,
        from: Option<IndexKey>,
        to: Option<IndexKey>,
    ) -> Self {
        if from.is_some() || to.is_some() {
            self.conditions.push(Condition::Between(index, from, to));
        }
        self
    }

    /// Selects records for which `test` returns `true`. A test is slow, because the query must read the records. So
    /// tests are for fields without an index.
    pub fn test(mut self, test: impl Fn(&R) -> bool + 'q) -> Self {
        self.tests.push(Box::new(test));
        self
    }

    /// Sorts the records by an index. Records with the same value are sorted by their creation. If a record has several
    /// values, the result contains the record several times. If a record has no value, the result lacks the record.
    pub fn sorted(mut self, index: &'static Index<R>) -> Self {
        self.order = Some(index);
        self
    }

    /// Reverses the order of the records.
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    pub fn skip(mut self, skip: usize) -> Self {
        self.skip = skip;
        self
    }

    pub fn take(mut self, take: usize) -> Self {
        self.take = take;
        self
    }
}

type Rows<'t> = Box<dyn Iterator<Item = Result<u64, StoreError>> + 't>;

/// The rows that satisfy the conditions, in the order of the query.
struct Plan<'t> {
    rows: Rows<'t>,
    /// The number of matching rows. `None` if the query must count the rows.
    total: Option<u64>,
    /// The number of matching rows that come before `rows`.
    skipped: usize,
}

/// A source of sorted rows.
#[derive(Clone)]
enum Source {
    /// The index entries of some values. `count` is the number of entries. If a row can have several of these values,
    /// `count` is `None`.
    Entries {
        prefixes: Vec<Vec<u8>>,
        count: Option<u64>,
    },
    Collected(Vec<u64>),
}

impl<R: Record> Query<'_, R> {
    pub(super) fn page(&self, tables: &dyn Tables) -> Result<Page<R>, StoreError> {
        let (found, total) = self.run(tables, true)?;
        let records = found.iter().map(Stored::record).collect::<Result<_, _>>()?;
        Ok(Page { total, records })
    }

    pub(super) fn list(&self, tables: &dyn Tables) -> Result<Vec<R>, StoreError> {
        let (found, _) = self.run(tables, false)?;
        found.iter().map(Stored::record).collect()
    }

    pub(super) fn keys(&self, tables: &dyn Tables) -> Result<Vec<String>, StoreError> {
        let (found, _) = self.run(tables, false)?;
        Ok(found.iter().map(Stored::key).collect())
    }

    /// Returns the records of the query's page. Also returns the number of all matching records if `with_total` is
    /// `true`.
    fn run(&self, tables: &dyn Tables, with_total: bool) -> Result<(Vec<Stored>, u64), StoreError> {
        let Plan {
            mut rows,
            total: known,
            skipped,
        } = self.plan(tables, with_total)?;
        let (mut found, mut total) = (Vec::new(), skipped);
        let wanted =
            |total: usize| (self.skip..self.skip.saturating_add(self.take)).contains(&total);
        let beyond = |total: usize| total >= self.skip.saturating_add(self.take);
        let done = |total: usize| beyond(total) && (!with_total || known.is_some());
        while !done(total) {
            let Some(row) = rows.next().transpose()? else {
                break;
            };
            if self.tests.is_empty() {
                if wanted(total) {
                    found.extend(tables.stored(&row_of::<R>(row))?);
                }
            } else {
                let stored = tables.stored(&row_of::<R>(row))?;
                let Some(stored) = stored else { continue };
                let record = stored.record::<R>()?;
                if !self.tests.iter().all(|test| test(&record)) {
                    continue;
                }
                if wanted(total) {
                    found.push(stored);
                }
            }
            total += 1;
        }
        Ok((found, known.unwrap_or(total as u64)))
    }

    fn plan<'t>(
        &'t self,
        tables: &'t dyn Tables,
        with_total: bool,
    ) -> Result<Plan<'t>, StoreError> {
        let mut bounds = (None, None);
        let mut sources = Vec::new();
        for condition in &self.conditions {
            match (condition, self.order) {
                // These values limit the part of the sorted index that the query reads.
                (Condition::Between(index, from, to), Some(order)) if index.name == order.name => {
                    bounds = (from.as_ref(), to.as_ref());
                }
                _ => sources.push(condition.source(tables)?),
            }
        }
        let bounded = bounds.0.is_some() || bounds.1.is_some();
        let total = match sources.as_slice() {
            _ if bounded || !self.tests.is_empty() => None,
            [] if self.single_order() => Some(tables.count(&[R::TAG])?),
            [one] if self.single_order() => one.count(),
            _ => None,
        };
        if let Some(prefix) = self.counted_rows(&sources)
            && total.is_some()
        {
            let (span, skipped) = jump(tables, prefix, self.skip as u64)?;
            return Ok(Plan {
                rows: walk(tables, &span, false)?,
                total,
                skipped: usize::try_from(skipped).unwrap_or(usize::MAX),
            });
        }
        sources.sort_by_key(|source| source.count().unwrap_or(u64::MAX));
        let counts_help = with_total && self.tests.is_empty() && !bounded && self.single_order();
        let common = match counts_help {
            true => common(tables, R::TAG, &sources, self.skip as u64)?,
            false => None,
        };
        let total = total.or(common.as_ref().map(|common| common.total));
        if let Some(common) = common
            && self.order.is_none()
            && !self.descending
        {
            return Ok(Plan {
                rows: driven(sources, tables, R::TAG, common.from)?,
                total,
                skipped: usize::try_from(common.skipped).unwrap_or(usize::MAX),
            });
        }
        let small = sources.first().and_then(Source::count);
        let rows = match self.order {
            Some(order) if small.is_none_or(|count| count > SORTED_IN_MEMORY) || bounded => {
                let span = Span::between(order, bounds.0, bounds.1);
                filtered(walk(tables, &span, self.descending)?, move |row| {
                    all(&mut sources, |source| source.has(row, tables))
                })
            }
            Some(order) => {
                let rows = driven(sources, tables, R::TAG, 0)?;
                self.sort(tables, order, rows)?
            }
            None if !self.descending => driven(sources, tables, R::TAG, 0)?,
            None if sources.is_empty() => walk(tables, &Span::all::<R>(), true)?,
            None => {
                let rows = driven(sources, tables, R::TAG, 0)?;
                let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
                rows.reverse();
                Box::new(rows.into_iter().map(Ok))
            }
        };
        Ok(Plan {
            rows,
            total,
            skipped: 0,
        })
    }

    /// Returns the common beginning of the index entries that the query reads. `None` if the database has no counts for
    /// these entries. `None` if they have no common beginning, or if the query does not read them in the order of
    /// creation.
    fn counted_rows<'s>(&self, sources: &'s [Source]) -> Option<&'s [u8]> {
        match sources {
            _ if self.order.is_some() || self.descending => None,
            [] => Some(&[R::TAG, ALL]),
            [Source::Entries { prefixes, .. }] if prefixes.len() == 1 => {
                prefixes.first().map(Vec::as_slice)
            }
            _ => None,
        }
    }

    /// Whether each record occurs exactly once in the order of the query.
    fn single_order(&self) -> bool {
        self.order
            .is_none_or(|order| matches!(order.keys, IndexKeys::One(_)))
    }

    fn sort<'t>(
        &self,
        tables: &'t dyn Tables,
        order: &Index<R>,
        rows: Rows<'t>,
    ) -> Result<Rows<'t>, StoreError> {
        let mut sorted = Vec::new();
        for row in rows {
            let row = row?;
            if let Some(stored) = tables.stored(&row_of::<R>(row))? {
                let keys = order.of(&stored.record()?);
                sorted.extend(keys.into_iter().map(|key| (key, row)));
            }
        }
        sorted.sort_unstable();
        if self.descending {
            sorted.reverse();
        }
        Ok(Box::new(sorted.into_iter().map(|(_, row)| Ok(row))))
    }
}

impl<R: Record> Condition<R> {
    fn source(&self, tables: &dyn Tables) -> Result<Source, StoreError> {
        match self {
            Self::AnyOf(index, keys) => {
                let prefixes: Vec<_> = keys.iter().map(|key| prefix(*index, key)).collect();
                if !index.counted {
                    return collected(
                        tables,
                        prefixes.iter().map(|prefix| Span::beginning(prefix)),
                    );
                }
                let apart = prefixes.len() < 2 || matches!(index.keys, IndexKeys::One(_));
                let mut count = 0;
                for prefix in &prefixes {
                    count += tables.count(prefix)?;
                }
                let count = apart.then_some(count);
                Ok(Source::Entries { prefixes, count })
            }
            Self::Between(index, from, to) => {
                let span = Span::between(*index, from.as_ref(), to.as_ref());
                collected(tables, [span].into_iter())
            }
        }
    }
}

fn collected(tables: &dyn Tables, spans: impl Iterator<Item = Span>) -> Result<Source, StoreError> {
    let mut rows = Vec::new();
    for span in spans {
        for row in walk(tables, &span, false)? {
            rows.push(row?);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(Source::Collected(rows))
}

impl Source {
    fn count(&self) -> Option<u64> {
        match self {
            Self::Entries { count, .. } => *count,
            Self::Collected(rows) => Some(rows.len() as u64),
        }
    }

    fn has(&self, row: u64, tables: &dyn Tables) -> Result<bool, StoreError> {
        match self {
            Self::Collected(rows) => Ok(rows.binary_search(&row).is_ok()),
            Self::Entries { prefixes, .. } => {
                for prefix in prefixes {
                    if tables.has_entry(&with_row(prefix, row))? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// Returns the rows of the source, beginning with `from`.
    fn rows<'t>(&self, tables: &'t dyn Tables, from: u64) -> Result<Rows<'t>, StoreError> {
        match self {
            Self::Collected(rows) => {
                let rows = rows[rows.partition_point(|row| *row < from)..].to_vec();
                Ok(Box::new(rows.into_iter().map(Ok)))
            }
            Self::Entries { prefixes, .. } => {
                let walks = prefixes
                    .iter()
                    .map(|prefix| walk(tables, &Span::from_row(prefix, from), false));
                let mut walks = walks.collect::<Result<Vec<_>, _>>()?;
                match (walks.pop(), walks.is_empty()) {
                    (Some(only), true) => Ok(only),
                    (last, _) => Ok(Box::new(Merged(
                        walks
                            .into_iter()
                            .chain(last)
                            .map(Iterator::peekable)
                            .collect(),
                    ))),
                }
            }
        }
    }
}

/// The maximum number of rows that a [`Follower`] skips one by one. For a longer distance, the follower searches
/// for the row.
const STEPS: usize = 16;

/// Checks whether a source has a row. The caller checks rows in ascending order, so the next row is usually near.
struct Follower<'t> {
    source: Source,
    tables: &'t dyn Tables,
    rows: Peekable<Rows<'t>>,
}

impl<'t> Follower<'t> {
    fn new(source: Source, tables: &'t dyn Tables) -> Result<Self, StoreError> {
        let rows = source.rows(tables, 0)?.peekable();
        Ok(Self {
            source,
            tables,
            rows,
        })
    }

    fn has(&mut self, row: u64) -> Result<bool, StoreError> {
        for _ in 0..STEPS {
            match self
                .rows
                .next_if(|next| next.as_ref().is_ok_and(|next| *next < row))
            {
                Some(_) => {}
                None => return self.is_next(row),
            }
        }
        self.rows = self.source.rows(self.tables, row)?.peekable();
        self.is_next(row)
    }

    fn is_next(&mut self, row: u64) -> Result<bool, StoreError> {
        match self.rows.next_if(|next| next.is_err()) {
            Some(error) => error.map(|_| false),
            None => Ok(matches!(self.rows.peek(), Some(Ok(next)) if *next == row)),
        }
    }
}

/// Returns the rows that all sources have in common, beginning with the row `from`. If there is no source, returns all
/// rows of the kind with this tag.
fn driven<'t>(
    sources: Vec<Source>,
    tables: &'t dyn Tables,
    tag: u8,
    from: u64,
) -> Result<Rows<'t>, StoreError> {
    let mut sources = sources.into_iter();
    let rows = match sources.next() {
        Some(first) => first.rows(tables, from)?,
        None => walk(tables, &Span::beginning(&[tag, ALL]), false)?,
    };
    let followers = sources.map(|source| Follower::new(source, tables));
    let mut followers = followers.collect::<Result<Vec<_>, _>>()?;
    Ok(filtered(rows, move |row| {
        all(&mut followers, |follower| follower.has(row))
    }))
}

/// The number of rows that all sources have in common, and a position near the page.
struct Common {
    total: u64,
    /// The first row of a block near the page. `skipped` is the number of common rows before this row.
    from: u64,
    skipped: u64,
}

/// Counts the common rows of the sources, block by block. The function reads the rows of a block only if two or more
/// sources lack some rows of this block. Returns `None` for fewer than two sources. Also returns `None` if the counts
/// in the database do not give the number of rows of a source.
fn common(
    tables: &dyn Tables,
    tag: u8,
    sources: &[Source],
    skip: u64,
) -> Result<Option<Common>, StoreError> {
    let Some((first, others @ [_, ..])) = sources.split_first() else {
        return Ok(None);
    };
    let mut counts = Vec::new();
    for source in sources {
        match source {
            Source::Entries {
                prefixes,
                count: Some(_),
            } => counts.push(blocks(tables, prefixes)?),
            _ => return Ok(None),
        }
    }
    let followers = others
        .iter()
        .map(|source| Follower::new(source.clone(), tables));
    let mut followers = followers.collect::<Result<Vec<_>, _>>()?;
    let mut common = Common {
        total: 0,
        from: 0,
        skipped: 0,
    };
    for (block, rows) in blocks(tables, &[vec![tag, ALL]])? {
        let counts = counts.iter().map(|counts| counts.get(&block));
        let counts = counts.map(|count| count.copied().unwrap_or_default());
        let lacking: Vec<u64> = counts.filter(|count| *count < rows).collect();
        let end = (block + 1).saturating_mul(BLOCK);
        let mut count = lacking.iter().copied().min().unwrap_or(rows);
        if lacking.len() > 1 && count > 0 {
            count = 0;
            for row in first.rows(tables, block * BLOCK)? {
                let row = row?;
                if row >= end {
                    break;
                }
                count += u64::from(all(&mut followers, |follower| follower.has(row))?);
            }
        }
        common.total += count;
        if common.total <= skip {
            (common.from, common.skipped) = (end, common.total);
        }
    }
    Ok(Some(common))
}

/// Returns the number of entries in each block of rows.
fn blocks(tables: &dyn Tables, prefixes: &[Vec<u8>]) -> Result<BTreeMap<u64, u64>, StoreError> {
    let mut blocks = BTreeMap::new();
    for prefix in prefixes {
        for count in tables.counts(&Span::from_row(prefix, 0))? {
            let (block, count) = count?;
            *blocks.entry(row_in(block.bytes())).or_default() += count;
        }
    }
    Ok(blocks)
}

fn filtered<'t>(
    rows: Rows<'t>,
    mut is_wanted: impl FnMut(u64) -> Result<bool, StoreError> + 't,
) -> Rows<'t> {
    Box::new(rows.filter_map(move |row| {
        match row {
            Ok(row) => is_wanted(row)
                .map(|wanted| wanted.then_some(row))
                .transpose(),
            Err(error) => Some(Err(error)),
        }
    }))
}

fn all<T>(
    sources: &mut [T],
    mut has: impl FnMut(&mut T) -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    for source in sources {
        if !has(source)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn walk<'t>(tables: &'t dyn Tables, span: &Span, backwards: bool) -> Result<Rows<'t>, StoreError> {
    let entries = tables.entries(span, backwards)?;
    Ok(Box::new(
        entries.map(|entry| entry.map(|(key, ())| row_in(key.bytes()))),
    ))
}

/// Merges several sorted iterators of rows. Each row occurs only once in the result.
struct Merged<'t>(Vec<Peekable<Rows<'t>>>);

impl Iterator for Merged<'_> {
    type Item = Result<u64, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut least: Option<u64> = None;
        for walk in &mut self.0 {
            match walk.peek() {
                Some(Ok(row)) => least = Some(least.map_or(*row, |least| least.min(*row))),
                Some(Err(_)) => return walk.next(),
                None => {}
            }
        }
        let least = least?;
        for walk in &mut self.0 {
            walk.next_if(|row| matches!(row, Ok(row) if *row == least));
        }
        Some(Ok(least))
    }
}
