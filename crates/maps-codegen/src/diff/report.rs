//! A difference as text and as Markdown.

use std::fmt;

use super::{Change, Difference, Level, Side, What};

pub(super) fn text(difference: &Difference, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "{}", difference.title)?;
    for change in telling(difference) {
        writeln!(
            f,
            "  {:<6}{:<5} {:<8} {} {}{}",
            level(change.level),
            side(change.side),
            verb(change),
            change.kind,
            change.item,
            detail(change, "")
        )?;
    }
    let prose = prose(difference);
    if prose > 0 {
        writeln!(f, "  documentation differs in {prose} places")?;
    }
    writeln!(f, "  verdict: {}", verdict(difference))
}

pub(super) fn markdown(difference: &Difference) -> String {
    let mut out = format!("### {}\n\n", difference.title.replace("->", "→"));
    let mut rows = telling(difference).peekable();
    if rows.peek().is_some() {
        out.push_str("| asks for | seen in | change |\n|---|---|---|\n");
    }
    for change in rows {
        let text = format!(
            "{} {} `{}`{}",
            verb(change),
            change.kind,
            change.item,
            detail(change, "`")
        );
        out.push_str(&format!(
            "| {} | {} | {} |\n",
            level(change.level),
            side(change.side),
            text.replace('|', "\\|").replace(['\n', '\r'], " ")
        ));
    }
    let prose = prose(difference);
    if prose > 0 {
        out.push_str(&format!("\nDocumentation differs in {prose} places.\n"));
    }
    out.push_str(&format!("\nVerdict: **{}**\n", verdict(difference)));
    out
}

/// Changes that are shown one by one, those that ask for most first.
fn telling(difference: &Difference) -> impl Iterator<Item = &Change> {
    let mut changes: Vec<&Change> = difference
        .changes
        .iter()
        .filter(|change| !is_prose(change))
        .collect();
    changes.sort_by_key(|change| (std::cmp::Reverse(change.level), change.side));
    changes.into_iter()
}

fn is_prose(change: &Change) -> bool {
    matches!(
        change.what,
        What::Changed {
            aspect: "documentation",
            ..
        }
    )
}

fn prose(difference: &Difference) -> usize {
    difference
        .changes
        .iter()
        .filter(|change| is_prose(change))
        .count()
}

fn verb(change: &Change) -> &'static str {
    match &change.what {
        What::Added => "added",
        What::Removed => "removed",
        What::Renamed { .. } => "renamed",
        What::Changed { aspect: "type", .. } => "retyped",
        What::Changed { .. } => "changed",
    }
}

fn detail(change: &Change, quote: &str) -> String {
    let plain = |text: &str| format!("{quote}{}{quote}", text.replace(['⟨', '⟩'], ""));
    match &change.what {
        What::Added | What::Removed => String::new(),
        What::Renamed { from, to } => format!(": {} to {}", plain(from), plain(to)),
        What::Changed {
            aspect: "type",
            from,
            to,
        } => {
            format!(": {} to {}", plain(from), plain(to))
        }
        What::Changed {
            aspect: "presence",
            from,
            to,
        } => format!(": {from} to {to}"),
        What::Changed { aspect, from, to } => {
            format!(", {aspect}: {} to {}", plain(from), plain(to))
        }
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Patch => "patch",
        Level::Minor => "minor",
        Level::Major => "major",
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Wire => "wire",
        Side::Rust => "Rust",
    }
}

fn verdict(difference: &Difference) -> &'static str {
    match difference.verdict() {
        None => "no change",
        Some(Level::Patch) => "patch (documentation alone)",
        Some(Level::Minor) => "minor (callers go on compiling)",
        Some(Level::Major) => "major (callers may have to change)",
    }
}
