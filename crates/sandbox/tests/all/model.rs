//! Tests of LINK (ROMA Connect device integration): product templates, services, properties, commands and topics.

use crate::support;

use serde_json::{Value, json};
use support::World;

async fn make(world: &World, path: &str, body: Value, id: &str) -> u64 {
    let made = world.link("POST", path, Some(body)).await;
    assert!(matches!(made.status, 200 | 201), "{path}: {}", made.body);
    made.body[id].as_u64().expect("an ID")
}

/// Requests a list of resources. Returns the value of the field `name` of each resource, in the order of the list.
async fn names(world: &World, path: &str, name: &str) -> Vec<String> {
    let list = world.link("GET", path, None).await;
    assert_eq!(list.status, 200, "{path}: {}", list.body);
    let items = list.body["items"].as_array().expect("a list");
    assert_eq!(list.body["size"], items.len());
    let text = |item: &Value| item[name].as_str().expect("a name").to_owned();
    items.iter().map(text).collect()
}

fn property(name: &str) -> Value {
    json!({"property_name": name, "data_type": "integer", "required": 0, "max": "100"})
}

/// Creates a template with one service. The service has a property and a command.
///
/// The command has one property in its request and one property in its response. The function returns the IDs of the
/// template, the service and the command.
async fn template(world: &World) -> (u64, u64, u64) {
    let body = json!({"name": "meters", "status": 0});
    let template = make(world, "/product-templates", body, "id").await;
    let body = json!({"product_template_id": template, "service_name": "water", "status": 0});
    let service = make(world, "/services", body, "service_id").await;
    let path = format!("/services/{service}");
    make(
        world,
        &format!("{path}/properties"),
        property("flow"),
        "property_id",
    )
    .await;
    let command = make(
        world,
        &format!("{path}/commands"),
        json!({"name": "open"}),
        "command_id",
    )
    .await;
    for side in ["requests", "responses"] {
        let path = format!("{path}/commands/{command}/{side}");
        make(world, &path, property(side), "property_id").await;
    }
    (template, service, command)
}

#[tokio::test]
async fn a_command_is_found_only_in_the_paths_of_its_service() {
    let world = World::new().await;
    let (template, service, command) = template(&world).await;
    let path = format!("/services/{service}");

    let shown = world.link("GET", &path, None).await;
    assert_eq!(shown.body["product_template_id"], template);
    let change = json!({"service_name": "gas", "status": 1});
    let changed = world.link("PUT", &path, Some(change)).await;
    assert_eq!(
        (&changed.body["service_name"], &changed.body["status"]),
        (&json!("gas"), &json!(1))
    );
    let filtered = format!("/services?product_template_id={template}&service_name=water");
    assert_eq!(
        names(&world, &filtered, "service_name").await,
        Vec::<String>::new()
    );

    // In the first two paths, the command exists, but belongs to another service.
    let body = json!({"product_template_id": template, "service_name": "other", "status": 0});
    let other = make(&world, "/services", body, "service_id").await;
    for path in [
        format!("/services/{other}/commands/{command}"),
        format!("/services/{other}/commands/{command}/requests"),
        "/services/x/commands".to_owned(),
        "/services/99/commands".to_owned(),
    ] {
        let refused = world.link("GET", &path, None).await;
        assert_eq!(
            (refused.status, refused.code()),
            (404, "ROMA.00110006"),
            "{path}"
        );
    }

    // A service with properties and commands cannot be deleted. A property of a command can be deleted.
    let list = world
        .link("GET", &format!("{path}/commands/{command}/requests"), None)
        .await;
    let request = list.body["items"][0]["property_id"]
        .as_u64()
        .expect("an ID");
    let refused = world.link("DELETE", &path, None).await;
    assert_eq!((refused.status, refused.code()), (400, "ROMA.00110001"));
    let inner = format!("{path}/commands/{command}/requests/{request}");
    for status in [204, 404] {
        assert_eq!(world.link("DELETE", &inner, None).await.status, status);
    }
}

#[tokio::test]
async fn a_product_gets_the_services_of_its_template_at_creation_and_synchronization() {
    let world = World::new().await;
    let (template, service, _) = template(&world).await;
    let mut body = support::product("p1");
    body["template_id"] = json!(template);
    let product = make(&world, "/products", body, "id").await;
    let counted = world.link("GET", "/statistics/devices-count", None).await;
    let templates = &counted.body["product_templates"];
    assert_eq!(templates["product_templates_numbers"], 1);
    let services = format!("/services?product_id={product}");
    assert_eq!(names(&world, &services, "service_name").await, ["water"]);

    make(
        &world,
        &format!("/services/{service}/properties"),
        property("pressure"),
        "property_id",
    )
    .await;
    let body = json!({"template_ids": [template]});
    let synced = world
        .link("PUT", "/product-templates/sync-to-products", Some(body))
        .await;
    assert_eq!((synced.status, &synced.body["id"]), (200, &json!(template)));
    let own = world.link("GET", &services, None).await;
    assert_eq!(
        own.body["total"], 1,
        "the synchronization changes the service with the same name"
    );
    let own = own.body["items"][0]["service_id"].as_u64().expect("an ID");
    assert_ne!(own, service);
    let path = format!("/services/{own}/properties");
    assert_eq!(
        names(&world, &path, "property_name").await,
        ["flow", "pressure"]
    );
    let path = format!("/services/{own}/commands");
    assert_eq!(names(&world, &path, "command_name").await, ["open"]);

    // If a product has no template, the request must name a template.
    let plain = make(&world, "/products", support::product("p2"), "id").await;
    let refused = world
        .link(
            "PUT",
            "/products/sync-from-templates",
            Some(json!({"product_ids": [plain]})),
        )
        .await;
    assert_eq!((refused.status, refused.code()), (400, "ROMA.00110001"));
    let body = json!({"product_ids": [plain], "template_id": template});
    let synced = world
        .link("PUT", "/products/sync-from-templates", Some(body))
        .await;
    assert_eq!(
        (synced.status, &synced.body["items"][0]["id"]),
        (200, &json!(plain))
    );
    let path = format!("/services?product_id={plain}");
    assert_eq!(names(&world, &path, "service_name").await, ["water"]);
}

#[tokio::test]
async fn a_topic_name_contains_its_version_and_a_product_counts_its_devices() {
    let world = World::new().await;
    let product = world.product("p1").await;
    let id = product["id"].as_u64().expect("an ID");
    let topics = format!("/products/{id}/topics");
    let body = json!({"permission": 1, "name": "t1", "version": "3.0"});
    let topic = make(&world, &topics, body, "topic_id").await;
    assert_eq!(
        names(&world, &topics, "topic_name").await,
        ["/3.0/${deviceId}/t1"]
    );
    let body = json!({"permission": 0, "name": "t2", "version": "4"});
    let changed = world
        .link("PUT", &format!("{topics}/{topic}"), Some(body))
        .await;
    assert_eq!(changed.body["topic_name"], "/4/${deviceId}/t2");
    let refused = world.link("GET", "/products/99/topics", None).await;
    assert_eq!(refused.status, 404);

    let summary = format!("/products/{id}/devices-summary");
    for count in 0..3 {
        assert_eq!(
            world.link("GET", &summary, None).await.body["summary"],
            count
        );
        world.device(&product, &format!("d{count}")).await;
    }
}
