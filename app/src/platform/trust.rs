//! Which servers are trusted: those that Mozilla's list of authorities vouches for, and those of the house's own.

use std::sync::Arc;

use anyhow::Context;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::settings::Settings;

/// How connections to other servers are protected.
///
/// # Errors
///
/// If the file of `--trusted-ca` cannot be read.
pub fn trust(settings: &Settings) -> anyhow::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = &settings.trusted_ca {
        let read = || format!("cannot read the certificates of --trusted-ca {}", file.display());
        let own = CertificateDer::pem_file_iter(file).with_context(read)?;
        for certificate in own {
            roots.add(certificate.with_context(read)?).with_context(read)?;
        }
    }
    Ok(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
}
