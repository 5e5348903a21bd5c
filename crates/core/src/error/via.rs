//! The proxy that an error names.

use std::fmt;

/// A proxy in the form that may be shown: without user and password.
#[derive(Debug)]
pub(crate) struct Via {
    /// `http://proxy.example.com:3128`
    pub address: String,
    /// The environment variable with the proxy. None if the program gave the proxy.
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
