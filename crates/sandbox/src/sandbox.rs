use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::behaviour::shadows;
use crate::listen::{addresses, listen};
use crate::openapi::Document;
use crate::options::Options;
use crate::server::{self, Served};
use crate::state::State;
use crate::store::Store;
#[cfg(feature = "tls")]
use crate::tls;
use crate::{
    Addresses, DatabaseError, Details, Faults, Service, StartError, StatusError, Tenant,
    device_and_cache_login,
};

/// How long [`Sandbox::shutdown`] waits for requests in progress.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running sandbox. It has a server for each service. The servers are tasks of the Tokio runtime in which the program
/// called [`start`](Sandbox::start).
///
/// If the program drops a `Sandbox`, the servers stop a little later. To wait until they have stopped, call
/// [`shutdown`](Sandbox::shutdown).
pub struct Sandbox {
    state: Arc<State>,
    details: Details,
    stop: watch::Sender<()>,
    servers: JoinSet<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// Starts a sandbox with these options, like [`Sandbox::start`].
    ///
    /// # Errors
    /// See [`Sandbox::start`].
    pub async fn start(self) -> Result<Sandbox, StartError> {
        Sandbox::start(self).await
    }
}

impl Sandbox {
    /// Returns the default options. A caller can change the options, and then [start](Options::start) the sandbox.
    pub fn builder() -> Options {
        Options::default()
    }

