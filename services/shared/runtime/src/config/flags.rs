//! Flags of the command line, made from the settings.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::layers::{CONFIG_VARIABLE, Sources};
use super::setting::{Kind, Setting, settings_of};

const CONFIG: &str = "config";

/// Adds `--config` and a flag for each setting of `C`; the help shows `defaults`.
pub fn add_flags<C: Serialize + JsonSchema>(command: Command, defaults: &C) -> Command {
    let defaults = serde_json::to_value(defaults).unwrap_or_default();
    let config = Arg::new(CONFIG)
        .long(CONFIG)
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help(format!("Settings in TOML; {CONFIG_VARIABLE} names the file too"));
    settings_of::<C>().iter().fold(command.arg(config), |command, setting| {
        let default = setting.path.iter().try_fold(&defaults, |value, name| value.get(name));
        command.arg(flag(setting, default.unwrap_or(&Value::Null)))
    })
}

fn flag(setting: &Setting, default: &Value) -> Arg {
    let section = if setting.path.len() > 1 { setting.path[0].as_str() } else { "service" };
    let arg = Arg::new(setting.flag())
        .long(setting.flag())
        .value_name(setting.kind.value_name())
        .help_heading(format!("Settings: {section}"))
        .help(about(setting, default));
    match setting.kind {
        Kind::Boolean => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Kind::List(_) | Kind::Map => arg.action(ArgAction::Append),
        Kind::Whole | Kind::Number => arg.allow_hyphen_values(true),
        Kind::Text | Kind::Choice(_) => arg,
    }
}

fn about(setting: &Setting, default: &Value) -> String {
    let mut about = setting.about.trim_end_matches('.').to_owned();
    if let Kind::Choice(choices) = &setting.kind {
        about.push_str(&format!(": {}", choices.join(", ")));
    }
    let default = match default {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(values) if values.is_empty() => None,
        Value::Object(_) => None,
        value => Some(value.to_string()),
    };
    if let Some(default) = default.filter(|_| !setting.secret) {
        about.push_str(&format!(" [default: {default}]"));
    }
    format!("{about} [env: {}]", setting.variable())
}

/// The layers of a process: its command line, its environment, and the file that one of them names.
pub fn sources<C: JsonSchema>(matches: &ArgMatches) -> Sources {
    // A variable whose text is not UTF-8 is read with replacement signs and then fails as a value.
    let variables: Vec<(String, String)> = std::env::vars_os()
        .map(|(name, text)| (name.to_string_lossy().into_owned(), text.to_string_lossy().into_owned()))
        .filter(|(name, _)| name.starts_with("SIAGA_"))
        .collect();
    let named = variables.iter().find(|(name, _)| name == CONFIG_VARIABLE).map(|(_, path)| path.into());
    let file = matches.get_one::<PathBuf>(CONFIG).cloned().or(named);
    let mut flags = Vec::new();
    for setting in settings_of::<C>() {
        let name = setting.flag();
        if matches.value_source(&name) != Some(ValueSource::CommandLine) {
            continue;
        }
        let texts: Vec<&String> = matches.get_many(&name).into_iter().flatten().collect();
        match setting.kind {
            // Given several times, a list is one list.
            Kind::List(_) => {
                flags.push((name, texts.into_iter().map(String::as_str).collect::<Vec<_>>().join(",")));
            }
            _ => flags.extend(texts.into_iter().map(|text| (name.clone(), text.clone()))),
        }
    }
    Sources { file, variables, flags }
}
