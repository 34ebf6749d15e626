//! Signs what webhooks are told, by the scheme of Standard Webhooks: HMAC-SHA256 over id, timestamp and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use siaga_runtime::config::Secret;

/// Least bytes of a key, as Standard Webhooks asks for.
const SHORTEST: usize = 24;

/// The key that a receiver has as well.
#[derive(Clone)]
pub(crate) struct Key(Hmac<Sha256>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Key {
    /// Reads a secret as Standard Webhooks writes it, `whsec_` and Base64.
    pub(crate) fn new(secret: &Secret) -> Result<Self, String> {
        let text = secret.expose();
        let encoded = text.strip_prefix("whsec_").ok_or("expected `whsec_` and Base64 behind it")?;
        // What is quoted might be the secret.
        let bytes = STANDARD.decode(encoded).map_err(|_| "expected Base64 behind `whsec_`")?;
        if bytes.len() < SHORTEST {
            return Err(format!("has {} bytes, fewer than {SHORTEST}", bytes.len()));
        }
        let mac = Hmac::new_from_slice(&bytes).map_err(|error| error.to_string())?;
        Ok(Self(mac))
    }

    /// The value of `webhook-signature`.
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_standard_s_own_example() {
        let key = Key::new(&Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into())).unwrap();
        let signature = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn refuses_what_is_no_key_without_showing_it() {
        for secret in ["hunter2", "whsec_hunter2!", "whsec_c2hvcnQ="] {
            let error = Key::new(&Secret::new(secret.into())).unwrap_err();
            assert!(!error.contains("hunter2") && !error.contains("short"), "{error}");
        }
    }
}
