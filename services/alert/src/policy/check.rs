//! From the text of a policy file to policies that hold together, or to the first mistake and its line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use siaga_analysis::Geography;
use siaga_schemas::Country;
use toml::Spanned;

use super::file::{
    File, Format, Kind, MatchEntry, MuteEntry, PolicyEntry, QuietEntry, Role, RouteEntry, SinkEntry,
};
use super::{Conditions, Mistake, Mute, Policies, Policy, QuietHours, Route, Sink, Target, Webhook};
use crate::deliver::template;

/// Nothing older is told where nothing is set.
const FRESH_WITHIN: Duration = Duration::from_secs(24 * 3600);
/// For the answer of a sink.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Over about ten minutes.
const ATTEMPTS: u32 = 10;

/// A place in the text and what is wrong there.
struct Wrong {
    key: String,
    span: Range<usize>,
    reason: String,
}

type Checked<T> = Result<T, Wrong>;

fn wrong<T>(key: impl Into<String>, span: Range<usize>, reason: impl Into<String>) -> Checked<T> {
    Err(Wrong { key: key.into(), span, reason: reason.into() })
}

pub(super) fn check(path: &Path, text: &str) -> Result<Policies, Mistake> {
    let mistake = |wrong: Wrong| Mistake {
        file: path.to_path_buf(),
        line: text.get(..wrong.span.start).unwrap_or_default().matches('\n').count() + 1,
        key: wrong.key,
        reason: wrong.reason,
    };
    let file = parse(text).map_err(mistake)?;
    whole(path, file).map_err(mistake)
}

fn parse(text: &str) -> Checked<File> {
    let syntax = |error: toml::de::Error| Wrong {
        key: ".".to_owned(),
        span: error.span().unwrap_or_default(),
        reason: error.message().to_owned(),
    };
    let document = toml::Deserializer::parse(text).map_err(syntax)?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        // A value whose place is kept is a field of toml's own.
        let key = error.path().to_string().replace(".$__serde_spanned_private_value", "");
        Wrong { key, ..syntax(error.into_inner()) }
    })
}

fn whole(path: &Path, file: File) -> Checked<Policies> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let fresh_within = file.fresh_within.as_ref().map(|text| duration("fresh_within", text)).transpose()?;
    if let Some(console) = &file.console {
        url("console", console)?;
    }
    let mut sinks = BTreeMap::new();
    for (name, entry) in file.sinks {
        checked_name("sinks", &name)?;
        let key = format!("sinks.{}", name.get_ref());
        sinks.insert(name.into_inner(), sink(&key, folder, entry)?);
    }
    let mut routes = BTreeMap::new();
    for (name, entry) in file.routes {
        checked_name("routes", &name)?;
        let key = format!("routes.{}", name.get_ref());
        routes.insert(name.into_inner(), route(&key, entry, &sinks)?);
    }
    let (mut policies, mut names) = (Vec::with_capacity(file.policies.len()), BTreeSet::new());
    for (number, entry) in file.policies.into_iter().enumerate() {
        let key = format!("policies[{number}]");
        if !names.insert(entry.name.get_ref().clone()) {
            return wrong(format!("{key}.name"), entry.name.span(), "another policy has this name");
        }
        policies.push(policy(&key, entry, &routes, fresh_within.unwrap_or(FRESH_WITHIN))?);
    }
    let mutes = file.mutes.into_iter().enumerate();
    let mutes = mutes.map(|(number, entry)| mute(&format!("mutes[{number}]"), entry, &names));
    let console = file.console.map(|url| url.into_inner().trim_end_matches('/').to_owned());
    Ok(Policies { console, policies, routes, sinks, mutes: mutes.collect::<Checked<_>>()? })
}

fn checked_name(table: &str, name: &Spanned<String>) -> Checked<()> {
    let text = name.get_ref();
    let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if text.is_empty() || text.len() > 64 || !text.chars().all(is_fine) {
        let reason = "a name has 1 to 64 lower-case letters, digits, `-` and `_`";
        return wrong(format!("{table}.{text}"), name.span(), reason);
    }
    Ok(())
}

