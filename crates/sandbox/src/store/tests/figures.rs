//! Measures the duration of queries in a large database, and the speed of changes. These tests have no assertions. This
//! command prints the figures:
//! `cargo test --release -p huaweicloud-sandbox --lib figures:: -- --ignored --nocapture --test-threads 1`
//!
//! If the variable `STORE_FILE` contains a path, the test `figures` keeps its databases. The name of each file is this
//! path, a dot and the number of devices. Other measurements can then use these databases.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::options::Options;
use crate::store::records::numbered;
use crate::store::{Authentication, Device, Fields, IndexKey, Query, Store, StoreError, Token};

const PER_CHANGE: u64 = 5_000;

fn device(id: u64) -> Device {
    let user = json!({"user_id": "04665b53f779a3770f1579ebee66daa8", "user_name": "sandbox-user"});
    let product = json!({"product_id": 100_001 + id % 100, "product_name": format!("product {}", id % 100), "manufacturer_id": "maker",
        "model": "M1", "product_type": 0, "protocol_type": 0});
    let fields = json!({"permissions": ["read", "access", "delete", "modify"], "id": id, "device_id": id, "product": product,
        "device_name": format!("device-{id}"), "instance_id": "fa8bca62-e537-4ad2-9d8d-a6d700c0255a", "client_id": format!("D{id}abcde"),
        "node_id": format!("node-{id}"), "app_id": "app", "app_name": "app", "status": 0, "online_status": id % 2, "description": "",
        "tags": ["all", format!("tag-{}", id % 1000)], "created_user": user, "last_updated_user": user,
        "created_datetime": 1_700_000_000_000_u64 + id, "last_updated_datetime": 1_700_000_000_000_u64 + id,
        "connect_address": "http://127.0.0.1:1", "ssl_connect_address": "http://127.0.0.1:1", "node_type": 0, "device_type": 0});
    Device {
        fields: Fields::from(fields),
        authentication: Authentication {
            user_name: format!("{id:032X}"),
            password: "Planted-device-1!".to_owned(),
        },
        groups: Vec::new(),
    }
}

fn fill(store: &Store, devices: u64, tokens: u64) {
    let names = Options::default().names;
    let instance = store.tenant(&names, None).expect("a tenant").instance_id;
    for start in (0..devices).step_by(usize::try_from(PER_CHANGE).expect("small")) {
        let done = store.write(|writer| {
            for _ in start..devices.min(start + PER_CHANGE) {
                let id = writer.next_id("device")?;
                writer.put(&numbered(&instance, id), &device(id))?;
            }
            Ok::<_, StoreError>(())
        });
        done.expect("written");
    }
    let done = store.write(|writer| {
        for number in 0..tokens {
            let token = Token {
                user_id: "user".to_owned(),
                project_id: None,
                expires_ms: i64::try_from(number).expect("small"),
            };
            writer.put(&format!("{number:064}"), &token)?;
        }
        Ok::<_, StoreError>(())
    });
    done.expect("written");
}

/// Returns the time of the fastest of five rounds.
fn time(mut work: impl FnMut()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..5).map(round).min().unwrap_or_default()
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status
        .lines()
        .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}

