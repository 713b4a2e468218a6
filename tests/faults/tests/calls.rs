//! Every fault in the answer to one call: on the wire by the emulator, inside the program by the test kit. Both must
//! come to the same, which is the table below.

use std::sync::Arc;
use std::time::Duration;

use maps_core::ErrorKind::{Decode, Service, Transport};
use maps_core::test_kit::{FaultAction, FaultRule, FaultTransport, VirtualClock};
use maps_core::{ClientOptions, ErrorKind};
use maps_emulator::Emulator;
use maps_fault_tests::{asked, emulator, matrix, no_retries, options, route};

const STATUS: &str = "Route_GetRouteOperationsStatus";

/// What one call without retries comes to; with retries, how many tries a fault that passes takes.
struct Case {
    action: FaultAction,
    error: Option<ErrorKind>,
    tries: usize,
}

fn cases() -> Vec<Case> {
    let case = |action, error, tries| Case {
        action,
        error,
        tries,
    };
    let junk = |name: &str, repeat, copies| FaultAction::JunkHeader {
        name: name.to_owned(),
        value: "x".to_owned(),
        repeat,
        copies,
    };
    let moment = Duration::from_millis(1);
    vec![
        case(FaultAction::respond(429), Some(Service), 2),
        case(FaultAction::respond(429).retry_after("9"), Some(Service), 2),
        case(FaultAction::respond(500), Some(Service), 2),
        case(FaultAction::respond(503), Some(Service), 2),
        case(FaultAction::respond(503).body("<html>"), Some(Service), 2),
        case(FaultAction::respond(400), Some(Service), 1),
        case(FaultAction::Disconnect, Some(Transport), 2),
        case(FaultAction::HalfClose, Some(Transport), 2),
        case(FaultAction::lose_answer(), Some(Transport), 2),
        case(FaultAction::CutHead { bytes: 16 }, Some(Transport), 2),
        case(FaultAction::CutBody { bytes: 0 }, Some(Transport), 2),
        case(FaultAction::CutBody { bytes: 9 }, Some(Transport), 2),
        case(FaultAction::CutBody { bytes: 9_999 }, None, 1),
        case(
            FaultAction::WrongLength { difference: 7 },
            Some(Transport),
            2,
        ),
        case(FaultAction::WrongLength { difference: -7 }, Some(Decode), 1),
        case(FaultAction::TruncateBody { bytes: 9 }, Some(Decode), 1),
        case(FaultAction::TruncateBody { bytes: 0 }, Some(Decode), 1),
        case(FaultAction::replace_body("<html>"), Some(Decode), 1),
        case(FaultAction::replace_body("[]"), Some(Decode), 1),
        case(junk("no name", 1, 1), Some(Transport), 2),
        case(junk("n\u{e9}", 1, 1), Some(Transport), 2),
        case(junk("x-many", 1, 200), Some(Transport), 2),
        case(junk("x-long", 1_000_000, 1), Some(Transport), 2),
        case(junk("x-long", 300_000, 1), Some(Decode), 1),
        case(junk("x-few", 1, 50), None, 1),
        case(FaultAction::junk_header("x-odd", "\u{e9}"), None, 1),
        case(FaultAction::set_header("retry-after", "soon"), None, 1),
        case(FaultAction::slow_body(50, moment), None, 1),
        case(FaultAction::delay(moment), None, 1),
    ]
}

/// The id of an operation that has ended.
async fn operation(emulator: &Emulator) -> String {
    let client = route(emulator, options(&VirtualClock::running_ahead()));
    let poller = client.begin_route_matrix(&matrix()).await;
    poller.expect("begun").id().to_owned()
}

/// Kind of the error of a call, and tries as the emulator saw them.
async fn call(emulator: &Emulator, id: &str, options: ClientOptions) -> (Option<ErrorKind>, usize) {
    let before = asked(emulator, STATUS);
    let client = route(emulator, options);
    let outcome = client.get_route_operations_status(id).await;
    let kind = outcome.err().map(|error| error.kind());
    (kind, asked(emulator, STATUS) - before)
}

#[tokio::test]
async fn the_emulators_faults_come_to_what_the_table_says() {
    let emulator = emulator([]).await;
    let id = operation(&emulator).await;
    let clock = VirtualClock::running_ahead();
    for Case {
        action,
        error,
        tries,
    } in cases()
    {
        let rule = FaultRule::new(action.clone()).on(STATUS).times(1);
        emulator.add_fault(rule.clone()).expect("a sound rule");
        let bare = call(&emulator, &id, no_retries(&clock)).await;
        assert_eq!(bare, (error, 1), "{action:?}");
        emulator.add_fault(rule).expect("a sound rule");
        let (_, tried) = call(&emulator, &id, options(&clock)).await;
        assert_eq!(tried, tries, "{action:?}");
        emulator.clear_faults();
    }
    emulator.stop().await;
}

#[tokio::test]
async fn the_test_kits_faults_come_to_the_same() {
    let emulator = emulator([]).await;
    let id = operation(&emulator).await;
    let clock = VirtualClock::running_ahead();
    for Case {
        action,
        error,
        tries,
    } in cases()
    {
        let rule = FaultRule::new(action.clone()).on(STATUS).times(1);
        let spoilt = || {
            let transport = FaultTransport::over_http().expect("TLS");
            let transport = transport.clock(Arc::new(clock.clone()));
            transport.fault(rule.clone()).expect("a sound rule")
        };
        let transport = spoilt();
        let options_with = |transport: &FaultTransport, options: ClientOptions| {
            options.transport(Arc::new(transport.clone()))
        };
        let bare = options_with(&transport, no_retries(&clock));
        let (kind, _) = call(&emulator, &id, bare).await;
        assert_eq!(kind, error, "{action:?}");
        let transport = spoilt();
        call(&emulator, &id, options_with(&transport, options(&clock))).await;
        let report = &transport.faults()[0];
        assert_eq!((report.hits, report.seen), (1, tries as u64), "{action:?}");
    }
    emulator.stop().await;
}
