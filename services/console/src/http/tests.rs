//! The API as its callers see it: every answer fits the description.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use prometheus::Registry;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::access::Access;
use super::{Console, Limits, openapi};
use crate::decisions::InMemory;
use crate::model::{Bounds, Model};
use crate::samples;

const TOKENS: &str = r#"
[[token]]
name = "ana"
role = "operator"
token = "a-token-of-an-operator"
[[token]]
name = "budi"
role = "viewer"
token = "a-token-of-a-viewer"
"#;

const OPERATOR: Option<&str> = Some("a-token-of-an-operator");
const VIEWER: Option<&str> = Some("a-token-of-a-viewer");

fn console(anonymous: bool, limits: Limits) -> (Console, Arc<Model>) {
    let model = Arc::new(Model::new(Bounds::default()));
    samples::story(&model);
    let access = Access::read(TOKENS, anonymous).unwrap();
    let decisions = Arc::new(InMemory::new(Arc::clone(&model)));
    let stop = CancellationToken::new();
    let console =
        Console::new(Arc::clone(&model), decisions, access, limits, &Registry::new(), stop).unwrap();
    (console, model)
}

async fn ask(
    console: &Console,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<Value>,
) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let response = console.clone().router().oneshot(request.body(body).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
    (status, headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn get(console: &Console, path: &str) -> Value {
    let (status, _, body) = ask(console, "GET", path, VIEWER, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// Checks an answer against the schema that the description has for it.
fn assert_described(path: &str, method: &str, status: StatusCode, headers: &HeaderMap, body: &Value) {
    let document = openapi::openapi();
    let mut response = &document["paths"][path][method]["responses"][status.as_str()];
    assert!(!response.is_null(), "{method} {path} may not answer {status}");
    if let Some(reference) = response["$ref"].as_str() {
        response = document.pointer(reference.trim_start_matches('#')).unwrap();
    }
    let kind = headers["content-type"].to_str().unwrap();
    let mut schema = response["content"][kind]["schema"].clone();
    assert!(schema.is_object(), "{path} {status} {kind}");
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{method} {path} {status}: {errors:#?}");
}

#[tokio::test]
async fn every_answer_fits_the_description() {
    let (console, _) = console(false, Limits::default());
    let id = samples::SEED;
    for (described, path) in [
        ("/incidents", "/incidents?limit=2".to_owned()),
        ("/incidents", "/incidents?type=nonsense".to_owned()),
        ("/incidents", "/incidents?since=soon".to_owned()),
        ("/incidents", "/incidents?colour=red".to_owned()),
        ("/incidents/{id}", format!("/incidents/{id}")),
        ("/incidents/{id}", "/incidents/none".to_owned()),
        ("/incidents/{id}/articles", format!("/incidents/{id}/articles")),
        ("/incidents/{id}/articles", "/incidents/none/articles".to_owned()),
        ("/incidents/{id}/geojson", format!("/incidents/{id}/geojson")),
        ("/geojson", "/geojson?country=KP".to_owned()),
        ("/stats", "/stats?text=rudal".to_owned()),
        ("/flow", "/flow".to_owned()),
        ("/session", "/session".to_owned()),
        ("/openapi.json", "/openapi.json".to_owned()),
    ] {
        let (status, headers, body) = ask(&console, "GET", &path, VIEWER, None).await;
        assert_described(described, "get", status, &headers, &body);
    }
    let decision = json!({"action": "acknowledge", "incident_id": id});
    for (token, decision) in [
        (OPERATOR, decision.clone()),
        (VIEWER, decision.clone()),
        (None, decision.clone()),
        (OPERATOR, json!({"action": "acknowledge", "incident_id": "none"})),
        (OPERATOR, json!({"action": "merge", "incident_id": id, "with": []})),
        (OPERATOR, json!({"action": "paint"})),
    ] {
        let (status, headers, body) = ask(&console, "POST", "/control", token, Some(decision)).await;
        assert_described("/control", "post", status, &headers, &body);
    }
}

#[tokio::test]
async fn every_path_of_the_description_is_there_and_what_a_stream_tells_fits_it() {
    let (console, model) = console(false, Limits::default());
    let document = openapi::openapi();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let asked = path.replace("{id}", samples::SEED);
        for method in methods.as_object().unwrap().keys() {
            let request =
                Request::builder().method(method.to_uppercase().as_str()).uri(format!("/api/v1{asked}"));
            let request = request.header("authorization", format!("Bearer {}", OPERATOR.unwrap()));
            let response =
                console.clone().router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            let expected = if method == "post" { 400 } else { 200 };
            assert_eq!(response.status(), expected, "{method} {path}");
        }
    }
    let mut open = stream(&console, "").await;
    listen(&mut open).await;
    samples::many(&model, 3);
    let (text, _) = listen(&mut open).await;
    let mut schema = document["components"]["schemas"]["Summary"].clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let told: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: {\"incident_id")).collect();
    assert_eq!(told.len(), 3, "{text}");
    for rest in told {
        let summary: Value = serde_json::from_str(&format!("{{\"incident_id{rest}")).unwrap();
        validator.validate(&summary).unwrap();
    }
}

#[tokio::test]
async fn who_has_no_token_reads_only_where_it_is_configured_and_never_decides() {
    let decision = || Some(json!({"action": "acknowledge", "incident_id": samples::SEED}));
    let (closed, _) = console(false, Limits::default());
    assert_eq!(ask(&closed, "GET", "/incidents", None, None).await.0, 401);
    assert_eq!(ask(&closed, "GET", "/incidents", Some("a-token-of-nobody-here"), None).await.0, 401);
    assert_eq!(ask(&closed, "POST", "/control", VIEWER, decision()).await.0, 403);
    let (open, _) = console(true, Limits::default());
    assert_eq!(ask(&open, "GET", "/incidents", None, None).await.0, 200);
    assert_eq!(ask(&open, "GET", "/incidents", Some("a-token-of-nobody-here"), None).await.0, 401);
    assert_eq!(ask(&open, "POST", "/control", None, decision()).await.0, 403);
}

#[tokio::test]
async fn without_a_token_only_names_of_its_own_are_answered() {
    let (mut console, _) = console(true, Limits::default());
    let inner = Arc::get_mut(&mut console.inner).unwrap();
    inner.access.hosts.push("siaga.example.org".to_owned());
    for (host, token, expected) in [
        ("127.0.0.1:8080", None, 200),
        ("[::1]:8080", None, 200),
        ("LocalHost:8080", None, 200),
        ("siaga.example.org", None, 200),
        ("evil.example", None, 421),
        ("127.0.0.1.evil.example:8080", None, 421),
        ("localhost@evil.example", None, 421),
        ("evil.example", VIEWER, 200),
    ] {
        let mut request = Request::builder().uri("/api/v1/session").header("host", host);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = console.clone().router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), expected, "{host}");
    }
}

#[tokio::test]
async fn nothing_is_answered_while_incidents_would_be_left_out() {
    let (console, model) = console(false, Limits::default());
    model.begin();
    for path in ["/incidents", "/stats", "/session", "/stream"] {
        let (status, headers, body) = ask(&console, "GET", path, VIEWER, None).await;
        assert_eq!(status, 503, "{path}");
        assert_described(path, "get", status, &headers, &body);
    }
    model.complete();
    assert_eq!(get(&console, "/incidents").await["matched"], 0);
}

#[tokio::test]
async fn a_merge_is_news_of_every_incident_in_it() {
    let (console, _) = console(false, Limits::default());
    let mut stream = stream(&console, "").await;
    listen(&mut stream).await;
    let merge = json!({"action": "merge", "incident_id": samples::SEED, "with": [samples::CLASH]});
    assert_eq!(ask(&console, "POST", "/control", OPERATOR, Some(merge)).await.0, 202);
    let (text, _) = listen(&mut stream).await;
    for id in [samples::SEED, samples::CLASH] {
        assert!(text.contains(&format!("\"incident_id\":\"{id}\"")), "{text}");
    }
}

#[tokio::test]
async fn metrics_say_what_is_held_and_read() {
    let (registry, model) = (Registry::new(), Arc::new(Model::new(Bounds::default())));
    samples::story(&model);
    model.note_lag(crate::model::Input::Incidents, 7);
    let decisions = Arc::new(InMemory::new(Arc::clone(&model)));
    let access = Access::read(TOKENS, false).unwrap();
    let stop = CancellationToken::new();
    let console = Console::new(model, decisions, access, Limits::default(), &registry, stop).unwrap();
    get(&console, "/incidents").await;
    let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    for line in [
        "siaga_console_incidents 3",
        "siaga_console_articles 5",
        "siaga_console_records_total{topic=\"incidents\"} 3",
        "siaga_articles_total{topic=\"16000000\"} 5",
        "siaga_articles_by_country_total{country=\"KP\"} 3",
        "siaga_console_lag{topic=\"incidents\"} 7",
        "siaga_console_requests_total{status=\"200\"} 1",
        "siaga_console_request_seconds_count{path=\"/api/v1/incidents\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
}

#[tokio::test]
async fn a_decision_shows_in_the_incident_and_can_be_taken_back() {
    let (console, _) = console(false, Limits::default());
    let path = format!("/incidents/{}", samples::SEED);
    let decide = async |undone: bool| {
        let body = json!({"action": "acknowledge", "incident_id": samples::SEED, "undone": undone});
        assert_eq!(ask(&console, "POST", "/control", OPERATOR, Some(body)).await.0, 202);
        get(&console, &path).await["summary"]["operator"]["acknowledged_by"].clone()
    };
    assert_eq!(decide(false).await, "ana");
    assert_eq!(decide(true).await, Value::Null);
    assert_eq!(get(&console, &path).await["decisions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn cursors_lead_through_all_incidents_once_in_order() {
    let (console, model) = console(false, Limits::default());
    samples::many(&model, 500);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(&console, &format!("/incidents?limit=7&cursor={cursor}")).await;
        for item in page["items"].as_array().unwrap() {
            seen.push((item["last_report_at"].as_str().unwrap().to_owned(), item["incident_id"].to_string()));
        }
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), model.held());
    assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>().len(), seen.len());
    let moments: Vec<siaga_schemas::Moment> = seen.iter().map(|(at, _)| at.parse().unwrap()).collect();
    assert!(moments.is_sorted_by(|a, b| a.timestamp() >= b.timestamp()));
}

#[tokio::test]
async fn filters_let_through_what_they_say() {
    let (console, _) = console(false, Limits::default());
    let ids = async |query: &str| -> Vec<String> {
        let page = get(&console, &format!("/incidents?{query}")).await;
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["incident_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("type=missile_test&country=KP").await, [samples::SEED]);
    assert_eq!(ids("text=RUDAL%20korut").await, [samples::SEED]);
    assert_eq!(ids("text=%EB%8F%99%ED%95%B4").await, [samples::SEED]);
    assert_eq!(ids("severity=info,critical").await, [samples::CLASH]);
    assert_eq!(ids("confirmation=contested").await, [samples::CLASH]);
    assert!(ids("until=2001-01-01T00:00:00Z").await.is_empty());
    assert_eq!(ids("since=2001-01-01T00:00:00Z").await.len(), 3);
}

#[tokio::test]
async fn what_is_known_already_is_not_sent_again() {
    let (console, _) = console(false, Limits::default());
    let (_, headers, _) = ask(&console, "GET", "/incidents", VIEWER, None).await;
    let request = Request::builder()
        .uri("/api/v1/incidents")
        .header("authorization", format!("Bearer {}", VIEWER.unwrap()))
        .header("if-none-match", &headers["etag"]);
    let response = console.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 304);
}

#[tokio::test]
async fn who_asks_too_often_is_asked_to_come_again() {
    let limits = Limits { requests_per_second: 1, burst: 2, streams: 1 };
    let (console, _) = console(false, limits);
    for expected in [200, 200, 429] {
        let (status, headers, body) = ask(&console, "GET", "/session", VIEWER, None).await;
        assert_eq!(status, expected);
        assert_described("/session", "get", status, &headers, &body);
    }
    assert_eq!(ask(&console, "GET", "/session", OPERATOR, None).await.0, 200);
}

/// Reads a stream until its next `position`, and gives its text and that position.
async fn listen(body: &mut Body) -> (String, String) {
    let mut text = String::new();
    while !text.contains("event: position") && !text.contains("event: reset") {
        let frame = body.frame().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    let id = text.lines().rev().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    (text, id)
}

async fn stream(console: &Console, last: &str) -> Body {
    let request = Request::builder()
        .uri("/api/v1/stream")
        .header("authorization", format!("Bearer {}", VIEWER.unwrap()))
        .header("last-event-id", last);
    console.clone().router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_body()
}

#[tokio::test]
async fn a_stream_that_breaks_goes_on_without_loss_even_at_another_replica() {
    let (console, model) = console(false, Limits::default());
    let mut first = stream(&console, "").await;
    let (_, position) = listen(&mut first).await;
    drop(first);
    samples::many(&model, 50);
    let mut second = stream(&console, &position).await;
    let (text, after) = listen(&mut second).await;
    assert_eq!(text.matches("event: incident").count(), 50);
    let (replica, model) = self::console(false, Limits::default());
    samples::many(&model, 51);
    let (text, _) = listen(&mut stream(&replica, &after).await).await;
    assert_eq!(text.matches("event: incident").count(), 1);
}

#[tokio::test]
async fn a_stream_of_another_log_is_told_to_begin_anew() {
    let (console, _) = console(false, Limits::default());
    for last in ["p1~i0.3.00000000", "no position"] {
        let (text, _) = listen(&mut stream(&console, last).await).await;
        assert!(text.contains("event: reset"), "{text}");
    }
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let (console, _) = console(false, Limits::default());
    for path in ["/", "/app.js", "/incidents/x", "/api/v1/openapi.json", "/api/v1/incidents", "/nothing"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = console.clone().router().oneshot(request).await.unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
}
