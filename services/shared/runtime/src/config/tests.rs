use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use clap::Command;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Service {
    /// How many.
    threads: u16,
    kafka: Kafka,
    /// A maybe.
    note: Option<String>,
    verbose: bool,
}

#[derive(Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Kafka {
    /// Where to begin.
    brokers: Vec<String>,
    guarantee: Guarantee,
    properties: BTreeMap<String, String>,
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    min_interval: Duration,
    password_file: Option<SecretFile>,
    #[schemars(extend("writeOnly" = true))]
    pin: Option<String>,
}

#[derive(Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Guarantee {
    /// Once.
    #[default]
    ExactlyOnce,
    /// Or more.
    AtLeastOnce,
}

impl Default for Service {
    fn default() -> Self {
        Self { threads: 2, kafka: Kafka::default(), note: None, verbose: false }
    }
}

impl Config for Service {
    fn check(&self) -> Result<(), Invalid> {
        if self.threads == 0 {
            return Err(Invalid::new("threads", "at least one is needed"));
        }
        Ok(())
    }
}

struct Layers {
    folder: tempfile::TempDir,
    sources: Sources,
}

fn layers(file: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> Layers {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("siaga.toml");
    std::fs::write(&path, file).unwrap();
    let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    Layers { sources: Sources { file: Some(path), variables: owned(variables), flags: owned(flags) }, folder }
}

fn loaded(file: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> Loaded<Service> {
    load(&layers(file, variables, flags).sources).unwrap()
}

/// The error with the file called `siaga.toml`.
fn refused(file: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
    let layers = layers(file, variables, flags);
    let folder = format!("{}/", layers.folder.path().display());
    load::<Service>(&layers.sources).unwrap_err().to_string().replace(&folder, "")
}

#[test]
fn later_layers_win() {
    let file = "threads = 3\n[kafka]\nbrokers = ['file']\nmin_interval = '25ms'";
    assert_eq!(load::<Service>(&Sources::default()).unwrap().config.threads, 2);
    let found = loaded(file, &[], &[]).config;
    assert_eq!((found.threads, found.kafka.min_interval), (3, Duration::from_millis(25)));
    let variables = [("SIAGA_THREADS", "4"), ("SIAGA_KAFKA_BROKERS", "one,two"), ("OTHER", "x")];
    let found = loaded(file, &variables, &[("threads", "5")]).config;
    assert_eq!((found.threads, found.kafka.brokers), (5, vec!["one".to_owned(), "two".to_owned()]));
}

#[test]
fn entries_of_maps_are_laid_over_each_other() {
    let file = "[kafka.properties]\nlinger.ms = 5\n\"ssl.key.location\" = 'a'\n";
    let flags = [("kafka-properties", "linger.ms=7"), ("kafka-properties", "x=y")];
    let found = loaded(file, &[("SIAGA_KAFKA_PROPERTIES", "linger.ms=6,z=1")], &flags);
    let entry = |key: &str| found.config.kafka.properties.get(key).map(String::as_str);
    assert_eq!(
        [entry("linger.ms"), entry("ssl.key.location"), entry("x"), entry("z")],
        [Some("7"), Some("a"), Some("y"), Some("1")]
    );
    assert_eq!(found.effective.origin("kafka.properties.linger.ms"), Origin::Flag("kafka-properties".into()));
    assert_eq!(
        found.effective.origin("kafka.properties.z"),
        Origin::Variable("SIAGA_KAFKA_PROPERTIES".into())
    );
}

#[test]
fn errors_name_layer_setting_and_reason() {
    for (file, expected) in [
        (
            "threads = 1\n[kafka]\nbroker = ['x']",
            "siaga.toml:3: there is no setting `kafka.broker`; is `kafka.brokers` meant?",
        ),
        ("\ncolour = 1", "siaga.toml:2: there is no setting `colour`"),
        ("kafka = 3", "siaga.toml:1: setting `kafka`: expected a table"),
        ("threads = 'x'", "siaga.toml:1: setting `threads`: invalid type: string \"x\", expected u16"),
        (
            "[kafka]\n\nguarantee = 'twice'",
            "siaga.toml:3: setting `kafka.guarantee`: expected one of `exactly_once`, `at_least_once`",
        ),
        ("threads = 1\nthreads", "siaga.toml:2: not TOML: "),
        ("threads = 0", "siaga.toml:1: setting `threads`: at least one is needed"),
    ] {
        let error = refused(file, &[], &[]);
        assert!(error.starts_with(expected), "{error}");
    }
    assert_eq!(
        refused("", &[("SIAGA_THREAD", "1")], &[]),
        "SIAGA_THREAD: there is no setting `SIAGA_THREAD`; is `SIAGA_THREADS` meant?"
    );
    assert_eq!(
        refused("", &[("SIAGA_THREADS", "many")], &[]),
        "SIAGA_THREADS: setting `threads`: expected a whole number"
    );
    assert_eq!(
        refused("", &[("SIAGA_THREADS", "70000")], &[]),
        "SIAGA_THREADS: setting `threads`: invalid value: integer `70000`, expected u16"
    );
    assert_eq!(
        refused("threads = 1", &[], &[("threads", "0")]),
        "--threads: setting `threads`: at least one is needed"
    );
    let missing = Sources { file: Some("none.toml".into()), ..Sources::default() };
    let error = load::<Service>(&missing).unwrap_err().to_string();
    assert!(error.starts_with("configuration file none.toml cannot be read: "), "{error}");
}

#[test]
fn secrets_are_never_shown() {
    let file = "[kafka]\npin = 'hush1'\npassword_file = '/run/secret'\n[kafka.properties]\nsasl.password = 'hush2'\nlinger.ms = 5";
    let found = loaded(file, &[], &[]);
    let shown =
        found.effective.to_string() + &found.effective.set().join("\n") + &format!("{:?}", found.effective);
    assert!(!shown.contains("hush"), "{shown}");
    assert!(shown.contains("kafka.password_file = \"/run/secret\""), "{shown}");
    assert!(shown.contains("# kafka.properties.\"sasl.password\" = (hidden)"), "{shown}");
    let error = refused("", &[("SIAGA_KAFKA_PROPERTIES", "hush")], &[]);
    assert!(!error.contains("hush"), "{error}");
}

#[test]
fn the_effective_configuration_is_a_file_again() {
    let first = loaded("threads = 7\n[kafka.properties]\nlinger.ms = 5", &[], &[("verbose", "true")]);
    let again = loaded(&first.effective.to_string(), &[], &[]);
    assert_eq!(first.config, again.config);
    assert!(first.effective.to_string().contains("verbose = true  # --verbose"));
}

#[test]
fn every_setting_is_a_flag() {
    let command = add_flags(Command::new("x"), &Service::default());
    let matches = command
        .try_get_matches_from([
            "x",
            "--config",
            "f",
            "--threads=3",
            "--verbose",
            "--kafka-brokers=a",
            "--kafka-brokers=b",
            "--kafka-properties",
            "k=v",
            "--kafka-min-interval",
            "1s",
        ])
        .unwrap();
    let found = sources::<Service>(&matches);
    assert_eq!(found.file, Some(PathBuf::from("f")));
    let found: Loaded<Service> = load(&Sources { file: None, variables: Vec::new(), ..found }).unwrap();
    assert_eq!((found.config.threads, found.config.verbose), (3, true));
    assert_eq!(found.config.kafka.brokers, ["a", "b"]);
    assert_eq!(found.config.kafka.properties["k"], "v");
    assert_eq!(found.config.kafka.min_interval, Duration::from_secs(1));
}

#[test]
fn a_secret_is_read_from_its_file_without_the_line_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "hush\n").unwrap();
    let secret = SecretFile::new(&path).read().unwrap();
    assert_eq!((secret.expose(), format!("{secret:?}").as_str()), ("hush", "(hidden)"));
    std::fs::write(&path, "\n").unwrap();
    assert!(SecretFile::new(&path).read().unwrap_err().ends_with("token is empty"));
}