fn duration(key: &str, text: &Spanned<String>) -> Checked<Duration> {
    let parsed = humantime_serde::re::humantime::parse_duration(text.get_ref());
    match parsed {
        Ok(duration) if duration.is_zero() => wrong(key, text.span(), "must be longer than 0s"),
        Ok(duration) => Ok(duration),
        Err(error) => wrong(key, text.span(), format!("expected a time such as `24h`: {error}")),
    }
}

fn url(key: &str, text: &Spanned<String>) -> Checked<()> {
    match reqwest::Url::parse(text.get_ref()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        Ok(_) => wrong(key, text.span(), "expected an address that begins with http:// or https://"),
        Err(error) => wrong(key, text.span(), error.to_string()),
    }
}

fn sink(key: &str, folder: &Path, entry: SinkEntry) -> Checked<Sink> {
    url(&format!("{key}.url"), &entry.url)?;
    let mut allow_networks = Vec::with_capacity(entry.allow_networks.len());
    for text in &entry.allow_networks {
        match siaga_outbound::network(text.get_ref()) {
            Some(network) => allow_networks.push(network),
            None => {
                let reason = "is no network such as `10.0.0.0/8` or `fd00::/8`";
                return wrong(format!("{key}.allow_networks"), text.span(), reason);
            }
        }
    }
    let timeout = entry.timeout.as_ref().map(|text| duration(&format!("{key}.timeout"), text)).transpose()?;
    let attempts = match &entry.attempts {
        Some(attempts) if *attempts.get_ref() == 0 => {
            return wrong(format!("{key}.attempts"), attempts.span(), "must be at least 1");
        }
        attempts => attempts.as_ref().map_or(ATTEMPTS, |attempts| *attempts.get_ref()),
    };
    let url = entry.url.get_ref().trim_end_matches('/').to_owned();
    let target = Target { url, allow_networks, timeout: timeout.unwrap_or(TIMEOUT), attempts };
    if entry.kind == Kind::Alertmanager {
        let spans = [
            ("format", entry.format.as_ref().map(Spanned::span)),
            ("template_file", entry.template_file.as_ref().map(Spanned::span)),
            ("secret_file", entry.secret_file.as_ref().map(Spanned::span)),
        ];
        return match spans.into_iter().find_map(|(name, span)| Some((name, span?))) {
            Some((name, span)) => {
                wrong(format!("{key}.{name}"), span, "is a webhook's, not an Alertmanager's")
            }
            None => Ok(Sink::Alertmanager(target)),
        };
    }
    let format = entry.format.as_ref().map_or(Format::Json, |format| *format.get_ref());
    let template = templates(key, folder, format, &entry)?;
    let secret_file = entry.secret_file.as_ref().map(|file| beside(folder, file.get_ref()));
    if let (Some(file), Some(named)) = (&secret_file, &entry.secret_file) {
        let read = siaga_runtime::config::SecretFile::new(file).read();
        if let Err(reason) = read.and_then(|secret| crate::deliver::signature::Key::new(&secret).map(drop)) {
            return wrong(format!("{key}.secret_file"), named.span(), reason);
        }
    }
    Ok(Sink::Webhook(Webhook { target, format, template, secret_file }))
}

fn beside(folder: &Path, file: &Path) -> PathBuf {
    folder.join(file)
}

fn templates(key: &str, folder: &Path, format: Format, entry: &SinkEntry) -> Checked<Option<String>> {
    let key = format!("{key}.template_file");
    match (format, &entry.template_file) {
        (Format::Slack, None) => Ok(Some(template::SLACK.to_owned())),
        (Format::Template, None) => {
            wrong(key, entry.url.span(), "must be set where the format is `template`")
        }
        (Format::Json | Format::Cloudevents, Some(file)) => {
            wrong(key, file.span(), "is for the formats `slack` and `template`")
        }
        (_, None) => Ok(None),
        (_, Some(file)) => {
            let path = beside(folder, file.get_ref());
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) => return wrong(key, file.span(), format!("{}: {error}", path.display())),
            };
            match template::check(&text) {
                Ok(()) => Ok(Some(text)),
                Err(reason) => wrong(key, file.span(), reason),
            }
        }
    }
}

