//! The rows of the table.

mod operations;
mod pipeline;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "await",
        what: "An operation is awaited",
        ours: || Box::pin(operations::await_ours()),
        theirs: || Box::pin(operations::await_theirs()),
    },
    Case {
        name: "stream-then-await",
        what: "Its statuses are streamed to the end, then it is awaited",
        ours: || Box::pin(operations::stream_ours()),
        theirs: || Box::pin(operations::stream_theirs()),
    },
    Case {
        name: "first-status",
        what: "The first status asks for 3 s until the next poll: when is it shown?",
        ours: || Box::pin(operations::first_status_ours()),
        theirs: || Box::pin(operations::first_status_theirs()),
    },
    Case {
        name: "failed",
        what: "An operation that fails with `TooManyPoints` is awaited",
        ours: || Box::pin(operations::failed_ours()),
        theirs: || Box::pin(operations::failed_theirs()),
    },
    Case {
        name: "unknown-status",
        what: "The status is `Running`, then `Succeeded`",
        ours: || Box::pin(operations::unknown_ours()),
        theirs: || Box::pin(operations::unknown_theirs()),
    },
    Case {
        name: "poll-503",
        what: "One poll breaks off, one is answered by 503",
        ours: || Box::pin(operations::faults_ours()),
        theirs: || Box::pin(operations::faults_theirs()),
    },
    Case {
        name: "poll-404",
        what: "The first poll after the submit is answered by 404",
        ours: || Box::pin(operations::not_found_ours()),
        theirs: || Box::pin(operations::not_found_theirs()),
    },
    Case {
        name: "foreign-host",
        what: "`Operation-Location` leads to another host: what arrives there?",
        ours: || Box::pin(operations::foreign_ours()),
        theirs: || Box::pin(operations::foreign_theirs()),
    },
    Case {
        name: "relative-url",
        what: "`Operation-Location: /operations/1`",
        ours: || Box::pin(operations::relative_ours()),
        theirs: || Box::pin(operations::relative_theirs()),
    },
    Case {
        name: "negative-retry-after",
        what: "A status with `Retry-After: -5`",
        ours: || Box::pin(operations::hint_ours("-5")),
        theirs: || Box::pin(operations::hint_theirs("-5")),
    },
    Case {
        name: "huge-retry-after",
        what: "A status with `Retry-After: 99999999999`",
        ours: || Box::pin(operations::hint_ours("99999999999")),
        theirs: || Box::pin(operations::hint_theirs("99999999999")),
    },
    Case {
        name: "dropped-next",
        what: "`next` is dropped while a poll is in flight",
        ours: || Box::pin(operations::dropped_next_ours()),
        theirs: || Box::pin(operations::dropped_next_theirs()),
    },
    Case {
        name: "dropped-await",
        what: "A time limit drops the await of a poller: can one go on?",
        ours: || Box::pin(operations::dropped_await_ours()),
        theirs: || Box::pin(operations::dropped_await_theirs()),
    },
    Case {
        name: "post-500",
        what: "A POST is answered by 500, then by 202: submits that arrive",
        ours: || Box::pin(pipeline::post_500_ours()),
        theirs: || Box::pin(pipeline::post_500_theirs()),
    },
    Case {
        name: "post-cut",
        what: "The connection is cut after a POST arrived, the next one is answered: submits that arrive",
        ours: || Box::pin(pipeline::post_cut_ours()),
        theirs: || Box::pin(pipeline::post_cut_theirs()),
    },
    Case {
        name: "refresh",
        what: "50 calls while a token is due in 4 min, and the credential takes 1 s",
        ours: || Box::pin(pipeline::refresh_ours()),
        theirs: || Box::pin(pipeline::refresh_theirs()),
    },
    Case {
        name: "short-tokens",
        what: "20 calls in a row with tokens that live for 4 min",
        ours: || Box::pin(pipeline::short_tokens_ours()),
        theirs: || Box::pin(pipeline::short_tokens_theirs()),
    },
    Case {
        name: "key-in-error",
        what: "No connection for a request with its key in the query: is the key in the error?",
        ours: || Box::pin(pipeline::key_ours()),
        theirs: || Box::pin(pipeline::key_theirs()),
    },
];
