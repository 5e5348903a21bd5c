//! Operations of IAM for tokens, projects and domains.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::temporary::forget_ended;
use super::{Call, agency};
use crate::answer::Answer;
use crate::authenticate::{self, fingerprint};
use crate::clock::{after, microseconds, timestamp};
use crate::problem::Problem;
use crate::random;
use crate::store::{IndexKey, Query, Token, User};

const SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

/// The scope of a new token.
enum Scope {
    Project,
    Domain,
}

pub(super) fn create_token(call: &Call<'_>) -> Result<Answer, Problem> {
    let methods = &call.values.body["auth"]["identity"]["methods"];
    let user = if *methods == json!(["password"]) {
        user(call)?
    } else if *methods == json!(["password", "totp"]) {
        with_passcode(call)?
    } else if *methods == json!(["assume_role"]) {
        // The OpenAPI document requires no token for this operation, because a login with a password has no token yet.
        // So the sandbox has not checked any credentials yet. But the method `assume_role` needs a caller.
        let caller = authenticate::caller(call.state, call.request, None)?;
        agency::check(call)?;
        caller.user
    } else {
        return Err(Problem::invalid(
            "auth.identity.methods",
            "must be [\"password\"], [\"password\", \"totp\"] or [\"assume_role\"]: the sandbox supports no other methods",
        ));
    };
    let scope = scope(call)?;
    issue(call, &user, &scope)
}

/// Creates a token for this user. The answer has the token in a header.
fn issue(call: &Call<'_>, user: &User, scope: &Scope) -> Result<Answer, Problem> {
    let (issued, token) = (call.state.clock.now_ms(), random::alphanumeric(128));
    let expires_ms = after(issued, call.state.times.token_life);
    let project_id = matches!(scope, Scope::Project).then(|| call.state.tenant.project_id.clone());
    let record = Token {
        user_id: user.id.clone(),
        project_id,
        expires_ms,
    };
    call.state.store.write(|writer| {
        // Whenever the sandbox stores a new token, it also removes some expired tokens.
        forget_ended(writer, &Token::BY_END, issued)?;
        writer.put(&fingerprint(&token), &record)
    })?;
    let told = call.request.clock.now_ms();
    let told_end = after(told, call.state.times.token_life);
    let body = json!({"token": described(call, user, scope, told, told_end)});
    let mut value =
        HeaderValue::from_str(&token).map_err(|error| Problem::Failed(error.to_string()))?;
    value.set_sensitive(true);
    Ok(Answer::json(StatusCode::CREATED, body).header(SUBJECT_TOKEN, value))
}

/// Returns the user of a login with a password. The error does not show whether an ID, a name or the password is wrong.
fn user(call: &Call<'_>) -> Result<User, Problem> {
    let given = |member: &str| call.in_body(&format!("/auth/identity/password/user/{member}"));
    let reader = call.state.store.read()?;
    let (id, name) = (given("id"), given("name"));
    let candidates = match (id, name) {
        (Some(id), _) => reader.get(id)?.into_iter().collect(),
        (None, Some(name)) => {
            reader.list(&Query::default().with(&User::BY_NAME, IndexKey::new(&json!(name))))?
        }
        (None, None) => Vec::new(),
    };
    drop(reader);
    let domain = (given("domain/id"), given("domain/name"));
    // All IDs and names in the request must belong to the same user and domain. If the ID of the user is missing, the
    // request must contain the ID or the name of the domain.
    let named = candidates.into_iter().find(|user: &User| {
        [
            (id, &user.id),
            (name, &user.name),
            (domain.0, &user.domain_id),
            (domain.1, &user.domain_name),
        ]
        .iter()
        .all(|(given, own)| given.is_none_or(|given| given == own.as_str()))
            && (id.is_some() || domain.0.or(domain.1).is_some())
    });
    let password = given("password").unwrap_or_default();
    let right = named.filter(|user| user.password.matches(password));
    right.ok_or_else(|| Problem::Unauthenticated("The username or password is wrong.".into()))
}

/// Returns the user if the password and the passcode of the virtual MFA device are correct. The request must send the
/// ID of this user with the passcode.
fn with_passcode(call: &Call<'_>) -> Result<User, Problem> {
    let user = user(call)?;
    let id = call.in_body("/auth/identity/totp/user/id");
    let code = call.in_body("/auth/identity/totp/user/passcode");
    match id == Some(&user.id) && code == Some(&call.state.issuers.passcode) {
        true => Ok(user),
        false => Err(Problem::Unauthenticated(
            "The passcode or its user ID is wrong.".into(),
        )),
    }
}

/// Creates a token for the user whom the identity provider confirms by an ID token.
pub(super) fn create_token_with_id_token(call: &Call<'_>) -> Result<Answer, Problem> {
    let issuers = &call.state.issuers;
    let Some(provider) = call.request.header("x-idp-id") else {
        return Err(Problem::invalid("X-Idp-Id", "must be sent exactly once"));
    };
    if provider != issuers.identity_provider {
        return Err(Problem::NoSuchResource {
            id: "identity provider".to_owned(),
        });
    }
    if !agency::is_vouched(call, "/auth/id_token/id") {
        return Err(Problem::Unauthenticated("The ID token is wrong.".into()));
    }
    let user: Option<User> = call.state.store.read()?.get(&issuers.user_id)?;
    let user = user.ok_or_else(|| Problem::NoSuchResource {
        id: issuers.user_id.clone(),
    })?;
    issue(call, &user, &scope(call)?)
}

