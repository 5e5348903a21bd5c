//! Provides operations with different forms of the extensions `x-pagination`, `x-outcome` and `x-waiter`.

use serde_json::{Map, Value, json};

use crate::shapes::{component, operation, project};

fn query(name: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "query", "required": false, "description": "A number.", "schema": schema})
}

/// Returns a path item with the operation `get`. `layer` is the key and the value of an extension of the operation.
fn get(
    id: &str,
    parameters: &[Value],
    layer: (&str, Value),
    answer: &str,
    example: &Value,
) -> Value {
    let media = json!({"application/json": {"schema": component(answer), "example": example}});
    let mut all = vec![project()];
    all.extend_from_slice(parameters);
    let (key, layer) = layer;
    let responses = json!({"200": {"description": "It.", "content": media}});
    let rest = json!({"x-retry": "safe", key: layer, "parameters": all, "responses": responses});
    json!({"get": operation(id, &rest)})
}

/// Returns the path items, by path. Each path item has one operation.
pub fn paths() -> Map<String, Value> {
    let text = json!({"type": "string"});
    let count = json!({"type": "integer", "format": "int32"});
    let paths = [
        (
            "flames",
            get(
                "list_flames",
                &[query("start", &text)],
                (
                    "x-pagination",
                    json!({"style": "offset", "offset": "start", "items": "page.flames", "total": "page.count", "start": 1}),
                ),
                "FlameList",
                &json!({"page": {"flames": ["a", "b"], "count": "2"}}),
            ),
        ),
        (
            "sparks",
            get(
                "list_sparks",
                &[query("marker", &text), query("limit", &count)],
                (
                    "x-pagination",
                    json!({"style": "marker", "marker": "marker", "next": "next", "limit": "limit", "items": "type", "total": "total", "id": "self.id"}),
                ),
                "SparkList",
                &json!({"type": [{"self": {"id": 1}}, {"self": {"id": 2}}], "total": 2}),
            ),
        ),
        (
            "modes",
            get(
                "list_modes",
                &[query("offset", &count), query("limit", &count)],
                (
                    "x-pagination",
                    json!({"style": "offset", "offset": "offset", "limit": "limit", "items": "modes", "start": 0}),
                ),
                "ModeList",
                &json!({"modes": []}),
            ),
        ),
        (
            "level",
            get(
                "show_level",
                &[],
                (
                    "x-outcome",
                    json!({"status": 200, "field": "detail.level", "good": [1]}),
                ),
                "LevelOutcome",
                &json!({"detail": {"level": 1}}),
            ),
        ),
        (
            "light",
            get(
                "show_light",
                &[],
                (
                    "x-outcome",
                    json!({"status": 200, "field": "on", "good": [true], "message": "why"}),
                ),
                "LightOutcome",
                &json!({"on": false, "why": "It is day."}),
            ),
        ),
        (
            "lights",
            get(
                "show_lights",
                &[],
                (
                    "x-outcome",
                    json!({"status": 200, "field": "lights[].on", "good": [true]}),
                ),
                "LightBatch",
                &json!({"lights": [{"on": true}, {"on": false}]}),
            ),
        ),
        (
            "torch",
            get(
                "show_torch",
                &[],
                (
                    "x-waiter",
                    json!({"field": "self.state", "success": ["lit"], "failure": ["wet"], "gone": "failure", "interval": 1}),
                ),
                "Torch",
                &json!({"type": 7, "self": {"state": "lit"}}),
            ),
        ),
        (
            "dial",
            get(
                "show_dial",
                &[],
                ("x-waiter", json!({"field": "level", "success": [1]})),
                "LevelDetail",
                &json!({"level": 1}),
            ),
        ),
        (
            "torches",
            get(
                "list_torches",
                &[query("marker", &text), query("limit", &count)],
                (
                    "x-pagination",
                    json!({"style": "marker", "marker": "marker", "next": "next", "limit": "limit", "items": "torches"}),
                ),
                "TorchList",
                &json!({"torches": [{"type": 7, "self": {"state": "lit"}}]}),
            ),
        ),
        (
            "torch-start",
            get(
                "start_torch",
                &[],
                (
                    "x-waiter",
                    json!({"operation": "list_torches", "list": "torches", "key": {"type": "answer.type"}, "field": "self.state", "success": ["lit"]}),
                ),
                "TorchStart",
                &json!({"type": 7}),
            ),
        ),
        (
            "torch-end",
            get(
                "stop_torch",
                &[query("type", &count)],
                (
                    "x-waiter",
                    json!({"operation": "list_torches", "list": "torches", "key": {"type": "parameter.type"}, "field": "self.state", "gone": "success", "settle": 5}),
                ),
                "TorchStart",
                &json!({"type": 9}),
            ),
        ),
    ];
    let paths = paths.into_iter();
    paths
        .map(|(name, item)| (format!("/v1/{{project_id}}/{name}"), item))
        .collect()
}

