//! Which addresses of the network are connected to: public ones, and those that an operator allows.
//!
//! A feed's URL, a webhook's or a redirect may name a host inside the cluster, this machine, or a cloud's metadata service. The
//! name is resolved here, and the connection goes to the very addresses that were looked at: a second answer of the
//! name server changes nothing.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Host;

/// A host that is not connected to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` is {address}, which is not public; `{setting}` allows more")]
pub struct Forbidden {
    /// As it is named.
    pub host: String,
    /// What it is.
    pub address: IpAddr,
    /// The setting that would allow it.
    pub setting: &'static str,
}

/// Tells which addresses are connected to.
#[derive(Clone, Debug)]
pub struct Guard {
    allowed: Arc<[IpNet]>,
    setting: &'static str,
}

impl Guard {
    /// Allows public addresses and those of the networks, which `setting` names.
    pub fn new(allowed: Vec<IpNet>, setting: &'static str) -> Self {
        Self { allowed: allowed.into(), setting }
    }

    /// Whether an address may be connected to.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|network| network.contains(&address))
    }

    /// Looks at a URL whose host is an address: no name server is asked for it.
    ///
    /// # Errors
    /// Where the address is not allowed.
    pub fn check(&self, url: &Url) -> Result<(), Forbidden> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(()),
        };
        if self.allows(address) { Ok(()) } else { Err(self.forbidden(&address.to_string(), address)) }
    }

    fn forbidden(&self, host: &str, address: IpAddr) -> Forbidden {
        Forbidden { host: host.to_owned(), address, setting: self.setting }
    }

    fn choose(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
        let forbidden = found.iter().map(SocketAddr::ip).find(|address| !self.allows(*address));
        let allowed: Vec<SocketAddr> = found.into_iter().filter(|a| self.allows(a.ip())).collect();
        match forbidden {
            Some(address) if allowed.is_empty() => Err(self.forbidden(host, address)),
            _ => Ok(allowed),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed = guard.choose(name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// A network as in `10.0.0.0/8`, or one address.
pub fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().map(IpNet::from).ok())
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// By the registry of special-purpose addresses.
fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

/// Global unicast without documentation, tunnels and what carries an IPv4 address that is not public.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64: what it leads to counts.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::new(Vec::new(), "feeds.allow_networks")
    }

    fn public(address: &str) -> bool {
        guard().allows(address.parse().unwrap())
    }

    #[test]
    fn only_public_addresses_are_connected_to() {
        for address in [
            "8.8.8.8",
            "93.184.216.34",
            "172.32.0.1",
            "2606:4700::1111",
            "64:ff9b::808:808",
            "::ffff:8.8.8.8",
        ] {
            assert!(public(address), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.9.9",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.1",
            "224.0.0.251",
            "239.1.1.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "3fff::1",
            "5f00::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }

    #[test]
    fn allowed_networks_are_connected_to_however_they_are_written() {
        let guard = Guard::new(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()], "allow");
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "fd12::1"] {
            assert!(guard.allows(address.parse().unwrap()), "{address}");
        }
        assert!(!guard.allows("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn hosts_that_are_addresses_are_looked_at_in_every_spelling() {
        let check = |url: &str| guard().check(&url.parse().unwrap());
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]:80/",
            "http://[::ffff:a9fe:a9fe]/",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
        assert_eq!(check("https://example.org/feed"), Ok(()));
    }

    #[test]
    fn of_several_addresses_only_allowed_ones_are_connected_to() {
        let addresses =
            |texts: &[&str]| texts.iter().map(|t| SocketAddr::new(t.parse().unwrap(), 0)).collect::<Vec<_>>();
        let guard = guard();
        let mixed = addresses(&["10.0.0.1", "8.8.8.8"]);
        assert_eq!(guard.choose("a.example", mixed), Ok(addresses(&["8.8.8.8"])));
        let error = guard.choose("a.example", addresses(&["10.0.0.1"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a.example` is 10.0.0.1, which is not public; `feeds.allow_networks` allows more"
        );
    }
}
