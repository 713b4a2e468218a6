//! The same cases on this SDK's runtime and on azure_core, over real HTTP on this machine.
//!
//! Without arguments it runs every case on both sides and prints a Markdown table. Each case has a process of its
//! own, so that one that panics or hangs says so in the table and harms no other.

use std::future::Future;
use std::pin::Pin;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

mod cases;
mod ours;
mod server;
mod theirs;

use cases::CASES;

/// What a case found out, in a few words.
type Finding = Pin<Box<dyn Future<Output = String>>>;

/// Both sides of one row.
struct Case {
    name: &'static str,
    /// What happens, for the table.
    what: &'static str,
    ours: fn() -> Finding,
    theirs: fn() -> Finding,
}

/// No case takes longer unless it hangs.
const LONGEST: Duration = Duration::from_secs(90);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => table(),
        [name, side] => one(name, side),
        _ => {
            eprintln!("usage: maps-comparison [CASE ours|azure_core]");
            ExitCode::from(2)
        }
    }
}

/// A message as code, whatever is in it; random ids are left out, so that two runs give the same page.
fn code(message: &dyn std::fmt::Display) -> String {
    let message = message.to_string();
    let is_uuid = |word: &&str| word.len() == 36 && word.matches('-').count() == 4;
    let id = message
        .split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .find(is_uuid);
    let message = match id {
        Some(id) => message.replace(id, "…"),
        None => message,
    };
    match message.contains('`') {
        true => format!("`` {message} ``"),
        false => format!("`{message}`"),
    }
}

/// Runs one side of one case in this process.
fn one(name: &str, side: &str) -> ExitCode {
    let Some(case) = CASES.iter().find(|case| case.name == name) else {
        eprintln!("there is no case `{name}`");
        return ExitCode::from(2);
    };
    let finding = match side {
        "ours" => case.ours,
        _ => case.theirs,
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::from(2);
        }
    };
    println!("{}", runtime.block_on(finding()));
    // What still waits in the background is not waited for.
    runtime.shutdown_background();
    ExitCode::SUCCESS
}

fn table() -> ExitCode {
    println!("| case | this SDK | azure_core {} |", version());
    println!("|---|---|---|");
    for case in CASES {
        let cell = |side| run(case.name, side).replace('|', "\\|");
        println!(
            "| {} | {} | {} |",
            case.what,
            cell("ours"),
            cell("azure_core")
        );
    }
    ExitCode::SUCCESS
}

/// The finding of a process of its own, or how that process ended.
fn run(name: &str, side: &str) -> String {
    eprintln!("{name}, {side}");
    let spawned = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args([name, side])
            .env("RUST_BACKTRACE", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    });
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return format!("not run: {error}"),
    };
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            _ => break,
        }
    }
    // Does nothing to one that has ended.
    let hung = child.try_wait().is_ok_and(|status| status.is_none());
    let _ = child.kill();
    let output = match child.wait_with_output() {
        Ok(output) => output,
        Err(error) => return format!("not run: {error}"),
    };
    if hung {
        return format!("**no end** within {} s", LONGEST.as_secs());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return said.trim().to_owned();
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut lines = stderr
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    match (lines.next(), lines.next()) {
        (Some(_), Some(message)) => format!("**panics**: {}", code(&message.trim())),
        _ => format!("not run: {}", stderr.trim()),
    }
}

/// The version of azure_core in the lock file, which is what was run.
fn version() -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let package = lock.split("name = \"azure_core\"\nversion = \"").nth(1);
    package
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("of an unknown version")
}
