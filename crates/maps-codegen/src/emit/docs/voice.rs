//! Summaries of operations in the third person: definitions say "Get one entry", docs "Gets one entry".

/// Verbs that summaries of operations begin with.
const VERBS: &[&str] = &[
    "accept",
    "add",
    "analyze",
    "append",
    "apply",
    "approve",
    "assign",
    "attach",
    "calculate",
    "cancel",
    "change",
    "check",
    "clear",
    "close",
    "complete",
    "compute",
    "convert",
    "copy",
    "count",
    "create",
    "deactivate",
    "delete",
    "describe",
    "detach",
    "determine",
    "disable",
    "download",
    "enable",
    "end",
    "evaluate",
    "execute",
    "export",
    "fetch",
    "find",
    "generate",
    "get",
    "give",
    "import",
    "insert",
    "invoke",
    "join",
    "list",
    "lock",
    "look",
    "make",
    "match",
    "merge",
    "move",
    "obtain",
    "patch",
    "perform",
    "post",
    "process",
    "publish",
    "purge",
    "put",
    "query",
    "read",
    "receive",
    "refresh",
    "regenerate",
    "register",
    "reject",
    "release",
    "reload",
    "remove",
    "rename",
    "render",
    "renew",
    "replace",
    "request",
    "reset",
    "resolve",
    "restart",
    "restore",
    "resume",
    "retrieve",
    "return",
    "revoke",
    "run",
    "save",
    "search",
    "send",
    "set",
    "share",
    "show",
    "snap",
    "start",
    "stop",
    "store",
    "submit",
    "suspend",
    "sync",
    "test",
    "transfer",
    "translate",
    "trigger",
    "undo",
    "unlock",
    "unregister",
    "update",
    "upgrade",
    "upload",
    "upsert",
    "validate",
    "verify",
    "watch",
    "write",
];

/// The text with the verb that it begins with in the third person, and those joined to it.
///
/// A text that begins with something else, or with a verb that may be a noun there (`List of …`), stays as it is.
pub(super) fn third_person(text: &str) -> String {
    let Some((first, rest)) = text.split_once(' ') else {
        return text.to_owned();
    };
    let is_noun = rest.starts_with("of ");
    if !is_verb(first) || is_noun || !first.starts_with(char::is_uppercase) {
        return text.to_owned();
    }
    let mut out = conjugated(first);
    // Of the first sentence only: what follows speaks of other things.
    let sentence = rest.find(". ").unwrap_or(rest.len());
    let mut before = first;
    // Whether the last word joins a verb to the first one: `Register or`, `Register data, or`.
    let mut joins = false;
    for (index, word) in rest[..sentence].split(' ').enumerate() {
        out.push(' ');
        if joins && is_verb(word) && !word.starts_with(char::is_uppercase) {
            out.push_str(&conjugated(word));
        } else {
            out.push_str(word);
        }
        joins = matches!(word, "or" | "and" | "then") && (index == 0 || before.ends_with(','));
        before = word;
    }
    out + &rest[sentence..]
}

fn is_verb(word: &str) -> bool {
    VERBS.contains(&word.trim_end_matches(',').to_lowercase().as_str())
}

fn conjugated(verb: &str) -> String {
    let (verb, comma) = match verb.strip_suffix(',') {
        Some(verb) => (verb, ","),
        None => (verb, ""),
    };
    let hisses = ["s", "x", "z", "ch", "sh", "o"];
    let stem = verb
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match stem {
        Some(stem) => format!("{stem}ies{comma}"),
        None if hisses.iter().any(|end| verb.ends_with(end)) => format!("{verb}es{comma}"),
        None => format!("{verb}s{comma}"),
    }
}

#[cfg(test)]
mod tests {
    use super::third_person;

    #[test]
    fn leading_verb_is_conjugated() {
        for (imperative, third) in [
            ("Get one dataset.", "Gets one dataset."),
            ("Search for places.", "Searches for places."),
            ("Query the map.", "Queries the map."),
            ("Undo the last change.", "Undoes the last change."),
        ] {
            assert_eq!(third_person(imperative), third);
        }
    }

    #[test]
    fn verbs_joined_to_it_are_conjugated() {
        for (imperative, third) in [
            (
                "Register data, or replace what is there.",
                "Registers data, or replaces what is there.",
            ),
            ("Create or update an alias.", "Creates or updates an alias."),
            (
                "List tilesets and query names.",
                "Lists tilesets and query names.",
            ),
        ] {
            assert_eq!(third_person(imperative), third);
        }
    }

    #[test]
    fn other_beginnings_stay() {
        for text in [
            "List of datasets.",
            "The state of an operation.",
            "Reads it.",
            "Delete",
        ] {
            assert_eq!(third_person(text), text);
        }
    }
}
