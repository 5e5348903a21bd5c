//! Tests of LINK (ROMA Connect device integration): commands, shadows, topics, files, subdevices, notifications and
//! groups. The file also tests refused deletions, and the operation that tests a rule with data.

use crate::support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Got, World, send};

/// Gives a product a service with the property `level` and the command `set`.
///
/// The command has the required parameter `level` and the optional parameter `mode`. The function returns the IDs of
/// the service and the command.
async fn dimmer(world: &World, product: &Value) -> (u64, u64) {
    let make = async |path: &str, body: Value, id: &str| {
        let made = world.link("POST", path, Some(body)).await;
        assert!(matches!(made.status, 200 | 201), "{path}: {}", made.body);
        made.body[id].as_u64().unwrap()
    };
    let body = json!({"product_id": product["id"], "service_name": "light", "status": 0});
    let service = make("/services", body, "service_id").await;
    let path = format!("/services/{service}");
    let property = |name: &str, required: u8| json!({"property_name": name, "data_type": "string", "required": required, "max_length": 9});
    make(
        &format!("{path}/properties"),
        property("level", 0),
        "property_id",
    )
    .await;
    let command = make(
        &format!("{path}/commands"),
        json!({"name": "set"}),
        "command_id",
    )
    .await;
    for (name, required) in [("level", 1), ("mode", 0)] {
        let path = format!("{path}/commands/{command}/requests");
        make(&path, property(name, required), "property_id").await;
    }
    (service, command)
}

fn command(service: u64, command: u64, is_sync: bool, parameters: &[(&str, &str)]) -> Value {
    let requests: Vec<_> = parameters
        .iter()
        .map(|(name, value)| json!({"parameter_name": name, "parameter_value": value}))
        .collect();
    json!({"service_id": service, "command_id": command, "is_sync": is_sync, "requests": requests})
}

#[tokio::test]
async fn a_command_changes_the_shadow_when_the_device_is_online() {
    let world = World::new().await;
    let product = world.product("lamp").await;
    let (service, set) = dimmer(&world, &product).await;
    let device = world.device(&product, "lamp-1").await;
    let id = device["id"].as_u64().unwrap();
    let post = async |body: Value| {
        let path = format!("/devices/{id}/send-command");
        world.link("POST", &path, Some(body)).await
    };
    let shadow = async || {
        let path = format!("/devices/{id}/shadow");
        world.link("GET", &path, None).await.body
    };
    let both = [("level", "40"), ("mode", "warm")];

    // If the device is offline, a synchronous command fails, and an asynchronous command waits for the device. But if
    // `is_cache_to_shadow` is `false`, the asynchronous command does not wait, and is lost.
    let refused = post(command(service, set, true, &both)).await;
    assert_eq!((refused.status, refused.code()), (500, "ROMA.00011000"));
    let mut lost = command(service, set, false, &[("level", "10")]);
    lost["is_cache_to_shadow"] = json!(false);
    assert_eq!(post(lost).await.status, 204);
    assert_eq!(shadow().await, json!([]));
    assert!(world.sandbox.put_device_online(id, true).unwrap());
    assert_eq!(
        shadow().await,
        json!([]),
        "the lost command must not change the shadow"
    );
    assert!(world.sandbox.put_device_online(id, false).unwrap());
    assert_eq!(post(command(service, set, false, &both)).await.status, 204);
    assert_eq!(shadow().await, json!([]));
    assert!(world.sandbox.put_device_online(id, true).unwrap());
    let shown = shadow().await;
    let reported = shown[0]["properties"][0]["property_updated_date"].clone();
    let expected = json!([{"service_id": service, "service_name": "light",
        "properties": [{"property_name": "level", "property_value": "40", "property_updated_date": reported}]}]);
    assert_eq!(shown, expected);

    // The device is online, so the command takes effect immediately. The property gets a new time.
    world.clock.advance(Duration::from_secs(5));
    let done = post(command(service, set, true, &[("level", "55")])).await;
    assert_eq!(done.status, 204);
    let properties = &shadow().await[0]["properties"];
    assert_eq!(properties[0]["property_value"], "55");
    let time = |time: &Value| time.as_i64().unwrap();
    assert!(time(&properties[0]["property_updated_date"]) >= time(&reported) + 5000);
    // The device reports a value without a command.
    let report = |values: &[(&str, &str)]| world.sandbox.report_properties(id, service, values);
    assert!(report(&[("level", "60")]).unwrap());
    assert!(!report(&[("unknown", "60")]).unwrap());
    assert_eq!(shadow().await[0]["properties"][0]["property_value"], "60");

    let refusals = [
        (command(service, set, true, &[("mode", "warm")]), 400),
        (
            command(service, set, true, &[("level", "40"), ("other", "40")]),
            400,
        ),
        (command(service, 7, true, &both), 404),
        (command(7, set, true, &both), 404),
    ];
    for (body, status) in refusals {
        let refused = post(body.clone()).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.body);
    }
    // The next command and its service belong to another product.
    let other = world.product("other").await;
    let (foreign, its) = dimmer(&world, &other).await;
    assert_eq!(post(command(foreign, its, true, &both)).await.status, 404);

    // After the deletion of the device, a request for its shadow gets the status 404.
    let path = format!("/devices/{id}");
    assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    let gone = world.link("GET", &format!("{path}/shadow"), None).await;
    assert_eq!(gone.status, 404);
    assert!(!world.sandbox.put_device_online(id, true).unwrap());
}

