//! The sandbox as a program. It prints its addresses and credentials as one line of JSON, and serves until it is
//! stopped. It can also serve while a command runs, or in the background of a shell.

mod background;
mod shell;

use std::ffi::OsString;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use clap::Parser;
use huaweicloud_sandbox::{Details, FaultArgument, Options, Sandbox, Service};
use shell::Format;
use tokio::process::Command;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A local server that speaks the documented APIs of Huawei Cloud IAM, ROMA Connect device integration and DCS, and a server's metadata service.
///
/// When it is ready it prints one line of JSON with the base addresses, the names and the credentials to use. SIGTERM and Ctrl-C end it.
/// It logs to standard error; RUST_LOG sets what (the default is info).
///
/// With a COMMAND it prints nothing: it runs the command with the variables that the clients read, ends with it, and has its exit code.
/// With --print-env it serves in the background, and prints these variables for a shell.
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
    /// Answer the documented examples of a service to valid requests, and keep nothing. Can be given several times
    #[arg(long, value_name = "SERVICE")]
    examples: Vec<Service>,
    /// Let something go wrong, as often as TIMES says or to the end; see below. Can be given several times
    #[arg(long, value_name = "SERVICE:FAULT[:TIMES]")]
    fault: Vec<FaultArgument>,
    /// Serve in the background, print the variables that the clients read, and end. The keys among them open nothing but this sandbox.
    ///
    /// In sh: eval "$(huaweicloud-sandbox --print-env)". To end it: kill "$HUAWEICLOUD_SANDBOX_PID"
    #[arg(long, conflicts_with = "command")]
    print_env: bool,
    /// With --print-env: serve in this process, not in the background
    #[arg(long, requires = "print_env")]
    foreground: bool,
    /// The form of --print-env
    #[arg(long, value_enum, default_value_t = Format::Sh, requires = "print_env")]
    format: Format,
    /// Run this command, and serve for as long as it runs
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
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
        let options = self.examples.into_iter().fold(options, Options::examples);
        match self.data {
            Some(file) => options.data(file),
            None => options,
        }
    }
}

/// The values of `--port`.
fn port(text: &str) -> Result<(Service, u16), String> {
    let (service, port) = text
        .split_once(':')
        .ok_or("write SERVICE:PORT, such as dcs:8080")?;
    let port = port
        .parse()
        .map_err(|_| format!("`{port}` is no port: give 0 to 65535"))?;
    Ok((service.parse()?, port))
}

/// The values of `--fault`, and the names of the services.
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
    let mut arguments = Arguments::parse();
    let outcome = match arguments.print_env && !arguments.foreground {
        true => background::start(),
        false => {
            let command = std::mem::take(&mut arguments.command);
            let format = arguments.print_env.then_some(arguments.format);
            run(arguments.options(), &command, format)
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(
    options: Options,
    command: &[OsString],
    format: Option<Format>,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env();
    let filter = filter.map_err(|error| format!("RUST_LOG: {error}"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // This comes before the sandbox says that it is ready.
    let mut end = End::new()?;
    let sandbox = Sandbox::start(options).await?;
    let code = match command {
        [] => {
            announce(sandbox.details(), format)?;
            end.wait().await;
            ExitCode::SUCCESS
        }
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command
                .args(arguments)
                .envs(sandbox.details().environment())
                .kill_on_drop(true);
            let child = command.spawn();
            let mut child =
                child.map_err(|error| format!("{}: {error}", program.to_string_lossy()))?;
            tokio::select! {
                status = child.wait() => exit_code(status?),
                () = end.wait() => {
                    // Ctrl-C in a terminal reaches the command as well, so the command decides how it ends.
                    let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
                    ended.map_or(Ok(ExitCode::FAILURE), |status| status.map(exit_code))?
                }
            }
        }
    };
    sandbox.shutdown().await;
    Ok(code)
}

/// The time that a command has to end after a signal. Then it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// The command's exit code. If a signal ended the command, it is the exit code of a shell.
fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal).unwrap_or(1);
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn announce(details: &Details, format: Option<Format>) -> std::io::Result<()> {
    let text = match format {
        None => serde_json::to_string(details)? + "\n",
        Some(format) => {
            let mut variables = details.environment();
            variables.push((background::LAST.to_owned(), std::process::id().to_string()));
            format.write(&variables)
        }
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
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

/// For systems without SIGTERM.
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
