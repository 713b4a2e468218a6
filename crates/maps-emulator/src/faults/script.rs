//! Answers as bytes, for what HTTP libraries refuse to send.

use std::io::Write;
use std::time::Duration;

use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::response::Parts;
use http_body_util::BodyExt;
use maps_types::faults::FaultAction;

/// What is left to be sent on a connection, and how it ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// Bytes, and the wait after them.
    pub(crate) steps: Vec<(Bytes, Duration)>,
    pub(crate) end: End,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Both sides close.
    Close,
    /// The emulator's sending side closes; the caller's is read until it closes too.
    HalfClose,
}

/// The bytes of an answer to which an action is applied.
pub(crate) async fn script(response: Response, action: &FaultAction) -> Script {
    let (parts, body) = response.into_parts();
    // The bodies of the services are in memory, and cannot break off.
    let body = body.collect().await.map(|body| body.to_bytes());
    of_bytes(&parts, body.unwrap_or_default(), action)
}

fn of_bytes(parts: &Parts, body: Bytes, action: &FaultAction) -> Script {
    let mut length = body.len();
    let mut junk = BytesMut::new();
    match action {
        FaultAction::WrongLength { difference } => {
            let difference = isize::try_from(*difference).unwrap_or(isize::MAX);
            length = length.saturating_add_signed(difference);
        }
        FaultAction::JunkHeader {
            name,
            value,
            repeat,
            copies,
        } => {
            let line = format!("{name}: {}\r\n", value.repeat(*repeat));
            junk.extend_from_slice(line.repeat(*copies).as_bytes());
        }
        _ => {}
    }
    let head = head(parts, length, &junk);
    let start = |bytes: &Bytes, count: usize| bytes.slice(..bytes.len().min(count));
    let at_once = |bytes: Bytes| (bytes, Duration::ZERO);
    let steps = match action {
        FaultAction::Disconnect | FaultAction::HalfClose => Vec::new(),
        FaultAction::CutHead { bytes } => vec![at_once(start(&head, *bytes))],
        FaultAction::CutBody { bytes } => vec![at_once(head), at_once(start(&body, *bytes))],
        FaultAction::SlowBody {
            bytes,
            milliseconds,
        } => {
            let wait = Duration::from_millis(*milliseconds);
            let mut steps = vec![at_once(head)];
            let mut rest = body;
            while !rest.is_empty() {
                let piece = rest.split_to(rest.len().min((*bytes).max(1)));
                steps.push((piece, wait));
            }
            steps
        }
        _ => vec![at_once(head), at_once(body)],
    };
    let end = match action {
        FaultAction::HalfClose => End::HalfClose,
        _ => End::Close,
    };
    Script { steps, end }
}

fn head(parts: &Parts, length: usize, junk: &[u8]) -> Bytes {
    let mut head = Vec::with_capacity(512 + junk.len());
    let reason = parts.status.canonical_reason().unwrap_or_default();
    // Writing to a vector does not fail.
    let _ = write!(head, "HTTP/1.1 {} {reason}\r\n", parts.status.as_u16());
    for (name, value) in &parts.headers {
        if *name == CONTENT_LENGTH || *name == TRANSFER_ENCODING || *name == CONNECTION {
            continue;
        }
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(junk);
    let _ = write!(
        head,
        "content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    head.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of an answer with a body of four bytes, as text.
    fn pieces(action: &FaultAction) -> Vec<String> {
        let (mut parts, ()) = http::Response::new(()).into_parts();
        parts
            .headers
            .insert("a", http::HeaderValue::from_static("b"));
        let script = of_bytes(&parts, Bytes::from_static(b"body"), action);
        let text = |(bytes, _): &(Bytes, Duration)| String::from_utf8_lossy(bytes).into_owned();
        script.steps.iter().map(text).collect()
    }

    const HEAD: &str = "HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 4\r\nconnection: close\r\n\r\n";

    #[test]
    fn each_action_breaks_what_it_says_and_nothing_else() {
        let nothing: [&str; 0] = [];
        assert_eq!(pieces(&FaultAction::Disconnect), nothing);
        assert_eq!(pieces(&FaultAction::CutHead { bytes: 8 }), ["HTTP/1.1"]);
        assert_eq!(pieces(&FaultAction::CutBody { bytes: 3 }), [HEAD, "bod"]);
        assert_eq!(pieces(&FaultAction::CutBody { bytes: 9 }), [HEAD, "body"]);
        assert_eq!(
            pieces(&FaultAction::slow_body(3, Duration::from_secs(1))),
            [HEAD, "bod", "y"]
        );
        let longer = pieces(&FaultAction::WrongLength { difference: 5 });
        assert!(longer[0].contains("content-length: 9\r\n") && longer[1] == "body");
        let shorter = pieces(&FaultAction::WrongLength { difference: -9 });
        assert!(shorter[0].contains("content-length: 0\r\n") && shorter[1] == "body");
        let junk = FaultAction::JunkHeader {
            name: "é é".to_owned(),
            value: "xy".to_owned(),
            repeat: 2,
            copies: 2,
        };
        assert!(pieces(&junk)[0].contains("\r\né é: xyxy\r\né é: xyxy\r\n"));
    }
}
