//! The page: files that are part of the executable.

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

use super::answer::tagged;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/page/dist");

/// A file, or the page itself for the addresses that it shows.
pub(super) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let is_view = path.is_empty() || path == "pipeline" || path.starts_with("incidents/");
    let name = if is_view { "index.html" } else { path };
    match FILES.get_file(name) {
        Some(file) => tagged(&headers, file.contents(), kind(name)),
        None => (StatusCode::NOT_FOUND, "no such page\n").into_response(),
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
