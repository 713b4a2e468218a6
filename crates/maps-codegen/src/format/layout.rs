//! Lines as `rustfmt` would lay them out, in the places where `prettyplease` differs.
//!
//! `prettyplease` breaks at 89 columns, begins a chain on a line of its own, indents the arguments of a chain's first
//! call twice, and gives a sole argument lines of its own. People who read the code are used to the other.

/// Widest line of code, as `rustfmt` has it.
const WIDTH: usize = 100;
/// Widest line of a list of names, as `rustfmt` has it.
const NAMES: usize = 99;
/// Widest arguments of a call that stays on one line, as `rustfmt` has it.
const ARGUMENTS: usize = 60;
/// One level of indentation.
const STEP: usize = 4;

/// Lays out code that `prettyplease` made.
pub(crate) fn lay_out(text: &str) -> String {
    let mut lines = lines(text);
    for at in 0..lines.len() {
        if lines[at].is_gone {
            continue;
        }
        // A line that was joined with the next one may be joined with the one after that.
        while import(&mut lines, at)
            || first_call(&mut lines, at)
            || one_call(&mut lines, at)
            || sole_argument(&mut lines, at)
            || short_call(&mut lines, at)
        {}
    }
    let mut out = String::with_capacity(text.len());
    for line in lines.iter().filter(|line| !line.is_gone) {
        if !line.text.is_empty() {
            out.extend(std::iter::repeat_n(' ', line.indent));
            out.push_str(&line.text);
        }
        out.push('\n');
    }
    out
}

/// A line apart from its indentation.
#[derive(Debug)]
struct Line {
    indent: usize,
    text: String,
    /// Whether the line before has taken it in.
    is_gone: bool,
    /// Whether it is within a text of several lines, or docs: nothing to lay out.
    is_fixed: bool,
}

impl Line {
    fn opens(&self) -> bool {
        self.text.ends_with(['(', '[', '{']) && !self.is_fixed
    }

    /// Whether it begins by closing what another line opened.
    fn closes(&self) -> bool {
        self.text.starts_with([')', ']', '}']) && !self.is_fixed
    }

    fn is_method(&self) -> bool {
        self.text.starts_with('.') && !self.text.starts_with("..") && !self.is_fixed
    }
}

fn lines(text: &str) -> Vec<Line> {
    let mut end_of_text: Option<String> = None;
    let mut out = Vec::new();
    for line in text.lines() {
        let is_inside = end_of_text.is_some();
        let start = if is_inside {
            0
        } else {
            line.len() - line.trim_start().len()
        };
        let code = &line[start..];
        let is_docs = code.starts_with("//");
        let mut rest = code;
        // Raw texts are the only ones that go over several lines.
        loop {
            match &end_of_text {
                Some(end) => match rest.find(end.as_str()) {
                    Some(found) => {
                        rest = &rest[found + end.len()..];
                        end_of_text = None;
                    }
                    None => break,
                },
                None if is_docs => break,
                None => match rest.find("r#") {
                    Some(found) => {
                        let hashes = rest[found + 1..].len()
                            - rest[found + 1..].trim_start_matches('#').len();
                        rest = &rest[found + 1 + hashes..];
                        if let Some(inner) = rest.strip_prefix('"') {
                            rest = inner;
                            end_of_text = Some(format!("\"{}", "#".repeat(hashes)));
                        }
                    }
                    None => break,
                },
            }
        }
        out.push(Line {
            indent: start,
            text: code.to_owned(),
            is_gone: false,
            is_fixed: is_docs || is_inside,
        });
    }
    out
}

/// The lines after `at` that are there still.
fn after(lines: &[Line], at: usize) -> impl Iterator<Item = usize> {
    (at + 1..lines.len()).filter(|index| !lines[*index].is_gone)
}

/// The lines below `at` that are indented further; `None` when one of them cannot be moved.
fn below(lines: &[Line], at: usize) -> Option<Vec<usize>> {
    let base = lines[at].indent;
    let region: Vec<usize> = after(lines, at)
        .take_while(|index| lines[*index].indent >= base + STEP)
        .collect();
    region
        .iter()
        .all(|index| !lines[*index].is_fixed)
        .then_some(region)
}

fn move_left(lines: &mut [Line], region: &[usize]) {
    for index in region {
        lines[*index].indent -= STEP;
    }
}

/// Appends `text` to line `at` and takes `gone` away.
fn join(lines: &mut [Line], at: usize, text: &str, gone: usize) {
    lines[at].text.push_str(text);
    lines[gone].is_gone = true;
}

