//! Finds the installed peers: programs and libraries of other projects with which the measurements compare our code.

use std::process::Command;

use super::stopwatch::output;

/// The versions of the peers on this machine. A field is `None` if the peer is not installed.
pub struct Peers {
    /// openapi-generator, which runs as `openapi-generator-cli`. PyPI has a package with this name. The package needs
    /// Java.
    pub generator: Option<String>,
    /// The official Python SDK for ROMA Connect. `PYTHON` names the interpreter (default `python3`).
    pub python: Option<String>,
    /// Prism, which runs as `prism`. npm has a package for Prism.
    pub prism: Option<String>,
    /// moto, with the server `moto_server`. PyPI has a package for moto.
    pub moto: Option<String>,
}

const VERSION: &str = "from importlib.metadata import version; import huaweicloudsdkroma; print(version('huaweicloudsdkroma'))";
const MOTO_VERSION: &str = "import moto; print(moto.__version__)";

impl Peers {
    /// Runs commands to find the version of each peer.
    pub fn find() -> Peers {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
        let version = |command: &mut Command| {
            let text = output(command).ok()?;
            Some(text.lines().last()?.trim().to_owned())
        };
        Peers {
            generator: version(Command::new("openapi-generator-cli").arg("version")),
            python: version(Command::new(&python).args(["-c", VERSION])),
            prism: version(Command::new("prism").arg("--version")),
            moto: version(Command::new("moto_server").arg("--help"))
                .and_then(|_| version(Command::new(&python).args(["-c", MOTO_VERSION]))),
        }
    }

    /// Returns a message for each missing peer. The message says how to install the peer.
    pub fn missing(&self) -> Vec<&'static str> {
        let generator =
            "openapi-generator-cli does not run (pip install openapi-generator-cli; it needs Java)";
        let python = "the official Python SDK is not installed (pip install huaweicloudsdkroma)";
        let prism = "prism does not run (npm install --global @stoplight/prism-cli)";
        let moto = "moto_server does not run (pip install 'moto[server]')";
        [
            (self.generator.is_none(), generator),
            (self.python.is_none(), python),
            (self.prism.is_none(), prism),
            (self.moto.is_none(), moto),
        ]
        .into_iter()
        .filter_map(|(missing, what)| missing.then_some(what))
        .collect()
    }
}
