//! The ids that a client gives its calls.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::jitter::Jitter;

/// The header that carries the id of a call.
pub(crate) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// Makes random UUIDs, one for each call.
///
/// The system is asked for randomness once, when the client is built: asking for each call would cost more than the rest
/// of preparing it.
#[derive(Debug)]
pub(super) struct RequestIds {
    base: u128,
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new(jitter: &Jitter) -> Self {
        Self {
            base: jitter
                .seeded_bits()
                .unwrap_or_else(|| Uuid::new_v4().as_u128()),
            next: AtomicU64::new(0),
        }
    }

    pub(super) fn next(&self) -> HeaderValue {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // The numbers of one client differ, and the base tells its row from that of every other client.
        let bits = fastrand::Rng::with_seed(number).u128(..) ^ self.base;
        let id = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
        let mut text = [0; Hyphenated::LENGTH];
        id.hyphenated().encode_lower(&mut text);
        // Owned as it is, because such bytes are cloned without an allocation.
        HeaderValue::from_maybe_shared(Bytes::from_owner(text))
            .expect("a UUID is hexadecimal digits and dashes")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn row(ids: &RequestIds, length: usize) -> Vec<HeaderValue> {
        (0..length).map(|_| ids.next()).collect()
    }

    #[test]
    fn ids_are_random_uuids_and_differ() {
        let clients = [(); 2].map(|()| RequestIds::new(&Jitter::default()));
        let ids: HashSet<HeaderValue> = clients.iter().flat_map(|ids| row(ids, 10_000)).collect();
        assert_eq!(ids.len(), 20_000);
        for id in ids {
            let text = id.to_str().expect("ASCII");
            let id = Uuid::try_parse(text).expect("a UUID");
            assert_eq!((id.get_version_num(), text.len()), (4, 36), "{text}");
        }
    }

    #[test]
    fn one_seed_gives_one_row_of_ids() {
        let seeded = |seed| row(&RequestIds::new(&Jitter::seeded(seed)), 3);
        assert_eq!(seeded(7), seeded(7));
        assert_ne!(seeded(7), seeded(8));
    }
}
