//! What a misspelt name was probably meant to be.

/// The candidate that `name` was probably meant to be, as help text.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    // Long names allow more edits; a different case is none, and neither are other separators of the same words.
    let plain = plain(name);
    let limit = (plain.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&plain, &self::plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by(|a, b| a.0.cmp(&b.0))
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// Edits that make one text the other, two letters changing places being one.
fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(a, b)
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = [
        "x-ms-client-name",
        "x-ms-client-flatten",
        "description",
        "readOnly",
    ];

    #[test]
    fn a_near_name_is_suggested() {
        for (name, meant) in [
            ("x-ms-client-nmae", "x-ms-client-name"),
            ("x-ms-clientname", "x-ms-client-name"),
            ("x_ms_client_name", "x-ms-client-name"),
            ("x-ms-client-flaten", "x-ms-client-flatten"),
            ("readonly", "readOnly"),
            ("read-only", "readOnly"),
            ("descripton", "description"),
        ] {
            let help = format!("did you mean `{meant}`?");
            assert_eq!(did_you_mean(name, NAMES), Some(help), "{name}");
        }
    }

    #[test]
    fn a_far_name_is_not_suggested() {
        for name in ["summary", "x-", "", "x-ms-paths"] {
            assert_eq!(did_you_mean(name, NAMES), None, "{name}");
        }
    }
}
