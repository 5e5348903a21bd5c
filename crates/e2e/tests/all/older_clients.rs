//! Tests that clients from an earlier version of the generator work with the current core. The code of these clients is
//! in `tests/fixtures/older-*`.
//!
//! If such a client does not compile, a change of core breaks published crates. There are two solutions. One solution
//! is a new function in core, beside the unchanged old function. The other solution is a new major version of all
//! crates, and new clients in `tests/fixtures`.

use huaweicloud::ErrorKind;
use huaweicloud::testing::{Recorder, Reply};
use serde_json::json;

#[tokio::test]
async fn an_older_client_reads_all_pages() {
    let recorder = Recorder::new();
    let page = |ids: &[u32]| {
        let items: Vec<_> = ids
            .iter()
            .map(|id| json!({"id": id, "name": "p"}))
            .collect();
        Reply::json(200, &json!({"total": 3, "items": items}))
    };
    recorder
        .reply("list_products", page(&[1, 2]))
        .reply("list_products", Reply::broken())
        .reply("list_products", page(&[3]));
    let link = older_roma_link::Client::new(&recorder.config().build().unwrap()).unwrap();
    let two = older_roma_link::types::ListProductsParams::default().with_limit(2);
    let products: Vec<_> = link
        .list_products("i", &two)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(products.len(), 3);
    assert_eq!(recorder.requests()[2].query("offset"), ["2"]);
    assert_eq!(older_roma_link::operations::SERVICE.name(), "roma-link");
}

#[tokio::test]
async fn an_older_client_detects_refusals_and_known_error_codes() {
    use older_dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
    let recorder = Recorder::new();
    recorder
        .reply(
            "change_instance_password",
            Reply::json(200, &json!({"result": "success"})),
        )
        .reply(
            "change_instance_password",
            Reply::json(200, &json!({"result": "passwordFailed"})),
        )
        .reply(
            "change_instance_password",
            Reply::error(400, "111400002", "wrong"),
        );
    let dcs = older_dcs::Client::new(&recorder.config().build().unwrap()).unwrap();
    let request = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: "Planted-Older-0001!",
        new_password: "Planted-Older-0002!",
    });
    let change = async || dcs.change_instance_password("c", &request).await;
    assert_eq!(change().await.unwrap().attempts(), 1);
    assert_eq!(change().await.unwrap_err().kind(), ErrorKind::Operation);
    let refused = change().await.unwrap_err().to_string();
    assert!(refused.contains("give the project as the id"), "{refused}");
    assert!(!format!("{request:?}").contains("Planted-"));
}
