//! Tests that the store converts a database with an older layout, and refuses a database with an unknown layout.

use redb::backends::InMemoryBackend;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::things::{Thing, key};
use crate::store::layout::{RecordKind, check};
use crate::store::open::builder;
use crate::store::{Index, IndexKey, Query, Record, Store, StoreError};

/// A later version of [`Thing`]. The field `size` is called `weight`, and the indexes are different.
#[derive(Serialize, Deserialize)]
struct LaterThing {
    name: String,
    weight: i64,
}

impl LaterThing {
    const BY_WEIGHT: Index<Self> =
        Index::new("weight", |thing: &Self| IndexKey::new(&json!(thing.weight))).counted();
}

impl Record for LaterThing {
    const TAG: u8 = Thing::TAG;
    const NAME: &'static str = Thing::NAME;
    const VERSION: u32 = 2;
    const INDEXES: &'static [Index<Self>] = &[Self::BY_WEIGHT];

    fn upgrade(from: u32, json: Value) -> Value {
        assert_eq!(from, 1);
        json!({"name": json["name"], "weight": json["size"]})
    }
}

/// The same version as [`Thing`], but with a different index.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct SortedThing(Thing);

impl SortedThing {
    const BY_COLOR: Index<Self> = Index::new("color and size", |thing: &Self| {
        key(&thing.0.color).and(&json!(thing.0.size))
    });
}

impl Record for SortedThing {
    const TAG: u8 = Thing::TAG;
    const NAME: &'static str = Thing::NAME;
    const INDEXES: &'static [Index<Self>] = &[Self::BY_COLOR];
}

fn up_to_date<R: Record>(store: &Store) {
    let kind = RecordKind::new::<R>();
    let done = store
        .disk
        .commit(|transaction| kind.bring_up_to_date(transaction));
    done.expect("up to date");
}

fn with_things() -> Store {
    let store = Store::open(None).expect("a store");
    up_to_date::<Thing>(&store);
    let done = store.write(|writer| {
        for size in [5, 3, 4] {
            let thing = Thing {
                name: format!("thing {size}"),
                size,
                color: "red".to_owned(),
                tags: vec!["x".to_owned(), "y".to_owned()],
            };
            writer.put(&thing.name.clone(), &thing)?;
        }
        Ok::<_, StoreError>(())
    });
    done.expect("written");
    store
}

#[test]
fn records_of_an_older_version_are_converted_and_keep_their_order() {
    let store = with_things();
    up_to_date::<LaterThing>(&store);
    let reader = store.read().expect("read");
    let all = reader
        .page::<LaterThing>(&Query::default())
        .expect("a page");
    let weights: Vec<_> = all.records.iter().map(|thing| thing.weight).collect();
    assert_eq!((all.total, weights), (3, vec![5, 3, 4]));
    let four = Query::default().with(&LaterThing::BY_WEIGHT, IndexKey::new(&json!(4)));
    assert_eq!(
        reader.page(&four).expect("a page").records[0].name,
        "thing 4"
    );
    let found: Option<LaterThing> = reader.get("thing 3").expect("readable");
    assert_eq!(found.expect("there").weight, 3);
}

#[test]
fn changed_indexes_are_rebuilt_without_the_old_entries() {
    let store = with_things();
    up_to_date::<SortedThing>(&store);
    let reader = store.read().expect("read");
    let sorted = reader.page(&Query::default().sorted(&SortedThing::BY_COLOR));
    let sorted = sorted.expect("a page");
    let sizes: Vec<_> = sorted.records.iter().map(|thing| thing.0.size).collect();
    assert_eq!((sorted.total, sizes), (3, vec![3, 4, 5]));
    drop(reader);
    let removed = store.write(|writer| writer.remove_all::<SortedThing>(&Query::default()));
    removed.expect("removed");
    up_to_date::<Thing>(&store);
    let reader = store.read().expect("read");
    for query in [
        Query::default(),
        Query::default().with(&Thing::BY_COLOR, key("red")),
        Query::default().with(&Thing::BY_NAME, key("thing 3")),
    ] {
        assert_eq!(reader.page(&query).expect("a page").total, 0);
    }
}

#[test]
fn a_database_with_an_unknown_kind_of_record_is_refused() {
    let database = builder().create_with_backend(InMemoryBackend::new());
    let database = database.expect("a database");
    check(&database).expect("an empty database is accepted");
    let store = Store::open(None).expect("a store");
    let open = store.disk.database();
    check(&open).expect("a database of the sandbox is accepted");
    drop(open);
    up_to_date::<Thing>(&store);
    // The program does not have the kind of record that the test has added.
    let refused = check(&store.disk.database()).expect_err("refused");
    assert!(
        refused.contains("newer version") && refused.contains("delete the file"),
        "{refused}"
    );
}