    /// Starts the servers. When this method returns a sandbox, the servers answer requests.
    ///
    /// # Errors
    /// Returns an error in these cases:
    /// * The sandbox cannot listen on the address and a port.
    /// * Other machines can reach the address, and the options do not allow this.
    /// * The sandbox cannot use the data file. If this version of the sandbox cannot read the file, the file stays
    ///   unchanged.
    /// * A name or the password in the options is empty.
    /// * The database or TLS fails, or the sandbox cannot use a built-in OpenAPI document.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        check(&options)?;
        #[cfg_attr(not(feature = "tls"), expect(unused_mut))]
        let mut sockets = listen(&options).await?;
        let addresses = addresses(&sockets);
        #[cfg(feature = "tls")]
        let (fronts, ca_certificate) = tls::fronts(options.entrances, &mut sockets).await?;
        #[cfg(not(feature = "tls"))]
        let ca_certificate = None;
        let prepared = tokio::task::spawn_blocking(move || prepare(&options, addresses));
        let (state, documents) = prepared
            .await
            .map_err(|error| StartError::Database(error.to_string()))??;
        let (stop, stopped) = watch::channel(());
        let mut servers = JoinSet::new();
        for (socket, document) in sockets.into_iter().zip(documents) {
            let served = Served {
                document: Arc::new(document),
                state: Arc::clone(&state),
            };
            servers.spawn(server::serve(socket.listener, served, stopped.clone()));
        }
        #[cfg(feature = "tls")]
        for front in fronts {
            servers.spawn(front.serve(stopped.clone()));
        }
        Ok(Self {
            details: Details {
                ca_certificate,
                ..state.details()
            },
            state,
            stop,
            servers,
        })
    }

    /// Returns the addresses, names and credentials that a client needs.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// Returns the faults of this sandbox. A caller can inject faults that change requests and answers.
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// Returns how often clients called an operation. Refused calls count, too. A request with a wrong header `Host` or
    /// a wrongly repeated header does not count. A request with a body that is too large or unreadable does not count
    /// either. `operation` is the `operationId` in the OpenAPI document, such as `create_token`.
    pub fn requests_seen(&self, operation: &str) -> u64 {
        self.state.counted(operation)
    }

    /// Whether a ROMA Connect instance accepts a user name and a password for the login of a device. The instance
    /// accepts the user name and the password of each of its devices and products. If the database fails, the method
    /// logs the error and returns `false`.
    pub fn device_login(&self, instance_id: &str, user_name: &str, password: &str) -> bool {
        logged(device_and_cache_login::device(
            &self.state,
            instance_id,
            user_name,
            password,
        ))
    }

    /// Whether a DCS instance accepts this password. An instance with password-free access accepts any password. For an
    /// account of the instance, `password` has the form `name:password`. If the database fails, the method logs the
    /// error and returns `false`.
    pub fn dcs_login(&self, instance_id: &str, password: &str) -> bool {
        logged(device_and_cache_login::dcs(
            &self.state,
            instance_id,
            password,
        ))
    }

    /// Sets a DCS instance to any documented status, such as `ERROR`, at once. If a change is in progress, such as a
    /// restart, the change has no further effect on the instance.
    ///
    /// # Errors
    /// Returns an error if the status is not documented, the instance does not exist, or the database fails.
    pub fn put_dcs_status(&self, instance_id: &str, status: &str) -> Result<(), StatusError> {
        device_and_cache_login::put_status(&self.state, instance_id, status)
    }

    /// Sets a device online or offline. When a device comes online, the sandbox executes the commands that wait for the
    /// device. Returns `false` if the device does not exist.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub fn put_device_online(&self, device_id: u64, online: bool) -> Result<bool, DatabaseError> {
        Ok(shadows::connect(&self.state, device_id, online)?)
    }

    /// Makes a device report values for properties of a service. Each element of `values` contains the name and the
    /// value of a property. The sandbox stores the values in the device's shadow (its last reported values). The
    /// sandbox ignores unknown properties.
    ///
    /// Returns `false` if the device does not exist, or if the device's product does not have the service. Also returns
    /// `false` if the service has none of the properties.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub fn report_properties(
        &self,
        device_id: u64,
        service_id: u64,
        values: &[(&str, &str)],
    ) -> Result<bool, DatabaseError> {
        let reported = shadows::report_values(&self.state, device_id, service_id, values);
        Ok(reported?)
    }

    /// Changes the password of the user. The user's tokens and temporary access keys become invalid at once.
    ///
    /// [`details`](Sandbox::details) still returns the password that the user had at the start of the sandbox. If a
    /// sandbox later starts with the same data file, the details of the later sandbox contain the new password.
    ///
    /// # Errors
    /// Returns an error if the database fails. In this case, the password does not change.
    pub fn change_user_password(&self, password: &str) -> Result<(), DatabaseError> {
        Ok(device_and_cache_login::change_user_password(
            &self.state,
            password,
        )?)
    }

    /// Stops listening, waits for requests in progress for at most five seconds, and closes the database.
    pub async fn shutdown(self) {
        let Self {
            state,
            stop,
            mut servers,
            ..
        } = self;
        let deadline = Instant::now() + PATIENCE;
        drop(stop);
        if timeout(PATIENCE, async {
            while servers.join_next().await.is_some() {}
        })
        .await
        .is_err()
        {
            tracing::warn!("some requests did not end in time; the sandbox stops them");
        }
        servers.shutdown().await;
        // The task of a connection releases the database a moment after the connection ends. A sandbox can open the
        // same file again only after the database is closed.
        while Arc::strong_count(&state) > 1 && Instant::now() < deadline {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

fn check(options: &Options) -> Result<(), StartError> {
    if !options.listen.is_loopback() && !options.allow_remote {
        return Err(StartError::NotLoopback(options.listen));
    }
    let names = &options.names;
    let given = [
        ("project name", &names.project),
        ("domain name", &names.domain),
        ("user name", &names.user),
    ];
    match given.iter().find(|(_, value)| value.is_empty()) {
        Some((name, _)) => Err(StartError::Option(format!(
            "the {name} is empty; omit it for the default"
        ))),
        None if options.password.as_deref() == Some("") => Err(StartError::Option(
            "the password is empty; omit it for a random one".into(),
        )),
        None => Ok(()),
    }
}

fn prepare(
    options: &Options,
    addresses: Addresses,
) -> Result<(Arc<State>, Vec<Document>), StartError> {
    let documents = Service::ALL.map(|service| Document::load(service, service.document()));
    let mut documents = documents.into_iter().collect::<Result<Vec<_>, _>>()?;
    for document in &mut documents {
        document.examples_only = options.examples.contains(&document.service);
    }
    let store = Store::open(options.data.as_deref())?;
    let tenant: Tenant = store.tenant(&options.names, options.password.as_deref())?;
    let user_id = store.user_id(&tenant)?;
    let state = State::new(
        store,
        options.clock.clone(),
        options.times,
        tenant,
        user_id,
        addresses,
    );
    for (service, fault, times) in &options.faults {
        state.faults.add(*service, *fault, *times);
    }
    Ok((Arc::new(state), documents))
}

fn logged(outcome: Result<bool, crate::store::StoreError>) -> bool {
    outcome.unwrap_or_else(|error| {
        tracing::error!(%error, "a login could not be checked");
        false
    })
}
