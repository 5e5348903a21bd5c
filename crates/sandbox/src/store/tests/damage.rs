//! Tests with disks that lose power, and with disks that are full for some time.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use redb::{Database, StorageBackend};

use super::things::{Thing, key, rounds};
use crate::store::disk::{Disk, Medium};
use crate::store::open::builder;
use crate::store::{Query, Store};

/// The number of bytes that a disk writes completely or not at all.
const SECTOR: usize = 512;

/// A simulated disk. After a power cut, the disk keeps all synced changes, and a random part of the other changes. All
/// clones use the same data.
#[derive(Clone, Debug, Default)]
struct Faulty(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    synced: Vec<u8>,
    /// The content that readers see.
    present: Vec<u8>,
    unsynced: Vec<Change>,
    /// The number of changes that still succeed. `None` if all changes succeed.
    left: Option<u64>,
}

#[derive(Debug)]
enum Change {
    Length(usize),
    Sector(usize, Vec<u8>),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Sector(at, data) => {
                let end = at + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(data);
            }
        }
    }
}

impl Faulty {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no panic")
    }

    fn fail_after(&self, changes: Option<u64>) {
        self.state().left = changes;
    }

    /// Returns the disk after a power cut, with all synced changes and a random part of the other changes.
    fn after_power_cut(&self, random: &mut StdRng) -> Self {
        let state = self.state();
        let mut bytes = state.synced.clone();
        let share = random.random_range(0..=4);
        for change in &state.unsynced {
            if random.random_ratio(share, 4) {
                change.apply(&mut bytes);
            }
        }
        let present = bytes.clone();
        Self(Arc::new(Mutex::new(State {
            synced: bytes,
            present,
            ..State::default()
        })))
    }

    fn change(&self, changes: Vec<Change>) -> io::Result<()> {
        let mut state = self.state();
        for change in changes {
            match &mut state.left {
                Some(0) => return Err(io::ErrorKind::StorageFull.into()),
                Some(left) => *left -= 1,
                None => {}
            }
            change.apply(&mut state.present);
            state.unsynced.push(change);
        }
        Ok(())
    }

    fn store(&self) -> Store {
        let disk = Disk::open(self.clone()).expect("an open database");
        Store::new(disk).expect("a store")
    }
}

impl Medium for Faulty {
    fn check_space(&self) -> Result<(), String> {
        match self.state().left {
            Some(0) => Err("full".to_owned()),
            _ => Ok(()),
        }
    }

    fn open(&self) -> Result<Database, String> {
        let opened = builder().create_with_backend(self.clone());
        opened.map_err(|error| error.to_string())
    }
}

impl StorageBackend for Faulty {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().present.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).expect("small");
        let state = self.state();
        let there = state.present.get(start..start + out.len());
        out.copy_from_slice(there.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.change(vec![Change::Length(
            usize::try_from(length).expect("small"),
        )])
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        if state.left == Some(0) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        for change in std::mem::take(&mut state.unsynced) {
            change.apply(&mut state.synced);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let start = usize::try_from(offset).expect("small");
        let mut changes = Vec::new();
        let mut done = 0;
        while done < data.len() {
            let room = SECTOR - (start + done) % SECTOR;
            let end = data.len().min(done + room);
            changes.push(Change::Sector(start + done, data[done..end].to_vec()));
            done = end;
        }
        self.change(changes)
    }
}

/// Writes a number to two records in one change. Returns whether the change succeeded.
fn write_pair(store: &Store, name: &str, number: i64) -> bool {
    let thing = |side: &str| Thing {
        name: format!("{name}-{side}"),
        size: number,
        color: name.to_owned(),
        tags: Vec::new(),
    };
    let done = store.write(|writer| {
        writer.put(&format!("{name}-left"), &thing("left"))?;
        writer.put(&format!("{name}-right"), &thing("right"))
    });
    done.is_ok()
}

