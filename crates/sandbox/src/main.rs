//! The sandbox as a program: prints where it is and how to sign in, as one line of JSON, and serves until it is told to end.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use huaweicloud_sandbox::{Details, FaultArgument, Options, Sandbox, Service};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// A local server that speaks the documented APIs of Huawei Cloud IAM, ROMA Connect device integration and DCS, and a server's metadata service.
///
/// When it is ready it prints one line of JSON with the base addresses, the names and the credentials to use. SIGTERM and Ctrl-C end it.
/// It logs to standard error; RUST_LOG sets what (the default is info).
#[derive(Parser)]
#[command(version, about, after_help = faults())]
struct Arguments {
    /// Address to listen on
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Allow an address that other machines can reach (there is no TLS)
    #[arg(long)]
    allow_remote: bool,
    /// Port of a service; a free one is taken otherwise. Can be given several times
    #[arg(long, value_name = "SERVICE:PORT", value_parser = port)]
    port: Vec<(Service, u16)>,
    /// Keep everything in this file; without it everything is forgotten at the end
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// How long a token lives
    #[arg(long, value_name = "SECONDS", default_value_t = Options::TOKEN_LIFE.as_secs())]
    token_life: u64,
    /// How long a DCS instance is locked after five wrong passwords
    #[arg(long, value_name = "SECONDS", default_value_t = Options::LOCK_TIME.as_secs())]
    lock_time: u64,
    /// How long a DCS instance is being created, restarted or deleted
    #[arg(long, value_name = "SECONDS", default_value_t = Options::CHANGE_TIME.as_secs())]
    change_time: u64,
    /// How long a connection may keep the sandbox waiting before it is closed
    #[arg(long, value_name = "SECONDS", default_value_t = Options::PATIENCE.as_secs())]
    patience: u64,
    /// Let something go wrong, as often as TIMES says or to the end; see below. Can be given several times
    #[arg(long, value_name = "SERVICE:FAULT[:TIMES]")]
    fault: Vec<FaultArgument>,
}

impl Arguments {
    fn options(self) -> Options {
        let options = Sandbox::builder()
            .listen(self.listen)
            .allow_remote(self.allow_remote)
            .token_life(Duration::from_secs(self.token_life))
            .lock_time(Duration::from_secs(self.lock_time))
            .change_time(Duration::from_secs(self.change_time))
            .patience(Duration::from_secs(self.patience));
        let options = self
            .port
            .into_iter()
            .fold(options, |options, (service, port)| {
                options.port(service, port)
            });
        let options = self.fault.into_iter().fold(options, Options::fault);
        match self.data {
            Some(file) => options.data(file),
            None => options,
        }
    }
}

/// What `--port` takes.
fn port(text: &str) -> Result<(Service, u16), String> {
    let (service, port) = text
        .split_once(':')
        .ok_or("write SERVICE:PORT, such as dcs:8080")?;
    let port = port
        .parse()
        .map_err(|_| format!("`{port}` is no port: give 0 to 65535"))?;
    Ok((service.parse()?, port))
}

/// What `--fault` takes, and the names of the services.
fn faults() -> String {
    let names = Service::ALL.map(Service::name).join(", ");
    let mut text = format!("Services: {names}\n\nFaults:\n");
    for line in FaultArgument::HELP.lines() {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str("\nFor example: --fault dcs:503:2 --fault roma-link:delay=2s");
    text
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.options()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env();
    let filter = filter.map_err(|error| format!("RUST_LOG: {error}"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // Before anybody can know that we are ready.
    let mut end = End::new()?;
    let sandbox = Sandbox::start(options).await?;
    announce(sandbox.details())?;
    end.wait().await;
    sandbox.shutdown().await;
    Ok(())
}

fn announce(details: &Details) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(details)?;
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}

/// The signals that end the program.
#[cfg(unix)]
struct End {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl End {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Where there is no SIGTERM.
#[cfg(not(unix))]
struct End;

#[cfg(not(unix))]
impl End {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
