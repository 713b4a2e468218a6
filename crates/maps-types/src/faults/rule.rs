//! Which requests an action is for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::FaultAction;

/// A rule that makes answers go wrong: an action, and the requests that it is for.
///
/// A request has to meet every condition. Of those that do, `skip` pass, `probability` picks among the rest, and
/// `times` are hit. [`check`](Self::check) says whether a rule can be followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FaultRule {
    /// The operation it is about, by its `operationId`; all operations when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// How the path of a request starts; all paths when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Method of a request, in capitals; all methods when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Time after the start from which on it applies, in seconds as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "seconds")]
    pub from: Option<Duration>,
    /// Time after the start from which on it does not apply any more, in seconds as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "seconds")]
    pub until: Option<Duration>,
    /// How many requests pass before it applies.
    #[serde(default)]
    pub skip: u64,
    /// Which part of the requests it applies to, above 0 and up to 1; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// How many requests it applies to; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Whether `skip` and `times` count for each path on its own.
    #[serde(default)]
    pub each_path: bool,
    /// What goes wrong.
    pub action: FaultAction,
}

impl FaultRule {
    /// A rule for every request.
    #[must_use]
    pub fn new(action: FaultAction) -> Self {
        Self {
            operation: None,
            path: None,
            method: None,
            from: None,
            until: None,
            skip: 0,
            probability: None,
            times: None,
            each_path: false,
            action,
        }
    }

    /// Limits it to one operation, by its `operationId`.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Limits it to paths that start like this.
    #[must_use]
    pub fn on_path(mut self, prefix: impl Into<String>) -> Self {
        self.path = Some(prefix.into());
        self
    }

    /// Limits it to one method, in capitals.
    #[must_use]
    pub fn on_method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Lets the first `count` requests pass.
    #[must_use]
    pub fn after(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// Limits it to `count` requests.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.times = Some(count);
        self
    }

    /// Limits it to a part of the requests, above 0 and up to 1, which is the same in each run.
    #[must_use]
    pub fn with_probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Limits it to a window of time, from the first time after the start until just before the second.
    #[must_use]
    pub fn between(mut self, from: Duration, until: Duration) -> Self {
        self.from = Some(from);
        self.until = Some(until);
        self
    }

    /// Makes [`after`](Self::after) and [`times`](Self::times) count for each path on its own.
    ///
    /// At most 10,000 paths are told apart; when there are more, counting starts anew for all of them.
    #[must_use]
    pub fn for_each_path(mut self) -> Self {
        self.each_path = true;
        self
    }
}

/// A time as a number of seconds.
mod seconds {
    use std::time::Duration;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "the signature that serde asks for")]
    pub(super) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(|time| time.as_secs_f64()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let number = Option::<f64>::deserialize(deserializer)?;
        number
            .map(|number| {
                Duration::try_from_secs_f64(number).map_err(|_| {
                    D::Error::custom(format!("{number} is not a number of seconds from 0"))
                })
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_survives_json_in_the_documented_form() {
        let rule = FaultRule::new(FaultAction::respond(429).retry_after("5"))
            .on("A")
            .on_path("/a/")
            .on_method("GET")
            .after(1)
            .times(2)
            .with_probability(0.5)
            .between(Duration::from_millis(1500), Duration::from_secs(9))
            .for_each_path();
        let json = serde_json::json!({
            "operation": "A", "path": "/a/", "method": "GET", "from": 1.5, "until": 9.0, "skip": 1,
            "probability": 0.5, "times": 2, "each_path": true,
            "action": {"respond": {"status": 429, "retry_after": "5"}},
        });
        assert_eq!(serde_json::to_value(&rule).unwrap(), json);
        assert_eq!(serde_json::from_value::<FaultRule>(json).unwrap(), rule);
    }

    #[test]
    fn every_action_of_the_table_is_read() {
        for (json, action) in [
            (r#""disconnect""#, FaultAction::Disconnect),
            (r#""half_close""#, FaultAction::HalfClose),
            (
                r#"{"delay": {"milliseconds": 500}}"#,
                FaultAction::delay(Duration::from_millis(500)),
            ),
            (r#"{"cut_head": {"bytes": 0}}"#, FaultAction::lose_answer()),
            (
                r#"{"cut_body": {"bytes": 10}}"#,
                FaultAction::CutBody { bytes: 10 },
            ),
            (
                r#"{"truncate_body": {"bytes": 10}}"#,
                FaultAction::TruncateBody { bytes: 10 },
            ),
            (
                r#"{"slow_body": {"bytes": 1, "milliseconds": 100}}"#,
                FaultAction::slow_body(1, Duration::from_millis(100)),
            ),
            (
                r#"{"wrong_length": {"difference": -5}}"#,
                FaultAction::WrongLength { difference: -5 },
            ),
            (
                r#"{"body": {"text": "<html>"}}"#,
                FaultAction::replace_body("<html>"),
            ),
            (
                r#"{"set_header": {"name": "a", "value": "b"}}"#,
                FaultAction::set_header("a", "b"),
            ),
            (
                r#"{"junk_header": {"name": "a", "value": "b"}}"#,
                FaultAction::junk_header("a", "b"),
            ),
        ] {
            let rule: FaultRule =
                serde_json::from_str(&format!(r#"{{"action": {json}}}"#)).expect(json);
            assert_eq!(rule, FaultRule::new(action));
            rule.check().expect(json);
        }
    }

    #[test]
    fn a_member_that_means_nothing_is_refused_by_its_name() {
        for (json, word) in [
            (r#"{"action": "disconnect", "tims": 1}"#, "`tims`"),
            (r#"{"action": {"cut_body": {"byte": 1}}}"#, "`byte`"),
            (r#"{"action": {"explode": {}}}"#, "`explode`"),
            (r#"{"action": "disconnect", "from": -1}"#, "-1"),
            (r#"{"times": 1}"#, "`action`"),
        ] {
            let err = serde_json::from_str::<FaultRule>(json).unwrap_err();
            assert!(err.to_string().contains(word), "{json}: {err}");
        }
    }
}
