//! Makes the request that an attempt sends, and signs it if the credential is an access key.

use super::body::{Body, JSON};
use super::carried::Carried;
use super::failover::Address;
use super::propagate::propagate;
use super::request::Parts;
use super::state::SessionState;
use crate::credential::{AccessKey, Credential};
use crate::error::{Error, ErrorKind, Signed};
use crate::operation::Service;
use crate::secret::Secret;
use crate::sign::{self, SignableRequest, Signer, SigningAlgorithm, UNSIGNED_PAYLOAD};
use http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use reqwest::Url;
use std::sync::Arc;

pub(crate) const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
pub(crate) const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
const DOMAIN_ID: HeaderName = HeaderName::from_static("x-domain-id");
const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-sdk-content-sha256");
const CONTENT_SM3: HeaderName = HeaderName::from_static("x-sdk-content-sm3");
const SDK_DATE: HeaderName = HeaderName::from_static(sign::DATE_HEADER);

/// The headers that are signed, if the request has them. `User-Agent` is never signed, because proxies change it.
static SIGNED: [HeaderName; 8] = [
    CONTENT_TYPE,
    HOST,
    DOMAIN_ID,
    PROJECT_ID,
    CONTENT_SHA256,
    CONTENT_SM3,
    SDK_DATE,
    SECURITY_TOKEN,
];

/// A request that is ready to be sent.
pub(crate) struct Prepared {
    pub request: reqwest::Request,
    pub url: Url,
    pub signed: Option<Signed>,
    pub carried: Arc<Carried>,
}

/// Makes the request. If there is a credential, the request is signed or contains the token.
pub(crate) fn prepare(
    session: &SessionState,
    address: &Address,
    parts: &Parts,
    credential: Option<&Credential>,
) -> Result<Prepared, Error> {
    let project = session
        .project_id
        .as_deref()
        .or_else(|| credential.and_then(Credential::project_id));
    let url = url(address, parts, project)?;
    let mut headers = parts.headers.clone();
    // Reserves space for the headers that are added below, and for the headers of the HTTP client. Growing the map
    // later would take longer.
    headers.reserve(8);
    let host = address.host().cloned();
    let no_host = || Error::invalid_request("the host of the endpoint cannot be sent in a header");
    headers.insert(HOST, host.ok_or_else(no_host)?);
    headers.insert(USER_AGENT, session.config.user_agent().clone());
    headers.entry(ACCEPT).or_insert(JSON);
    if parts.body.is_some() {
        headers.entry(CONTENT_TYPE).or_insert(JSON);
    }
    propagate(&mut headers);
    let interceptors = session.config.interceptors();
    interceptors.before_signing(parts.operation, &url, &mut headers)?;
    let signed = match credential {
        Some(Credential::Token(token)) => {
            headers.insert(AUTH_TOKEN, secret("token", token.value.expose())?);
            None
        }
        Some(Credential::AccessKey(key)) => {
            Some(signed(session, parts, key, project, &url, &mut headers)?)
        }
        None => None,
    };
    let carried = Arc::new(Carried::new(
        parts,
        &headers,
        credential,
        project,
        session.config.route().password(),
    ));
    let mut request = reqwest::Request::new(parts.operation.method.clone(), url.clone());
    *request.headers_mut() = headers;
    *request.body_mut() = parts.body.as_ref().map(Body::for_attempt);
    interceptors.before_sending(parts.operation, &request)?;
    Ok(Prepared {
        request,
        url,
        signed,
        carried,
    })
}

fn url(address: &Address, parts: &Parts, project: Option<&str>) -> Result<Url, Error> {
    let mut text = String::with_capacity(256);
    text.push_str(address.text());
    parts.path.write(project, &mut text)?;
    if !parts.query_text.is_empty() {
        text.push('?');
        text.push_str(&parts.query_text);
    }
    address.url(&text).ok_or_else(|| {
        Error::invalid_request("the path cannot be sent as it is")
            .with_help("check the path parameters for unusual characters")
    })
}

fn value(what: &str, text: String) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(text)
        .map_err(|_| Error::invalid_request(format!("the {what} cannot be sent in a header")))
}

