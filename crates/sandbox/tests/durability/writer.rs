//! A writer, which changes devices and remembers the expected data. Several writers run in parallel.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;
use std::sync::atomic::Ordering;

use rand::RngExt as _;
use rand::rngs::StdRng;
use reqwest::Method;
use serde_json::{Value, json};

use crate::program::{Api, Program};
use crate::support;

/// The largest number of devices that a writer has at the same time.
const DEVICES: usize = 5;

/// Creates, changes and deletes the devices of one product.
pub struct Writer {
    name: u64,
    random: StdRng,
    /// The number of the last write. All writes of a writer have different numbers.
    number: u64,
    token: Option<String>,
    product: Option<u64>,
    /// The expected devices without the effect of the pending write, by ID.
    devices: BTreeMap<u64, Device>,
    /// The write that the program has not acknowledged yet. `None` if there is no such write.
    pending: Option<Write>,
    /// The largest ID of a device so far.
    last_id: u64,
    pub tally: Tally,
}

/// The fields of a device that the test changes. Each label, user name and password that a writer sends contains the
/// number of the write.
#[derive(Clone, Debug, PartialEq)]
struct Device {
    /// The value of the name, the description and the tag.
    label: String,
    /// The user name and the password.
    login: (String, String),
}

#[derive(Clone, Debug)]
enum Write {
    Create { label: String },
    Update { id: u64, label: String },
    Reset { id: u64, login: (String, String) },
    Delete { id: u64 },
}

/// The numbers of writes, by result.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    pub acknowledged: u64,
    /// Writes that were not acknowledged before the kill, but that are in the database.
    done: u64,
    /// Writes that were not acknowledged before the kill, and that are not in the database.
    undone: u64,
}

impl Writer {
    pub fn new(name: u64, random: StdRng) -> Self {
        Self {
            name,
            random,
            number: 0,
            token: None,
            product: None,
            devices: BTreeMap::new(),
            pending: None,
            last_id: 0,
            tally: Tally::default(),
        }
    }

    /// Writes until the program is killed.
    pub async fn write(&mut self, api: &Api) {
        let Some(token) = self.token.clone() else {
            return;
        };
        loop {
            let write = self.next();
            self.pending = Some(write.clone());
            let Some((status, body)) = self.send(api, &token, &write).await else {
                return;
            };
            assert!(status < 300, "{write:?}: {status} {body}");
            self.pending = None;
            self.tally.acknowledged += 1;
            api.acknowledged.fetch_add(1, Ordering::Relaxed);
            self.acknowledged(write, &body);
        }
    }

    fn next(&mut self) -> Write {
        self.number += 1;
        let label = format!("writer-{}-{:06}", self.name, self.number);
        let ids: Vec<u64> = self.devices.keys().copied().collect();
        if ids.is_empty() {
            return Write::Create { label };
        }
        let id = ids[self.random.random_range(0..ids.len())];
        match self.random.random_range(0..8) {
            0 | 1 if ids.len() < DEVICES => Write::Create { label },
            0 => Write::Delete { id },
            1..=4 => Write::Update { id, label },
            _ => {
                let password = format!("Planted-{}-{:06}!", self.name, self.number);
                let login = (label, password);
                Write::Reset { id, login }
            }
        }
    }

    async fn send(&self, api: &Api, token: &str, write: &Write) -> Option<(u16, Value)> {
        let (method, path, body) = match write {
            Write::Create { label } => {
                let product = json!({"id": self.product});
                let mut body = support::device(&product, label);
                body["description"] = json!(label);
                body["tags"] = json!([label]);
                (Method::POST, "/devices".to_owned(), Some(body))
            }
            Write::Update { id, label } => {
                let body = json!({"device_name": label, "status": 0, "description": label, "tags": [label]});
                (Method::PUT, format!("/devices/{id}"), Some(body))
            }
            Write::Reset { id, login } => {
                let body = json!({"user_name": login.0, "password": login.1});
                let path = format!("/devices/{id}/authentication");
                (Method::PUT, path, Some(body))
            }
            Write::Delete { id } => (Method::DELETE, format!("/devices/{id}"), None),
        };
        api.call(token, method, &path, body).await
    }

    fn acknowledged(&mut self, write: Write, answer: &Value) {
        match write {
            Write::Create { label } => {
                let id = answer["id"].as_u64().unwrap();
                assert!(id > self.last_id, "the new ID {id} is not the largest ID");
                self.last_id = id;
                let login = login(&answer["authentication"]);
                self.devices.insert(id, Device { label, login });
            }
            write => apply(&mut self.devices, &write),
        }
    }

