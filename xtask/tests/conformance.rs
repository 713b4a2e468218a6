//! `cargo xtask conformance` where it cannot run.

use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What says so at once, on a loaded machine too.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn without_node_says_what_is_missing_and_exits_with_2() {
    let empty = tempfile::tempdir().expect("a folder can be made");
    let mut process = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("conformance")
        .env("PATH", empty.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xtask starts");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = process.try_wait().expect("the process is ours") {
            break status;
        }
        if start.elapsed() > LIMIT {
            process.kill().expect("the process is ours");
            process.wait().expect("the process is ours");
            panic!("it went on without Node.js");
        }
        thread::sleep(Duration::from_millis(20));
    };
    let mut said = String::new();
    process
        .stderr
        .take()
        .expect("it is piped")
        .read_to_string(&mut said)
        .expect("it is text");
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: node cannot be run"), "{said}");
    assert!(
        said.contains("needs Node.js 18 or newer with npm"),
        "{said}"
    );
}
