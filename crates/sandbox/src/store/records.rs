//! Defines the kinds of records in the database, with their indexes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fields::Fields;
use super::{Index, IndexKey, Record};
use crate::Tenant;
use crate::clock::timestamp;
use crate::password_hash::Hash;

/// Returns the index key of a string.
fn text(text: &str) -> IndexKey {
    IndexKey::new(&json!(text))
}

impl Record for Tenant {
    const TAG: u8 = 1;
    const NAME: &'static str = "tenant";
    const INDEXES: &'static [Index<Self>] = &[];
}

/// The key of the only [`Tenant`].
pub(crate) const TENANT: &str = "tenant";

/// A user of IAM. The key of this record is the ID of the user.
#[derive(Serialize, Deserialize)]
pub(crate) struct User {
    pub id: String,
    pub name: String,
    pub domain_id: String,
    pub domain_name: String,
    pub password: Hash,
}

impl User {
    pub const BY_NAME: Index<Self> = Index::new("name", |user| text(&user.name));
}

impl Record for User {
    const TAG: u8 = 2;
    const NAME: &'static str = "users";
    const INDEXES: &'static [Index<Self>] = &[Self::BY_NAME];
}

/// A token. The key of this record is the SHA-256 hash of the token. The database does not contain the token itself.
#[derive(Serialize, Deserialize)]
pub(crate) struct Token {
    pub user_id: String,
    /// The project of the token. `None` if the token is for a domain.
    pub project_id: Option<String>,
    pub expires_ms: i64,
}

impl Token {
    pub const BY_END: Index<Self> =
        Index::new("end", |token| IndexKey::new(&json!(token.expires_ms)));
    pub const BY_USER: Index<Self> = Index::new("user", |token| text(&token.user_id));
}

impl Record for Token {
    const TAG: u8 = 3;
    const NAME: &'static str = "tokens";
    const INDEXES: &'static [Index<Self>] = &[Self::BY_END, Self::BY_USER];
}

/// An access key. The key of this record is the access key itself. The record contains the secret key in clear text,
/// because the check of a signature needs it.
#[derive(Serialize, Deserialize)]
pub(crate) struct AccessKey {
    pub user_id: String,
    pub secret: String,
    /// `None` for a permanent access key.
    pub temporary: Option<Temporary>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Temporary {
    /// The SHA-256 hash of the security token for this access key.
    pub security_token: String,
    pub expires_ms: i64,
}

impl AccessKey {
    /// This index contains only temporary access keys, by the time of their expiry.
    pub const BY_END: Index<Self> = Index::several("end", |key| {
        let temporary = key.temporary.iter();
        temporary
            .map(|temporary| IndexKey::new(&json!(temporary.expires_ms)))
            .collect()
    });
    pub const BY_USER: Index<Self> = Index::new("user", |key| text(&key.user_id));
}

impl Record for AccessKey {
    const TAG: u8 = 4;
    const NAME: &'static str = "access_keys";
    const INDEXES: &'static [Index<Self>] = &[Self::BY_END, Self::BY_USER];
}

/// The user name and password of a device, or of all devices of a product. The database contains the password in clear
/// text, because the API shows it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Authentication {
    pub user_name: String,
    pub password: String,
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Authentication {{ user_name: {:?}, password: *** }}",
            self.user_name
        )
    }
}

/// A device. The key of this record is the result of [`numbered`].
#[derive(Serialize, Deserialize)]
pub(crate) struct Device {
    /// The fields of the API's answer, without the authentication.
    pub fields: Fields,
    pub authentication: Authentication,
    /// The IDs of the groups that contain the device.
    #[serde(default)]
    pub groups: Vec<u64>,
}