#[tokio::test]
async fn a_custom_command_names_the_device_by_its_client_id() {
    let world = World::new().await;
    let product = world.product("lamp").await;
    let device = world.device(&product, "lamp-1").await;
    let client = device["client_id"].as_str().unwrap();
    let post = async |client: &str, app: &str| {
        let path = format!("/devices/customize-commands?topic=t&app_id={app}&device_id={client}");
        world.link("POST", &path, Some(json!("{\"on\":1}"))).await
    };
    let offline = post(client, "app").await;
    assert_eq!(
        (offline.status, &offline.body["code"]),
        (201, &json!("404"))
    );
    let id = device["id"].as_u64().unwrap();
    world.sandbox.put_device_online(id, true).unwrap();
    let sent = post(client, "app").await;
    assert_eq!((sent.status, &sent.body["code"]), (201, &json!("200")));
    for (client, app) in [(id.to_string().as_str(), "app"), (client, "other")] {
        let refused = post(client, app).await;
        assert_eq!((refused.status, refused.code()), (404, "ROMA.00110006"));
    }
}

#[tokio::test]
async fn a_device_has_basic_topics_and_the_topics_of_its_product() {
    let world = World::new().await;
    let product = world.product("lamp").await;
    let device = world.device(&product, "lamp-1").await;
    let path = format!("/products/{}/topics", product["id"]);
    let body = json!({"permission": 1, "name": "t1", "version": "3.0"});
    assert_eq!(world.link("POST", &path, Some(body)).await.status, 200);
    let list = async |query: &str| {
        let path = format!("/devices/{}/topics{query}", device["id"]);
        let list = world.link("GET", &path, None).await;
        assert_eq!(list.status, 200, "{}", list.body);
        list.body
    };
    let custom = list("?is_private=1").await;
    let name = format!("/3.0/{}/t1", device["client_id"].as_str().unwrap());
    assert_eq!(
        (&custom["total"], &custom["items"][0]["name"]),
        (&json!(1), &json!(name))
    );
    for (query, total) in [
        ("", 4),
        ("?topic_permission=1", 2),
        ("?topic_permission=1&topic_type=0", 1),
        ("?name=/v1", 0),
    ] {
        assert_eq!(list(query).await["total"], total, "{query}");
    }
    let page = list("?limit=2&offset=3").await;
    assert_eq!((&page["total"], &page["size"]), (&json!(4), &json!(1)));
}

/// Returns the body of the answer as a string. The function `send` of the test support can only read JSON.
async fn file(world: &World, path: &str) -> String {
    let request = world.http.get(world.link_url(path));
    let answer = request.header("x-auth-token", &world.token).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let text = answer.bytes().await.unwrap();
    String::from_utf8(text.to_vec()).unwrap()
}

