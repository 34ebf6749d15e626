//! Fetching a feed: conditional, bounded, and only from addresses that are allowed.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use reqwest::{Response, StatusCode, Url, redirect};
use siaga_outbound::{Forbidden, Guard};

use super::{dates, list};

const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, \
     application/json;q=0.8, */*;q=0.1";

/// What a fetch is bounded by.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// Longest time for an answer with its body.
    pub timeout: Duration,
    /// Largest body, in bytes, after decompression.
    pub largest_body: usize,
    /// Most redirects.
    pub redirects: usize,
}

/// What a server calls the state of a feed, to ask for changes only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validators {
    /// The address that answered; another one's may look the same and mean something else.
    url: Url,
    etag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    /// Nothing is new.
    Unchanged,
    /// The feed.
    Document(Box<Document>),
}

/// A feed as it was answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// The address that answered.
    pub url: Url,
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
    /// For the next time.
    pub validators: Option<Validators>,
}

/// Why a feed is not fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("host cannot be reached: {0}")]
    Unreachable(String),
    #[error("no answer within `feeds.timeout`, {0:?}")]
    Timeout(Duration),
    #[error("answered {status}")]
    Status {
        status: StatusCode,
        /// What the server asks to wait.
        retry_after: Option<Duration>,
    },
    #[error("redirected {0}")]
    Redirect(String),
    #[error("takes more than `feeds.max_body_bytes`, {0} bytes")]
    TooLarge(usize),
    #[error("answer broke off: {0}")]
    Broken(String),
}

impl Error {
    /// A name of the reason that stays the same.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden_address",
            Self::Unreachable(_) => "unreachable",
            Self::Timeout(_) => "timeout",
            Self::Status { .. } => "status",
            Self::Redirect(_) => "redirect",
            Self::TooLarge(_) => "too_large",
            Self::Broken(_) => "broken",
        }
    }
}

/// Fetches feeds.
#[derive(Clone, Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    guard: Guard,
    limits: Limits,
}

impl Client {
    /// Sets it up; nothing is connected.
    pub(super) fn new(guard: Guard, limits: Limits, user_agent: &str) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(ACCEPTED))]))
            .timeout(limits.timeout)
            // Each hop is looked at here.
            .redirect(redirect::Policy::none())
            .referer(false)
            // A proxy would resolve names by itself.
            .no_proxy()
            .dns_resolver(Arc::new(guard.clone()))
            // A feed is asked for once in minutes.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { http, guard, limits })
    }

    /// Fetches a feed, or hears that it is as it was when `known` was told.
    pub(super) async fn fetch(&self, url: &Url, known: Option<&Validators>) -> Result<Fetched, Error> {
        let fetched = tokio::time::timeout(self.limits.timeout, self.follow(url, known));
        fetched.await.unwrap_or(Err(Error::Timeout(self.limits.timeout)))
    }

    async fn follow(&self, url: &Url, known: Option<&Validators>) -> Result<Fetched, Error> {
        let mut url = url.clone();
        for _ in 0..=self.limits.redirects {
            self.guard.check(&url)?;
            let response = self.ask(&url, known).await?;
            match response.status() {
                StatusCode::OK => return self.read(url, response).await,
                StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Fetched::Unchanged),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => url = target(&url, &response)?,
                status => return Err(Error::Status { status, retry_after: retry_after(response.headers()) }),
            }
        }
        Err(Error::Redirect(format!(
            "more than {} times, as `feeds.max_redirects` allows",
            self.limits.redirects
        )))
    }

    async fn ask(&self, url: &Url, known: Option<&Validators>) -> Result<Response, Error> {
        let mut request = self.http.get(url.clone());
        if let Some(known) = known.filter(|known| known.url == *url) {
            for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.modified)] {
                request = value.iter().fold(request, |request, value| request.header(&name, value));
            }
        }
        request.send().await.map_err(|error| self.failure(&error))
    }

    async fn read(&self, url: Url, mut response: Response) -> Result<Fetched, Error> {
        let too_large = Error::TooLarge(self.limits.largest_body);
        let header = |name| response.headers().get(name).cloned();
        let (etag, modified) = (header(ETAG), header(LAST_MODIFIED));
        let is_known = etag.is_some() || modified.is_some();
        let validators = is_known.then(|| Validators { url: url.clone(), etag, modified });
        if response.content_length().is_some_and(|length| length > self.limits.largest_body as u64) {
            return Err(too_large);
        }
        let mut bytes = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.failure(&error))? {
            if bytes.len() + piece.len() > self.limits.largest_body {
                return Err(too_large);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Fetched::Document(Box::new(Document { url, bytes, validators })))
    }

    fn failure(&self, error: &reqwest::Error) -> Error {
        let mut words = Vec::new();
        let mut cause = error.source();
        while let Some(error) = cause {
            if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
                return Error::Forbidden(forbidden.clone());
            }
            words.push(error.to_string());
            cause = error.source();
        }
        // The last cause is the one that says something; the library's own words repeat the URL.
        let words = words.pop().unwrap_or_else(|| "no reason given".to_owned());
        match error {
            error if error.is_timeout() => Error::Timeout(self.limits.timeout),
            error if error.is_connect() => Error::Unreachable(words),
            _ => Error::Broken(words),
        }
    }
}

fn target(from: &Url, response: &Response) -> Result<Url, Error> {
    let to = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let to = to.ok_or_else(|| Error::Redirect("nowhere".to_owned()))?;
    let url = from.join(to).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| Error::Redirect(format!("to `{}`, which is no address of HTTP", list::public_name(to))))
}

/// Seconds, or a time.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let millis = dates::moment(text)?.timestamp().as_millisecond() - crate::article::now();
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
}
