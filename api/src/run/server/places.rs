//! How many connections there may be, in all and of each address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use crate::limit::subscriber;

/// Counts the connections of each subscriber: of an IPv4 address, or of an IPv6 network of 64 bits.
#[derive(Debug)]
pub(super) struct Addresses {
    /// 0: as many as there are places.
    max: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

impl Addresses {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, taken: Mutex::default() })
    }

    /// A place for one more connection from there, `None` when all of its places are taken.
    pub(super) fn take(self: &Arc<Self>, from: IpAddr) -> Option<Place> {
        let address = subscriber(from);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        // A count of 0 was made here, and never stays: there is a place then.
        if self.max > 0 && *count >= self.max {
            return None;
        }
        *count += 1;
        Some(Place { address, addresses: self.clone() })
    }
}

/// Given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    address: IpAddr,
    addresses: Arc<Addresses>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.addresses.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_does_not_take_the_places_of_another() {
        let addresses = Addresses::new(2);
        let held = [addresses.take(address("192.0.2.1")).unwrap(), addresses.take(address("192.0.2.1")).unwrap()];
        assert!(addresses.take(address("::ffff:192.0.2.1")).is_none());
        assert!(addresses.take(address("192.0.2.2")).is_some());
        drop(held);
        assert!(addresses.take(address("192.0.2.1")).is_some());
        assert!(addresses.taken.lock().unwrap().is_empty());
    }

    #[test]
    fn no_bound_is_no_bound() {
        let addresses = Addresses::new(0);
        let held: Vec<_> = (0..3_000).map_while(|_| addresses.take(address("192.0.2.1"))).collect();
        assert_eq!(held.len(), 3_000);
    }
}
