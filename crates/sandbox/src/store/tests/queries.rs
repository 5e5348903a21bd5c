//! Tests that queries find the same records as a search in a list, in the same order.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use super::things::{Thing, key, rounds};
use crate::store::changes::Changes;
use crate::store::view::WriteTables;
use crate::store::{Index, IndexKey, Query, Store, StoreError, Writer};

/// A store, and a list with the same data: keys and things, in the order of creation.
struct Both {
    store: Store,
    /// The changes that the next [`commit`](Self::commit) writes. The `commit` after that writes the changes in
    /// `open`. All earlier changes are in the database.
    committing: Changes,
    open: Changes,
    plain: Vec<(String, Thing)>,
}

impl Both {
    fn new() -> Self {
        Self {
            store: Store::open(None).expect("a store"),
            committing: Changes::default(),
            open: Changes::default(),
            plain: Vec::new(),
        }
    }

    /// Writes one batch to the database, like the thread of the store.
    fn commit(&mut self) {
        let changes = std::mem::replace(&mut self.committing, std::mem::take(&mut self.open));
        let commit = self
            .store
            .disk
            .commit(|transaction| changes.write_to(&mut WriteTables::open(transaction)?));
        commit.expect("committed");
    }

    fn write<T>(&mut self, change: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>) -> T {
        let (_opened, tables) = self.store.disk.tables().expect("tables");
        let mut writer = Writer::new(&*tables, [&self.committing, &self.open]);
        let done = change(&mut writer).expect("changed");
        let changes = writer.into_changes();
        self.open.add(changes);
        done
    }

    fn change(&mut self, random: &mut StdRng) {
        let name = random.random_range(0..60).to_string();
        let at = self.plain.iter().position(|(key, _)| *key == name);
        if random.random_ratio(1, 4) {
            let removed = self.write(|writer| writer.remove::<Thing>(&name));
            assert_eq!(removed, at.is_some());
            if let Some(at) = at {
                self.plain.remove(at);
            }
            return;
        }
        let thing = Thing::random(random);
        let is_read = random.random();
        self.write(|writer| {
            if is_read {
                writer.get::<Thing>(&name)?;
            }
            writer.put(&name, &thing)
        });
        match at {
            Some(at) => self.plain[at].1 = thing,
            None => self.plain.push((name, thing)),
        }
    }

    fn ask(&mut self, random: &mut StdRng) {
        let mut query = Query::default();
        let mut expected: Vec<_> = self.plain.iter().map(|(_, thing)| thing.clone()).collect();
        let sample = || Thing::random(&mut StdRng::seed_from_u64(random.random()));
        let (one, other) = {
            let mut s = sample;
            (s(), s())
        };
        let mut told = String::new();
        if random.random_ratio(1, 3) {
            told.push_str(" name");
            query = query.with(&Thing::BY_NAME, key(&one.name));
            expected.retain(|thing| thing.name == one.name);
        }
        if random.random_ratio(1, 3) {
            told.push_str(" colors");
            let colors = vec![key(&one.color), key(&other.color)];
            query = query.any(&Thing::BY_COLOR, colors);
            expected.retain(|thing| [&one.color, &other.color].contains(&&thing.color));
        }
        for tag in &one.tags[random.random_range(0..=3)..] {
            told.push_str(" tag");
            query = query.with(&Thing::BY_TAG, key(tag));
            expected.retain(|thing| thing.tags.contains(tag));
        }
        if random.random_ratio(1, 4) {
            told.push_str(" tags");
            let tags = one.tags.iter().map(|tag| key(tag)).collect();
            query = query.any(&Thing::BY_TAG, tags);
            expected.retain(|thing| thing.tags.iter().any(|tag| one.tags.contains(tag)));
        }
        if random.random_ratio(1, 3) {
            told.push_str(" sizes");
            let bound = |size: i64| IndexKey::new(&json!(size));
            let (from, to) = (random.random_ratio(2, 3), random.random_ratio(2, 3));
            query = query.between(
                &Thing::BY_SIZE,
                from.then(|| bound(one.size)),
                to.then(|| bound(other.size)),
            );
            expected.retain(|thing| {
                (!from || one.size <= thing.size) && (!to || thing.size <= other.size)
            });
        }
        if random.random_ratio(1, 4) {
            told.push_str(" test");
            query = query.test(|thing| thing.name.len() > 1);
            expected.retain(|thing| thing.name.len() > 1);
        }
        match random.random_range(0..5) {
            0 => {
                told.push_str(" by size");
                query = query.sorted(&Thing::BY_SIZE);
                expected.sort_by_key(|thing| thing.size);
            }
            1 => {
                told.push_str(" by name");
                query = query.sorted(&Thing::BY_NAME);
                expected.sort_by(|one, other| one.name.cmp(&other.name));
            }
            _ => {}
        }
        if random.random_ratio(1, 3) {
            told.push_str(" backwards");
            query = query.descending();
            expected.reverse();
        }
        let (skip, take) = (random.random_range(0..20), random.random_range(0..20));
        let query = query.skip(skip).take(take);
        let page = self.write(|writer| writer.page(&query));
        assert_eq!(page.total, expected.len() as u64, "{told}");
        let total = page.total;
        let expected: Vec<_> = expected.into_iter().skip(skip).take(take).collect();
        assert_eq!(page.records, expected, "{told}");
        let list = self.write(|writer| writer.list(&query));
        assert_eq!(list, expected, "{told}");
        if self.committing.is_empty() && self.open.is_empty() {
            let reader = self.store.read().expect("read");
            let page = reader.page(&query).expect("a page");
            assert_eq!((page.total, &page.records), (total, &expected), "{told}");
        }
    }
}

