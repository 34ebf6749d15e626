//! The graph of crates as cargo sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Crates that bring an async runtime or a reactor.
const RUNTIMES: &[&str] =
    &["tokio", "async-std", "smol", "mio", "futures-executor", "async-executor", "glommio"];

type Edges = BTreeMap<String, BTreeSet<String>>;

/// Package names and what they depend on.
struct Graph {
    members: BTreeSet<String>,
    /// Development dependencies included.
    all: Edges,
    /// What is built into the product.
    shipped: Edges,
}

impl Graph {
    fn read() -> Self {
        let host = output(Command::new("rustc").arg("-vV"));
        let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let text = output(Command::new(env!("CARGO")).args([
            "metadata",
            "--locked",
            "--format-version=1",
            "--filter-platform",
            &host,
            "--manifest-path",
            manifest,
        ]));
        Self::parse(&serde_json::from_str(&text).unwrap())
    }

    fn parse(metadata: &Value) -> Self {
        let names: BTreeMap<&str, &str> = array(&metadata["packages"])
            .iter()
            .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
            .collect();
        let members = array(&metadata["workspace_members"])
            .iter()
            .map(|id| names[id.as_str().unwrap()].to_owned())
            .collect();
        let (mut all, mut shipped) = (Edges::new(), Edges::new());
        for node in array(&metadata["resolve"]["nodes"]) {
            let name = names[node["id"].as_str().unwrap()];
            let (all, shipped) =
                (all.entry(name.into()).or_default(), shipped.entry(name.into()).or_default());
            for dependency in array(&node["deps"]) {
                let used = names[dependency["pkg"].as_str().unwrap()];
                all.insert(used.to_owned());
                if array(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev") {
                    shipped.insert(used.to_owned());
                }
            }
        }
        Self { members, all, shipped }
    }

    fn dependents_of(&self, name: &str) -> Vec<&str> {
        self.all.iter().filter(|(_, deps)| deps.contains(name)).map(|(user, _)| user.as_str()).collect()
    }

    /// `root` and everything below it that is built into the product.
    fn closure(&self, root: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open = vec![self.shipped.get_key_value(root).unwrap().0.as_str()];
        while let Some(name) = open.pop() {
            if found.insert(name) {
                open.extend(self.shipped[name].iter().map(String::as_str));
            }
        }
        found
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn only_the_stream_crate_names_the_kafka_client() {
    let graph = Graph::read();
    assert_eq!(graph.dependents_of("rdkafka"), ["siaga-stream"]);
    assert_eq!(graph.dependents_of("rdkafka-sys"), ["rdkafka"]);
}

#[test]
fn the_pure_crates_bring_no_async_runtime_and_no_client() {
    let graph = Graph::read();
    for name in ["siaga-analysis", "siaga-schemas"] {
        let closure = graph.closure(name);
        let impure: Vec<&&str> =
            closure.iter().filter(|found| RUNTIMES.contains(found) || found.starts_with("rdkafka")).collect();
        assert!(impure.is_empty(), "{name} depends on {impure:?}");
    }
}

#[test]
fn the_pure_crates_know_no_service() {
    let graph = Graph::read();
    let own = |name: &str| -> Vec<String> {
        graph
            .closure(name)
            .into_iter()
            .filter(|found| graph.members.contains(*found))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(own("siaga-schemas"), ["siaga-schemas"]);
    assert_eq!(own("siaga-analysis"), ["siaga-analysis", "siaga-schemas"]);
}

#[test]
fn a_second_user_of_the_client_would_be_seen() {
    let edge =
        |package: &str, kind: Value| serde_json::json!({"pkg": package, "dep_kinds": [{"kind": kind}]});
    let metadata = serde_json::json!({
        "packages": [{"id": "1", "name": "rdkafka"}, {"id": "2", "name": "siaga-stream"}, {"id": "3", "name": "other"}],
        "workspace_members": ["2", "3"],
        "resolve": {"nodes": [
            {"id": "1", "deps": []},
            {"id": "2", "deps": [edge("1", Value::Null)]},
            {"id": "3", "deps": [edge("1", "dev".into())]},
        ]},
    });
    let graph = Graph::parse(&metadata);
    assert_eq!(graph.dependents_of("rdkafka"), ["other", "siaga-stream"]);
    assert_eq!(graph.closure("siaga-stream").len(), 2);
    assert_eq!(graph.closure("other").len(), 1);
}