fn report(store: &Store, devices: u64) {
    let page = |query: Query<'_, Device>| {
        let mut total = 0;
        let took = time(|| {
            total = store
                .read()
                .expect("read")
                .page(&query)
                .expect("a page")
                .total
        });
        format!("{took:?} (of {total})")
    };
    let text = |text: &str| IndexKey::new(&json!(text));
    let first = || Query::default().take(10);
    let most = usize::try_from(devices).expect("small");
    println!("{devices} devices; {}", resident());
    println!("  first page:             {}", page(first()));
    println!(
        "  last page:              {}",
        page(first().skip(most - 10))
    );
    println!(
        "  one of 1000 tags:       {}",
        page(first().with(&Device::BY_TAG, text("tag-7")))
    );
    println!(
        "  the tag of all devices: {}",
        page(first().with(&Device::BY_TAG, text("all")))
    );
    println!(
        "  that tag, last page:    {}",
        page(first().with(&Device::BY_TAG, text("all")).skip(most - 10))
    );
    let state = |state: i32| IndexKey::new(&json!(state));
    println!(
        "  half of the devices:    {}",
        page(first().with(&Device::BY_STATUS, state(1)))
    );
    println!(
        "  two states:             {}",
        page(first().any(&Device::BY_STATUS, vec![state(0), state(1)]))
    );
    println!(
        "  two conditions:         {}",
        page(
            first()
                .with(&Device::BY_STATUS, state(1))
                .with(&Device::BY_TAG, text("all"))
        )
    );
    println!(
        "  a name:                 {}",
        page(first().with(&Device::BY_NAME, text("device-100500")))
    );
    println!(
        "  by name:                {}",
        page(first().sorted(&Device::BY_NAME))
    );
    let time_of = |time: u64| Some(IndexKey::new(&json!(time)));
    println!(
        "  the oldest tenth:       {}",
        page(first().between(
            &Device::BY_CREATION,
            None,
            time_of(1_700_000_100_000 + devices / 10)
        ))
    );
    println!("  {}", resident());
    println!(
        "  without an index:       {}",
        page(first().test(|device| device.fields["client_id"] == "D100500abcde"))
    );
    println!("  {}", resident());
    let token = |number: u64| {
        time(|| {
            let token: Option<Token> = store
                .read()
                .expect("read")
                .get(&format!("{number:064}"))
                .expect("a token");
            drop(token);
        })
    };
    println!("  a token:                {:?}", token(500));
    let ended = || {
        Query::default()
            .between(&Token::BY_END, None, time_of(u64::MAX / 2))
            .sorted(&Token::BY_END)
            .take(8)
    };
    println!(
        "  expired tokens:         {:?}",
        time(|| drop(
            store
                .read()
                .expect("read")
                .list::<Token>(&ended())
                .expect("a list")
        ))
    );
}

#[test]
#[ignore = "measures only, without assertions"]
fn figures() {
    let folder = tempfile::tempdir().expect("a folder");
    // For a large database, set `STORE_DEVICES=1000000`.
    for (devices, tokens) in [
        (1_000, 1_000),
        (super::things::number("STORE_DEVICES", 10_000), 100_000),
    ] {
        let kept = std::env::var_os("STORE_FILE").map(|file| {
            let mut file = file;
            file.push(format!(".{devices}"));
            std::path::PathBuf::from(file)
        });
        let file = kept.unwrap_or_else(|| folder.path().join(devices.to_string()));
        let is_new = !file.exists();
        let start = Instant::now();
        let store = Store::open(Some(&file)).expect("a store");
        if is_new {
            fill(&store, devices, tokens);
        }
        println!("opened or made in {:?}", start.elapsed());
        report(&store, devices);
    }
}

/// Measures how many changes per second the store writes to the disk. Each thread changes its own device.
#[test]
#[ignore = "measures only, without assertions"]
fn writers() {
    const CHANGES: u64 = 200;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(Some(&folder.path().join("data"))).expect("a store");
    let threads = super::things::number("STORE_WRITERS", 64);
    for round in 0..5 {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let store = &store;
                scope.spawn(move || {
                    for number in 0..CHANGES {
                        let mut device = device(thread);
                        let label = format!("{thread}-{round}-{number}");
                        device.fields.set("device_name", label.as_str());
                        device.fields.set("tags", json!([label]));
                        let put = store.write(|writer| writer.put(&numbered("i", thread), &device));
                        put.expect("written");
                    }
                });
            }
        });
        let rate = (threads * CHANGES) as f64 / start.elapsed().as_secs_f64();
        println!("{threads} writers: {rate:.0} durable changes a second");
    }
}