#[test]
fn queries_find_the_same_records_as_a_search_in_a_list() {
    let mut random = StdRng::seed_from_u64(1);
    for _ in 0..rounds(4) {
        let mut both = Both::new();
        for _ in 0..150 {
            both.change(&mut random);
            // After two commits, all changes are in the database.
            for _ in 0..random.random_range(0..3) {
                both.commit();
            }
            both.ask(&mut random);
        }
    }
}

#[test]
fn an_index_sorts_more_than_1024_records() {
    let store = Store::open(None).expect("a store");
    let mut random = StdRng::seed_from_u64(2);
    let mut expected = Vec::new();
    let done = store.write(|writer| {
        for number in 0..3000 {
            let thing = Thing::random(&mut random);
            writer.put(&number.to_string(), &thing)?;
            expected.push(thing);
        }
        Ok::<_, StoreError>(())
    });
    done.expect("written");
    expected.retain(|thing| thing.color != "red");
    expected.sort_by_key(|thing| thing.size);
    let colors = vec![key("green"), key("green\0")];
    let sorted = |index: &'static Index<Thing>| {
        Query::default()
            .any(&Thing::BY_COLOR, colors.clone())
            .sorted(index)
    };
    let reader = store.read().expect("read");
    let page = reader
        .page(&sorted(&Thing::BY_SIZE).skip(1000).take(5))
        .expect("a page");
    assert_eq!(page.total, expected.len() as u64);
    assert!(page.total > 1024, "{}", page.total);
    assert_eq!(page.records, expected[1000..1005]);
}

/// The row numbers of the records have gaps, and belong to several blocks of 1024 rows. The store counts the records of
/// each block.
#[test]
fn a_page_far_from_the_start_has_the_correct_records() {
    let store = Store::open(None).expect("a store");
    let mut random = StdRng::seed_from_u64(3);
    let mut plain = Vec::new();
    let done = store.write(|writer| {
        for number in 0..5000 {
            let thing = Thing::random(&mut random);
            writer.put(&number.to_string(), &thing)?;
            plain.push(thing);
        }
        for number in (0..5000).filter(|number| number % 7 < 3 || (1500..3200).contains(number)) {
            writer.remove::<Thing>(&number.to_string())?;
        }
        Ok::<_, StoreError>(())
    });
    done.expect("written");
    let mut numbers = 0..;
    plain.retain(|_| {
        let number = numbers.next().unwrap_or_default();
        number % 7 >= 3 && !(1500..3200).contains(&number)
    });
    let red: Vec<_> = plain
        .iter()
        .filter(|thing| thing.color == "red")
        .cloned()
        .collect();
    let reader = store.read().expect("read");
    for skip in (0..plain.len() + 50).step_by(37).chain([usize::MAX]) {
        let page =
            |query: Query<'_, Thing>| reader.page(&query.skip(skip).take(3)).expect("a page");
        let all = page(Query::default());
        let expected: Vec<_> = plain.iter().skip(skip).take(3).cloned().collect();
        assert_eq!(
            (all.total, all.records),
            (plain.len() as u64, expected),
            "{skip}"
        );
        let of_color = page(Query::default().with(&Thing::BY_COLOR, key("red")));
        let expected: Vec<_> = red.iter().skip(skip).take(3).cloned().collect();
        assert_eq!(
            (of_color.total, of_color.records),
            (red.len() as u64, expected),
            "{skip}"
        );
        let colors = || ["red", "green", "green\0"].map(key).to_vec();
        let of_all = || Query::default().any(&Thing::BY_COLOR, colors());
        let tagged = |thing: &&Thing| thing.tags.iter().any(|tag| tag == "x");
        for (query, expected) in [
            (
                Query::default().with(&Thing::BY_COLOR, key("red")),
                red.iter().filter(tagged).collect::<Vec<_>>(),
            ),
            (of_all(), plain.iter().filter(tagged).collect()),
        ] {
            let page = page(query.with(&Thing::BY_TAG, key("x")));
            let total = expected.len() as u64;
            let expected: Vec<_> = expected.into_iter().skip(skip).take(3).cloned().collect();
            assert_eq!((page.total, page.records), (total, expected), "{skip}");
        }
    }
}

#[test]
fn index_keys_have_the_order_of_their_values_and_no_key_begins_with_another() {
    let values = [
        json!(null),
        json!(false),
        json!(true),
        json!(i64::MIN),
        json!(-1),
        json!(0),
        json!(256),
        json!(i64::MAX),
        // Numbers that are not `i64` follow all `i64` numbers.
        json!(0.5),
        json!(""),
        json!("\0"),
        json!("\0a"),
        json!("a"),
        json!("a\0"),
        json!("aa"),
        json!("b"),
    ];
    let keys: Vec<_> = values.iter().map(IndexKey::new).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    for (number, one) in keys.iter().enumerate() {
        let begun = |other: &&IndexKey| other.bytes().starts_with(one.bytes());
        assert_eq!(keys.iter().filter(begun).count(), 1, "{}", values[number]);
    }
}
