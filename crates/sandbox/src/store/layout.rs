//! The layout of the database: the kinds of records, with their versions and indexes. The database contains a
//! description of its layout. At the start, the sandbox converts a database with an older layout.

use redb::{
    Database, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableHandle as _,
    WriteTransaction,
};
use serde_json::Value;

use super::changes::Changes;
use super::view::{Tables as _, WriteTables, row_of};
use super::{
    AccessKey, Cache, Device, Item, Product, Record, StoreError, Token, User, Writer, failed,
};
use crate::Tenant;

/// Maps the name of each kind of record to the kind's version and the names of its indexes.
const KINDS: TableDefinition<'static, &'static str, &'static str> = TableDefinition::new("kinds");

/// The first versions of the sandbox had a table for each kind of record, without versions and indexes.
type FirstTable<'a> = TableDefinition<'a, &'static str, &'static [u8]>;

const NEWER: &str = "it was written by a newer version of the sandbox; start the newer version, delete the file, or name another file";

/// Checks whether this version of the sandbox can use the database. The error is the reason why the sandbox cannot use
/// the database.
pub(super) fn check(database: &Database) -> Result<(), String> {
    let text = |error: redb::Error| error.to_string();
    let reading = database.begin_read().map_err(|error| text(error.into()))?;
    let tables = reading.list_tables().map_err(|error| text(error.into()))?;
    let tables: Vec<_> = tables.map(|table| table.name().to_owned()).collect();
    let has = |name: &str| tables.iter().any(|table| table == name);
    if has(KINDS.name()) {
        let kinds = reading
            .open_table(KINDS)
            .map_err(|error| text(error.into()))?;
        for entry in kinds.iter().map_err(|error| text(error.into()))? {
            let (name, layout) = entry.map_err(|error| text(error.into()))?;
            match RecordKind::ALL
                .iter()
                .find(|kind| kind.name == name.value())
            {
                Some(kind) if version(layout.value()) <= kind.version => {}
                _ => return Err(NEWER.into()),
            }
        }
        return Ok(());
    }
    // The first versions had a table of tenants, but no table of kinds. If the sandbox ended during its first start,
    // the database can have no tables.
    match tables.is_empty() || has(Tenant::NAME) {
        true => Ok(()),
        false => Err("it is a database of another program; name another file".into()),
    }
}

/// Creates missing tables, and converts kinds of records with an older layout.
pub(super) fn bring_up_to_date(transaction: &WriteTransaction) -> Result<(), StoreError> {
    for kind in RecordKind::ALL {
        kind.bring_up_to_date(transaction)?;
    }
    WriteTables::open(transaction).map(drop)
}

pub(super) struct RecordKind {
    name: &'static str,
    version: u32,
    layout: fn() -> String,
    renew: fn(&WriteTransaction, Option<&str>) -> Result<(), StoreError>,
}

impl RecordKind {
    const ALL: [Self; 8] = [
        Self::new::<Tenant>(),
        Self::new::<User>(),
        Self::new::<Token>(),
        Self::new::<AccessKey>(),
        Self::new::<Device>(),
        Self::new::<Product>(),
        Self::new::<Cache>(),
        Self::new::<Item>(),
    ];

    pub const fn new<R: Record>() -> Self {
        Self {
            name: R::NAME,
            version: R::VERSION,
            layout: layout::<R>,
            renew: renew::<R>,
        }
    }

    pub fn bring_up_to_date(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        let before = {
            let kinds = transaction.open_table(KINDS).map_err(failed)?;
            let before = kinds.get(self.name).map_err(failed)?;
            before.map(|layout| layout.value().to_owned())
        };
        let present = (self.layout)();
        if before.as_ref() != Some(&present) {
            (self.renew)(transaction, before.as_deref())?;
            let mut kinds = transaction.open_table(KINDS).map_err(failed)?;
            kinds.insert(self.name, present.as_str()).map_err(failed)?;
        }
        Ok(())
    }
}

/// Returns the version of a kind, and the names of its indexes in their order.
fn layout<R: Record>() -> String {
    let mut layout = R::VERSION.to_string();
    for index in R::INDEXES {
        layout.push(' ');
        layout.push_str(index.name);
    }
    layout
}

fn version(layout: &str) -> u32 {
    let version = layout.split(' ').next().unwrap_or_default();
    version.parse().unwrap_or(u32::MAX)
}

fn renew<R: Record>(
    transaction: &WriteTransaction,
    layout: Option<&str>,
) -> Result<(), StoreError> {
    match layout {
        None => import::<R>(transaction),
        Some(layout) => rewrite::<R>(transaction, version(layout)),
    }
}

/// Imports the records of a kind from the table of the first versions, and deletes this table. If there is no such
/// table, does nothing.
fn import<R: Record>(transaction: &WriteTransaction) -> Result<(), StoreError> {
    let definition = FirstTable::new(R::NAME);
    let mut known = transaction.list_tables().map_err(failed)?;
    if !known.any(|table| table.name() == R::NAME) {
        return Ok(());
    }
    {
        let first = transaction.open_table(definition).map_err(failed)?;
        let json = |bytes: &[u8]| {
            serde_json::from_slice::<Value>(bytes).map_err(|error| StoreError::record::<R>(&error))
        };
        let mut order = Vec::new();
        for entry in first.iter().map_err(failed)? {
            let (key, value) = entry.map_err(failed)?;
            let json = json(value.value())?;
            let created = json.pointer("/fields/created_at").and_then(Value::as_str);
            order.push((
                created.unwrap_or_default().to_owned(),
                key.value().to_owned(),
            ));
        }
        // The import stores the records in the order of `created_at`, and then of the keys. The keys alone do not show
        // the order of creation, because some kinds of records had random keys.
        order.sort();
        let mut tables = WriteTables::open(transaction)?;
        for (_, key) in order {
            if let Some(value) = first.get(key.as_str()).map_err(failed)? {
                let record = upgraded::<R>(0, json(value.value())?)?;
                change(&mut tables, |writer| writer.put(&key, &record))?;
            }
        }
    }
    transaction.delete_table(definition).map_err(failed)?;
    Ok(())
}

/// If `from` is an older version, converts the records of the kind. Always builds the indexes of the kind again.
fn rewrite<R: Record>(transaction: &WriteTransaction, from: u32) -> Result<(), StoreError> {
    let mut tables = WriteTables::open(transaction)?;
    for row in tables.forget_indexes::<R>()? {
        let Some(stored) = tables.stored(&row_of::<R>(row))? else {
            continue;
        };
        let json = serde_json::from_slice(stored.json())
            .map_err(|error| StoreError::record::<R>(&error))?;
        let record = upgraded::<R>(from, json)?;
        let key = stored.key();
        change(&mut tables, |writer| writer.rewrite(row, &key, &record))?;
    }
    Ok(())
}

/// Runs and writes a change of a single record. Larger changes would need more memory.
fn change(
    tables: &mut WriteTables<'_>,
    change: impl FnOnce(&mut Writer<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let none = Changes::default();
    let mut writer = Writer::new(&*tables, [&none, &none]);
    change(&mut writer)?;
    writer.into_changes().write_to(tables)
}

fn upgraded<R: Record>(from: u32, json: Value) -> Result<R, StoreError> {
    let json = match from < R::VERSION {
        true => R::upgrade(from, json),
        false => json,
    };
    serde_json::from_value(json).map_err(|error| StoreError::record::<R>(&error))
}
