//! Tests with changes that share a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;

use super::things::{Thing, key};
use crate::store::{Query, Store, StoreError};

const THREADS: u64 = 8;

fn thing(name: &str) -> Thing {
    Thing {
        name: name.to_owned(),
        size: 0,
        color: "red".to_owned(),
        tags: vec!["x".to_owned()],
    }
}

/// In each round, some changes succeed, some changes fail, and some changes panic.
#[test]
fn failed_changes_are_undone_and_other_changes_are_kept() {
    let store = Store::open(None).expect("a store");
    store
        .write(|writer| writer.put("shared", &thing("shared")))
        .expect("written");
    let barrier = Barrier::new(usize::try_from(THREADS).expect("small"));
    std::thread::scope(|scope| {
        for number in 0..THREADS {
            let (store, barrier) = (&store, &barrier);
            scope.spawn(move || {
                for round in 0..30 {
                    barrier.wait();
                    let name = format!("{number}-{round}");
                    let change = || {
                        store.write(|writer| {
                            writer.put(&name, &thing(&name))?;
                            if round % 3 != number % 3 {
                                writer.next_id("numbers")?;
                                writer.remove::<Thing>("shared")?;
                                writer.put("shared", &thing("wrong"))?;
                            }
                            match (round + 3 - number % 3) % 3 {
                                0 => Ok(()),
                                1 => Err(StoreError::Database("refused".into())),
                                _ => panic!("a change panics"),
                            }
                        })
                    };
                    let done = catch_unwind(AssertUnwindSafe(change));
                    assert_eq!(matches!(done, Ok(Ok(()))), round % 3 == number % 3);
                }
            });
        }
    });
    let reader = store.read().expect("read");
    let page = reader.page(&Query::default()).expect("a page");
    assert_eq!(page.total, THREADS * 10 + 1);
    assert!(
        page.records
            .iter()
            .all(|thing: &Thing| thing.name != "wrong")
    );
    for index in [
        Query::default().with(&Thing::BY_COLOR, key("red")),
        Query::default().with(&Thing::BY_TAG, key("x")),
    ] {
        assert_eq!(reader.page(&index).expect("a page").total, THREADS * 10 + 1);
    }
    assert_eq!(
        reader
            .page(&Query::default().with(&Thing::BY_NAME, key("wrong")))
            .expect("a page")
            .total,
        0
    );
    drop(reader);
    let next = store.write(|writer| writer.next_id("numbers"));
    assert_eq!(
        next.expect("a number"),
        100_001,
        "undone changes took no numbers"
    );
}
