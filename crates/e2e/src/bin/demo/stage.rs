//! The sandbox, the recorders before it, and what they are told to expect.

use std::collections::BTreeSet;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, anyhow, ensure};
use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::{Config, ConfigBuilder, dcs, iam, roma_link};
use huaweicloud_e2e::{Document, Exchange, Log, Recorder};
use huaweicloud_sandbox::{Clock, Options, Sandbox};

use crate::output::Output;

/// What the demonstration plays on.
pub struct Stage {
    sandbox: Sandbox,
    clock: Clock,
    log: Log,
    recorders: [(Recorder, Document); 3],
    calls: usize,
    output: Output,
    /// Everything secret that went over the wire, or could have.
    secrets: BTreeSet<String>,
}

/// The clients of one kind of credentials.
pub struct Clients {
    pub link: roma_link::Client,
    pub dcs: dcs::Client,
}

const SERVICES: [&str; 3] = ["iam", "roma-link", "dcs"];

impl Stage {
    /// Starts the sandbox, and a recorder before each of its services.
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

    /// Clients that get a token for the sandbox's user.
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

    /// Clients that sign with the sandbox's permanent access key.
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

    /// The ROMA Connect instance that exists.
    pub fn instance(&self) -> String {
        self.sandbox.details().instance_id.clone()
    }

    /// Whether a device can sign in with this now.
    pub fn device_login(&self, user_name: &str, password: &str) -> bool {
        self.sandbox
            .device_login(&self.instance(), user_name, password)
    }

    /// Whether a DCS instance lets somebody in with this password now.
    pub fn dcs_login(&self, instance: &str, password: &str) -> bool {
        self.sandbox.dcs_login(instance, password)
    }

    /// Lets the sandbox's time pass, so that tokens expire; the clients do not notice.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Begins a part.
    pub fn heading(&self, text: &str) {
        let style = Style::new().bold();
        self.say(&format!("\n{style}{text}{style:#}"));
    }

    /// Shows a line.
    pub fn say(&self, line: &str) {
        self.output.line(line);
    }

    /// Shows the calls since the last time, and checks them. Each call must be the expected operation with the expected
    /// status. Its answer must have the documented form.
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
        // The gateway's refusal stands before every service; no page of theirs lists it.
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
            .context("a service that is not on the stage")
    }

    /// Ends the sandbox, looks for secrets in all that was printed and logged, and sums up.
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

/// A refusal of the gateway, and whether it has the documented form of one.
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
            Err(anyhow!("the refusal is not one of the gateway")),
        ),
    }
}
