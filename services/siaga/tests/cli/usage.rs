//! Help, wrong usage, exit codes.

use crate::program::run;

const COMMANDS: [&[&str]; 12] = [
    &["ingest"],
    &["classify"],
    &["detect"],
    &["demo"],
    &["analyze"],
    &["topics", "list"],
    &["topics", "check"],
    &["topics", "create"],
    &["check", "ingest"],
    &["check", "classify"],
    &["check", "detect"],
    &["check", "console"],
];

#[test]
fn help_is_data_and_names_every_command() {
    let help = run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
    for command in COMMANDS {
        assert!(help.out.contains(command[0]), "{command:?}");
    }
    for code in ["0 done", "1 failed", "64 wrong usage", "78 wrong configuration"] {
        assert!(help.out.contains(code), "{code}");
    }
    let version = run(&["--version"]);
    assert_eq!((version.code, version.out.trim()), (Some(0), concat!("siaga ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn every_command_has_help_that_says_what_it_does() {
    for command in COMMANDS {
        let help = run(&[command, &["--help"]].concat());
        assert_eq!((help.code, help.err.as_str()), (Some(0), ""), "{command:?}");
        let first = help.out.lines().next().unwrap_or_default();
        assert!(first.len() > 20 && !first.starts_with("Usage"), "{command:?}: {first}");
        assert!(help.out.contains(&format!("siaga {}", command.join(" "))), "{command:?}: {}", help.out);
    }
}

#[test]
fn a_service_shows_each_setting_as_flag_and_variable() {
    for service in ["ingest", "classify", "detect"] {
        let help = run(&[service, "--help"]).out;
        for (flag, variable) in [
            ("--config <FILE>", "SIAGA_CONFIG"),
            ("--kafka-brokers", "SIAGA_KAFKA_BROKERS"),
            ("--log-level", "SIAGA_LOG_LEVEL"),
            ("--admin-address", "SIAGA_ADMIN_ADDRESS"),
            ("--shutdown-deadline", "SIAGA_SHUTDOWN_DEADLINE"),
        ] {
            assert!(help.contains(flag) && help.contains(variable), "{service} {flag}");
        }
    }
}

#[test]
fn each_service_has_probes_on_a_port_of_its_own() {
    for (service, port) in [("ingest", 9401), ("classify", 9402), ("detect", 9403)] {
        assert!(run(&[service, "--help"]).out.contains(&format!("127.0.0.1:{port}")), "{service}");
    }
}

#[test]
fn wrong_usage_ends_with_64_and_words_on_standard_error() {
    let wrong: [(&[&str], &str); 9] = [
        (&[], "Usage"),
        (&["analyse"], "analyse"),
        (&["topics"], "Usage"),
        (&["check", "nothing"], "nothing"),
        (&["classify", "--kafka-broker", "x"], "--kafka-brokers"),
        (&["classify", "surplus"], "surplus"),
        (&["demo", "--rate", "fast"], "--rate"),
        (&["demo", "--rate", "0"], "--rate"),
        (&["topics", "create", "--replication-factor", "0"], "--replication-factor"),
    ];
    for (arguments, word) in wrong {
        let ended = run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(64), ""), "{arguments:?}");
        assert!(ended.err.contains(word), "{arguments:?}: {}", ended.err);
    }
}