fn width(lines: &[Line], at: usize, more: usize) -> usize {
    lines[at].indent + lines[at].text.chars().count() + more
}

/// `use x::{` with its names, filled up to the width.
fn import(lines: &mut [Line], at: usize) -> bool {
    let is_import = lines[at].text.starts_with("use ") || lines[at].text.starts_with("pub use ");
    if !is_import || !lines[at].opens() {
        return false;
    }
    let Some(region) = below(lines, at) else {
        return false;
    };
    let indent = lines[at].indent + STEP;
    let text: Vec<&str> = region
        .iter()
        .map(|index| lines[*index].text.as_str())
        .collect();
    let text = text.join(" ");
    let one_line = text.trim_end_matches(',');
    if width(lines, at, one_line.len() + "};".len()) <= WIDTH {
        let Some(last) = after(lines, at).nth(region.len()) else {
            return false;
        };
        let end = format!("{one_line}{}", lines[last].text);
        region.iter().for_each(|index| lines[*index].is_gone = true);
        join(lines, at, &end, last);
        return true;
    }
    let mut filled: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let line = filled.last_mut().expect("there is a first line");
        if line.is_empty() {
            line.push_str(word);
        } else if indent + line.len() + 1 + word.len() <= NAMES {
            line.push(' ');
            line.push_str(word);
        } else {
            filled.push(word.to_owned());
        }
    }
    // Never more lines than before, because those were narrower.
    for (position, index) in region.iter().enumerate() {
        match filled.get(position) {
            Some(text) => text.clone_into(&mut lines[*index].text),
            None => lines[*index].is_gone = true,
        }
    }
    false
}

/// The arguments of a chain's first call, which are indented twice.
fn first_call(lines: &mut [Line], at: usize) -> bool {
    let is_far = after(lines, at)
        .next()
        .is_some_and(|next| lines[next].indent == lines[at].indent + 2 * STEP);
    if !lines[at].opens() || !is_far {
        return false;
    }
    match below(lines, at) {
        Some(region) => {
            move_left(lines, &region);
            true
        }
        None => false,
    }
}

/// A chain of one call, whose receiver has a line of its own.
fn one_call(lines: &mut [Line], at: usize) -> bool {
    const STATEMENTS: &[&str] = &["if ", "while ", "for ", "match ", "} else", "#[", "//"];
    let line = &lines[at];
    let ends = line
        .text
        .ends_with([',', ';', '{', '(', '[', '}', '|', '>']);
    if line.is_fixed || ends || STATEMENTS.iter().any(|start| line.text.starts_with(start)) {
        return false;
    }
    let Some(region) = below(lines, at) else {
        return false;
    };
    let Some(first) = region.first().copied() else {
        return false;
    };
    let inner = lines[at].indent + STEP;
    let calls = region
        .iter()
        .filter(|index| lines[**index].indent == inner && lines[**index].is_method());
    let is_one = calls.count() == 1 && lines[first].indent == inner && lines[first].is_method();
    let text = lines[first].text.clone();
    let fits = width(lines, at, text.chars().count()) <= WIDTH;
    // Of a call on several lines all others but the last one are arguments.
    let is_call = region.len() == 1
        || lines[first].opens()
            && region
                .last()
                .is_some_and(|last| lines[*last].indent == inner && lines[*last].closes());
    if !(is_one && fits && is_call) {
        return false;
    }
    join(lines, at, &text, first);
    move_left(lines, &region[1..]);
    true
}

/// A call or list with one item that itself goes over several lines: `Some(&Schema {`.
fn sole_argument(lines: &mut [Line], at: usize) -> bool {
    if !lines[at].text.ends_with(['(', '[']) || lines[at].is_fixed {
        return false;
    }
    let Some(region) = below(lines, at) else {
        return false;
    };
    let (Some(first), Some(last)) = (region.first().copied(), region.last().copied()) else {
        return false;
    };
    let inner = lines[at].indent + STEP;
    let at_level = region
        .iter()
        .filter(|index| lines[**index].indent == inner)
        .count();
    let Some(end) = after(lines, last).next() else {
        return false;
    };
    let is_sole = first != last
        && at_level == 2
        && lines[first].indent == inner
        && lines[first].opens()
        && lines[last].indent == inner
        && lines[last].closes()
        && lines[last]
            .text
            .trim_end_matches(',')
            .ends_with([')', ']', '}'])
        && lines[end].closes();
    let text = lines[first].text.clone();
    if !is_sole || width(lines, at, text.chars().count()) > WIDTH {
        return false;
    }
    join(lines, at, &text, first);
    let closed = format!(
        "{}{}",
        lines[last].text.trim_end_matches(','),
        lines[end].text
    );
    lines[last].text = closed;
    lines[end].is_gone = true;
    move_left(lines, &region[1..]);
    true
}

