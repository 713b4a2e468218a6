//! The demo goes from submit to result three times and says so.

use std::process::Command;

#[test]
fn three_results_are_printed() {
    let demo = Command::new(env!("CARGO_BIN_EXE_maps-demo"))
        .env_remove("AZURE_MAPS_KEY")
        .output()
        .unwrap();
    let printed = String::from_utf8(demo.stdout).unwrap();
    let complaints = String::from_utf8_lossy(&demo.stderr);
    assert!(demo.status.success(), "{complaints}");
    // A cell that has a route, one that has none, the size and MD5 of the plan, and the dataset's description.
    for expected in [
        "Space Needle",
        "no route",
        "205 bytes",
        "SD2V2xAzaij7eterELOQ9Q==",
        "A campus",
    ] {
        assert!(printed.contains(expected), "no {expected:?} in:\n{printed}");
    }
}
