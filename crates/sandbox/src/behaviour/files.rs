//! Operations of LINK (ROMA Connect device integration) that export devices and products to CSV files, and import
//! products from CSV files.
//!
//! The sandbox defines the columns of these files, because we found no page of the API reference that lists
//! the columns.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Behaviour, Call, devices, does, products};
use crate::answer::Answer;
use crate::openapi::RequestPart;
use crate::problem::{Problem, Violation};
use crate::store::{Authentication, Device, Product, Query, Reader, Record};
use crate::validate::{Values, violations};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("download_devices", does(download_devices)),
    ("download_products", does(download_products)),
    ("upload_products", does(upload_products)),
];

/// The byte order mark. According to the vendor's user guide, an imported file begins with this mark. The sandbox also
/// accepts a file without the mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// The highest number of products in an imported file. We chose 500, because each count in the answer has the
/// documented maximum 500.
const MOST: usize = 500;
/// The highest number of devices or products that an export reads from the database at once.
const BATCH: usize = 1000;

const DEVICE_COLUMNS: &[&str] = &[
    "device_id",
    "device_name",
    "node_id",
    "client_id",
    "product_id",
    "product_name",
    "parent_device_id",
    "app_id",
    "status",
    "description",
    "tags",
];

/// The columns of a product: the fields of a request that creates a product.
const PRODUCT_COLUMNS: &[&str] = &[
    "name",
    "app_id",
    "manufacturer_id",
    "manufacturer_name",
    "model",
    "product_type",
    "protocol_type",
    "description",
    "device_type",
    "version",
    "data_format",
    "template_id",
];
const NUMBERS: &[&str] = &[
    "product_type",
    "protocol_type",
    "data_format",
    "template_id",
];
const LOGIN_COLUMNS: [&str; 2] = ["user_name", "password"];

/// A kind of resource that a file can contain. Each row below the header row of the file is one resource.
trait Row: Record {
    const COLUMNS: &'static [&'static str];
    fn cell(&self, column: &str) -> Value;
    fn login(&self) -> &Authentication;
    fn find(call: &Call<'_>, id: u64, reader: &Reader<'_>) -> Result<Self, Problem>;
}

impl Row for Device {
    const COLUMNS: &'static [&'static str] = DEVICE_COLUMNS;

    fn cell(&self, column: &str) -> Value {
        match column {
            "product_id" | "product_name" => self.fields["product"][column].clone(),
            _ => self.fields[column].clone(),
        }
    }

    fn login(&self) -> &Authentication {
        &self.authentication
    }

    fn find(call: &Call<'_>, id: u64, reader: &Reader<'_>) -> Result<Self, Problem> {
        devices::of_id(call, id, |key| reader.get(key))
    }
}

impl Row for Product {
    const COLUMNS: &'static [&'static str] = PRODUCT_COLUMNS;

    fn cell(&self, column: &str) -> Value {
        match column {
            "template_id" => json!(self.template),
            _ => self.fields[column].clone(),
        }
    }

    fn login(&self) -> &Authentication {
        &self.authentication
    }

    fn find(call: &Call<'_>, id: u64, reader: &Reader<'_>) -> Result<Self, Problem> {
        products::of_id(call, id, |key| reader.get(key))
    }
}

fn download_devices(call: &Call<'_>) -> Result<Answer, Problem> {
    download::<Device>(call, "device_ids")
}

fn download_products(call: &Call<'_>) -> Result<Answer, Problem> {
    download::<Product>(call, "product_ids")
}

/// Exports resources.
///
/// If the request names resources, the file contains these resources in the order of the request. If the request names
/// no resources, the file contains all resources in the order of creation.
fn download<R: Row>(call: &Call<'_>, parameter: &str) -> Result<Answer, Problem> {
    let query = &call.values.query;
    if call.text(query, "file_export_type") == Some("XLS") {
        return Err(Problem::Invalid(vec![Violation {
            place: RequestPart::Query,
            parameter: "file_export_type".to_owned(),
            reason: "must be CSV: the sandbox writes no spreadsheets".to_owned(),
            password_rule: false,
        }]));
    }
    let with_password = query.get("password_type") == Some(&json!(1));
    let logins = if with_password { 2 } else { 1 };
    let mut table = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    let columns = R::COLUMNS.iter().chain(&LOGIN_COLUMNS[..logins]);
    table.write_record(columns).map_err(unwritten)?;
    let reader = call.state.store.read()?;
    let mut write = |record: &R| {
        let own = record.login();
        let cells = R::COLUMNS.iter().map(|column| text(record.cell(column)));
        let login = [&own.user_name, &own.password].map(String::clone);
        let cells = cells.chain(login.into_iter().take(logins));
        table.write_record(cells).map_err(unwritten)
    };
    match query.get(parameter).and_then(Value::as_array) {
        Some(ids) => {
            for id in ids.iter().filter_map(Value::as_u64) {
                write(&R::find(call, id, &reader)?)?;
            }
        }
        None => {
            for batch in (0..).step_by(BATCH) {
                let records = reader.list(&Query::<R>::default().skip(batch).take(BATCH))?;
                records.iter().try_for_each(&mut write)?;
                if records.len() < BATCH {
                    break;
                }
            }
        }
    }
    let bytes = table.into_inner().map_err(unwritten)?;
    let text = String::from_utf8(bytes).map_err(|error| Problem::Failed(error.to_string()))?;
    let name = format!("{}.csv", R::NAME);
    let media_type = "application/octet-stream";
    Ok(Answer::file(
        StatusCode::OK,
        media_type,
        &name,
        Some(text.into()),
    ))
}