/// Returns the scope of the new token: the project if the request names a project, and otherwise the domain.
///
/// If the request names a project or a domain that does not exist in the sandbox, the function returns an error.
fn scope(call: &Call<'_>) -> Result<Scope, Problem> {
    let tenant = &call.state.tenant;
    let domain = (&tenant.domain_id, &tenant.domain_name);
    let project = is_named(call, "project", (&tenant.project_id, &tenant.project_name))?;
    is_named(call, "project.domain", domain)?;
    is_named(call, "domain", domain)?;
    Ok(match project {
        true => Scope::Project,
        false => Scope::Domain,
    })
}

/// Returns whether the request has this member of the scope, such as `project`.
///
/// If the ID or the name in the member differs from `own`, the function returns an error. A member with neither an ID
/// nor a name is also an error.
fn is_named(call: &Call<'_>, member: &str, own: (&String, &String)) -> Result<bool, Problem> {
    let pointer = format!("/auth/scope/{}", member.replace('.', "/"));
    let Some(wanted) = call.values.body.pointer(&pointer) else {
        return Ok(false);
    };
    let (id, name) = (wanted.get("id"), wanted.get("name"));
    if id.or(name).is_none() {
        let place = format!("auth.scope.{member}");
        return Err(Problem::invalid(&place, "must have an id or a name"));
    }
    match id.is_none_or(|id| id == own.0) && name.is_none_or(|name| name == own.1) {
        true => Ok(true),
        false => Err(Problem::NoSuchResource {
            id: member.to_owned(),
        }),
    }
}

fn described(call: &Call<'_>, user: &User, scope: &Scope, issued: i64, expires: i64) -> Value {
    let domain = json!({"id": user.domain_id, "name": user.domain_name});
    let mut token = json!({
        "methods": call.values.body["auth"]["identity"].get("methods").cloned().unwrap_or_else(|| json!(["mapped"])),
        "issued_at": microseconds(timestamp(issued)),
        "expires_at": microseconds(timestamp(expires)),
        "user": {"id": user.id, "name": user.name, "domain": domain, "password_expires_at": Value::Null},
        "roles": [{"id": "0", "name": "te_admin"}],
    });
    match scope {
        Scope::Project => {
            token["project"] = json!({"id": call.state.tenant.project_id, "name": call.state.tenant.project_name, "domain": domain});
        }
        Scope::Domain => token["domain"] = domain,
    }
    if call
        .text(&call.values.query, "nocatalog")
        .is_none_or(str::is_empty)
    {
        token["catalog"] = catalog(call);
    }
    token
}

fn catalog(call: &Call<'_>) -> Value {
    let (addresses, project) = (&call.state.addresses, &call.state.tenant.project_id);
    let services = [
        ("identity", "iam", format!("{}/v3", addresses.iam)),
        (
            "roma",
            "roma",
            format!("{}/v2/{project}", addresses.roma_link),
        ),
        ("dcs", "dcs", format!("{}/v2/{project}", addresses.dcs)),
    ];
    let entry = |(kind, name, url): (&str, &str, String)| {
        let endpoint = json!({"id": format!("{name}-public"), "interface": "public", "region": "*", "region_id": "*", "url": url});
        json!({"type": kind, "name": name, "id": name, "endpoints": [endpoint]})
    };
    services.map(entry).into_iter().collect()
}

pub(super) fn list_projects(call: &Call<'_>) -> Result<Answer, Problem> {
    let tenant = &call.state.tenant;
    let fits = call.query_equals("name", &json!(tenant.project_name))
        && call.query_equals("domain_id", &json!(tenant.domain_id))
        && call.query_equals("parent_id", &json!(tenant.domain_id))
        && call.query_equals("enabled", &json!(true))
        && call.query_equals("is_domain", &json!(false));
    // Without `per_page`, the list has no pages. Otherwise, the only project is on the first page, and later pages are
    // empty.
    let beyond = call.number_in_query("per_page").is_some()
        && call.number_in_query("page").is_some_and(|page| page > 1);
    Ok(Answer::ok(projects(call, fits && !beyond)))
}

pub(super) fn list_auth_projects(call: &Call<'_>) -> Result<Answer, Problem> {
    Ok(Answer::ok(projects(call, true)))
}

pub(super) fn list_auth_domains(call: &Call<'_>) -> Result<Answer, Problem> {
    let user = &call.caller()?.user;
    let base = &call.state.addresses.iam;
    let domain = json!({
        "id": user.domain_id,
        "name": user.domain_name,
        "description": "",
        "enabled": true,
        "links": {"self": format!("{base}/v3/domains/{}", user.domain_id)},
    });
    Ok(Answer::ok(
        json!({"links": links(call), "domains": [domain]}),
    ))
}

fn projects(call: &Call<'_>, found: bool) -> Value {
    let (tenant, base) = (&call.state.tenant, &call.state.addresses.iam);
    let project = json!({
        "id": tenant.project_id,
        "name": tenant.project_name,
        "domain_id": tenant.domain_id,
        "parent_id": tenant.domain_id,
        "description": "",
        "enabled": true,
        "is_domain": false,
        "links": {"self": format!("{base}/v3/projects/{}", tenant.project_id)},
    });
    json!({"links": links(call), "projects": if found { vec![project] } else { Vec::new() }})
}

/// Returns the links of a list with only one page.
fn links(call: &Call<'_>) -> Value {
    let base = &call.state.addresses.iam;
    let path = call
        .request
        .uri
        .path_and_query()
        .map_or("", |path| path.as_str());
    json!({"self": format!("{base}{path}"), "previous": Value::Null, "next": Value::Null})
}