fn route(key: &str, entry: RouteEntry, sinks: &BTreeMap<String, Sink>) -> Checked<Route> {
    // An empty list is a decision: whoever reads the topic is told.
    let sinks = match entry.sinks.get_ref().is_empty() {
        true => Vec::new(),
        false => {
            known(&format!("{key}.sinks"), entry.sinks, |name| sinks.contains_key(name), "no such sink")?
        }
    };
    let quiet = entry.quiet.map(|quiet| quiet_hours(&format!("{key}.quiet"), &quiet)).transpose()?;
    Ok(Route { sinks, quiet })
}

/// A list of names, none of them twice, all of them known.
fn known(
    key: &str,
    list: Spanned<Vec<Spanned<String>>>,
    is_known: impl Fn(&str) -> bool,
    unknown: &str,
) -> Checked<Vec<String>> {
    if list.get_ref().is_empty() {
        return wrong(key, list.span(), "lists nothing");
    }
    let mut names: Vec<String> = Vec::with_capacity(list.get_ref().len());
    for name in list.into_inner() {
        let span = name.span();
        let name = name.into_inner();
        if !is_known(&name) {
            return wrong(key, span, format!("{unknown}: `{name}`"));
        }
        if names.contains(&name) {
            return wrong(key, span, format!("`{name}` is listed twice"));
        }
        names.push(name);
    }
    Ok(names)
}

fn quiet_hours(key: &str, entry: &QuietEntry) -> Checked<QuietHours> {
    let time = |name: &str, text: &Spanned<String>| match text.get_ref().parse() {
        Ok(time) => Ok(time),
        Err(_) => wrong(format!("{key}.{name}"), text.span(), "expected a time of day such as `22:00`"),
    };
    let (from, to) = (time("from", &entry.from)?, time("to", &entry.to)?);
    if from == to {
        return wrong(format!("{key}.to"), entry.to.span(), "is the same as `from`");
    }
    let zone = match TimeZone::get(entry.time_zone.get_ref()) {
        Ok(zone) => zone,
        Err(_) => {
            let reason = "expected a name of the IANA database such as `Asia/Jakarta`";
            return wrong(format!("{key}.time_zone"), entry.time_zone.span(), reason);
        }
    };
    Ok(QuietHours { from, to, zone, except_severity: entry.except_severity })
}

fn policy(
    key: &str,
    entry: PolicyEntry,
    routes: &BTreeMap<String, Route>,
    fresh_within: Duration,
) -> Checked<Policy> {
    checked_name(key, &entry.name)?;
    let own =
        entry.fresh_within.as_ref().map(|text| duration(&format!("{key}.fresh_within"), text)).transpose()?;
    let is_known = |name: &str| routes.contains_key(name);
    Ok(Policy {
        name: entry.name.into_inner(),
        routes: known(&format!("{key}.routes"), entry.routes, is_known, "no such route")?,
        fresh_within: own.unwrap_or(fresh_within),
        conditions: conditions(&format!("{key}.match"), entry.conditions)?,
    })
}

