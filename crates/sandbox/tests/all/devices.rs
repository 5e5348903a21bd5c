//! Tests of LINK (ROMA Connect device integration): devices, products and their authentication.

use crate::support;

use serde_json::{Value, json};
use support::{World, device, product};

/// Returns whether a device can log in with this user name and password.
fn signs_in(world: &World, authentication: &Value) -> bool {
    let text = |name: &str| authentication[name].as_str().expect("a string");
    world.sandbox.device_login(
        &world.sandbox.details().instance_id,
        text("user_name"),
        text("password"),
    )
}

#[tokio::test]
async fn a_device_exists_from_creation_to_deletion() {
    let world = World::new().await;
    let made = world.product("p1").await;
    let created = world.device(&made, "first").await;
    assert_eq!(created["product"]["product_name"], "p1");
    assert!(signs_in(&world, &created["authentication"]));

    let path = format!("/devices/{}", created["id"]);
    let change = json!({"device_name": "renamed", "status": 1, "tags": ["a"]});
    let changed = world.link("PUT", &path, Some(change)).await;
    assert_eq!(
        (changed.status, &changed.body["device_name"]),
        (200, &json!("renamed"))
    );
    let shown = world.link("GET", &path, None).await;
    assert_eq!(shown.body["status"], 1);
    assert_eq!(shown.body["tags"], json!(["a"]));
    assert_eq!(
        shown.body["authentication"]["password"], "********",
        "the password must be masked"
    );

    assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    let gone = world.link("GET", &path, None).await;
    assert_eq!((gone.status, gone.code()), (404, "ROMA.00110006"));
    assert!(
        gone.body["error_msg"]
            .as_str()
            .unwrap()
            .contains(&created["id"].to_string())
    );
    assert!(!signs_in(&world, &created["authentication"]));
    assert_eq!(world.link("DELETE", &path, None).await.status, 404);
}

#[tokio::test]
async fn a_reset_with_values_replaces_the_old_values() {
    let world = World::new().await;
    let created = world.device(&world.product("p1").await, "d1").await;
    let old = created["authentication"].clone();
    let path = format!("/devices/{}/authentication", created["id"]);

    let new = json!({"user_name": "4F49B62DD19D46F2", "password": "Example#2023"});
    let reset = world.link("PUT", &path, Some(new.clone())).await;
    assert_eq!((reset.status, &reset.body), (200, &new));
    assert_eq!(world.link("GET", &path, None).await.body, new);
    assert!(signs_in(&world, &new));
    assert!(
        !signs_in(&world, &old),
        "the old credentials must no longer be valid"
    );
}

#[tokio::test]
async fn a_reset_with_one_value_keeps_the_other_value() {
    let world = World::new().await;
    let created = world.device(&world.product("p1").await, "d1").await;
    let path = format!("/devices/{}/authentication", created["id"]);
    let start = world.link("GET", &path, None).await.body;

    for absent in [
        json!({"password": "Example#2023"}),
        json!({"password": "Example#2024", "user_name": ""}),
    ] {
        let reset = world.link("PUT", &path, Some(absent.clone())).await;
        assert_eq!(
            reset.body,
            json!({"user_name": start["user_name"], "password": absent["password"]})
        );
    }
    for absent in [
        json!({"user_name": "another-name"}),
        json!({"user_name": "third-name", "password": ""}),
    ] {
        let reset = world.link("PUT", &path, Some(absent.clone())).await;
        assert_eq!(
            reset.body,
            json!({"user_name": absent["user_name"], "password": "Example#2024"})
        );
    }
}

#[tokio::test]
async fn a_reset_without_values_generates_valid_new_values() {
    let world = World::new().await;
    let made = world.product("p1").await;
    let created = world.device(&made, "d1").await;
    for (path, shortest) in [
        (format!("/devices/{}", created["id"]), 8),
        (format!("/products/{}", made["id"]), 16),
    ] {
        let path = format!("{path}/authentication");
        let mut before = world.link("GET", &path, None).await.body;
        for none in [json!({}), json!({"user_name": "", "password": ""})] {
            let after = world.link("PUT", &path, Some(none)).await.body;
            assert_ne!(after["user_name"], before["user_name"]);
            assert_ne!(after["password"], before["password"]);
            assert!(signs_in(&world, &after) && !signs_in(&world, &before));
            // A generated password is valid, so a request can set the same password.
            assert!(after["password"].as_str().unwrap().len() >= shortest);
            assert_eq!(
                world.link("PUT", &path, Some(after.clone())).await.body,
                after
            );
            before = after;
        }
    }
}

