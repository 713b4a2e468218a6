//! The body of a matrix of 50,000 cells.

use std::fmt::Write;

/// 250 origins and 200 destinations, every hundredth cell without a route.
pub(crate) fn body() -> Vec<u8> {
    let mut text = String::from(
        r#"{"kind":"RouteMatrix","type":"Feature","geometry":null,"properties":{"summary":{"totalCount":50000,"successfulCount":49500},"matrix":["#,
    );
    for index in 0..50_000 {
        let separator = if index == 0 { "" } else { "," };
        let (origin, destination) = (index / 200, index % 200);
        // Writing to a String cannot fail.
        let _ = if index % 100 == 99 {
            write!(
                text,
                r#"{separator}{{"statusCode":404,"originIndex":{origin},"destinationIndex":{destination},"error":{{"code":"NoRouteFound","message":"There is no road."}}}}"#
            )
        } else {
            write!(
                text,
                r#"{separator}{{"statusCode":200,"originIndex":{origin},"destinationIndex":{destination},"distanceInMeters":{}.5,"durationInSeconds":{},"durationTrafficInSeconds":12,"departureAt":"2025-03-01T10:00:00Z"}}"#,
                index * 7,
                index * 3
            )
        };
    }
    text.push_str("]}}");
    text.into_bytes()
}