impl Device {
    pub const BY_NAME: Index<Self> = Index::new("name", |device: &Self| device.key("device_name"));
    pub const BY_NODE: Index<Self> = Index::new("node", |device: &Self| device.key("node_id"));
    pub const BY_APP: Index<Self> =
        Index::new("app", |device: &Self| device.key("app_id")).counted();
    pub const BY_PRODUCT: Index<Self> = Index::new("product", |device: &Self| {
        IndexKey::new(&device.fields["product"]["product_id"])
    })
    .counted();
    pub const BY_STATUS: Index<Self> =
        Index::new("status", |device: &Self| device.key("online_status")).counted();
    pub const BY_TYPE: Index<Self> =
        Index::new("type", |device: &Self| device.key("node_type")).counted();
    pub const BY_CLIENT: Index<Self> =
        Index::new("client", |device: &Self| device.key("client_id"));
    pub const BY_PRODUCT_NAME: Index<Self> = Index::new("product name", |device: &Self| {
        IndexKey::new(&device.fields["product"]["product_name"])
    })
    .counted();
    /// Contains only subdevices, by the ID of their gateway.
    pub const BY_PARENT: Index<Self> = Index::several("parent", |device: &Self| {
        let parent = device.fields["parent_device_id"].as_u64().into_iter();
        parent.map(|id| IndexKey::new(&json!(id))).collect()
    })
    .counted();
    pub const BY_GROUP: Index<Self> = Index::several("group", |device: &Self| {
        let groups = device.groups.iter();
        groups.map(|id| IndexKey::new(&json!(id))).collect()
    })
    .counted();
    pub const BY_TAG: Index<Self> = Index::several("tag", |device: &Self| {
        let tags = device.fields["tags"].as_array();
        tags.into_iter().flatten().map(IndexKey::new).collect()
    })
    .counted();
    pub const BY_CREATION: Index<Self> =
        Index::new("creation", |device: &Self| device.key("created_datetime"));
    pub const BY_LOGIN: Index<Self> = Index::new("login", |device: &Self| {
        text(&device.authentication.user_name)
    });

    fn key(&self, field: &str) -> IndexKey {
        IndexKey::new(&self.fields[field])
    }
}

impl Record for Device {
    const TAG: u8 = 5;
    const NAME: &'static str = "devices";
    const INDEXES: &'static [Index<Self>] = &[
        Self::BY_NAME,
        Self::BY_NODE,
        Self::BY_APP,
        Self::BY_PRODUCT,
        Self::BY_STATUS,
        Self::BY_TYPE,
        Self::BY_TAG,
        Self::BY_CREATION,
        Self::BY_LOGIN,
        Self::BY_CLIENT,
        Self::BY_PRODUCT_NAME,
        Self::BY_PARENT,
        Self::BY_GROUP,
    ];
}

/// A product. The key of this record is the result of [`numbered`].
#[derive(Serialize, Deserialize)]
pub(crate) struct Product {
    /// The fields of the API's answer, without the authentication.
    pub fields: Fields,
    pub authentication: Authentication,
    /// The ID of the product template from which the product was created. `None` for a product that was created
    /// without a template.
    #[serde(default)]
    pub template: Option<u64>,
}

impl Product {
    pub const BY_NAME: Index<Self> = Index::new("name", |product: &Self| product.key("name"));
    pub const BY_APP: Index<Self> =
        Index::new("app", |product: &Self| product.key("app_id")).counted();
    pub const BY_MODEL: Index<Self> = Index::new("model", |product: &Self| {
        product.key("manufacturer_id").and(&product.fields["model"])
    });
    pub const BY_TYPE: Index<Self> =
        Index::new("type", |product: &Self| product.key("product_type")).counted();
    /// Contains only products that were created from a product template.
    pub const BY_TEMPLATE: Index<Self> = Index::several("template", |product: &Self| {
        let template = product.template.iter();
        template.map(|id| IndexKey::new(&json!(id))).collect()
    });
    pub const BY_CREATION: Index<Self> =
        Index::new("creation", |product: &Self| product.key("created_datetime"));
    pub const BY_LOGIN: Index<Self> = Index::new("login", |product: &Self| {
        text(&product.authentication.user_name)
    });

    fn key(&self, field: &str) -> IndexKey {
        IndexKey::new(&self.fields[field])
    }
}

impl Record for Product {
    const TAG: u8 = 6;
    const NAME: &'static str = "products";
    const INDEXES: &'static [Index<Self>] = &[
        Self::BY_NAME,
        Self::BY_APP,
        Self::BY_MODEL,
        Self::BY_TYPE,
        Self::BY_TEMPLATE,
        Self::BY_CREATION,
        Self::BY_LOGIN,
    ];
}

