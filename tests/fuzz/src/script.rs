//! Inputs as text: a plan, and the answers of a service.
//!
//! ```text
//! Mhr nnr
//! ----
//! 202
//! operation-location: /jobs/1
//! ----
//! 200
//! content-type: application/json
//!
//! {"status":"Succeeded"}
//! ```
//!
//! The first line is the plan, whose letters mean what the target says. `$KEY` becomes the secret of the client, `$PKEY`
//! the same percent-encoded and `$UKEY` with the escapes of JSON, so that the fuzzer can have a service repeat it.

use maps_core::test_kit::Answer;

use crate::client::SECRET;

/// What stands between the parts of an input.
const SEPARATOR: &[u8] = b"\n----\n";

/// More answers make an input slow and tell no more.
const MOST_ANSWERS: usize = 40;

/// The parts of an input, its placeholders filled in.
#[must_use]
pub fn parts(input: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = find(rest, SEPARATOR) {
        parts.push(fill(&rest[..at]));
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(fill(rest));
    parts
}

/// The plan of an input and its answers.
#[must_use]
pub fn read(input: &[u8]) -> (String, Vec<Answer>) {
    let parts = parts(input);
    let plan = parts
        .first()
        .map(|plan| String::from_utf8_lossy(plan).into_owned());
    let answers = parts.iter().skip(1).take(MOST_ANSWERS);
    (
        plan.unwrap_or_default(),
        answers.map(|part| answer(part)).collect(),
    )
}

/// One answer: a status or a fault, headers, an empty line, a body.
pub fn answer(part: &[u8]) -> Answer {
    let (head, body) = match find(part, b"\n\n") {
        Some(at) => (&part[..at], &part[at + 2..]),
        None => (part, &part[part.len()..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let mut answer = match first {
        b"no connection" => Answer::no_connection(),
        b"broken" => Answer::broken(),
        b"silence" => Answer::silence(),
        status => {
            let status = std::str::from_utf8(status)
                .ok()
                .and_then(|text| text.parse().ok());
            Answer::status(status.unwrap_or(200))
        }
    };
    for line in lines {
        if let Some((name, value)) = header(line) {
            answer = answer.header(&name, &value);
        }
    }
    answer.body(body.to_vec())
}

/// A line with a colon.
#[must_use]
pub fn header(line: &[u8]) -> Option<(String, String)> {
    let at = line.iter().position(|byte| *byte == b':')?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(&line[..at]), text(line[at + 1..].trim_ascii_start())))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

fn fill(part: &[u8]) -> Vec<u8> {
    let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let unicode: String = SECRET
        .bytes()
        .map(|byte| format!("\\u{byte:04x}"))
        .collect();
    let mut filled = part.to_vec();
    for (name, value) in [
        ("$KEY", SECRET),
        ("$PKEY", percent.as_str()),
        ("$UKEY", unicode.as_str()),
    ] {
        while let Some(at) = find(&filled, name.as_bytes()) {
            filled.splice(at..at + name.len(), value.bytes());
        }
    }
    filled
}