async fn upload(world: &World, file: &[u8]) -> Got {
    let head = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\n";
    let body = [head, file, b"\r\n--b--\r\n"].concat();
    let request = world.http.post(world.link_url("/products/import"));
    let request = request
        .header("x-auth-token", &world.token)
        .header("content-type", "multipart/form-data; boundary=b");
    send(request.body(body)).await
}

#[tokio::test]
async fn exported_products_can_be_imported_without_changes() {
    let world = World::new().await;
    let mut tricky = support::product("p2");
    tricky["description"] = json!("two \"quoted\" words, a comma\nand a line");
    tricky["manufacturer_name"] = json!("Gerät & Söhne");
    for body in [support::product("p1"), tricky] {
        assert_eq!(
            world.link("POST", "/products", Some(body)).await.status,
            201
        );
    }
    let before = world.link("GET", "/products", None).await.body;
    let path = format!("/products/{}/authentication", before["items"][1]["id"]);
    let login = world.link("GET", &path, None).await.body;
    let password = login["password"].as_str().unwrap();

    let plain = file(&world, "/products/export").await;
    assert!(plain.starts_with('\u{feff}') && !plain.contains(password));
    let exported = file(
        &world,
        "/products/export?password_type=1&file_export_type=CSV",
    )
    .await;
    assert!(exported.contains(password));
    let one = format!("/products/export?product_ids={}", before["items"][1]["id"]);
    assert!(!file(&world, &one).await.contains("p1,"));
    let missing = world
        .link("GET", "/products/export?product_ids=7", None)
        .await;
    assert_eq!(missing.status, 404);
    let sheet = world
        .link("GET", "/products/export?file_export_type=XLS", None)
        .await;
    assert_eq!(sheet.status, 400);

    // In the same sandbox, no row can be imported, because products with these names exist.
    let again = upload(&world, exported.as_bytes()).await;
    let taken = json!({"succ_num": 0, "fail_num": 2, "fail_objects_ids": ["p1", "p2"]});
    assert_eq!(again.body, taken);
    let new = World::new().await;
    let imported = upload(&new, exported.as_bytes()).await;
    let all = json!({"succ_num": 2, "fail_num": 0, "fail_objects_ids": []});
    assert_eq!((imported.status, imported.body), (200, all));
    assert_eq!(
        file(&new, "/products/export?password_type=1").await,
        exported
    );
}

#[tokio::test]
async fn an_import_refuses_a_malformed_file_and_skips_invalid_rows() {
    let world = World::new().await;
    let row = "app,maker,Maker,M1,0,0";
    let head = "name,app_id,manufacturer_id,manufacturer_name,model,product_type,protocol_type";
    let many: String = (0..501).map(|at| format!("many{at},{row}\n")).collect();
    for (file, word) in [
        (format!("{head}\ngood,{row}\nshort,app\n"), "row 3"),
        (format!("{head},colour\ngood,{row},red\n"), "row 1"),
        (format!("{head},name\ngood,{row},good\n"), "row 1"),
        ("app_id\napp\n".to_owned(), "row 1"),
        (String::new(), "row 1"),
        (format!("{head}\n{many}"), "row 502"),
    ] {
        let refused = upload(&world, file.as_bytes()).await;
        assert_eq!((refused.status, refused.code()), (500, "ROMA.00110721"));
        let message = refused.body["error_msg"].as_str().unwrap();
        assert!(message.contains(word), "{message}");
    }
    let binary = upload(&world, b"name\n\xff\xfe\n").await;
    assert_eq!((binary.status, binary.code()), (400, "ROMA.00110001"));
    let listed = world.link("GET", "/products", None).await;
    assert_eq!(listed.body["total"], 0);

    // Only the first row below the header is valid. The answer names the products in the rows after it.
    let file = format!(
        "{head},template_id,user_name,password\ngood,{row},,,\nno model,app,maker,Maker,,0,0,,,\nbad kind,app,maker,Maker,M1,x,0,,,\n\
         template,{row},7,,\nweak,{row},,meter,Pla\ngood,{row},,,\n"
    );
    let done = upload(&world, file.as_bytes()).await;
    let failed = json!(["no model", "bad kind", "template", "weak", "good"]);
    assert_eq!(
        done.body,
        json!({"succ_num": 1, "fail_num": 5, "fail_objects_ids": failed})
    );
    let listed = world.link("GET", "/products", None).await;
    assert_eq!(listed.body["total"], 1);
}

