//! The proxy that an error shows.

use std::fmt;

/// A proxy address that errors can show: the address contains no user and no password.
#[derive(Debug)]
pub(crate) struct Via {
    /// The address, such as `http://proxy.example.com:3128`.
    pub address: String,
    /// The environment variable that sets the proxy. `None` if the program set the proxy.
    pub variable: Option<&'static str>,
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)?;
        match self.variable {
            Some(variable) => write!(f, " of {variable}"),
            None => Ok(()),
        }
    }
}