fn conditions(key: &str, entry: Spanned<MatchEntry>) -> Checked<Conditions> {
    let geography = Geography::built_in();
    let span = entry.span();
    let MatchEntry { everything, roles, .. } = entry.get_ref();
    let has_roles = roles.is_some();
    let everything = *everything;
    let entry = entry.into_inner();
    let conditions = Conditions {
        types: filled(key, "types", entry.types)?,
        min_severity: entry.min_severity,
        countries: filled(key, "countries", entry.countries)?,
        regions: named(
            key,
            "regions",
            entry.regions,
            |name| geography.region_members(name),
            "no region of UN M49",
        )?,
        blocs: named(key, "blocs", entry.blocs, |code| geography.bloc_members(code), &no_bloc())?,
        roles: filled(key, "roles", entry.roles)?
            .unwrap_or_else(|| vec![Role::Actor, Role::Target, Role::Location]),
        actors: filled(key, "actors", entry.actors)?,
        weapons: filled(key, "weapons", entry.weapons)?,
        min_count: entry.min_count,
        min_killed: entry.min_killed,
        min_injured: entry.min_injured,
        confirmed_by: filled(key, "confirmed_by", entry.confirmed_by)?,
        min_confirmations: entry.min_confirmations,
        min_independent_origins: entry.min_independent_origins,
        languages: filled(key, "languages", entry.languages)?,
    };
    let on_countries =
        conditions.countries.is_some() || conditions.regions.is_some() || conditions.blocs.is_some();
    if has_roles && !on_countries {
        return wrong(format!("{key}.roles"), span, "needs `countries`, `regions` or `blocs` beside it");
    }
    match (everything, conditions.is_empty()) {
        (false, true) => wrong(key, span, "asks for nothing; say `everything = true` where that is meant"),
        (true, false) => wrong(format!("{key}.everything"), span, "leaves no room for other conditions"),
        _ => Ok(conditions),
    }
}

fn no_bloc() -> String {
    format!(
        "no bloc whose members are known ({})",
        Geography::built_in().blocs().collect::<Vec<_>>().join(", ")
    )
}

/// A list that is not empty.
fn filled<T>(key: &str, name: &str, list: Option<Spanned<Vec<T>>>) -> Checked<Option<Vec<T>>> {
    match list {
        Some(list) if list.get_ref().is_empty() => {
            wrong(format!("{key}.{name}"), list.span(), "lists nothing")
        }
        list => Ok(list.map(Spanned::into_inner)),
    }
}

/// The countries behind names.
fn named(
    key: &str,
    name: &str,
    list: Option<Spanned<Vec<Spanned<String>>>>,
    members: impl Fn(&str) -> Option<&'static [Country]>,
    unknown: &str,
) -> Checked<Option<Vec<Country>>> {
    let Some(list) = filled(key, name, list)? else { return Ok(None) };
    let mut countries = Vec::new();
    for entry in list {
        let Some(members) = members(entry.get_ref()) else {
            return wrong(format!("{key}.{name}"), entry.span(), format!("{unknown}: `{}`", entry.get_ref()));
        };
        countries.extend_from_slice(members);
    }
    Ok(Some(countries))
}

fn mute(key: &str, entry: Spanned<MuteEntry>, policies: &BTreeSet<String>) -> Checked<Mute> {
    let span = entry.span();
    let MuteEntry { incident, policy, until } = entry.into_inner();
    if incident.is_none() && policy.is_none() {
        return wrong(key, span, "names no `incident` and no `policy`");
    }
    if let Some(policy) = policy.as_ref().filter(|policy| !policies.contains(policy.get_ref())) {
        return wrong(
            format!("{key}.policy"),
            policy.span(),
            format!("no such policy: `{}`", policy.get_ref()),
        );
    }
    let until = match &until {
        None => None,
        Some(text) => match text.get_ref().parse::<Timestamp>() {
            Ok(until) => Some(until),
            Err(_) => {
                let reason = "expected a time with its offset, such as `2024-05-01T06:00:00+07:00`";
                return wrong(format!("{key}.until"), text.span(), reason);
            }
        },
    };
    Ok(Mute { incident, policy: policy.map(Spanned::into_inner), until })
}

impl Conditions {
    /// Whether nothing is asked for.
    fn is_empty(&self) -> bool {
        let Self { types, min_severity, countries, regions, blocs, roles: _, actors, weapons, .. } = self;
        let kinds = types.is_none() && min_severity.is_none() && actors.is_none() && weapons.is_none();
        let places = countries.is_none() && regions.is_none() && blocs.is_none();
        let numbers = self.min_count.is_none() && self.min_killed.is_none() && self.min_injured.is_none();
        let sources = self.confirmed_by.is_none()
            && self.min_confirmations.is_none()
            && self.min_independent_origins.is_none()
            && self.languages.is_none();
        kinds && places && numbers && sources
    }
}