#[tokio::test]
async fn exports_of_devices_contain_passwords_only_on_request() {
    let world = World::new().await;
    let product = world.product("lamp, small").await;
    let first = world.device(&product, "lamp-1").await;
    let second = world.device(&product, "lamp-2").await;
    let password = |device: &Value| {
        device["authentication"]["password"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let plain = file(&world, "/devices/export").await;
    assert!(plain.contains("lamp-1") && plain.contains("\"lamp, small\""));
    assert!(
        ![&first, &second]
            .iter()
            .any(|device| plain.contains(&password(device)))
    );
    let path = format!(
        "/devices/export?device_ids={},{}&password_type=1",
        second["id"], first["id"]
    );
    let chosen = file(&world, &path).await;
    let lines: Vec<_> = chosen.lines().collect();
    assert!(lines[1].contains("lamp-2") && lines[1].contains(&password(&second)));
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn a_rule_can_be_tested_with_data() {
    let world = World::new().await;
    let test = async |data: &str, rule: &str| {
        let body = json!({"test_data": data, "test_rule_express": rule});
        world.link("POST", "/rule-test", Some(body)).await
    };
    let data = r#"{"room":"hall","level":"21","on":true}"#;
    for (rule, result) in [
        ("select * from '/v1/x/datas'", data),
        (
            "SELECT level FROM '/t' WHERE room = 'hall'",
            r#"{"level":"21"}"#,
        ),
        (
            "select level as l, room from '/t' where level>9 and on=true",
            r#"{"l":"21","room":"hall"}"#,
        ),
        (
            "select room from '/t' where level < 9 or room <> 'hall'",
            "",
        ),
        ("select missing from '/t'", "{}"),
        ("select room from '/t' where missing = 1", ""),
    ] {
        let answer = test(data, rule).await;
        let (own, wanted) = (answer.body["test_result"].as_str().unwrap(), result);
        let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
        assert_eq!(
            (answer.status, parsed(own)),
            (200, parsed(wanted)),
            "{rule}"
        );
    }
    for (data, rule) in [
        ("[]", "select a from '/t'"),
        ("{", "select a from '/t'"),
        ("{}", ""),
        ("{}", "select from '/t'"),
        ("{}", "select a from /t"),
        ("{}", "select a from '/t"),
        ("{}", "select a b from '/t'"),
        ("{}", "select a from '/t' where"),
        ("{}", "select a from '/t' where a = 'é"),
        ("{}", "delete a from '/t'"),
        ("{}", "from '/t'"),
    ] {
        let refused = test(data, rule).await;
        assert_eq!(
            (refused.status, refused.code()),
            (400, "ROMA.00110001"),
            "{rule}"
        );
    }
}

#[tokio::test]
async fn resources_that_other_resources_need_cannot_be_deleted() {
    let world = World::new().await;
    let product = world.product("p").await;
    dimmer(&world, &product).await;
    let mut ids = Vec::new();
    for name in ["gateway", "child", "source"] {
        let device = world.device(&product, name).await;
        ids.push(device["id"].as_u64().unwrap());
    }
    let post = async |path: &str, body: Value| {
        let made = world.link("POST", path, Some(body)).await;
        assert!(matches!(made.status, 200 | 201), "{path}: {}", made.body);
        made.body
    };
    let refused = async |path: &str| {
        let refused = world.link("DELETE", path, None).await;
        assert_eq!(
            (refused.status, refused.code()),
            (400, "ROMA.00110001"),
            "{path}"
        );
        assert_eq!(world.link("GET", path, None).await.status, 200, "{path}");
    };
    post(
        &format!("/devices/{}/subsets", ids[0]),
        json!({"resources": [ids[1]]}),
    )
    .await;
    let rule = post("/rules", json!({"name": "r", "app_id": "app"})).await["rule_id"].clone();
    let body = json!({"product_id": product["id"], "topic": "/t", "device_id": ids[2]});
    let source = post(&format!("/rules/{rule}/sources"), body).await["source_id"].clone();
    refused(&format!("/products/{}", product["id"])).await;
    refused(&format!("/devices/{}", ids[0])).await;
    refused(&format!("/devices/{}", ids[2])).await;
    let batch = json!({"device_ids": [ids[0], ids[2]]});
    let whole = world.link("DELETE", "/devices", Some(batch)).await;
    assert_eq!(whole.status, 400);
    assert_eq!(world.link("GET", "/devices", None).await.body["total"], 3);

    let path = format!("/rules/{rule}/sources/{source}");
    assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    // One request can delete a gateway together with its subdevices.
    let batch = json!({"device_ids": ids});
    let done = world.link("DELETE", "/devices", Some(batch)).await;
    assert_eq!(done.status, 204, "{}", done.body);
    let path = format!("/products/{}", product["id"]);
    assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    // The deletion of the product has also deleted its services. A new product with the same name has no services.
    let again = world.product("p").await;
    let services = format!("/services?product_id={}", again["id"]);
    assert_eq!(world.link("GET", &services, None).await.body["total"], 0);
}

#[tokio::test]
async fn subdevices_are_sorted_and_filtered() {
    let world = World::new().await;
    let product = world.product("p").await;
    let gateway = world.device(&product, "gateway").await;
    let mut ids = Vec::new();
    for name in ["bb", "cc", "aa"] {
        ids.push(world.device(&product, name).await["id"].clone());
    }
    let path = format!("/devices/{}/subsets", gateway["id"]);
    let added = world
        .link("POST", &path, Some(json!({"resources": ids})))
        .await;
    assert_eq!(added.status, 201);
    world
        .sandbox
        .put_device_online(ids[1].as_u64().unwrap(), true)
        .unwrap();
    for (query, names) in [
        ("", "bb cc aa"),
        ("?sort=device_name", "aa bb cc"),
        ("?sort=device_name&order=DESC&limit=2", "cc bb"),
        ("?sort=created_datetime&order=ASC", "bb cc aa"),
        ("?order=DESC", "aa cc bb"),
        ("?online_status=1", "cc"),
        ("?product_name=p&device_name=aa", "aa"),
        ("?product_name=q", ""),
        ("?parent_device_name=gateway&status=0&limit=1", "bb"),
    ] {
        let list = world.link("GET", &format!("{path}{query}"), None).await;
        let items = list.body["items"].as_array().unwrap().iter();
        let found: Vec<_> = items
            .map(|item| item["device_name"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), names, "{query}");
    }
    let refused = world
        .link("GET", &format!("{path}?sort=colour"), None)
        .await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn a_notification_can_be_about_a_product_or_an_application_or_neither() {
    let world = World::new().await;
    let product = world.product("p").await;
    let serial = product["product_serial"].as_str().unwrap();
    let post = async |of: Value| {
        let mut body = json!({"type": 0, "topic": "alarms", "status": 0});
        let members = body.as_object_mut().unwrap();
        members.extend(of.as_object().unwrap().clone());
        world.link("POST", "/notifications", Some(body)).await
    };
    let made = post(json!({"product_serial": serial, "app_id": "other"})).await;
    assert_eq!(
        (&made.body["app_id"], &made.body["product_serial"]),
        (&json!("app"), &json!(serial))
    );
    assert_eq!(post(json!({"app_id": "app"})).await.status, 200);
    assert!(post(json!({})).await.body.get("app_id").is_none());
    assert_eq!(post(json!({"product_serial": "none"})).await.status, 404);
    for (query, total) in [
        (String::new(), 3),
        ("?app_id=app".to_owned(), 2),
        (format!("?app_id=app&product_serial={serial}"), 1),
        ("?product_serial=none".to_owned(), 0),
    ] {
        let list = world
            .link("GET", &format!("/notifications{query}"), None)
            .await;
        assert_eq!(list.body["total"], total, "{query}");
    }
    let path = format!("/products/{}", product["id"]);
    assert_eq!(world.link("DELETE", &path, None).await.status, 400);
    let own = format!("/notifications/{}", made.body["notification_id"]);
    for path in [own, path] {
        assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    }
}

#[tokio::test]
async fn a_new_device_belongs_to_the_requested_groups() {
    let world = World::new().await;
    let product = world.product("light").await;
    let group = json!({"parent_id": 0, "name": "site", "app_id": "app"});
    let group = world.link("POST", "/device-groups", Some(group)).await.body;
    let device = |node: &str, groups: Value| {
        let body = json!({"product": {"product_id": product["id"]}, "device_name": node, "node_id": node,
            "app_id": "app", "groups": groups});
        world.link("POST", "/devices", Some(body))
    };
    let made = device("inside", json!([group["id"]])).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let missing = device("lost", json!([group["id"], 7])).await;
    assert_eq!((missing.status, missing.code()), (404, "ROMA.00110006"));
    let path = format!("/device-groups/{}/devices", group["id"]);
    let list = world.link("GET", &path, None).await.body;
    assert_eq!(list["total"], 1);
    assert_eq!(list["items"][0]["device_name"], "inside");
}

/// By default, the test creates 600 devices. The environment variable `LINK_DEVICES` sets another number. This number
/// must be even, and at least 10.
#[tokio::test]
async fn many_devices_can_be_listed_filtered_and_grouped() {
    let devices = std::env::var("LINK_DEVICES").map_or(600, |count| count.parse().unwrap());
    let world = World::new().await;
    let products = [world.product("even").await, world.product("odd").await];
    let group = json!({"parent_id": 0, "name": "odd ones", "app_id": "app"});
    let group = world.link("POST", "/device-groups", Some(group)).await;
    let group = format!("/device-groups/{}/devices", group.body["id"]);
    let mut ids = Vec::new();
    for at in 0..devices {
        let device = world
            .device(&products[at % 2], &format!("device-{at}"))
            .await;
        ids.push(device["id"].clone());
    }
    let odd: Vec<_> = ids.iter().skip(1).step_by(2).collect();
    for some in odd.chunks(100) {
        let body = json!({"resources": some});
        let path = format!("{group}/batch-add");
        assert_eq!(world.link("POST", &path, Some(body)).await.status, 204);
    }
    let half = devices / 2;
    let last = devices - 1;
    for (path, total, first) in [
        (
            format!("/devices?limit=10&offset={}", devices - 10),
            devices,
            devices - 10,
        ),
        ("/devices?product_name=odd&limit=10".to_owned(), half, 1),
        (format!("/devices?device_name=device-{last}"), 1, last),
        (
            format!(
                "/devices?product_id={}&limit=5&offset={}",
                products[0]["id"],
                half - 1
            ),
            half,
            last - 1,
        ),
        (format!("{group}?limit=10&offset={}", half - 1), half, last),
        (format!("{group}?device_name=device-1"), 1, 1),
        (
            format!("{group}?product_name=odd&limit=3&offset=2"),
            half,
            5,
        ),
    ] {
        let started = std::time::Instant::now();
        let list = world.link("GET", &path, None).await;
        eprintln!("{:?} {path}", started.elapsed());
        let name = format!("device-{first}");
        assert_eq!(
            (&list.body["total"], &list.body["items"][0]["device_name"]),
            (&json!(total), &json!(name)),
            "{path}"
        );
    }
    let none = world
        .link("GET", &format!("{group}?product_name=even"), None)
        .await;
    assert_eq!(none.body["total"], 0);
    let count = world.link("GET", "/statistics/devices-count", None).await;
    assert_eq!(
        count.body["devices"]["normal_devices"]["never_connected"],
        devices
    );
    // A deleted device no longer belongs to a group.
    let path = format!("/devices/{}", ids[1]);
    assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    let left = world.link("GET", &format!("{group}?limit=1"), None).await;
    assert_eq!(
        (&left.body["total"], &left.body["items"][0]["device_name"]),
        (&json!(half - 1), &json!("device-3"))
    );
}
