//! Ids derived from content: the same article has the same id wherever and whenever it is read.

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::{Content, EventType, RawArticle};

/// The article's id: the given one, else a digest of the canonical URL, else of the text.
pub fn article_id(raw: &RawArticle) -> String {
    if let Some(id) = &raw.id {
        return id.clone();
    }
    if let Some(url) = &raw.url {
        return format!("url-{:032x}", xxh3_128(canonical_url(url).as_bytes()));
    }
    format!("text-{}", text_version(raw))
}

/// The id of a feed's item that is no address: the item's own id within `scope`, the host of the feed; empty where the
/// item's id is unique in the world.
pub fn feed_item_id(scope: &str, item: &str) -> String {
    let mut hasher = Xxh3::new();
    for part in [scope, item] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("feed-{:032x}", hasher.digest128())
}

/// Whether another text could come under the same id: only then can there be a correction.
pub fn can_be_corrected(article_id: &str) -> bool {
    !article_id.starts_with("text-")
}

/// Digest of the article's text, 32 hexadecimal digits; a correction has another one.
pub fn text_version(raw: &RawArticle) -> String {
    let mut hasher = Xxh3::new();
    let mut feed = |name: &str, text: &str| {
        hasher.update(name.as_bytes());
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    match raw.content() {
        Ok(Content::Body { title, body }) => {
            feed("title", title);
            feed("body", body);
        }
        Ok(Content::Text(text)) => feed("text", text),
        Ok(Content::Html(html)) => {
            if let Some(title) = &raw.title {
                feed("title", title);
            }
            feed("html", html);
        }
        Ok(Content::Withdrawn) | Err(_) => {}
    }
    format!("{:032x}", hasher.digest128())
}

/// The event's id from what it rests on; `ordinal` tells apart events that rest on the same passage.
pub fn event_id(article_id: &str, event_type: EventType, passage: &str, ordinal: usize) -> String {
    let mut hasher = Xxh3::new();
    for part in [article_id.as_bytes(), event_type.code().as_bytes(), passage.as_bytes()] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.update(&(ordinal as u64).to_le_bytes());
    format!("{:032x}", hasher.digest128())
}

/// The URL without what does not change the article: fragment, tracking parameters, trailing slash, case of
/// scheme and host, default port, a leading `www.`.
pub fn canonical_url(url: &str) -> String {
    let url = url.trim();
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let (address, query) = url.split_once('?').map_or((url, ""), |(a, q)| (a, q));
    let (host, path) = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or((rest, ""), |(h, p)| (h, p)),
        None => address.split_once('/').map_or((address, ""), |(h, p)| (h, p)),
    };
    let host = host.to_ascii_lowercase();
    let host = host.trim_end_matches(":80").trim_end_matches(":443");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut kept: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !is_tracking(p)).collect();
    kept.sort_unstable();
    let mut canonical = format!("{host}/{}", path.trim_end_matches('/'));
    if !kept.is_empty() {
        canonical.push('?');
        canonical.push_str(&kept.join("&"));
    }
    canonical
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_")
        || matches!(name.as_str(), "fbclid" | "gclid" | "igshid" | "mc_cid" | "mc_eid" | "ref")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_given_id_wins_then_the_url_then_the_text() {
        let mut raw = RawArticle { body: Some("words".into()), ..RawArticle::default() };
        let by_text = article_id(&raw);
        assert!(by_text.starts_with("text-") && !can_be_corrected(&by_text));
        raw.url = Some("https://www.Example.com/a/?utm_source=x&b=1#top".into());
        let by_url = article_id(&raw);
        assert!(by_url.starts_with("url-") && can_be_corrected(&by_url));
        raw.id = Some("given".into());
        assert_eq!(article_id(&raw), "given");
    }

    #[test]
    fn one_page_has_one_canonical_url() {
        let canonical = canonical_url("https://www.Example.com:443/a/?utm_source=x&c=2&b=1#top");
        assert_eq!(canonical, "example.com/a?b=1&c=2");
        assert_eq!(canonical_url("http://example.com/a?c=2&b=1"), canonical);
        assert_ne!(canonical_url("http://example.com/b"), canonical);
    }

    #[test]
    fn another_text_is_another_version() {
        let version = |title: &str, body: &str| {
            text_version(&RawArticle {
                title: Some(title.into()),
                body: Some(body.into()),
                ..RawArticle::default()
            })
        };
        assert_ne!(version("ab", "c"), version("a", "bc"));
        assert_eq!(version("a", "b"), version("a", "b"));
    }
}
