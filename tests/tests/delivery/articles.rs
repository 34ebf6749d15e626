//! Numbered articles: short, so that many pass in a short time; each third one tells of an event.

use serde_json::json;

/// Two articles have one id: the second one corrects the first.
pub(crate) const VERSIONS: usize = 2;

/// The id of an article, the key of all its records.
pub(crate) fn id(number: usize) -> String {
    format!("delivery-{:06}", number / VERSIONS)
}

/// The article as JSON. Its number passes through to the enriched one.
pub(crate) fn article(number: usize) -> Vec<u8> {
    let body = match number % 3 {
        0 => format!(
            "At least {} people were killed when a car bomb exploded at a market in Quetta, police said.",
            number % 17 + 2
        ),
        1 => {
            format!("Petani di Ende menunggu hujan pertama sejak {} hari, kata kepala desa.", number % 90 + 2)
        }
        _ => format!(
            "Teachers asked for classes of at most {} children when the council met.",
            number % 30 + 10
        ),
    };
    let article = json!({
        "id": id(number),
        "url": format!("https://news.example/{number}"),
        "publisher": "Example Wire",
        "published_at": "2026-06-01T08:00:00+07:00",
        "title": format!("Report {number}"),
        "body": body,
        "number": number,
    });
    article.to_string().into_bytes()
}