/// A signature, call or list of type arguments that fits on one line.
fn short_call(lines: &mut [Line], at: usize) -> bool {
    let line = &lines[at];
    let is_signature = line.text.contains("fn ");
    let is_types = line.text.ends_with('<');
    if line.is_fixed || !(line.text.ends_with('(') || is_types) || line.text.starts_with("#[") {
        return false;
    }
    let Some(region) = below(lines, at) else {
        return false;
    };
    let inner = line.indent + STEP;
    let Some(last) = region.last().copied() else {
        return false;
    };
    let Some(end) = after(lines, last).next() else {
        return false;
    };
    let is_plain = region
        .iter()
        .all(|index| lines[*index].indent == inner && lines[*index].text.ends_with(','));
    let text: Vec<&str> = region
        .iter()
        .map(|index| lines[*index].text.as_str())
        .collect();
    let text = text.join(" ");
    let arguments = text.trim_end_matches(',');
    let is_short = is_signature || is_types || arguments.chars().count() <= ARGUMENTS;
    let closing = lines[end].text.clone();
    let added = arguments.chars().count() + closing.chars().count();
    let is_closed = lines[end].closes() || is_types && closing.starts_with('>');
    if !(is_plain && is_short && is_closed) || width(lines, at, added) > WIDTH {
        return false;
    }
    let arguments = arguments.to_owned();
    region.iter().for_each(|index| lines[*index].is_gone = true);
    join(lines, at, &format!("{arguments}{closing}"), end);
    true
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn receiver_of_one_call_shares_its_line() {
        assert_eq!(
            lay_out(
                "self.pipeline\n    .attach(\n        &operations::WATCH,\n        {\n            1\n        },\n    )\n"
            ),
            "self.pipeline.attach(\n    &operations::WATCH,\n    {\n        1\n    },\n)\n"
        );
    }

    #[test]
    fn chain_of_several_calls_keeps_its_lines() {
        let chain = "let a = client\n    .datasets()\n    .begin_create(\"x\")\n    .await?;\n";
        assert_eq!(lay_out(chain), chain);
    }

    #[test]
    fn arguments_of_a_first_call_are_indented_once() {
        assert_eq!(
            lay_out(
                "let a = A::new([\n        B::new(\n            1,\n            Default::default(),\n        ),\n    ])\n    .with_c(true);\n"
            ),
            "let a = A::new([B::new(1, Default::default())])\n.with_c(true);\n"
        );
    }

    #[test]
    fn sole_argument_opens_on_the_line_of_its_call() {
        assert_eq!(
            lay_out(
                "schema: Some(\n    &Schema {\n        kind: Kind::Any,\n        ..Schema::ANY\n    },\n),\n"
            ),
            "schema: Some(&Schema {\n    kind: Kind::Any,\n    ..Schema::ANY\n}),\n"
        );
    }

    #[test]
    fn signature_that_fits_is_one_line() {
        assert_eq!(
            lay_out(
                "    pub fn a(\n        &self,\n        b: u8,\n    ) -> Result<\n        C,\n    > {\n"
            ),
            "    pub fn a(&self, b: u8) -> Result<C> {\n"
        );
    }

    #[test]
    fn names_of_an_import_fill_its_lines() {
        let names: Vec<String> = (0..12).map(|n| format!("Name{n:06},")).collect();
        let text = format!(
            "use super::{{\n    {}\n    {}\n    {}\n}};\n",
            names[..5].join(" "),
            names[5..10].join(" "),
            names[10..].join(" ")
        );
        let expected = format!(
            "use super::{{\n    {}\n    {}\n}};\n",
            names[..8].join(" "),
            names[8..].join(" ")
        );
        assert_eq!(lay_out(&text), expected);
    }

    #[test]
    fn raw_text_and_docs_are_left_alone() {
        let text = "/// Like:\n///\n/// a\n///     .b(\n///     1,\n///     )\nlet a = from(\n    r#\"{\n  \"a\": [\n        1\n    ]\n}\"#,\n);\n";
        assert_eq!(lay_out(text), text);
    }
}
