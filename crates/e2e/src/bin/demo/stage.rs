//! Starts the sandbox with a recorder in front of each service, and checks the recorded calls.

use std::collections::BTreeSet;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, anyhow, ensure};
use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::{Config, ConfigBuilder, dcs, iam, roma_link};
use huaweicloud_e2e::{Document, Exchange, Log, Recorder};
use huaweicloud_sandbox::{Clock, Options, Sandbox};

use crate::output::Output;

/// The sandbox, the recorders and the output of the demonstration.
pub struct Stage {
    sandbox: Sandbox,
    clock: Clock,
    log: Log,
    recorders: [(Recorder, Document); 3],
    calls: usize,
    output: Output,
    /// The secrets of the sandbox's user, and the secrets in all printed calls.
    secrets: BTreeSet<String>,
}

/// A client for ROMA Connect LINK and a client for DCS. Both use the same credentials.
pub struct Clients {
    pub link: roma_link::Client,
    pub dcs: dcs::Client,
}

const SERVICES: [&str; 3] = ["iam", "roma-link", "dcs"];

impl Stage {
    /// Starts the sandbox, and a recorder in front of each service.
    pub async fn set(output: Output) -> Result<Stage> {
        let clock = Clock::system();
        let sandbox = Sandbox::start(Options::default().clock(clock.clone())).await?;
        let details = sandbox.details();
        let log = Log::default();
        let [iam, link, dcs] = SERVICES;
        let recorders = [
            (
                Recorder::start(iam, &details.addresses.iam, &log).await?,
                Document::read(iam::OPENAPI)?,
            ),
            (
                Recorder::start(link, &details.addresses.roma_link, &log).await?,
                Document::read(roma_link::OPENAPI)?,
            ),
            (
                Recorder::start(dcs, &details.addresses.dcs, &log).await?,
                Document::read(dcs::OPENAPI)?,
            ),
        ];
        Ok(Stage {
            clock,
            log,
            recorders,
            calls: 0,
            output,
            secrets: [details.password.clone(), details.secret_key.clone()].into(),
            sandbox,
        })
    }

    /// Returns clients that use the password of the sandbox's user to get a token.
    pub fn with_password(&self) -> Result<Clients> {
        let details = self.sandbox.details();
        let login = Login::new(
            &details.domain_name,
            &details.user_name,
            details.password.as_str(),
        )
        .with_project_name(&details.project_name);
        let credentials = PasswordCredentials::new(&self.config().build()?, login)?;
        clients(&self.config().credentials(credentials).build()?)
    }

    /// Returns clients that sign with the permanent access key of the sandbox.
    pub fn with_access_key(&self) -> Result<Clients> {
        let details = self.sandbox.details();
        let config = self
            .config()
            .access_key(&details.access_key, details.secret_key.as_str());
        clients(&config.project_id(&details.project_id).build()?)
    }

    fn config(&self) -> ConfigBuilder {
        let endpoints = SERVICES.iter().zip(&self.recorders);
        endpoints.fold(Config::builder(), |builder, (service, (recorder, _))| {
            builder.endpoint(*service, &recorder.address)
        })
    }

    /// Returns the id of the ROMA Connect instance that exists in the sandbox.
    pub fn instance(&self) -> String {
        self.sandbox.details().instance_id.clone()
    }

    /// Returns whether a device can log in with this user name and password now.
    pub fn device_login(&self, user_name: &str, password: &str) -> bool {
        self.sandbox
            .device_login(&self.instance(), user_name, password)
    }

    /// Returns whether a DCS instance accepts this password now.
    pub fn dcs_login(&self, instance: &str, password: &str) -> bool {
        self.sandbox.dcs_login(instance, password)
    }

    /// Advances the clock of the sandbox by this time. The clocks of the clients do not change.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Prints a heading.
    pub fn heading(&self, text: &str) {
        let style = Style::new().bold();
        self.say(&format!("\n{style}{text}{style:#}"));
    }

    /// Prints a line.
    pub fn say(&self, line: &str) {
        self.output.line(line);
    }

    /// Prints and checks all calls since the previous `expect`. Each call must have the expected operation and the
    /// expected status. An answer with status 401 must have the form of a gateway error. Each other answer must have
    /// the documented form.
    pub fn expect(&mut self, expected: &[(&str, u16)]) -> Result<()> {
        let exchanges = self.log.take();
        for exchange in &exchanges {
            self.show(exchange)?;
        }
        let seen: Vec<(&str, u16)> = exchanges
            .iter()
            .map(|exchange| {
                Ok((
                    self.document(exchange)?.operation_id(exchange)?,
                    exchange.status,
                ))
            })
            .collect::<Result<_>>()?;
        ensure!(
            seen == expected,
            "expected {expected:?}, but the calls were {seen:?}"
        );
        Ok(())
    }

    fn show(&mut self, exchange: &Exchange) -> Result<()> {
        let document = self.document(exchange)?;
        let (request, secrets) = (document.shown_request(exchange), document.secrets(exchange));
        // If credentials are wrong, the gateway answers, and the service does not get the request. So an answer with
        // status 401 has the form of a gateway error.
        let (answer, verdict) = match exchange.status {
            401 => gateway_refusal(exchange),
            _ => (document.shown_answer(exchange), document.check(exchange)),
        };
        let call = format!("{} {}", exchange.method, exchange.target);
        let colour = if verdict.is_ok() {
            AnsiColor::Green
        } else {
            AnsiColor::Red
        };
        let style = colour.on_default();
        let mut lines = format!("  {call}\n");
        if !request.is_empty() {
            lines += &format!("    > {request}\n");
        }
        lines += format!("    {style}{}{style:#} {answer}", exchange.status).trim_end();
        self.say(&lines);
        self.secrets.extend(secrets);
        self.calls += 1;
        verdict.with_context(|| format!("{call} was not answered as documented"))
    }

    fn document(&self, exchange: &Exchange) -> Result<&Document> {
        let position = SERVICES
            .iter()
            .position(|service| *service == exchange.service);
        let found = position.and_then(|position| self.recorders.get(position));
        found
            .map(|(_, document)| document)
            .context("the demonstration has no document of this service")
    }

    /// Checks that no further call was made, and stops the sandbox. Then searches the copy of the output for secrets,
    /// and returns a summary.
    pub async fn end(mut self) -> Result<String> {
        self.expect(&[])?;
        self.sandbox.shutdown().await;
        self.output.check(&self.secrets)?;
        Ok(format!(
            "demo: 5 documented operations, 2 kinds of credentials, {} calls: every answer as documented",
            self.calls
        ))
    }
}

fn clients(config: &Config) -> Result<Clients> {
    Ok(Clients {
        link: roma_link::Client::new(config)?,
        dcs: dcs::Client::new(config)?,
    })
}

/// Returns the code and the message in the gateway's error answer as JSON. If the answer does not have the form of a
/// gateway error, the string is empty, and the second value is an error.
fn gateway_refusal(exchange: &Exchange) -> (String, Result<()>) {
    let body: serde_json::Value = serde_json::from_slice(&exchange.received).unwrap_or_default();
    let (code, message) = (body["error_code"].as_str(), body["error_msg"].as_str());
    match (code, message) {
        (Some(code), Some(message)) if code.starts_with("APIGW.") => (
            serde_json::json!({ "error_code": code, "error_msg": message }).to_string(),
            Ok(()),
        ),
        _ => (
            String::new(),
            Err(anyhow!(
                "the answer does not have the form of a gateway error"
            )),
        ),
    }
}
