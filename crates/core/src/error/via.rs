//! The proxy that an error names.

use std::fmt;

/// A proxy, as people may see it: without user and password.
#[derive(Debug)]
pub(crate) struct Via {
    /// `http://proxy.example.com:3128`
    pub address: String,
    /// The variable that names it; None if the program does.
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