#[tokio::test]
async fn a_reset_with_an_invalid_password_or_user_name_changes_nothing() {
    let world = World::new().await;
    let made = world.product("p1").await;
    let created = world.device(&made, "d1").await;
    let path = format!("/devices/{}/authentication", created["id"]);
    let before = world.link("GET", &path, None).await.body;
    for (field, refused) in [
        ("password", "Test1!"),
        ("password", "alllowercase1!"),
        ("password", "NoDigitsHere!"),
        ("password", "NoSpecial123"),
        ("password", "Example#2023-Example#2023-Example"),
        ("user_name", "short"),
        ("user_name", "under_scored_name"),
    ] {
        let got = world
            .link("PUT", &path, Some(json!({field: refused})))
            .await;
        assert_eq!(
            (got.status, got.code()),
            (400, "ROMA.00110001"),
            "{refused}"
        );
        let message = got.body["error_msg"].as_str().unwrap();
        assert!(
            message.starts_with(&format!(
                "The parameter does not meet verification rules: [{field}:"
            )),
            "{message}"
        );
        assert!(!message.contains(refused), "{message}");
    }
    // The password `Example#2023` is long enough for a device, but too short for a product.
    let path_of_product = format!("/products/{}/authentication", made["id"]);
    let got = world
        .link(
            "PUT",
            &path_of_product,
            Some(json!({"password": "Example#2023"})),
        )
        .await;
    assert_eq!(got.status, 400);
    assert_eq!(world.link("GET", &path, None).await.body, before);
    // A valid user name together with an invalid password does not change anything.
    let half = json!({"user_name": "another-name", "password": "short"});
    assert_eq!(world.link("PUT", &path, Some(half)).await.status, 400);
    assert_eq!(world.link("GET", &path, None).await.body, before);
}

#[tokio::test]
async fn documented_errors_have_the_documented_form() {
    let world = World::new().await;
    let details = world.sandbox.details().clone();
    let wrong_type = world
        .link(
            "PUT",
            "/devices/abc",
            Some(json!({"device_name": "device", "status": 0})),
        )
        .await;
    assert_eq!(
        (wrong_type.status, wrong_type.code()),
        (400, "SCB.00000000")
    );
    assert_eq!(
        wrong_type.body["error_msg"],
        "Parameter is not valid for operation [romalink.link-device.update]. Parameter is [deviceOid]. Processor is [path]."
    );
    let request_id = wrong_type.body["request_id"].as_str().unwrap();
    let (uuid, rest) = request_id.split_at(36);
    assert_eq!(uuid, wrong_type.header("x-request-id"));
    let (digits, node) = rest[1..].split_once('-').unwrap();
    assert!(
        digits.len() == 13 && digits.bytes().all(|digit| digit.is_ascii_digit()),
        "{request_id}"
    );
    assert_eq!(node, "sandbox-romalink");

    let too_large = world.link("GET", "/devices/100000000000000000", None).await;
    assert_eq!((too_large.status, too_large.code()), (400, "SCB.00000000"));
    let query = world.link("GET", "/devices?limit=many", None).await;
    assert!(
        query.body["error_msg"]
            .as_str()
            .unwrap()
            .ends_with("Parameter is [limit]. Processor is [query].")
    );

    let unknown = format!(
        "{}/v2/{}/link/instances/f3bb386a-23ec-47aa-9943-4c60ac658611/devices",
        details.addresses.roma_link, details.project_id
    );
    let got = world.call("GET", &unknown, None).await;
    assert_eq!((got.status, got.code()), (500, "ROMA.00110002"));
    let message = format!(
        "The instance does not exist. project_id: {}, instance_id: f3bb386a-23ec-47aa-9943-4c60ac658611",
        details.project_id
    );
    assert_eq!(got.body["error_msg"], message);
}

#[tokio::test]
async fn invalid_bodies_are_refused() {
    let world = World::new().await;
    let made = world.product("p1").await;
    let url = world.link_url("/devices");
    for body in ["", "{", "not json", "[]", "\"text\"", "null"] {
        let request = world
            .http
            .post(&url)
            .header("x-auth-token", &world.token)
            .body(body);
        let got = support::send(request).await;
        assert_eq!(got.status, 400, "{body}: {:?}", got.body);
    }
    for (field, bad) in [
        ("device_name", json!("d")),
        ("device_name", json!(1)),
        ("status", json!(7)),
        ("tags", json!([""])),
        ("node_id", Value::Null),
        ("product", json!({"product_id": "1"})),
        ("product", json!({"model": "M1"})),
    ] {
        let mut body = device(&made, "good");
        body[field] = bad;
        let got = world.link("POST", "/devices", Some(body)).await;
        assert_eq!((got.status, got.code()), (400, "ROMA.00110001"), "{field}");
        assert!(
            got.body["error_msg"].as_str().unwrap().contains(field),
            "{:?}",
            got.body
        );
    }
    assert_eq!(world.link("GET", "/devices", None).await.body["total"], 0);
    let unknown_field = json!({"unheard_of": true});
    let mut body = device(&made, "good");
    body.as_object_mut()
        .unwrap()
        .extend(unknown_field.as_object().unwrap().clone());
    assert_eq!(
        world.link("POST", "/devices", Some(body)).await.status,
        201,
        "unknown fields are accepted"
    );
}

