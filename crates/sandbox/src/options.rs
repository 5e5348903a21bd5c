use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::{Fault, FaultArgument, What};
use crate::{Clock, Entrance, Service};

/// How a sandbox starts. The default serves on free ports of 127.0.0.1 and keeps everything in memory.
#[derive(Clone)]
pub struct Options {
    pub(crate) listen: IpAddr,
    pub(crate) allow_remote: bool,
    /// In the order of [`Service::ALL`]; 0 takes a free one.
    pub(crate) ports: [u16; Service::ALL.len()],
    pub(crate) data: Option<PathBuf>,
    pub(crate) clock: Clock,
    pub(crate) times: Times,
    pub(crate) names: Names,
    pub(crate) password: Option<String>,
    /// In the order of [`Service::ALL`].
    pub(crate) entrances: [Entrance; Service::ALL.len()],
    pub(crate) faults: Vec<(Service, Fault, Option<u64>)>,
    pub(crate) examples: Vec<Service>,
}

/// Durations of tokens, locks, changes and connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub token_life: Duration,
    pub lock: Duration,
    pub patience: Duration,
    pub change: Duration,
}

#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub project: String,
    pub domain: String,
    pub user: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            allow_remote: false,
            ports: [0; Service::ALL.len()],
            data: None,
            clock: Clock::system(),
            times: Times {
                token_life: Self::TOKEN_LIFE,
                lock: Self::LOCK_TIME,
                patience: Self::PATIENCE,
                change: Self::CHANGE_TIME,
            },
            names: Names {
                project: "eu-de".into(),
                domain: "OTC-EU-DE-SANDBOX".into(),
                user: "sandbox-user".into(),
            },
            password: None,
            entrances: [Entrance::default(); Service::ALL.len()],
            faults: Vec::new(),
            examples: Vec::new(),
        }
    }
}

impl Options {
    /// How long a token lives by default: 24 hours, as the service documents.
    pub const TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
    /// How long a DCS instance is locked by default after too many wrong passwords: 5 minutes, as the service
    /// documents.
    pub const LOCK_TIME: Duration = Duration::from_secs(5 * 60);

    /// How long the sandbox waits for a connection by default: one minute, as gateways do.
    pub const PATIENCE: Duration = Duration::from_secs(60);

    /// How long a DCS instance is being created, restarted or deleted unless told otherwise: it is done at once.
    pub const CHANGE_TIME: Duration = Duration::ZERO;

    /// The address of the listeners. An address that other machines can reach also needs
    /// [`allow_remote`](Options::allow_remote).
    #[must_use]
    pub fn listen(mut self, address: IpAddr) -> Self {
        self.listen = address;
        self
    }

    /// Allows an address that is not a loopback address. The sandbox speaks HTTP without TLS, so other machines can
    /// read everything.
    #[must_use]
    pub fn allow_remote(mut self, allow: bool) -> Self {
        self.allow_remote = allow;
        self
    }

    /// The port of a service; 0 takes a free one, and is the default.
    #[must_use]
    pub fn port(mut self, service: Service, port: u16) -> Self {
        for (known, own) in Service::ALL.into_iter().zip(&mut self.ports) {
            if known == service {
                *own = port;
            }
        }
        self
    }

    /// Keeps everything in this file, which is made if it does not exist (its folder is not). Without it everything is forgotten at the end.
    ///
    /// A new one is made beside it, with `.unfinished` behind the name, and moved there when it is whole.
    ///
    /// The file holds secrets in clear text, because some of them have to be shown again. It is made readable by its owner only.
    #[must_use]
    pub fn data(mut self, file: impl Into<PathBuf>) -> Self {
        self.data = Some(file.into());
        self
    }

    /// The clock of the sandbox. Keep a clone to move it.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How long a token lives. The default is 24 hours.
    #[must_use]
    pub fn token_life(mut self, life: Duration) -> Self {
        self.times.token_life = life;
        self
    }

    /// How long a DCS instance is locked after five wrong passwords. The default is 5 minutes.
    #[must_use]
    pub fn lock_time(mut self, time: Duration) -> Self {
        self.times.lock = time;
        self
    }

    /// How long the creation, the restart and the deletion of a DCS instance take. Meanwhile the instance has the
    /// documented status. By default they take no time.
    #[must_use]
    pub fn change_time(mut self, time: Duration) -> Self {
        self.times.change = time;
        self
    }

    /// Answers the documented example to each valid request of a service, and stores nothing. The sandbox checks
    /// credentials and limits as usual.
    #[must_use]
    pub fn examples(mut self, service: Service) -> Self {
        self.examples.push(service);
        self
    }

    /// The longest time that the sandbox waits for a connection. It waits for the rest of a request, for the next
    /// request, or until an answer is read. Then it closes the connection. The default is a minute.
    #[must_use]
    pub fn patience(mut self, time: Duration) -> Self {
        self.times.patience = time;
        self
    }

    /// Name of the project. Used when the database is new.
    #[must_use]
    pub fn project_name(mut self, name: impl Into<String>) -> Self {
        self.names.project = name.into();
        self
    }

    /// Name of the domain (the account). Used when the database is new.
    #[must_use]
    pub fn domain_name(mut self, name: impl Into<String>) -> Self {
        self.names.domain = name.into();
        self
    }

    /// Name of the user. Used when the database is new.
    #[must_use]
    pub fn user_name(mut self, name: impl Into<String>) -> Self {
        self.names.user = name.into();
        self
    }

    /// Password of the user. By default the sandbox makes one. Used when the database is new.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The form of the addresses for clients. The default is plain HTTP.
    #[must_use]
    pub fn entrance(mut self, service: Service, entrance: Entrance) -> Self {
        for (known, own) in Service::ALL.into_iter().zip(&mut self.entrances) {
            if known == service {
                *own = entrance;
            }
        }
        self
    }

    /// A fault from the start, as the program's `--fault` gives it; [`Sandbox::faults`](crate::Sandbox::faults) injects them later.
    #[must_use]
    pub fn fault(mut self, argument: FaultArgument) -> Self {
        let service = argument.service;
        match argument.what {
            What::Entrance(entrance) => self.entrance(service, entrance),
            What::Fault(fault, times) => {
                self.faults.push((service, fault, times));
                self
            }
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("allow_remote", &self.allow_remote)
            .field("ports", &self.ports)
            .field("data", &self.data)
            .field("times", &self.times)
            .field("names", &self.names)
            .field("entrances", &self.entrances)
            .field("faults", &self.faults)
            .field("examples", &self.examples)
            .field("password", &self.password.as_ref().map(|_| "***"))
            .finish_non_exhaustive()
    }
}
