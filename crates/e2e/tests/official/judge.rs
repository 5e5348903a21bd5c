//! Checks the output of a program that uses an official SDK. Then our own client checks the objects that the program
//! created in the sandbox.

use huaweicloud::dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
use serde_json::{Value, json};

use crate::support::{By, OTHER_PASSWORD, PASSWORD, World};

/// Returns the output of the step with this name. The step must exist exactly once.
fn step<'a>(steps: &'a [Value], name: &str) -> &'a Value {
    let mut named = steps.iter().filter(|step| step["step"] == name);
    let found = named
        .next()
        .unwrap_or_else(|| panic!("no step {name} in {steps:#?}"));
    assert!(named.next().is_none(), "the step {name} exists twice");
    found
}

fn has(steps: &[Value], name: &str, facts: Value) {
    let found = step(steps, name);
    for (fact, expected) in facts.as_object().unwrap() {
        assert_eq!(&found[fact], expected, "{name}.{fact} in {found}");
    }
}

/// Checks a refused call. The SDK must return this status, this code, a message and a request id.
fn refused(steps: &[Value], name: &str, status: u16, code: &str) {
    has(steps, name, json!({"status": status, "code": code}));
    for fact in ["message", "request_id"] {
        let text = step(steps, name)[fact].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{name}: the SDK has read no {fact}");
    }
}

pub async fn judge(steps: &[Value], world: &World) {
    let details = world.sandbox.details();
    found(steps, &details.project_id, &details.domain_id);
    succeeded(steps);
    refused(steps, "unknown_device", 404, "ROMA.00110006");
    refused(steps, "unknown_instance", 404, "DCS.3022");
    refused(steps, "wrong_key", 401, "APIGW.0301");
    seen_by_us(steps, world).await;
}

/// Checks the lookups of the project and the account. If the program sets no project id or account id, the SDK
/// requests this id from IAM.
fn found(steps: &[Value], project: &str, domain: &str) {
    has(steps, "project", json!({"id": project}));
    has(steps, "domain", json!({"id": domain}));
    has(
        steps,
        "list_projects",
        json!({"id": project, "status": 200}),
    );
}

/// Checks the calls that must get a success status. The second password change also gets status 200, although the
/// service refuses the change.
fn succeeded(steps: &[Value]) {
    for (name, facts) in [
        ("create_product", json!({"status": 201})),
        ("create_device", json!({"status": 201})),
        ("update_device", json!({"status": 200, "name": "after"})),
        (
            "reset_authentication",
            json!({"status": 200, "user": "user-of-the-device"}),
        ),
        (
            "show_authentication",
            json!({"status": 200, "user": "user-of-the-device", "same": true}),
        ),
        (
            "reset_product_authentication",
            json!({"status": 200, "user": "user-of-the-product"}),
        ),
        ("create_instance", json!({"status": 200})),
        (
            "update_password",
            json!({"status": 200, "result": "success"}),
        ),
        (
            "update_password_again",
            json!({"status": 200, "result": "passwordFailed"}),
        ),
        ("create_token", json!({"status": 201})),
        ("create_temporary_key", json!({"status": 201})),
        ("list_devices", json!({"status": 200, "total": 1})),
        ("signed_by_sm3", json!({"status": 200, "total": 1})),
        ("signed_by_v11", json!({"status": 200, "total": 1})),
    ] {
        has(steps, name, facts);
    }
}

/// Checks that our client finds the SDK's changes to the device, to the two logins and to the password.
async fn seen_by_us(steps: &[Value], world: &World) {
    let clients = world.clients(By::AccessKey);
    let (link, instance) = (&clients.link, &clients.instance);
    let device = step(steps, "create_device")["id"].as_i64().unwrap();
    let shown = link.show_device(instance, device).await.unwrap();
    assert_eq!(shown.device_name.as_deref(), Some("after"));
    assert_eq!(shown.tags, ["one", "zwei ü"]);
    let signs_in = link
        .show_device_authentication(instance, device)
        .await
        .unwrap();
    assert_eq!(signs_in.user_name.as_deref(), Some("user-of-the-device"));
    assert_eq!(
        signs_in.password.as_ref().map(|secret| secret.expose()),
        Some(OTHER_PASSWORD)
    );
    let product = step(steps, "reset_product_authentication")["id"]
        .as_i64()
        .unwrap();
    let signs_in = link
        .show_product_authentication(instance, product)
        .await
        .unwrap();
    assert_eq!(signs_in.user_name.as_deref(), Some("user-of-the-product"));
    let cache = step(steps, "update_password")["id"].as_str().unwrap();
    let back = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: OTHER_PASSWORD,
        new_password: PASSWORD,
    });
    // This change succeeds only if the SDK has set `OTHER_PASSWORD`.
    let changed = clients
        .dcs
        .change_instance_password(cache, &back)
        .await
        .unwrap();
    assert_eq!(
        changed.result.as_ref().map(ToString::to_string).as_deref(),
        Some("success")
    );
}