#[tokio::test]
async fn devices_are_listed_with_pages_and_filters() {
    let world = World::new().await;
    let (one, other) = (world.product("one").await, world.product("other").await);
    for number in 0..12 {
        world
            .device(
                if number < 10 { &one } else { &other },
                &format!("device-{number}"),
            )
            .await;
    }
    let ids = |list: &Value| {
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    let first = world.link("GET", "/devices", None).await.body;
    assert_eq!(
        (&first["total"], &first["size"]),
        (&json!(12), &json!(10)),
        "the documented default limit is ten"
    );
    let misspelt = world.link("GET", "/devices?ofset=10", None).await;
    assert_eq!(misspelt.status, 400, "the parameter is not documented");
    let second = world.link("GET", "/devices?offset=10", None).await.body;
    assert_eq!(second["size"], 2);
    let mut all = ids(&first);
    all.extend(ids(&second));
    assert!(
        all.is_sorted() && all.len() == 12,
        "the IDs must increase: {all:?}"
    );

    let filtered = world
        .link("GET", &format!("/devices?product_id={}", other["id"]), None)
        .await
        .body;
    assert_eq!(filtered["total"], 2);
    assert_eq!(
        world
            .link("GET", "/devices?device_name=device-3", None)
            .await
            .body["total"],
        1
    );
    assert_eq!(
        world
            .link("GET", "/devices?online_status=1,2", None)
            .await
            .body["total"],
        0
    );
    for wrong in ["x", "1,x", "", "1&online_status=2"] {
        let path = format!("/devices?online_status={wrong}");
        assert_eq!(world.link("GET", &path, None).await.status, 400, "{wrong}");
    }
    assert_eq!(
        world.link("GET", "/devices?limit=0", None).await.body["size"],
        0
    );
}

#[tokio::test]
async fn a_product_with_devices_cannot_be_deleted() {
    let world = World::new().await;
    let made = world.product("p1").await;
    assert!(signs_in(&world, &made["authentication"]));
    let second = world.link("POST", "/products", Some(product("p1"))).await;
    assert_eq!(second.status, 400, "the name must be unique");

    let by_model = json!({"product": {"manufacturer_id": "maker", "model": "M1"}, "device_name": "dd", "node_id": "nn", "app_id": "a"});
    let created = world.link("POST", "/devices", Some(by_model)).await;
    assert_eq!(created.body["product"]["product_id"], made["id"]);
    let child = json!({"product": {"product_id": made["id"]}, "parent_device_id": created.body["id"], "device_name": "child", "node_id": "nn", "app_id": "a"});
    let child = world.link("POST", "/devices", Some(child)).await.body;
    assert_eq!(
        (&child["node_type"], &child["parent_device_name"]),
        (&json!(2), &json!("dd"))
    );
    let orphan = json!({"product": {"product_id": made["id"]}, "parent_device_id": 1, "device_name": "child", "node_id": "nn", "app_id": "a"});
    assert_eq!(
        world.link("POST", "/devices", Some(orphan)).await.status,
        404
    );
    let unknown =
        json!({"product": {"product_id": 1}, "device_name": "dd", "node_id": "nn", "app_id": "a"});
    assert_eq!(
        world.link("POST", "/devices", Some(unknown)).await.code(),
        "ROMA.00110006"
    );

    let listed = world
        .link(
            "GET",
            &format!("/products?id={}&product_type=0", made["id"]),
            None,
        )
        .await
        .body;
    assert_eq!(
        (&listed["total"], &listed["items"][0]["name"]),
        (&json!(1), &json!("p1"))
    );
    let path = format!("/products/{}", made["id"]);
    assert_eq!(
        world.link("GET", &path, None).await.body["authentication"]["password"],
        "********"
    );
    assert_eq!(world.link("DELETE", &path, None).await.status, 400);
    let devices = json!({"device_ids": [created.body["id"], child["id"]]});
    let deleted = world.link("DELETE", "/devices", Some(devices)).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(world.link("DELETE", &path, None).await.status, 204);
    assert_eq!(world.link("GET", &path, None).await.status, 404);
    assert_eq!(
        world
            .link("PUT", &format!("{path}/authentication"), Some(json!({})))
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_resets_do_not_mix_their_values() {
    let world = World::new().await;
    let created = world.device(&world.product("p1").await, "d1").await;
    let path = format!("/devices/{}/authentication", created["id"]);
    let resets = (0..20).map(|number| {
        let body = json!({"user_name": format!("user-name-{number:02}"), "password": format!("Example#{number:04}")});
        let world = &world;
        let path = &path;
        async move { world.link("PUT", path, Some(body)).await.status }
    });
    let statuses = futures_util::future::join_all(resets).await;
    assert!(statuses.iter().all(|status| *status == 200));
    let last = world.link("GET", &path, None).await.body;
    let number = last["user_name"]
        .as_str()
        .unwrap()
        .trim_start_matches("user-name-")
        .to_owned();
    assert_eq!(
        last["password"],
        format!("Example#00{number}"),
        "user name and password must be from the same request"
    );
}
