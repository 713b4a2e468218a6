//! Causes that may show a secret.

use std::error::Error as StdError;
use std::fmt;
use std::iter::successors;

/// What an error keeps of its cause.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// More causes behind each other than any error has.
const MAX_CAUSES: usize = 16;

/// Text of a cause without the secrets in it, and that of the causes behind it.
struct Blotted {
    text: String,
    source: Option<Box<Blotted>>,
}

/// The cause as it is, or the text of it that `redact` leaves when a secret is in it.
///
/// What is looked at is what those show who print whole chains, by `Display` or by `Debug`. Only `Display` is kept:
/// `Debug` may show the same text once more, in bytes for example.
pub(crate) fn blot(cause: Cause, redact: impl Fn(&str) -> String) -> Cause {
    let is_clean = |text: String| redact(&text) == text;
    if chain(&*cause).all(|cause| is_clean(cause.to_string()) && is_clean(format!("{cause:?}"))) {
        return cause;
    }
    let texts: Vec<String> = chain(&*cause)
        .map(|cause| redact(&cause.to_string()))
        .collect();
    let last_first = texts.into_iter().rev();
    let blotted = last_first.fold(None, |source, text| {
        Some(Box::new(Blotted { text, source }))
    });
    match blotted {
        Some(blotted) => blotted,
        None => cause,
    }
}

/// A cause and those behind it in one line.
pub(crate) fn in_one_line(cause: &(dyn StdError + 'static)) -> String {
    let texts: Vec<String> = chain(cause).map(ToString::to_string).collect();
    texts.join(": ")
}

fn chain<'a>(
    first: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(first), |&cause| cause.source()).take(MAX_CAUSES)
}

impl fmt::Display for Blotted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Blotted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)?;
        match &self.source {
            Some(source) => write!(f, ": {source:?}"),
            None => Ok(()),
        }
    }
}

impl StdError for Blotted {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source: &(dyn StdError + 'static) = self.source.as_deref()?;
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Nested(&'static str, Option<Box<Nested>>);

    impl fmt::Display for Nested {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Nested {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            let source: &(dyn StdError + 'static) = self.1.as_deref()?;
            Some(source)
        }
    }

    fn redact(text: &str) -> String {
        text.replace("canary", "***")
    }

    #[test]
    fn a_cause_without_a_secret_stays_what_it_is() {
        let cause = Box::new(Nested("outer", Some(Box::new(Nested("inner", None)))));
        assert!(blot(cause, redact).downcast_ref::<Nested>().is_some());
    }

    #[test]
    fn a_secret_is_taken_out_of_every_cause_and_the_rest_of_the_text_stays() {
        let inner = Nested("it was canary!", None);
        let cause = blot(Box::new(Nested("outer", Some(Box::new(inner)))), redact);
        assert!(cause.downcast_ref::<Nested>().is_none());
        assert_eq!(in_one_line(&*cause), "outer: it was ***!");
        assert_eq!(format!("{cause:?}"), r#""outer": "it was ***!""#);
    }

    #[test]
    fn a_secret_that_only_debug_shows_is_taken_out_too() {
        #[derive(Debug)]
        #[allow(dead_code, reason = "for Debug")]
        struct Sneaky(&'static str);
        impl fmt::Display for Sneaky {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sneaky")
            }
        }
        impl StdError for Sneaky {}
        let cause = blot(Box::new(Sneaky("canary")), redact);
        assert_eq!(format!("{cause} {cause:?}"), r#"sneaky "sneaky""#);
    }
}