/// Returns the key of a record that has a number within a ROMA Connect instance.
pub(crate) fn numbered(instance: &str, id: u64) -> String {
    format!("{instance}/{id:020}")
}

/// A DCS instance. The key of this record is the ID of the instance.
#[derive(Serialize, Deserialize)]
pub(crate) struct Cache {
    pub project_id: String,
    /// The fields of the API's answer, and fields that only the behaviour needs.
    pub fields: Fields,
    /// `None` if the instance needs no password.
    pub password: Option<Hash>,
    pub tries_left: u32,
    pub locked_until_ms: Option<i64>,
    /// The future changes, in the order of time.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// A change of a record at a time in the future.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Step {
    pub due_ms: i64,
    /// The new status. `None` if this change removes the record.
    pub status: Option<String>,
    /// The new values of other fields.
    #[serde(default)]
    pub fields: Fields,
}

/// A record that changes when the clock reaches certain times.
pub(crate) trait Timed: Record {
    /// Contains records with future changes, by the time of the next change.
    const BY_DUE: &'static Index<Self>;
    fn key(&self) -> String;
    fn steps(&mut self) -> &mut Vec<Step>;
    /// Applies a change to the record. Returns `None` if the change removes the record.
    fn apply(&mut self, step: Step) -> Option<()>;
}

/// Returns the index key of the next change. If there is no future change, the result is empty.
fn next_due(steps: &[Step]) -> Vec<IndexKey> {
    let next = steps.first().into_iter();
    next.map(|step| IndexKey::new(&json!(step.due_ms)))
        .collect()
}

impl Timed for Cache {
    const BY_DUE: &'static Index<Self> = &Self::DUE;

    fn key(&self) -> String {
        self.id().to_owned()
    }

    fn steps(&mut self) -> &mut Vec<Step> {
        &mut self.steps
    }

    fn apply(&mut self, step: Step) -> Option<()> {
        let time = format!("{:.3}", timestamp(step.due_ms));
        self.fields.set("status", step.status?);
        self.fields.set("updated_at", time.clone());
        self.fields.set("update_at", time);
        self.fields.add(step.fields);
        Some(())
    }
}

impl Cache {
    /// Returns the type of the instance: `single`, `ha`, `cluster`, `proxy` or `ha_rw_split`. If the field `cache_mode`
    /// is missing, the method reads the type from `spec_code`. The result is empty if both fields lack the type.
    pub fn cache_mode(&self) -> &str {
        let specification = self.fields["spec_code"].as_str().unwrap_or_default();
        let named = self.fields["cache_mode"].as_str();
        named.unwrap_or(specification.split('.').nth(1).unwrap_or_default())
    }

    const DUE: Index<Self> = Index::several("due", |cache: &Self| next_due(&cache.steps));
    pub const BY_PROJECT: Index<Self> =
        Index::new("project", |cache: &Self| text(&cache.project_id)).counted();
    pub const BY_ID: Index<Self> = Index::new("id", |cache: &Self| cache.key("instance_id"));
    pub const BY_NAME: Index<Self> = Index::new("name", |cache: &Self| cache.key("name"));
    pub const BY_STATUS: Index<Self> =
        Index::new("status", |cache: &Self| cache.key("status")).counted();
    /// Contains the key and the value of each tag. A missing value counts as an empty string.
    pub const BY_TAG: Index<Self> = Index::several("tag", |cache: &Self| {
        let tags = cache.fields["tags"].as_array();
        let value = |tag: &Value| tag["value"].as_str().unwrap_or_default().to_owned();
        let key = |tag: &Value| IndexKey::new(&tag["key"]).and(&json!(value(tag)));
        tags.into_iter().flatten().map(key).collect()
    })
    .counted();

    pub fn id(&self) -> &str {
        self.fields["instance_id"].as_str().unwrap_or_default()
    }

    pub fn status(&self) -> &str {
        self.fields["status"].as_str().unwrap_or_default()
    }

    fn key(&self, field: &str) -> IndexKey {
        IndexKey::new(&self.fields[field])
    }
}

