//! What the compiler says, from the messages that cargo writes as JSON.

use serde_json::Value;

/// A message about one place of one crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The package, as near as its target's name tells: underscores are hyphens.
    pub(crate) package: String,
    /// Whether the crate is not compiled for it.
    pub(crate) is_error: bool,
    /// As the compiler would have printed it.
    pub(crate) text: String,
}

/// Errors and warnings of a `cargo … --message-format json`, without those that only count others.
pub(crate) fn messages(output: &str) -> Vec<Message> {
    output.lines().filter_map(message).collect()
}

fn message(line: &str) -> Option<Message> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = &line["message"];
    let is_error = match message["level"].as_str()? {
        "error" => true,
        "warning" => false,
        _ => return None,
    };
    // The last message of a crate only counts those before it.
    if message["spans"].as_array().is_none_or(Vec::is_empty) {
        return None;
    }
    Some(Message {
        package: line["target"]["name"].as_str()?.replace('_', "-"),
        is_error,
        text: message["rendered"]
            .as_str()
            .unwrap_or_default()
            .trim_end()
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_their_package_and_counts_are_left_out() {
        let line = |level: &str, krate: &str, spans: &str| {
            format!(
                r#"{{"reason":"compiler-message","target":{{"name":"{krate}"}},"message":{{"level":"{level}","rendered":"text\n","spans":{spans}}}}}"#
            )
        };
        let lines = [
            line("error", "sample_0003_models", "[{}]"),
            line("warning", "sample_0003", "[{}]"),
            line("error", "sample_0003", "[]"),
            line("note", "sample_0003", "[{}]"),
            r#"{"reason":"build-finished","success":false}"#.to_owned(),
            "no JSON".to_owned(),
        ];
        let message = |package: &str, is_error| Message {
            package: package.to_owned(),
            is_error,
            text: "text".to_owned(),
        };
        assert_eq!(
            messages(&lines.join("\n")),
            [
                message("sample-0003-models", true),
                message("sample-0003", false)
            ]
        );
    }
}
