//! Whether a rule can be followed.

use std::fmt;

use super::{FaultAction, FaultRule};

/// Longest wait that a rule may ask for, in milliseconds: an hour.
const MAX_WAIT: u64 = 3_600_000;

/// Most bytes of junk headers: enough to pass every limit that a client has.
const MAX_JUNK: usize = 16 << 20;

/// Why a [`FaultRule`] cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRuleError(String);

impl FaultRuleError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for FaultRuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultRuleError {}

impl FaultRule {
    /// Whether the rule can be followed.
    ///
    /// # Errors
    ///
    /// Names the member that is out of range, for example `probability 2 is not above 0 and up to 1`.
    pub fn check(&self) -> Result<(), FaultRuleError> {
        self.fault()
            .map_or(Ok(()), |message| Err(FaultRuleError(message)))
    }

    fn fault(&self) -> Option<String> {
        if let Some(path) = self.path.as_deref().filter(|path| !path.starts_with('/')) {
            return Some(format!("path {path:?} does not start with a slash"));
        }
        let capitals = |method: &str| {
            !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())
        };
        if let Some(method) = self.method.as_deref().filter(|method| !capitals(method)) {
            return Some(format!("method {method:?} is not a word in capitals"));
        }
        if let Some(part) = self
            .probability
            .filter(|part| !(*part > 0.0 && *part <= 1.0))
        {
            return Some(format!("probability {part} is not above 0 and up to 1"));
        }
        if let (Some(from), Some(until)) = (self.from, self.until) {
            if from >= until {
                return Some("from is not before until".to_owned());
            }
        }
        self.action.fault()
    }
}

impl FaultAction {
    fn fault(&self) -> Option<String> {
        match self {
            Self::Respond {
                status,
                retry_after,
                body,
            } => {
                if !(200..=999).contains(status) {
                    return Some(format!("status {status} does not end an answer"));
                }
                if body.is_some() && matches!(status, 204 | 304) {
                    return Some(format!("an answer of status {status} has no body"));
                }
                let value = retry_after.as_deref().unwrap_or_default();
                (!is_value(value)).then(|| "retry_after cannot be a header value".to_owned())
            }
            Self::SetHeader { name, value } => {
                if !is_name(name) {
                    return Some(format!("name {name:?} is not a header name"));
                }
                if framing(name) {
                    return Some(format!("{name} is the connection's own: use wrong_length"));
                }
                (!is_value(value)).then(|| "value cannot be a header value".to_owned())
            }
            Self::Delay { milliseconds } => too_long(*milliseconds),
            Self::SlowBody {
                bytes,
                milliseconds,
            } => {
                if *bytes == 0 {
                    return Some("bytes 0 would never send the body".to_owned());
                }
                too_long(*milliseconds)
            }
            Self::WrongLength { difference: 0 } => {
                Some("difference 0 is the right length".to_owned())
            }
            Self::JunkHeader {
                name,
                value,
                repeat,
                copies,
            } => {
                let line = value
                    .len()
                    .saturating_mul(*repeat)
                    .saturating_add(name.len() + 4);
                let all = line.saturating_mul(*copies);
                (all > MAX_JUNK).then(|| format!("{all} bytes of headers are more than {MAX_JUNK}"))
            }
            Self::Disconnect
            | Self::HalfClose
            | Self::CutHead { .. }
            | Self::CutBody { .. }
            | Self::TruncateBody { .. }
            | Self::WrongLength { .. }
            | Self::Body { .. } => None,
        }
    }
}

fn too_long(milliseconds: u64) -> Option<String> {
    (milliseconds > MAX_WAIT).then(|| format!("milliseconds {milliseconds} is more than an hour"))
}

/// A token of HTTP.
fn is_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(legal)
}

/// No line ends and no other control characters.
fn is_value(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

fn framing(name: &str) -> bool {
    ["content-length", "transfer-encoding", "connection"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_rule_that_cannot_be_followed_says_which_member() {
        let rule = || FaultRule::new(FaultAction::Disconnect);
        let action = FaultRule::new;
        let second = Duration::from_secs(1);
        let junk = FaultAction::JunkHeader {
            name: "x".to_owned(),
            value: "y".to_owned(),
            repeat: usize::MAX,
            copies: usize::MAX,
        };
        for (rule, word) in [
            (rule().on_path("a"), "path"),
            (rule().on_method("get"), "method"),
            (rule().with_probability(0.0), "probability"),
            (rule().with_probability(f64::NAN), "probability"),
            (rule().with_probability(1.5), "probability"),
            (rule().between(second, second), "from"),
            (action(FaultAction::respond(100)), "status"),
            (action(FaultAction::respond(204).body("x")), "body"),
            (
                action(FaultAction::respond(429).retry_after("\n")),
                "retry_after",
            ),
            (action(FaultAction::set_header("a b", "")), "name"),
            (
                action(FaultAction::set_header("Content-Length", "1")),
                "wrong_length",
            ),
            (action(FaultAction::set_header("a", "b\r\nc: d")), "value"),
            (action(FaultAction::delay(Duration::MAX)), "milliseconds"),
            (action(FaultAction::slow_body(0, second)), "bytes"),
            (
                action(FaultAction::WrongLength { difference: 0 }),
                "difference",
            ),
            (action(junk), "bytes of headers"),
        ] {
            let err = rule.check().unwrap_err();
            assert!(err.to_string().contains(word), "{err}");
        }
    }
}
