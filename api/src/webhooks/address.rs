//! Which addresses people's webhooks may lead to: the internet, and nothing that only we can reach.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The name leads to private addresses alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PrivateAddress;

impl fmt::Display for PrivateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to no public address")
    }
}

impl std::error::Error for PrivateAddress {}

/// Resolves names to their public addresses, at the moment of connecting: a name whose address changes after it was
/// checked gains nothing by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(PrivateAddress.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the internet: neither private nor of a special purpose (RFC 6890 and IANA's registries
/// of special-purpose addresses).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

/// Only global unicast, `2000::/3`, without what in it stands for something else; and the internet of version 4 as NAT64
/// shows it, `64:ff9b::/96` (RFC 6052).
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let [0x64, 0xff9b, 0, 0, 0, 0, ..] = address.segments() {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let [first, second, ..] = address.segments();
    let is_protocol = first == 0x2001 && second < 0x200;
    let is_documentation = (first, second) == (0x2001, 0xdb8) || (first == 0x3fff && second < 0x1000);
    let is_6to4 = first == 0x2002;
    (0x2000..0x4000).contains(&first) && !is_protocol && !is_documentation && !is_6to4
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0.0.0.0")]
    #[case("10.1.2.3")]
    #[case("100.64.0.1")]
    #[case("127.0.0.1")]
    #[case::metadata("169.254.169.254")]
    #[case("172.16.0.1")]
    #[case("172.31.255.255")]
    #[case("192.0.0.1")]
    #[case("192.168.0.1")]
    #[case("198.18.0.1")]
    #[case::multicast("224.0.0.1")]
    #[case::broadcast("255.255.255.255")]
    #[case("::")]
    #[case("::1")]
    #[case::mapped("::ffff:127.0.0.1")]
    #[case::mapped_public("::ffff:1.1.1.1")]
    #[case::compatible("::127.0.0.1")]
    #[case::nat64("64:ff9b::a00:1")]
    #[case::local_nat64("64:ff9b:1::101:101")]
    #[case::unique_local("fd00:ec2::254")]
    #[case::link_local("fe80::1")]
    #[case::site_local("fec0::1")]
    #[case::multicast_6("ff02::1")]
    #[case::teredo("2001::1")]
    #[case::documentation("2001:db8::1")]
    #[case::six_to_four("2002:7f00:1::")]
    fn what_only_we_can_reach_is_refused(#[case] address: IpAddr) {
        assert!(!is_public(address));
    }

    #[rstest]
    #[case("1.1.1.1")]
    #[case("100.63.255.255")]
    #[case("172.32.0.1")]
    #[case("192.0.1.1")]
    #[case("223.255.255.255")]
    #[case("2606:4700::1111")]
    #[case("2001:4860:4860::8888")]
    #[case::nat64("64:ff9b::101:101")]
    fn the_internet_is_allowed(#[case] address: IpAddr) {
        assert!(is_public(address));
    }

    #[tokio::test]
    async fn a_name_of_a_private_address_is_refused_when_it_is_resolved() {
        let Err(error) = PublicResolver.resolve("localhost".parse().unwrap()).await else {
            panic!("localhost was resolved");
        };
        assert!(error.is::<PrivateAddress>());
    }
}