/// Reads both records of a pair, first by key and then by index. Both records must have the same number. The number
/// must be between the last acknowledged number and the last tried number.
fn check_pair(store: &Store, name: &str, acknowledged: i64, tried: i64) {
    let reader = store.read().expect("a reader");
    let side = |side: &str| {
        let thing: Option<Thing> = reader.get(&format!("{name}-{side}")).expect("readable");
        thing.map_or(0, |thing| thing.size)
    };
    let (left, right) = (side("left"), side("right"));
    assert_eq!(left, right, "half a change of {name}");
    assert!(
        (acknowledged..=tried).contains(&left),
        "{name}: {left} is there, {acknowledged} was acknowledged, {tried} was tried"
    );
    let listed = reader.page(&Query::default().with(&Thing::BY_COLOR, key(name)));
    let listed = listed.expect("a page");
    let sizes: Vec<_> = listed.records.iter().map(|thing| thing.size).collect();
    let expected = if left == 0 { vec![] } else { vec![left, left] };
    assert_eq!((listed.total, &sizes), (expected.len() as u64, &expected));
}

/// Writes with four threads until the disk fails. Returns the last acknowledged number of each thread, or 0 if no write
/// was acknowledged.
fn write_until_it_fails(store: &Store, from: i64) -> Vec<i64> {
    let acknowledged: Vec<_> = (0..4).map(|_| AtomicU64::new(0)).collect();
    std::thread::scope(|scope| {
        for (writer, acknowledged) in acknowledged.iter().enumerate() {
            scope.spawn(move || {
                let mut number = from;
                while write_pair(store, &format!("w{writer}"), number) {
                    acknowledged.store(u64::try_from(number).expect("positive"), Ordering::SeqCst);
                    number += 1;
                }
            });
        }
    });
    let last = |number: &AtomicU64| i64::try_from(number.load(Ordering::SeqCst)).expect("small");
    acknowledged.iter().map(last).collect()
}

#[test]
fn a_power_cut_keeps_acknowledged_changes_and_no_partial_change() {
    let mut written = 0;
    for seed in 0..rounds(25) {
        let mut random = StdRng::seed_from_u64(seed);
        let disk = Faulty::default();
        let store = disk.store();
        disk.fail_after(Some(random.random_range(1..3000)));
        let acknowledged = write_until_it_fails(&store, 1);
        written += acknowledged.iter().sum::<i64>();
        drop(store);
        let after = disk.after_power_cut(&mut random).store();
        for (writer, last) in acknowledged.iter().enumerate() {
            check_pair(&after, &format!("w{writer}"), *last, last + 1);
        }
    }
    assert!(written > 100, "{written}");
}

#[test]
fn the_store_works_again_when_the_disk_has_space_again() {
    for seed in 0..rounds(10) {
        let mut random = StdRng::seed_from_u64(seed);
        let disk = Faulty::default();
        let store = disk.store();
        let mut known = [0; 4];
        for round in 0..5 {
            let from = known.iter().max().expect("four") + 1;
            disk.fail_after(Some(random.random_range(1..1000)));
            let acknowledged = write_until_it_fails(&store, from);
            assert!(!write_pair(&store, "w0", from + 10_000), "still full");
            let reader = store.read().expect("a reader");
            reader.get::<Thing>("w0-left").expect("readable");
            drop(reader);
            disk.fail_after(None);
            for (writer, last) in acknowledged.iter().enumerate() {
                let name = format!("w{writer}");
                let tried = (last + 1).max(from);
                let tried = if writer == 0 { from + 10_000 } else { tried };
                // The first change after the failure opens the database again.
                assert!(write_pair(&store, "other", round + 1), "it works again");
                check_pair(&store, &name, *last.max(&known[writer]), tried);
                assert!(write_pair(&store, &name, from + 20_000), "it works again");
                check_pair(&store, &name, from + 20_000, from + 20_000);
                known[writer] = from + 20_000;
            }
        }
    }
}