/// Returns the schemas that only the operations of [`paths`] use.
pub fn schemas() -> Map<String, Value> {
    let text = json!({"type": "string", "description": "A text."});
    let count = json!({"type": "integer", "format": "int64", "description": "A number."});
    let list = |items: Value| json!({"type": "array", "description": "Values.", "items": items});
    let object = |properties: Value| json!({"type": "object", "description": "A thing.", "properties": properties});
    let one = |name: &str| json!({"allOf": [component(name)], "description": "One."});
    let schemas = json!({
        "FlameList": object(json!({"page": one("FlamePage")})),
        "FlamePage": object(json!({"flames": list(json!({"type": "string"})), "count": text})),
        "Spark": object(json!({"self": one("SparkSelf")})),
        "SparkSelf": object(json!({"id": count})),
        "SparkList": object(json!({"type": list(component("Spark")), "next": text, "total": count})),
        "ModeList": object(json!({"modes": list(component("Mode"))})),
        "LevelDetail": object(json!({"level": one("Level")})),
        "LevelOutcome": object(json!({"detail": one("LevelDetail")})),
        "LightBatch": object(json!({"lights": list(component("LightOutcome"))})),
        "Torch": object(json!({"type": count, "self": one("TorchSelf")})),
        "TorchSelf": object(json!({"state": text})),
        "TorchList": object(json!({"torches": list(component("Torch")), "next": text})),
        "TorchStart": object(json!({"type": count})),
        "LightOutcome": object(json!({"on": {"type": "boolean", "description": "Whether it shines."}, "why": text})),
    });
    serde_json::from_value(schemas).unwrap()
}

/// Returns Rust code that calls the operations of [`paths`] and checks the results.
pub fn calls() -> &'static str {
    r#"    let none = Default::default();
    let flames: Vec<String> = client.list_flames(&none).items().try_collect().await.unwrap();
    assert_eq!(flames, ["a", "b"]);
    let none = Default::default();
    let sparks: Vec<Spark> = client.list_sparks(&none).items().page_size(5).try_collect().await.unwrap();
    assert_eq!(sparks.len(), 2);
    let none = Default::default();
    let modes: Vec<Mode> = client.list_modes(&none).items().try_collect().await.unwrap();
    assert!(modes.is_empty());
    client.show_level().await.unwrap();
    let error = client.show_light().await.unwrap_err();
    assert_eq!((error.kind(), error.error_code()), (huaweicloud::ErrorKind::Operation, Some("false")));
    assert_eq!(error.refused_answer::<LightOutcome>().unwrap().on, Some(false));
    assert_eq!(client.show_lights().await.unwrap_err().error_code(), Some("false"));
    let torch = client.show_torch().wait().await.unwrap();
    assert_eq!(torch.type_, Some(7));
    client.show_torch().wait_for("lit").await.unwrap();
    client.show_dial().wait_for(client.show_dial().wait().await.unwrap().level.unwrap()).await.unwrap();
    let started = client.start_torch().wait().await.unwrap();
    assert_eq!(started.self_.as_ref().unwrap().state.as_deref(), Some("lit"));
    let nine = lights::types::StopTorchParams::default().with_type(9);
    client.stop_torch(&nine).wait().await.unwrap();
"#
}
