//! Words of names, and identifiers made of words.

/// Splits a name into words at anything that is no letter or digit, and where the case says so. Symbols are words where
/// nothing else tells names apart: alone, or as the sign before a number.
pub fn words(name: &str) -> Vec<String> {
    let chars = legible(name);
    if !chars.iter().any(|c| is_word(*c)) {
        return symbols(&name.chars().collect::<Vec<_>>());
    }
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if !is_word(c) {
            push(&mut words, &mut word);
            let run = chars[at..].iter().take_while(|c| !is_word(**c)).count();
            let before_number =
                words.is_empty() && chars.get(at + run).is_some_and(char::is_ascii_digit);
            let after_number = at + run == chars.len()
                && words
                    .last()
                    .is_some_and(|last| last.ends_with(|c: char| c.is_ascii_digit()));
            if before_number || after_number {
                let telling: Vec<char> = chars[at..at + run]
                    .iter()
                    .copied()
                    .filter(|c| "<>=+-".contains(*c))
                    .collect();
                words.extend(symbols(&telling));
            }
            at += run;
            continue;
        }
        let previous = at
            .checked_sub(1)
            .map(|before| chars[before])
            .filter(|c| is_word(*c));
        let next = chars.get(at + 1).copied();
        let starts = match previous {
            None => true,
            Some(previous) if c.is_uppercase() => {
                // `resultUrl`, `MD5Hash`, `XMLHttp`, but not `URLs` and not `2D`: a plural `s` belongs to its capitals, a
                // lone capital to the number before it.
                !(previous.is_uppercase() || previous.is_ascii_digit())
                    || next.is_some_and(char::is_lowercase) && !is_plural(&chars, at)
            }
            Some(_) => false,
        };
        if starts {
            push(&mut words, &mut word);
        }
        word.push(c);
        at += 1;
    }
    push(&mut words, &mut word);
    words
}