fn unwritten(error: impl std::fmt::Display) -> Problem {
    Problem::Failed(error.to_string())
}

/// Converts a value to the content of a cell. A list becomes JSON, and a missing value becomes an empty cell.
fn text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Imports products.
///
/// If [`rows`] refuses the file, the sandbox imports no product. Otherwise, the answer contains the name of each
/// product that the sandbox refuses. If the name is missing, the answer contains the line number of the row.
fn upload_products(call: &Call<'_>) -> Result<Answer, Problem> {
    let rows = rows(call.in_body("/file").unwrap_or_default())?;
    let failed = call.state.store.write(|writer| {
        let mut failed = Vec::new();
        for (number, row) in &rows {
            let made = body(row)
                .and_then(|body| creation(call, body))
                .and_then(|creation| products::make(&creation, writer));
            match made {
                Ok(_) => {}
                Err(error @ Problem::Failed(_)) => return Err(error),
                Err(problem) => {
                    tracing::info!(row = number, ?problem, "a product was not imported");
                    failed.push(
                        row.get("name")
                            .cloned()
                            .unwrap_or_else(|| format!("row {number}").into()),
                    );
                }
            }
        }
        Ok(failed)
    })?;
    Ok(Answer::ok(json!({
        "succ_num": rows.len() - failed.len(),
        "fail_num": failed.len(),
        "fail_objects_ids": failed,
    })))
}

type Cells = Map<String, Value>;

/// Returns the line number and the non-empty cells of each row below the header row.
fn rows(file: &str) -> Result<Vec<(u64, Cells)>, Problem> {
    let mut table = csv::Reader::from_reader(file.trim_start_matches(BYTE_ORDER_MARK).as_bytes());
    let unread = |error: csv::Error| {
        let row = error.position().map_or(1, csv::Position::line);
        Problem::BadFile(match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => {
                format!(
                    "row {row} has {len} cells, but the first row has {expected_len}: give each row a cell for every column"
                )
            }
            _ => format!(
                "row {row} is not CSV: write the file in UTF-8, with commas between the cells"
            ),
        })
    };
    let columns = table.headers().map_err(unread)?.clone();
    let is_known = |name: &&str| {
        PRODUCT_COLUMNS
            .iter()
            .chain(&LOGIN_COLUMNS)
            .any(|known| known == name)
    };
    let once = |name: &str| columns.iter().filter(|column| *column == name).count() == 1;
    if !once("name") || !columns.iter().all(|name| is_known(&name) && once(name)) {
        let known = [PRODUCT_COLUMNS, &LOGIN_COLUMNS].concat().join(", ");
        return Err(Problem::BadFile(format!(
            "row 1 must contain the names of the columns: `name` is required, no column can occur twice, and the known columns are {known}"
        )));
    }
    let mut rows = Vec::new();
    for row in table.records() {
        let row = row.map_err(unread)?;
        let number = row.position().map_or(0, csv::Position::line);
        if rows.len() == MOST {
            return Err(Problem::BadFile(format!(
                "row {number} exceeds the limit: put at most {MOST} products into one file"
            )));
        }
        let cells = columns
            .iter()
            .zip(&row)
            .filter(|(_, cell)| !cell.is_empty());
        let cells = cells.map(|(name, cell)| (name.to_owned(), json!(cell)));
        rows.push((number, cells.collect()));
    }
    Ok(rows)
}

/// Returns the body of a request that creates the product in this row.
fn body(row: &Cells) -> Result<Value, Problem> {
    let mut body = row.clone();
    for (name, cell) in &mut body {
        if NUMBERS.contains(&name.as_str()) {
            let number = cell.as_str().and_then(|cell| cell.parse::<i64>().ok());
            let number = number.ok_or_else(|| Problem::invalid(name, "must be a whole number"))?;
            *cell = json!(number);
        }
    }
    Ok(Value::Object(body))
}

/// Returns the request that creates the product.
///
/// The function checks the user name and the password against the rules for a reset of the authentication. All other
/// cells must satisfy the rules for the creation of a product.
fn creation<'a>(call: &Call<'a>, body: Value) -> Result<Call<'a>, Problem> {
    let operation = |id: &str| {
        let mut all = call.document.operations();
        let missing = || Problem::Failed(format!("the document has no operation {id}"));
        all.find(|operation| operation.id == id).ok_or_else(missing)
    };
    let (create, reset) = (
        operation("create_product")?,
        operation("reset_product_authentication")?,
    );
    let (login, fields): (Cells, Cells) = body
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .partition(|(name, _)| LOGIN_COLUMNS.contains(&name.as_str()));
    for (operation, part) in [(create, fields), (reset, login)] {
        if let (Some(documented), false) = (&operation.body, part.is_empty()) {
            let broken = violations(documented, &Value::Object(part));
            if !broken.is_empty() {
                return Err(Problem::Invalid(broken));
            }
        }
    }
    Ok(Call {
        document: call.document,
        service: call.service,
        state: call.state,
        operation: create,
        request: call.request,
        caller: call.caller,
        values: Values {
            path: call.values.path.clone(),
            query: Map::new(),
            body,
        },
    })
}
