//! JSON for people: what is short stays on one line.

use serde_json::Value;

/// Widest value that stays on one line.
const WIDTH: usize = 72;

/// JSON text, indented like the code around it.
pub(super) fn pretty(value: &Value) -> String {
    write(value, 0)
}

fn write(value: &Value, indent: usize) -> String {
    let line = one_line(value);
    if indent + line.chars().count() <= WIDTH {
        return line;
    }
    let inner = indent + 4;
    let (open, items, close) = match value {
        Value::Array(items) => (
            '[',
            items
                .iter()
                .map(|item| write(item, inner))
                .collect::<Vec<_>>(),
            ']',
        ),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                format!("{}: {}", Value::from(key.as_str()), write(value, inner))
            });
            ('{', members.collect(), '}')
        }
        _ => return line,
    };
    let space = " ".repeat(inner);
    let items = items.join(&format!(",\n{space}"));
    format!("{open}\n{space}{items}\n{}{close}", " ".repeat(indent))
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), one_line(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::pretty;

    #[test]
    fn short_values_stay_on_one_line() {
        let value = json!({ "a": [1, 2.5], "b": {} });
        assert_eq!(pretty(&value), r#"{ "a": [1, 2.5], "b": {} }"#);
    }

    #[test]
    fn long_values_are_broken_where_they_must() {
        let value = json!({ "name": "x".repeat(70), "position": [6.62905, 46.51676] });
        let expected = format!(
            "{{\n    \"name\": \"{}\",\n    \"position\": [6.62905, 46.51676]\n}}",
            "x".repeat(70)
        );
        assert_eq!(pretty(&value), expected);
    }
}
