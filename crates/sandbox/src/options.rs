use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::{Fault, FaultArgument, What};
use crate::{Clock, Entrance, Service};

/// The options of a sandbox. By default, the sandbox listens on free ports of 127.0.0.1, and keeps all data in memory.
#[derive(Clone)]
pub struct Options {
    pub(crate) listen: IpAddr,
    pub(crate) allow_remote: bool,
    /// The ports, in the order of [`Service::ALL`]. Port 0 means that the sandbox chooses a free port.
    pub(crate) ports: [u16; Service::ALL.len()],
    pub(crate) data: Option<PathBuf>,
    pub(crate) clock: Clock,
    pub(crate) times: Times,
    pub(crate) names: Names,
    pub(crate) password: Option<String>,
    /// The kind of address for each service, in the order of [`Service::ALL`].
    pub(crate) entrances: [Entrance; Service::ALL.len()],
    pub(crate) faults: Vec<(Service, Fault, Option<u64>)>,
    pub(crate) examples: Vec<Service>,
}

/// The durations that the options set.
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
    /// The default lifetime of a token: 24 hours, as IAM documents.
    pub const TOKEN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
    /// The default for [`lock_time`](Options::lock_time): 5 minutes, as DCS documents.
    pub const LOCK_TIME: Duration = Duration::from_secs(5 * 60);

    /// The default for [`patience`](Options::patience): one minute, like many gateways.
    pub const PATIENCE: Duration = Duration::from_secs(60);

    /// The default time for a change of a DCS instance, such as its creation, restart or deletion: zero.
    pub const CHANGE_TIME: Duration = Duration::ZERO;

    /// Sets the IP address of the listeners. An address that other machines can reach also needs
    /// [`allow_remote`](Options::allow_remote).
    #[must_use]
    pub fn listen(mut self, address: IpAddr) -> Self {
        self.listen = address;
        self
    }

    /// Allows an address that is not a loopback address. By default, the sandbox uses HTTP without TLS. So other
    /// machines in the network can possibly read all data of the connections.
    #[must_use]
    pub fn allow_remote(mut self, allow: bool) -> Self {
        self.allow_remote = allow;
        self
    }

    /// Sets the port of a service. With port 0, the default, the sandbox uses a free port.
    #[must_use]
    pub fn port(mut self, service: Service, port: u16) -> Self {
        for (known, own) in Service::ALL.into_iter().zip(&mut self.ports) {
            if known == service {
                *own = port;
            }
        }
        self
    }

    /// Keeps the database in this file. The sandbox creates the file if it does not exist, but does not create the
    /// file's folder. Without this option, the data is lost when the sandbox stops.
    ///
    /// The sandbox creates a new file under a name that ends with `.unfinished`. When the file is complete, the sandbox
    /// renames it.
    ///
    /// The file contains secrets in clear text. On Unix, only the owner can read a file that the sandbox created.
    #[must_use]
    pub fn data(mut self, file: impl Into<PathBuf>) -> Self {
        self.data = Some(file.into());
        self
    }

    /// Sets the clock of the sandbox. To change the time later, keep a clone of the clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the lifetime of a token. The default is 24 hours.
    #[must_use]
    pub fn token_life(mut self, life: Duration) -> Self {
        self.times.token_life = life;
        self
    }

    /// Sets how long the password of a DCS instance stays locked after five wrong old passwords in a row. The same time
    /// applies to the password of an account of the instance. The default is 5 minutes.
    #[must_use]
    pub fn lock_time(mut self, time: Duration) -> Self {
        self.times.lock = time;
        self
    }

    /// Sets how long a change of a DCS instance takes, such as its creation, restart or deletion. Background jobs take
    /// the same time. During the creation, for example, the instance has the status `CREATING`. By default, changes
    /// take no time.
    #[must_use]
    pub fn change_time(mut self, time: Duration) -> Self {
        self.times.change = time;
        self
    }

    /// Makes the sandbox answer each valid request to a service with the documented example. The sandbox then stores
    /// no data of this service. The sandbox still checks credentials and limits.
    #[must_use]
    pub fn examples(mut self, service: Service) -> Self {
        self.examples.push(service);
        self
    }

    /// Sets the longest time that the sandbox waits for a client. The limit applies separately to each phase: an idle
    /// connection, the sending of a request, and the reading of an answer. After this time, the sandbox closes the
    /// connection. The default is one minute.
    #[must_use]
    pub fn patience(mut self, time: Duration) -> Self {
        self.times.patience = time;
        self
    }

    /// Sets the name of the project. The sandbox uses this name only for a new database.
    #[must_use]
    pub fn project_name(mut self, name: impl Into<String>) -> Self {
        self.names.project = name.into();
        self
    }

    /// Sets the name of the domain (the account). The sandbox uses this name only for a new database.
    #[must_use]
    pub fn domain_name(mut self, name: impl Into<String>) -> Self {
        self.names.domain = name.into();
        self
    }

    /// Sets the name of the user. The sandbox uses this name only for a new database.
    #[must_use]
    pub fn user_name(mut self, name: impl Into<String>) -> Self {
        self.names.user = name.into();
        self
    }

    /// Sets the password of the user. By default, the sandbox generates a password. The sandbox uses this option only
    /// for a new database.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets the kind of address that clients get for a service. The default is plain HTTP.
    #[must_use]
    pub fn entrance(mut self, service: Service, entrance: Entrance) -> Self {
        for (known, own) in Service::ALL.into_iter().zip(&mut self.entrances) {
            if known == service {
                *own = entrance;
            }
        }
        self
    }

    /// Injects a fault from the start, like the option `--fault` of the program.
    /// [`Sandbox::faults`](crate::Sandbox::faults) injects faults while the sandbox runs.
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
