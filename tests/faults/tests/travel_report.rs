//! The program of `maps-route`'s example against the emulator, which misbehaves on the wire.

#[allow(dead_code, reason = "the program's own `main`")]
#[path = "../../../crates/maps-route/examples/travel_report.rs"]
mod travel_report;

use maps_core::test_kit::{FaultAction, FaultRule, VirtualClock};
use maps_fault_tests::{asked, emulator, options, route};

use travel_report::{Report, report};

#[tokio::test]
async fn a_bad_hour_of_the_service_changes_nothing_but_the_time() {
    let poll = |action| FaultRule::new(action).on_path("/route/operations/");
    let emulator = emulator([
        poll(FaultAction::respond(404)).times(2),
        poll(FaultAction::respond(429).retry_after("30")).times(1),
        poll(FaultAction::lose_answer()).times(1),
        poll(FaultAction::CutBody { bytes: 20 }).times(1),
    ])
    .await;
    let client = route(&emulator, options(&VirtualClock::running_ahead()));
    let report = report(
        &client,
        [4.4777, 51.9244],
        &[[6.9603, 50.9375], [170.0, -40.0]],
    )
    .await;
    let Report::Ready(lines) = report.expect("a report") else {
        panic!("the operation has ended");
    };
    assert!(lines[0].ends_with(" min"), "{}", lines[0]);
    assert!(lines[1].starts_with("no way: "), "{}", lines[1]);
    assert_eq!(asked(&emulator, "Route_PostRouteMatrixAsync"), 1);
}