impl Record for Cache {
    const TAG: u8 = 7;
    const NAME: &'static str = "dcs_instances";
    /// Version 2 added the field `steps`. In older records, this field is missing, and `serde` reads an empty list.
    const VERSION: u32 = 2;
    const INDEXES: &'static [Index<Self>] = &[
        Self::BY_PROJECT,
        Self::BY_ID,
        Self::BY_NAME,
        Self::BY_STATUS,
        Self::BY_TAG,
        Self::DUE,
    ];
}

/// A resource of DCS or ROMA Connect LINK for which this module has no separate type. Examples are a backup, a task and
/// a device group.
#[derive(Serialize, Deserialize)]
pub(crate) struct Item {
    /// The kind of resource, such as `backup` or `task`.
    pub kind: String,
    pub project_id: String,
    /// `None` if the resource belongs to the project, and not to an instance.
    pub instance_id: Option<String>,
    /// The ID is unique within the kind and the project.
    pub id: String,
    pub created_ms: i64,
    /// The fields of the API's answer, and fields that only the behaviour needs.
    pub fields: Fields,
    /// The future changes, in the order of time.
    pub steps: Vec<Step>,
}

/// The fields in the index [`Item::BY_REFERENCE`].
const REFERENCES: [&str; 4] = [
    "product_id",
    "product_template_id",
    "parent_id",
    "device_id",
];

impl Item {
    const DUE: Index<Self> = Index::several("due", |item: &Self| next_due(&item.steps));
    /// Contains items by kind, project and instance.
    pub const BY_INSTANCE: Index<Self> = Index::several("instance", |item: &Self| {
        let instance = item.instance_id.iter();
        instance
            .map(|instance| item.in_project().and(&json!(instance)))
            .collect()
    })
    .counted();
    /// Contains items by kind and project.
    pub const BY_PROJECT: Index<Self> = Index::new("project", Self::in_project).counted();
    /// Contains items by kind and time of creation.
    pub const BY_CREATION: Index<Self> = Index::new("creation", |item: &Self| {
        text(&item.kind).and(&json!(item.created_ms))
    });

    /// Contains items of LINK by their references to other resources. A reference is a field with the ID of the item's
    /// owner, or of a resource that the item uses.
    pub const BY_REFERENCE: Index<Self> = Index::several("reference", |item: &Self| {
        let family = item.family();
        let names = match family.starts_with("link-") {
            true => &REFERENCES[..],
            false => &[],
        };
        let named = names.iter().filter_map(|name| {
            let id = item.fields[*name].as_u64()?;
            Some(Self::reference(family, &item.project_id, name, id))
        });
        named.collect()
    })
    .counted();

    /// Returns a key of the index [`BY_REFERENCE`](Self::BY_REFERENCE).
    pub fn reference(family: &str, project: &str, field: &str, id: u64) -> IndexKey {
        let key = text(family).and(&json!(project)).and(&json!(field));
        key.and(&json!(id))
    }

    /// Returns the part of the kind before the first slash. Some kinds have the number of the owner after the slash.
    fn family(&self) -> &str {
        self.kind.split('/').next().unwrap_or_default()
    }

    pub fn key_of(kind: &str, project: &str, id: &str) -> String {
        format!("{kind}/{project}/{id}")
    }

    pub fn status(&self) -> &str {
        self.fields["status"].as_str().unwrap_or_default()
    }

    fn in_project(&self) -> IndexKey {
        text(&self.kind).and(&json!(self.project_id))
    }
}

impl Record for Item {
    const TAG: u8 = 8;
    const NAME: &'static str = "items";
    const INDEXES: &'static [Index<Self>] = &[
        Self::BY_INSTANCE,
        Self::BY_PROJECT,
        Self::BY_CREATION,
        Self::BY_REFERENCE,
        Self::DUE,
    ];
}

impl Timed for Item {
    const BY_DUE: &'static Index<Self> = &Self::DUE;

    fn key(&self) -> String {
        Self::key_of(&self.kind, &self.project_id, &self.id)
    }

    fn steps(&mut self) -> &mut Vec<Step> {
        &mut self.steps
    }

    fn apply(&mut self, step: Step) -> Option<()> {
        self.fields.set("status", step.status?);
        self.fields.add(step.fields);
        Some(())
    }
}