fn secret(what: &str, text: &str) -> Result<HeaderValue, Error> {
    let wrong = |_| {
        Error::new(
            ErrorKind::Credentials,
            format!("the {what} cannot be sent in a header"),
        )
        .with_help("check it for line breaks")
    };
    let mut value = HeaderValue::from_str(text).map_err(wrong)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Returns the headers to sign. Returns an error if one of these headers cannot be signed. Such a header must
/// not stay unsigned, because any system between the client and the service could change it.
fn signable(headers: &HeaderMap) -> Result<Vec<(&str, &str)>, Error> {
    let mut present: Vec<(&str, &str)> = Vec::with_capacity(SIGNED.len());
    for (name, value) in headers.iter().filter(|(name, _)| SIGNED.contains(name)) {
        let name = name.as_str();
        let wrong = match value.to_str() {
            Ok(_) if present.iter().any(|(known, _)| *known == name) => "is given twice",
            Ok(value) => {
                present.push((name, value));
                continue;
            }
            Err(_) => "contains characters other than ASCII",
        };
        let message = format!("the header `{name}` {wrong}, so it cannot be signed");
        return Err(Error::invalid_request(message).with_help("check the source of its value"));
    }
    Ok(present)
}

fn signed(
    session: &SessionState,
    parts: &Parts,
    key: &AccessKey,
    project: Option<&str>,
    url: &Url,
    headers: &mut HeaderMap,
) -> Result<Signed, Error> {
    let clock_offset = session.clock.offset();
    let date = session.clock.signature_date();
    headers.insert(SDK_DATE, value("date", date.clone())?);
    add_identity(session, key, project, headers)?;
    let algorithm = session.config.signing_algorithm();
    let body_hash = body_hash(algorithm, parts.body.as_ref(), headers);
    let request = SignableRequest {
        method: parts.operation.method.as_str(),
        path: url.path(),
        query: &parts
            .parameters
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect::<Vec<_>>(),
        headers: &signable(headers)?,
        body_hash: &body_hash,
    };
    let region = session.region.as_deref().unwrap_or_default();
    let (signature, canonical) = Signer::new(&key.access, key.secret.expose())
        .with_algorithm(algorithm)
        .with_scope(region, signing_name(session.service))
        .sign_and_show(&request, &date);
    headers.insert(
        AUTHORIZATION,
        secret("access key", &signature.authorization)?,
    );
    Ok(Signed {
        canonical: Secret::new(canonical),
        clock_offset,
    })
}

/// Adds a header with the project. If only the account is known, adds a header with the account. For a temporary access
/// key, also adds a header with the security token. The signature covers these headers, so the gateway detects a change
/// of them.
fn add_identity(
    session: &SessionState,
    key: &AccessKey,
    project: Option<&str>,
    headers: &mut HeaderMap,
) -> Result<(), Error> {
    let domain = key
        .domain_id
        .as_deref()
        .or_else(|| session.config.domain_id());
    if let Some(project) = project {
        headers.insert(PROJECT_ID, value("project_id", project.to_owned())?);
    } else if let Some(domain) = domain {
        headers.insert(DOMAIN_ID, value("domain_id", domain.to_owned())?);
    }
    if let Some(token) = &key.security_token {
        headers.insert(SECURITY_TOKEN, secret("security token", token.expose())?);
    }
    Ok(())
}

/// Returns the hash of the body. If the body is not signed, returns [`UNSIGNED_PAYLOAD`], and adds a header with this
/// value.
///
/// The client reads streams and files only while it sends them. So it does not sign a stream or a form. A body that is
/// neither JSON nor BSON is not signed, because the gateways do not read it. An empty body is always signed.
fn body_hash(algorithm: SigningAlgorithm, body: Option<&Body>, headers: &mut HeaderMap) -> String {
    let bytes = match body {
        Some(body) => body.bytes(),
        None => Some(&[][..]),
    };
    match bytes {
        Some(bytes) if bytes.is_empty() || is_read(headers) => algorithm.payload_hash(bytes),
        _ => {
            let name = HeaderName::from_static(algorithm.content_header());
            headers.insert(name, HeaderValue::from_static(UNSIGNED_PAYLOAD));
            UNSIGNED_PAYLOAD.to_owned()
        }
    }
}

/// Returns whether the gateways read bodies of the content type in `headers`. If so, they can check the hash of the
/// body.
fn is_read(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(CONTENT_TYPE) else {
        return true;
    };
    let text = content_type.as_bytes().to_ascii_lowercase();
    text.starts_with(b"application/json") || text.starts_with(b"application/bson")
}

/// Returns the service's name in the scope of a signature. The name is the first part of the host name in the first
/// documented address, such as `roma` for `roma-link`. If the service has no address, or if this part contains a
/// placeholder, returns the short name of the service.
fn signing_name(service: &'static Service) -> &'static str {
    let host = service
        .servers
        .first()
        .and_then(|server| server.url.strip_prefix("https://"));
    host.and_then(|host| host.split(['.', '/']).next())
        .filter(|name| !name.is_empty() && !name.contains('{'))
        .unwrap_or(service.name)
}