/// The characters of a name, letters replaced by a symbol that identifiers do not have without a warning of the compiler:
/// compatibility forms (`Ⅻ`), rare letters (`ɡ`), and Greek or Cyrillic among letters that they look like.
fn legible(name: &str) -> Vec<char> {
    let is_lookalike = |c: char| matches!(c, 'Ά'..='ώ' | 'Ѐ'..='џ');
    let is_alone = name.chars().filter(|c| c.is_alphabetic()).all(is_lookalike);
    let is_usual = |c: char| {
        matches!(c,
            'À'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž'
            | 'ぁ'..='ん' | 'ァ'..='ー' | '一'..='鿿' | '가'..='힣')
    };
    let is_legible = |c: char| {
        c.is_ascii() || !c.is_alphanumeric() || is_usual(c) || is_alone && is_lookalike(c)
    };
    name.chars()
        .filter(|c| !is_mark(*c))
        .map(|c| {
            if is_legible(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
}

/// Whether the capital at `at` ends a run of capitals with a plural `s`: `URLs`.
fn is_plural(chars: &[char], at: usize) -> bool {
    chars.get(at + 1) == Some(&'s')
        && !chars
            .get(at + 2)
            .is_some_and(|c| is_word(*c) && !c.is_uppercase())
}

/// Whether a character is a mark on the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether letters of a name, or marks on them, are in no identifier.
pub fn loses_letters(name: &str) -> bool {
    let kept = legible(name).into_iter().filter(|c| c.is_alphanumeric());
    let letters = name.chars().filter(|c| c.is_alphanumeric() || is_mark(*c));
    kept.count() < letters.count()
}

/// Whether something of a name can be read: a letter or digit that identifiers have.
pub fn is_spelt(name: &str) -> bool {
    legible(name).into_iter().any(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && (c.is_ascii() || c.is_alphabetic())
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

fn symbols(chars: &[char]) -> Vec<String> {
    let text: String = chars.iter().collect();
    let whole = match text.as_str() {
        "" => "Empty",
        "=" | "==" => "Equal",
        "!=" | "<>" => "NotEqual",
        ">" => "Greater",
        ">=" => "GreaterOrEqual",
        "<" => "Less",
        "<=" => "LessOrEqual",
        "&&" => "And",
        "||" => "Or",
        _ => "",
    };
    if !whole.is_empty() {
        return words(whole);
    }
    chars.iter().map(|c| symbol(*c)).collect()
}

fn symbol(c: char) -> String {
    let word = match c {
        '=' => "Equal",
        '>' => "Greater",
        '<' => "Less",
        '+' => "Plus",
        '-' => "Minus",
        '*' => "Star",
        '/' => "Slash",
        '\\' => "Backslash",
        '%' => "Percent",
        '$' => "Dollar",
        '#' => "Hash",
        '@' => "At",
        '&' => "And",
        '|' => "Or",
        '!' => "Not",
        '?' => "Question",
        '.' => "Dot",
        ',' => "Comma",
        ':' => "Colon",
        ';' => "Semicolon",
        '~' => "Tilde",
        '^' => "Caret",
        '_' => "Underscore",
        ' ' => "Space",
        // What has no word is told apart by its code point.
        _ => return format!("U{:x}", u32::from(c)),
    };
    word.to_owned()
}

/// `resultUrl` becomes `ResultUrl`. Words of capitals keep only their first: `contentMD5` becomes `ContentMd5`.
pub fn pascal(name: &str) -> String {
    pascal_words(&words(name))
}

/// `resultUrl` becomes `result_url`.
pub fn snake(name: &str) -> String {
    snake_words(&words(name))
}

/// Joins words the way types are written.
pub fn pascal_words(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let mut chars = word.chars();
        let Some(first) = chars.next() else { continue };
        // Two numbers that meet would become another number.
        if first.is_ascii_digit() && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(first.to_uppercase());
        out.push_str(&chars.as_str().to_lowercase());
    }
    out
}

/// Joins words the way fields and methods are written.
pub fn snake_words(words: &[String]) -> String {
    words
        .iter()
        .map(|word| word.to_lowercase())
        .collect::<Vec<_>>()
        .join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_the_compiler_warns_of_are_no_letters() {
        assert_eq!(pascal("größe"), "Größe");
        assert_eq!(pascal("日本"), "日本");
        assert_eq!(pascal("дорога"), "Дорога");
        assert_eq!(pascal("route Αlpha Ⅻ ɡ"), "RouteLpha");
        assert_eq!(pascal("Ⅻ"), "U216b");
        assert_eq!(snake("cafe\u{301}s"), "cafes");
        for name in ["route Αlpha", "Ⅻ", "cafe\u{301}s", "\u{fb01}x"] {
            assert!(loses_letters(name), "{name}");
        }
        for name in ["größe", "日本", "дорога", "a – b", "x_1°"] {
            assert!(!loses_letters(name), "{name}");
        }
    }

    #[test]
    fn words_follow_case_and_punctuation() {
        for (name, snake_case, pascal_case) in [
            ("resultUrl", "result_url", "ResultUrl"),
            ("contentMD5", "content_md5", "ContentMd5"),
            ("ISO", "iso", "Iso"),
            ("XMLHttpRequest", "xml_http_request", "XmlHttpRequest"),
            ("imageURLs", "image_urls", "ImageUrls"),
            ("x-ms-client-id", "x_ms_client_id", "XMsClientId"),
            ("$schema", "schema", "Schema"),
            ("UTurn", "u_turn", "UTurn"),
            ("2.0", "2_0", "2_0"),
            ("map2D", "map2d", "Map2d"),
            ("v1Preview", "v1_preview", "V1Preview"),
            (
                "#Microsoft.Media.Job",
                "microsoft_media_job",
                "MicrosoftMediaJob",
            ),
            ("größe", "größe", "Größe"),
        ] {
            assert_eq!(
                (snake(name).as_str(), pascal(name).as_str()),
                (snake_case, pascal_case),
                "{name}"
            );
        }
    }

    #[test]
    fn symbols_become_words_where_nothing_else_is_left() {
        for (name, pascal_case) in [
            ("=", "Equal"),
            (">=", "GreaterOrEqual"),
            ("", "Empty"),
            ("-1", "Minus1"),
            ("<5", "Less5"),
            ("10+", "10Plus"),
            ("*", "Star"),
            ("+", "Plus"),
            ("==", "Equal"),
            ("\u{1f5fa}", "U1f5fa"),
            // A letter to Unicode, and no part of a Rust identifier; a letter that is two when normalised.
            ("\u{24b6}", "U24b6"),
            ("a\u{24b6}b", "AB"),
            ("\u{1c4}", "U1c4"),
            ("\u{5730}\u{56f3}", "\u{5730}\u{56f3}"),
        ] {
            assert_eq!(pascal(name), pascal_case, "{name}");
        }
    }
}
