//! Continuation tokens: where the next page starts, in a form that callers do not take apart.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::gateway::Call;
use crate::problem::{Fault, Problem};
use crate::validate::code;

const TOKEN: &str = "continuationToken";

/// The place after which the requested page starts.
pub(super) fn start(call: &Call) -> Result<Option<u64>, Problem> {
    let Some(token) = call.query(TOKEN) else {
        return Ok(None);
    };
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let place = bytes.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    match place {
        Some(place) => Ok(Some(u64::from_be_bytes(place))),
        None => Err(Problem::invalid([Fault::new(
            code::INVALID,
            "The value is not a continuation token of this service.",
        )
        .at(TOKEN)])),
    }
}

/// The URL of the page after the one that ends at `last`.
pub(super) fn next_link(call: &Call, last: u64) -> String {
    let token = URL_SAFE_NO_PAD.encode(last.to_be_bytes());
    let first = call.versioned_link(call.operation.path);
    format!("{first}&{TOKEN}={token}")
}

/// Cuts `items`, of which one more than a page was asked for; gives the link when something is left.
pub(super) fn page<T>(
    call: &Call,
    mut items: Vec<(u64, T)>,
    size: usize,
) -> (Vec<T>, Option<String>) {
    let more = items.len() > size;
    items.truncate(size);
    let last = items.last().map(|(place, _)| *place).filter(|_| more);
    let link = last.map(|last| next_link(call, last));
    (items.into_iter().map(|(_, item)| item).collect(), link)
}
