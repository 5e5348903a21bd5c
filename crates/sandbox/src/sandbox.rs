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

/// How long [`Sandbox::shutdown`] waits for requests that are under way.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running sandbox: a server for each service, in tasks of the runtime that started it.
///
/// Dropping it stops the servers, without waiting for them; [`shutdown`](Sandbox::shutdown) waits.
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
    /// Starts the sandbox: the same as [`Sandbox::start`].
    ///
    /// # Errors
    /// As [`Sandbox::start`].
    pub async fn start(self) -> Result<Sandbox, StartError> {
        Sandbox::start(self).await
    }
}

impl Sandbox {
    /// Options to be changed and [started](Options::start).
    pub fn builder() -> Options {
        Options::default()
    }

    /// Starts the servers; when it returns, they answer.
    ///
    /// # Errors
    /// The address cannot be used, or other machines reach it and this is not allowed. The data file cannot be used; it
    /// is not changed. A given name is empty.
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

    /// Addresses, names and credentials that a client needs.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// Faults that change requests and answers.
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// How often an operation was called. Refused calls count as well. The name is the `operationId` of the API
    /// document, such as `create_token`.
    pub fn requests_seen(&self, operation: &str) -> u64 {
        self.state.counted(operation)
    }

    /// Whether a device can log in to a ROMA Connect instance with a user name and a password: its own, or those of its
    /// product. If the database fails, it is false, and the failure is logged.
    pub fn device_login(&self, instance_id: &str, user_name: &str, password: &str) -> bool {
        logged(device_and_cache_login::device(
            &self.state,
            instance_id,
            user_name,
            password,
        ))
    }

    /// Whether a DCS instance accepts this password. An instance with password-free access accepts any password. If the
    /// database fails, it is false, and the failure is logged.
    pub fn dcs_login(&self, instance_id: &str, password: &str) -> bool {
        logged(device_and_cache_login::dcs(
            &self.state,
            instance_id,
            password,
        ))
    }

    /// Puts a DCS instance into any documented status, such as `ERROR`, at once. What was under way, such as a restart, ends.
    ///
    /// # Errors
    /// When the status is not documented, or there is no such instance; when the database fails.
    pub fn put_dcs_status(&self, instance_id: &str, status: &str) -> Result<(), StatusError> {
        device_and_cache_login::put_status(&self.state, instance_id, status)
    }

    /// Connects a device, or cuts it off. Commands that wait for a device are carried out when it comes online. It is
    /// false if there is no such device.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_device_online(&self, device_id: u64, online: bool) -> Result<bool, DatabaseError> {
        Ok(shadows::connect(&self.state, device_id, online)?)
    }

    /// Lets a device report values of a service's properties, by name. The device's shadow shows them.
    ///
    /// Returns false if the device does not exist, or its product has no such service. Returns false, too, if the
    /// service has none of the properties.
    ///
    /// # Errors
    /// When the database fails.
    pub fn report_properties(
        &self,
        device_id: u64,
        service_id: u64,
        values: &[(&str, &str)],
    ) -> Result<bool, DatabaseError> {
        let reported = shadows::report_values(&self.state, device_id, service_id, values);
        Ok(reported?)
    }

    /// Changes the password of the user. At once, the tokens that were made with the old one, and the temporary keys, are refused.
    ///
    /// [`details`](Sandbox::details) keeps showing the password of the start; the next start with the same data file shows the new one.
    ///
    /// # Errors
    /// When the database fails; then nothing has changed.
    pub fn change_user_password(&self, password: &str) -> Result<(), DatabaseError> {
        Ok(device_and_cache_login::change_user_password(
            &self.state,
            password,
        )?)
    }

    /// Stops listening, lets the requests under way end (for at most five seconds), and closes the database.
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
            tracing::warn!("some requests did not end in time and are given up");
        }
        servers.shutdown().await;
        // The tasks of connections release the database a moment after they end. A second start on the same file needs
        // the database closed.
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
            "the {name} is empty; leave it out for the default"
        ))),
        None if options.password.as_deref() == Some("") => Err(StartError::Option(
            "the password is empty; leave it out for a random one".into(),
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
        tracing::error!(%error, "a login could not be tried");
        false
    })
}
