//! Tests of logins, tokens, signatures, and access to projects.

use crate::support;

use std::time::Duration;

use huaweicloud_core::sign::{SignableRequest, Signer, SigningAlgorithm, payload_hash};
use huaweicloud_sandbox::Options;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Keys, World, send};

#[tokio::test]
async fn the_answer_to_a_login_shows_the_scope_of_the_token() {
    let world = World::new().await;
    let details = world.sandbox.details().clone();
    let got = world
        .login(
            &details.password,
            json!({"project": {"id": details.project_id}}),
        )
        .await;
    let token = &got.body["token"];
    assert_eq!(token["project"]["name"], "eu-de");
    assert_eq!(
        token["project"]["domain"]["name"],
        details.domain_name.as_str()
    );
    assert_eq!(token["user"]["name"], details.user_name.as_str());
    assert_eq!(token["catalog"].as_array().unwrap().len(), 3);
    for time in ["issued_at", "expires_at"] {
        let text = token[time].as_str().unwrap();
        assert_eq!(
            (text.len(), &text[19..20], &text[26..]),
            (27, ".", "Z"),
            "{text}"
        );
    }
    let life = |name: &str| token[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert_eq!(
        life("expires_at").duration_since(life("issued_at")),
        SignedDuration::from_hours(24)
    );
    assert!(
        !got.body.to_string().contains(got.header("x-subject-token")),
        "only the header must contain the token itself"
    );

    let domain = world
        .login(
            &details.password,
            json!({"domain": {"name": details.domain_name}}),
        )
        .await;
    assert_eq!(
        domain.body["token"]["domain"]["id"],
        details.domain_id.as_str()
    );
    assert_eq!(domain.body["token"]["project"], Value::Null);
}

#[tokio::test]
async fn refused_logins_get_errors_in_the_form_of_iam() {
    let world = World::new().await;
    let password = world.sandbox.details().password.clone();
    let wrong = world.login("Wrong-Password-1", json!({})).await;
    assert_eq!(
        (
            wrong.status,
            &wrong.body["error"]["code"],
            &wrong.body["error"]["title"]
        ),
        (401, &json!(401), &json!("Unauthorized"))
    );
    assert!(!wrong.body.to_string().contains("Wrong-Password-1"));
    assert!(wrong.headers.get("x-subject-token").is_none());
    for (scope, status) in [
        (json!({"project": {"name": "nowhere"}}), 404),
        (json!({"project": {"id": "0"}}), 404),
        (json!({"domain": {"name": "nobody"}}), 404),
        (json!({"project": {}}), 400),
        (json!("eu-de"), 400),
    ] {
        let got = world.login(&password, scope.clone()).await;
        assert_eq!(
            (got.status, &got.body["error"]["code"]),
            (status, &json!(status)),
            "{scope}"
        );
    }
    let url = format!("{}/v3/auth/tokens", world.sandbox.details().addresses.iam);
    let body = json!({"auth": {"identity": {"methods": ["totp"]}, "scope": {}}});
    assert_eq!(send(world.http.post(&url).json(&body)).await.status, 400);
    assert_eq!(
        send(world.http.post(&url).body("{")).await.body["error"]["title"],
        "Bad Request"
    );
}

#[tokio::test]
async fn requests_without_valid_credentials_are_refused_with_401() {
    let world = World::new().await;
    let url = world.link_url("/devices");
    let keys = Keys::of(&world.sandbox);
    let malformed = [
        "Bearer abc",
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SHA256 Access=a, SignedHeaders=host",
        "SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=0",
        "SDK-HMAC-SM4 Access=a, SignedHeaders=x-sdk-date, Signature=0",
        "V11-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=0",
        "V11-HMAC-SHA256 Credential=a/20240102/eu-de, SignedHeaders=x-sdk-date, Signature=0",
        "SDK-HMAC-SHA256 Credential=a/20240102/eu-de/dcs, SignedHeaders=x-sdk-date, Signature=0",
        "SDK-HMAC-SHA256 Access=a, Credential=a/20240102///sdk_request, SignedHeaders=x-sdk-date, Signature=0",
    ];
    let mut refused = vec![
        world.http.get(&url),
        world.http.get(&url).header("x-auth-token", ""),
        world.http.get(&url).header("x-auth-token", "wrong"),
    ];
    refused.extend(
        malformed
            .iter()
            .map(|header| world.http.get(&url).header("authorization", *header)),
    );
    refused.push(
        Keys {
            access: "UNKNOWN".into(),
            ..Keys::of(&world.sandbox)
        }
        .get(&world.http, &url, &[]),
    );
    refused.push(
        Keys {
            secret: "wrong".into(),
            ..Keys::of(&world.sandbox)
        }
        .get(&world.http, &url, &[]),
    );
    // The request has a signature that was created for another query.
    refused.push(
        keys.get(&world.http, &url, &[("limit", "1")])
            .query(&[("offset", "1")]),
    );
    for request in refused {
        let got = send(request).await;
        assert_eq!((got.status, got.code()), (401, "APIGW.0301"));
        assert_eq!(got.body["request_id"], got.header("x-request-id"));
        assert!(got.headers.contains_key("date"));
        assert!(
            got.body["error_msg"]
                .as_str()
                .unwrap()
                .starts_with("Incorrect IAM authentication information: ")
        );
        assert!(!got.body.to_string().contains(&keys.secret));
    }
    let iam = send(world.http.get(format!(
        "{}/v3/auth/projects",
        world.sandbox.details().addresses.iam
    )))
    .await;
    assert_eq!(
        (iam.status, &iam.body["error"]["title"]),
        (401, &json!("Unauthorized"))
    );
}

#[tokio::test]
async fn signed_requests_can_have_queries_bodies_and_special_characters() {
    let world = World::new().await;
    let keys = Keys::of(&world.sandbox);
    let query = [
        ("device_name", "a b+c/d=e&f ü*~"),
        ("limit", "5"),
        ("tag", ""),
    ];
    let got = send(keys.get(&world.http, &world.link_url("/devices"), &query)).await;
    assert_eq!(
        (got.status, &got.body["total"]),
        (200, &json!(0)),
        "{:?}",
        got.body
    );

    let body = support::product("ü").to_string();
    let url = world.link_url("/products");
    let signed =
        |sent: &[u8]| keys.signed(&world.http, Method::POST, &url, &[], sent, Timestamp::now());
    assert_eq!(send(signed(body.as_bytes())).await.status, 201);
    // The request contains a body that differs from the signed body, as if a proxy had changed it.
    let other = support::product("other").to_string();
    assert_eq!(
        send(signed(body.as_bytes()).body(other.clone()))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn with_unsigned_payload_the_signature_must_not_include_the_body() {
    let world = World::new().await;
    let (details, url) = (world.sandbox.details(), world.link_url("/products"));
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let (path, unsigned) = (format!("/{path}"), "UNSIGNED-PAYLOAD");
    let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let body = support::product("p1").to_string();
    let actual = payload_hash(body.as_bytes());
    for (body_hash, status) in [(unsigned, 201), (actual.as_str(), 401)] {
        let headers = [
            ("host", host),
            ("x-sdk-date", date.as_str()),
            ("x-sdk-content-sha256", unsigned),
        ];
        let signable = SignableRequest {
            method: "POST",
            path: &path,
            query: &[],
            headers: &headers,
            body_hash,
        };
        let signature =
            Signer::new(&details.access_key, &details.secret_key).sign(&signable, &date);
        let request = world
            .http
            .post(&url)
            .header("authorization", signature.authorization)
            .body(body.clone());
        let got = send(
            request
                .header("x-sdk-date", &date)
                .header("x-sdk-content-sha256", unsigned),
        )
        .await;
        assert_eq!(got.status, status, "{:?}", got.body);
    }
}

#[tokio::test]
async fn a_clock_difference_of_more_than_15_minutes_is_refused() {
    let world = World::new().await;
    let (keys, url) = (Keys::of(&world.sandbox), world.link_url("/devices"));
    let at = |minutes: i64| Timestamp::now() + SignedDuration::from_mins(minutes);
    for (minutes, status) in [(-14, 200), (14, 200), (-16, 401), (16, 401)] {
        let got = send(keys.signed(&world.http, Method::GET, &url, &[], b"", at(minutes))).await;
        assert_eq!(got.status, status, "{minutes}");
        if status == 401 {
            assert_eq!(got.code(), "APIGW.0303");
        }
    }
    world.clock.advance(Duration::from_secs(3600));
    let got = send(keys.get(&world.http, &url, &[])).await;
    assert_eq!(got.code(), "APIGW.0303");
    // The header `date` of the answer shows the clock of the sandbox. A signature with this time is valid.
    let date = jiff::fmt::rfc2822::parse(got.header("date"))
        .unwrap()
        .timestamp();
    assert_eq!(
        send(keys.signed(&world.http, Method::GET, &url, &[], b"", date))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn requests_to_another_project_are_refused_with_403() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let other = "0123456789abcdef0123456789abcdef";
    let link = format!(
        "{}/v2/{other}/link/instances/{}/devices",
        details.addresses.roma_link, details.instance_id
    );
    let dcs = format!("{}/v2/{other}/instances", details.addresses.dcs);
    for url in [&link, &dcs] {
        assert_eq!(world.call("GET", url, None).await.status, 403);
        assert_eq!(
            send(Keys::of(&world.sandbox).get(&world.http, url, &[]))
                .await
                .status,
            403
        );
    }
    let domain = world
        .login(
            &details.password,
            json!({"domain": {"name": details.domain_name}}),
        )
        .await;
    let request = world
        .http
        .get(world.dcs_url(""))
        .header("x-auth-token", domain.header("x-subject-token"));
    assert_eq!(
        send(request).await.status,
        403,
        "a token for the domain must not be valid for a project"
    );
}

#[tokio::test]
async fn tokens_expire() {
    let world = World::with(Options::default().token_life(Duration::from_secs(600))).await;
    world.clock.advance(Duration::from_secs(500));
    assert_eq!(world.link("GET", "/devices", None).await.status, 200);
    let younger = world.new_token().await;
    world.clock.advance(Duration::from_secs(100));
    assert_eq!(world.link("GET", "/devices", None).await.status, 401);
    let request = world
        .http
        .get(world.link_url("/devices"))
        .header("x-auth-token", younger);
    assert_eq!(send(request).await.status, 200);
}

#[tokio::test]
async fn projects_are_found_by_name() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let found = world
        .call(
            "GET",
            &format!("{}/v3/projects?name=eu-de", details.addresses.iam),
            None,
        )
        .await;
    assert_eq!(found.body["projects"][0]["id"], details.project_id.as_str());
    assert_eq!(
        found.body["links"]["self"],
        format!("{}/v3/projects?name=eu-de", details.addresses.iam)
    );
    let none = world
        .call(
            "GET",
            &format!("{}/v3/projects?name=eu-nl", details.addresses.iam),
            None,
        )
        .await;
    assert_eq!((none.status, &none.body["projects"]), (200, &json!([])));
    let signed = Keys::of(&world.sandbox).get(
        &world.http,
        &format!("{}/v3/auth/projects", details.addresses.iam),
        &[],
    );
    assert_eq!(send(signed).await.body["projects"][0]["name"], "eu-de");
    let wrong = world
        .call(
            "GET",
            &format!("{}/v3/projects?enabled=perhaps", details.addresses.iam),
            None,
        )
        .await;
    assert_eq!(
        (wrong.status, &wrong.body["error"]["code"]),
        (400, &json!(400))
    );
}

/// If a login names the user or the domain by its ID and its name, both values must be correct.
#[tokio::test]
async fn a_login_with_one_wrong_id_or_name_is_refused() {
    let world = World::new().await;
    let details = world.sandbox.details().clone();
    let url = format!("{}/v3/auth/tokens", details.addresses.iam);
    let (id, name) = (&details.issuers.user_id, &details.user_name);
    let by_domain_name = json!({"name": details.domain_name});
    let by_domain_id = json!({"id": details.domain_id});
    for (user, status) in [
        (json!({"id": id}), 201),
        (json!({"name": name, "domain": by_domain_name}), 201),
        (json!({"name": name, "domain": by_domain_id}), 201),
        (
            json!({"id": id, "name": name, "domain": {"id": details.domain_id, "name": details.domain_name}}),
            201,
        ),
        (
            json!({"id": "wrong", "name": name, "domain": by_domain_name}),
            401,
        ),
        (
            json!({"id": id, "name": "wrong", "domain": by_domain_name}),
            401,
        ),
        (json!({"id": id, "domain": {"name": "wrong"}}), 401),
        (
            json!({"name": name, "domain": {"id": "wrong", "name": details.domain_name}}),
            401,
        ),
        (
            json!({"name": name, "domain": {"id": details.domain_id, "name": "wrong"}}),
            401,
        ),
        (json!({"id": name}), 401),
    ] {
        let mut user_and_password = user.clone();
        user_and_password["password"] = json!(details.password);
        let identity = json!({"methods": ["password"], "password": {"user": user_and_password}});
        let body = json!({"auth": {"identity": identity, "scope": {"project": {"id": details.project_id}}}});
        let got = send(world.http.post(&url).json(&body)).await;
        assert_eq!(got.status, status, "{user}: {:?}", got.body);
    }
}

/// The parameter `Credential` of the header `authorization` must contain the same day as the header `x-sdk-date`. The
/// header `authorization` must not contain a parameter twice.
#[tokio::test]
async fn a_wrong_day_or_a_repeated_parameter_in_authorization_is_refused() {
    let world = World::new().await;
    let keys = Keys::of(&world.sandbox);
    let url = world.link_url("/devices");
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let (path, hash) = (format!("/{path}"), payload_hash(b""));
    let date = world
        .clock
        .now()
        .to_zoned(TimeZone::UTC)
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string();
    let both = [("host", host), ("x-sdk-date", date.as_str())];
    let signed = |signer: Signer, headers: &[(&str, &str)]| {
        let signable = SignableRequest {
            method: "GET",
            path: &path,
            query: &[],
            headers,
            body_hash: &hash,
        };
        signer.sign(&signable, &date).authorization
    };
    let plain = || Signer::new(&keys.access, &keys.secret);
    let scoped = || {
        let signer = plain().with_algorithm(SigningAlgorithm::V11HmacSha256);
        signed(signer.with_scope("eu-de", "dcs"), &both)
    };
    let day = &date[..8];
    let whole = signed(plain(), &both);
    for (authorization, status) in [
        (whole.clone(), 200),
        (scoped(), 200),
        // The official Go SDK does not sign the header `host`, so the sandbox must accept this signature.
        (signed(plain(), &both[1..]), 200),
        (scoped().replace(&format!("/{day}/"), "/20240102/"), 401),
        (format!("{whole}, Signature=0"), 401),
        (format!("{whole}, Access=other"), 401),
    ] {
        let request = world.http.get(&url).header("x-sdk-date", &date);
        let got = send(request.header("authorization", &authorization)).await;
        assert_eq!(got.status, status, "{authorization}: {:?}", got.body);
    }
}

#[tokio::test]
async fn an_id_token_needs_exactly_one_correct_provider() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let url = format!("{}/v3.0/OS-AUTH/id-token/tokens", details.addresses.iam);
    let body = json!({"auth": {"id_token": {"id": details.issuers.id_token}, "scope": {"project": {"id": details.project_id}}}});
    let provider = details.issuers.identity_provider.as_str();
    for (providers, status) in [
        (vec![provider], 201),
        (vec![], 400),
        (vec![provider, provider], 400),
        (vec!["other"], 404),
        (vec![""], 404),
    ] {
        let request = world.http.post(&url).json(&body);
        let request = providers.iter().fold(request, |request, provider| {
            request.header("x-idp-id", *provider)
        });
        let got = send(request).await;
        assert_eq!(got.status, status, "{providers:?}: {:?}", got.body);
    }
}

/// All credentials and IDs of a request must be correct, and must agree. Otherwise, the sandbox refuses the request.
#[tokio::test]
async fn credentials_and_ids_that_contradict_each_other_are_refused() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let (url, list) = (world.link_url("/devices"), world.dcs_url(""));
    let domain = world
        .login(
            &details.password,
            json!({"domain": {"name": details.domain_name}}),
        )
        .await;
    let token = |url: &str, token: &str| world.http.get(url).header("x-auth-token", token);
    let own = |url: &str| token(url, &world.token);
    let keys = Keys::of(&world.sandbox);
    let signed = |url: &str| keys.get(&world.http, url, &[]);
    let wrong_key = || {
        Keys {
            secret: "wrong".into(),
            ..Keys::of(&world.sandbox)
        }
        .get(&world.http, &url, &[])
    };
    let projects = format!("{}/v3/auth/projects", details.addresses.iam);
    let (project, account) = (&details.project_id, &details.domain_id);
    let other = "0123456789abcdef0123456789abcdef";
    for (case, request, status) in [
        (
            "token and key",
            signed(&url).header("x-auth-token", &world.token),
            200,
        ),
        (
            "token, wrong key",
            wrong_key().header("x-auth-token", &world.token),
            401,
        ),
        (
            "wrong token, key",
            signed(&url).header("x-auth-token", "wrong"),
            401,
        ),
        (
            "empty token, key",
            signed(&url).header("x-auth-token", ""),
            401,
        ),
        (
            "token, other scheme",
            own(&url).header("authorization", "Bearer a"),
            401,
        ),
        (
            "own project",
            own(&url).header("x-project-id", project),
            200,
        ),
        (
            "own project, signed",
            signed(&url).header("x-project-id", project),
            200,
        ),
        (
            "other project",
            own(&url).header("x-project-id", other),
            403,
        ),
        (
            "other project, signed",
            signed(&list).header("x-project-id", other),
            403,
        ),
        (
            "other project, path without a project",
            signed(&projects).header("x-project-id", other),
            403,
        ),
        (
            "empty project id",
            signed(&list).header("x-project-id", ""),
            403,
        ),
        (
            "own account",
            signed(&projects).header("x-domain-id", account),
            200,
        ),
        (
            "other account",
            signed(&projects).header("x-domain-id", other),
            403,
        ),
        (
            "other account, token",
            own(&url).header("x-domain-id", other),
            403,
        ),
        (
            "token of an account, project",
            token(&projects, domain.header("x-subject-token")).header("x-project-id", project),
            403,
        ),
    ] {
        let got = send(request).await;
        assert_eq!(got.status, status, "{case}: {:?}", got.body);
    }
}

#[tokio::test]
async fn a_scope_with_one_wrong_id_or_name_is_refused() {
    let world = World::new().await;
    let details = world.sandbox.details();
    let (id, name) = (&details.project_id, &details.project_name);
    let (domain_id, domain_name) = (&details.domain_id, &details.domain_name);
    for (scope, status) in [
        (json!({"project": {"id": id, "name": name}}), 201),
        (
            json!({"project": {"name": name, "domain": {"name": domain_name}}}),
            201,
        ),
        (
            json!({"project": {"id": id}, "domain": {"id": domain_id}}),
            201,
        ),
        (json!({"project": {"id": id, "name": "wrong"}}), 404),
        (json!({"project": {"id": "wrong", "name": name}}), 404),
        (
            json!({"project": {"name": name, "domain": {"name": "wrong"}}}),
            404,
        ),
        (json!({"project": {"name": name, "domain": {}}}), 400),
        (
            json!({"project": {"id": id}, "domain": {"id": "wrong"}}),
            404,
        ),
        (json!({"domain": {"id": domain_id, "name": "wrong"}}), 404),
        (json!({"domain": {"id": "wrong", "name": domain_name}}), 404),
    ] {
        let got = world.login(&details.password, scope.clone()).await;
        assert_eq!(got.status, status, "{scope}: {:?}", got.body);
    }
}
