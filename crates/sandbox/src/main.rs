//! The sandbox as a program. By default, the program prints its addresses and credentials as one line of JSON, and
//! serves until a signal ends it. The program can also serve while a command runs, or in the background of a shell.

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

/// A local server that implements documented operations of Huawei Cloud IAM, ROMA Connect device integration, DCS and the metadata service.
///
/// When the sandbox is ready, it prints one line of JSON with the base addresses, the names and the credentials.
/// SIGTERM and Ctrl-C stop the sandbox. The sandbox writes its log to standard error. The variable RUST_LOG sets the log level
/// (the default is info).
///
/// With a COMMAND, the sandbox prints nothing to standard output. It runs the command with the variables that the clients read. When the
/// command ends, the sandbox ends with the exit code of the command.
/// With --print-env, the sandbox serves in the background, prints these variables for a shell, and writes its log to a file.
#[derive(Parser)]
#[command(version, about, after_help = faults())]
struct Arguments {
    /// IP address to listen on
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Allow an address that other machines can reach (by default, connections have no TLS)
    #[arg(long)]
    allow_remote: bool,
    /// Port of a service. The default is a free port. Can be given several times
    #[arg(long, value_name = "SERVICE:PORT", value_parser = port)]
    port: Vec<(Service, u16)>,
    /// File for all data. Without this option, the data is lost when the sandbox ends
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Lifetime of a token
    #[arg(long, value_name = "SECONDS", default_value_t = Options::TOKEN_LIFE.as_secs())]
    token_life: u64,
    /// How long the password of a DCS instance or account is locked after five wrong old passwords in a row
    #[arg(long, value_name = "SECONDS", default_value_t = Options::LOCK_TIME.as_secs())]
    lock_time: u64,
    /// How long a change of a DCS instance takes, such as its creation, restart or deletion
    #[arg(long, value_name = "SECONDS", default_value_t = Options::CHANGE_TIME.as_secs())]
    change_time: u64,
    /// How long the sandbox waits for a client before it closes the connection
    #[arg(long, value_name = "SECONDS", default_value_t = Options::PATIENCE.as_secs())]
    patience: u64,
    /// Answer valid requests to a service with the documented examples, and store no data of this service. Can be given
    /// several times
    #[arg(long, value_name = "SERVICE")]
    examples: Vec<Service>,
    /// Inject a fault (see below) into requests to SERVICE, at most TIMES times. Can be given several times
    #[arg(long, value_name = "SERVICE:FAULT[:TIMES]")]
    fault: Vec<FaultArgument>,
    /// Start the sandbox in the background, and print the variables that the clients read. No cloud accepts the printed keys.
    ///
    /// In sh: eval "$(huaweicloud-sandbox --print-env)". To stop the sandbox: kill "$HUAWEICLOUD_SANDBOX_PID"
    #[arg(long, conflicts_with = "command")]
    print_env: bool,
    /// With --print-env: serve in this process, not in the background
    #[arg(long, requires = "print_env")]
    foreground: bool,
    /// Output format of --print-env
    #[arg(long, value_enum, default_value_t = Format::Sh, requires = "print_env")]
    format: Format,
    /// Command to run. The sandbox serves until the command ends
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

/// Parses a value of `--port`.
fn port(text: &str) -> Result<(Service, u16), String> {
    let (service, port) = text
        .split_once(':')
        .ok_or("write SERVICE:PORT, such as dcs:8080")?;
    let port = port
        .parse()
        .map_err(|_| format!("`{port}` is not a port number from 0 to 65535"))?;
    Ok((service.parse()?, port))
}

/// Returns the end of the help: the names of the services, and the values of `--fault`.
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
    // A caller can send a signal as soon as the sandbox prints its addresses. By then, the signal handlers must exist.
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
                    // In a terminal, Ctrl-C also reaches the command. So the command gets some time to end by itself.
                    let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
                    ended.map_or(Ok(ExitCode::FAILURE), |status| status.map(exit_code))?
                }
            }
        }
    };
    sandbox.shutdown().await;
    Ok(code)
}

/// After a signal, the sandbox waits at most this long for the end of the command. If the command still runs then, the
/// sandbox kills the command.
const PATIENCE: Duration = Duration::from_secs(5);

/// Returns the exit code of the command. If a signal ended the command, returns 128 plus the number of the signal, as a
/// shell does.
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

/// On systems without SIGTERM, the program handles only Ctrl-C.
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