    /// Compares the data of the restarted program with the expected data.
    ///
    /// The data must contain all acknowledged writes. It must contain the pending write completely or not at all.
    pub async fn verify(&mut self, program: &Program) {
        let api = program.api();
        self.sign_in(&api).await;
        let found = self.read(&api).await;
        let without = self.devices.clone();
        let pending = self.pending.take();
        let with = pending
            .as_ref()
            .map(|write| after(&without, write, &found, self.last_id));
        if found == without {
            self.tally.undone += u64::from(pending.is_some());
        } else if Some(&found) == with.as_ref() {
            self.tally.done += 1;
        } else {
            panic!(
                "writer {}: found: {found:#?}\nacknowledged: {without:#?}\npending: {pending:#?}",
                self.name
            );
        }
        self.last_id = found.keys().copied().fold(self.last_id, u64::max);
        self.devices = found;
    }

    /// Checks that the restarted program still accepts the token from before the kill. Then gets a new token, and
    /// creates the product if it does not exist.
    async fn sign_in(&mut self, api: &Api) {
        if let Some(old) = &self.token {
            let (status, body) = api.call(old, Method::GET, "/products", None).await.unwrap();
            assert_eq!(status, 200, "the program has lost a token: {body}");
        }
        let token = api.token().await.unwrap();
        if self.product.is_none() {
            let body = support::product(&format!("product-{}", self.name));
            let created = api
                .call(&token, Method::POST, "/products", Some(body))
                .await;
            self.product = created.unwrap().1["id"].as_u64();
        }
        self.token = Some(token);
    }

    /// Reads the devices of the writer's product from the program.
    async fn read(&self, api: &Api) -> BTreeMap<u64, Device> {
        let token = self.token.as_deref().unwrap();
        let product = self.product.unwrap();
        let get = async |path: String| {
            let (status, body) = api.call(token, Method::GET, &path, None).await.unwrap();
            assert_eq!(status, 200, "{path}: {body}");
            body
        };
        let list = get(format!("/devices?limit=900&product_id={product}")).await;
        let mut devices = BTreeMap::new();
        for item in list["items"].as_array().unwrap() {
            let id = item["id"].as_u64().unwrap();
            let label = item["device_name"].as_str().unwrap().to_owned();
            assert_eq!(
                item["description"],
                json!(label),
                "the write is incomplete: {item}"
            );
            assert_eq!(
                item["tags"],
                json!([label]),
                "the write is incomplete: {item}"
            );
            let login = login(&get(format!("/devices/{id}/authentication")).await);
            devices.insert(id, Device { label, login });
        }
        devices
    }
}

fn login(authentication: &Value) -> (String, String) {
    let text = |name: &str| authentication[name].as_str().unwrap().to_owned();
    let login = (text("user_name"), text("password"));
    assert!(!login.0.is_empty() && !login.1.is_empty());
    login
}

/// Returns the devices that must exist if the pending write was executed.
///
/// The program chooses the ID and the login of a new device. Therefore the function takes these values from `found`.
fn after(
    before: &BTreeMap<u64, Device>,
    write: &Write,
    found: &BTreeMap<u64, Device>,
    last_id: u64,
) -> BTreeMap<u64, Device> {
    let mut devices = before.clone();
    match write {
        Write::Create { label } => {
            let new = found.iter().filter(|(id, _)| !before.contains_key(id));
            for (id, device) in new.filter(|(id, device)| **id > last_id && device.label == *label)
            {
                devices.insert(*id, device.clone());
            }
        }
        write => apply(&mut devices, write),
    }
    devices
}

fn apply(devices: &mut BTreeMap<u64, Device>, write: &Write) {
    match write {
        Write::Create { .. } => {}
        Write::Update { id, label } => devices.get_mut(id).unwrap().label.clone_from(label),
        Write::Reset { id, login } => devices.get_mut(id).unwrap().login.clone_from(login),
        Write::Delete { id } => drop(devices.remove(id)),
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.done += other.done;
        self.undone += other.undone;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            done,
            undone,
        } = self;
        write!(
            f,
            "all {acknowledged} acknowledged writes are in the database; of the pending writes, {done} are complete, {undone} are missing, and none is incomplete"
        )
    }
}
