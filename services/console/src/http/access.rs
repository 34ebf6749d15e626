//! Who may ask, what, and how often.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siaga_runtime::config::Secret;
use subtle::ConstantTimeEq;

use super::answer::Problem;
use super::{Console, Limits};

/// Callers whose rates are remembered before those that are idle are forgotten.
const REMEMBERED: usize = 10_000;

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and decides.
    Operator,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Caller {
    /// Name of the token; none where none was asked for.
    pub name: Option<String>,
    /// What the caller may do.
    pub role: Role,
}

/// A token and what it is good for.
#[derive(Debug)]
pub struct Token {
    /// Whose it is: it stands in the records of decisions.
    pub name: String,
    /// What it is good for.
    pub role: Role,
    /// The token.
    pub token: Secret,
}

/// Who may ask.
#[derive(Debug, Default)]
pub struct Access {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// Whether everybody may read.
    pub anonymous: bool,
    /// Names by which who has no token may call the console, beside `localhost` and addresses.
    pub hosts: Vec<String>,
}

/// A file of tokens that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTokens {
    /// It is no TOML, or holds other keys.
    #[error("{0}")]
    Form(String),
    /// A token is too short to be one.
    #[error("token of `{0}` has fewer than 16 characters")]
    Short(String),
    /// Two tokens have a name, or no name.
    #[error("name `{0}` is empty or given twice")]
    Name(String),
}

impl Access {
    /// Reads `[[token]]` tables with `name`, `role` (`viewer` or `operator`) and `token`.
    ///
    /// # Errors
    /// Where the file holds anything else. No token is quoted.
    pub fn read(text: &str, anonymous: bool) -> Result<Self, InvalidTokens> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Entry {
            name: String,
            role: Role,
            token: String,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(default)]
            token: Vec<Entry>,
        }
        // Only the message: what it shows of the file may be a token.
        let file: File = toml::from_str(text)
            .map_err(|error: toml::de::Error| InvalidTokens::Form(error.message().to_owned()))?;
        let mut access = Self { tokens: Vec::new(), anonymous, hosts: Vec::new() };
        for Entry { name, role, token } in file.token {
            if token.trim().chars().count() < 16 {
                return Err(InvalidTokens::Short(name));
            }
            if name.trim().is_empty() || access.tokens.iter().any(|known| known.name == name) {
                return Err(InvalidTokens::Name(name));
            }
            access.tokens.push(Token { name, role, token: Secret::new(token.trim().to_owned()) });
        }
        Ok(access)
    }

    /// Who asks. A wrong token is refused even where none is needed.
    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let Some(given) = headers.get(header::AUTHORIZATION) else {
            if !self.anonymous {
                return Err(Problem::Unauthorized);
            }
            let everybody = Caller { name: None, role: Role::Viewer };
            return if self.is_called_so(headers) { Ok(everybody) } else { Err(Problem::Misdirected) };
        };
        let (scheme, given) =
            given.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Problem::Unauthorized)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Problem::Unauthorized);
        }
        // All are compared, so that the time tells nothing of which is nearly right.
        let given = given.trim().as_bytes();
        let found = self.tokens.iter().fold(None, |found, known| {
            let is_right = bool::from(known.token.expose().as_bytes().ct_eq(given));
            if is_right { Some(known) } else { found }
        });
        let known = found.ok_or(Problem::Unauthorized)?;
        Ok(Caller { name: Some(known.name.clone()), role: known.role })
    }
}

impl Access {
    /// Whether the request names the console as it is called. A page elsewhere can let its own name lead to this address
    /// and read what needs no token; it cannot name an address, or a name that is not its own.
    fn is_called_so(&self, headers: &HeaderMap) -> bool {
        // Every browser says whom it calls.
        let Some(host) = headers.get(header::HOST) else { return true };
        let Ok(Ok(authority)) = host.to_str().map(str::parse::<Authority>) else { return false };
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        name.parse::<IpAddr>().is_ok() || is("localhost") || self.hosts.iter().any(|known| is(known))
    }
}

/// How often a caller may ask.
#[derive(Debug)]
pub(super) struct Rate(DefaultKeyedRateLimiter<String>);

impl Rate {
    pub(super) fn new(limits: Limits) -> Self {
        let positive = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(positive(limits.requests_per_second));
        Self(RateLimiter::keyed(quota.allow_burst(positive(limits.burst))))
    }

    fn check(&self, key: &str) -> Result<(), Problem> {
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(&key.to_owned()).map_err(|_| Problem::TooMany)
    }
}

/// Lets a request through whose caller may ask. Addresses that bring wrong tokens are slowed down too.
pub(super) async fn admit(State(console): State<Console>, mut request: Request, next: Next) -> Response {
    let inner = &console.inner;
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = address.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string());
    let caller = inner.access.caller(request.headers());
    let key = match &caller {
        Ok(Caller { name: Some(name), .. }) => format!("token {name}"),
        _ => address,
    };
    let (began, path) = (Instant::now(), request.extensions().get::<MatchedPath>().cloned());
    let admitted = inner.rate.check(&key).and(caller);
    let response = match admitted {
        Ok(_) if !inner.model.is_complete() => Problem::Incomplete.into_response(),
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    let path = path.as_ref().map_or("other", MatchedPath::as_str);
    inner.metrics.answered(path, response.status().as_str(), began.elapsed());
    response
}
