//! Cells of a matrix. Distances are those of the great circle and times those of a constant speed: synthetic, the same
//! for the same request, and without regard to roads.

use maps_route_models::RouteMatrixSummary;
use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::area::{distance, exists};
use super::request::{Matrix, Mode, Point, Side};
use crate::problem::Fault;

/// Delay by live traffic, as a part of the travel time.
const LIVE_DELAY: f64 = 0.25;

impl Mode {
    /// Metres in a second: 60, 50 and 5 km/h.
    fn speed(self) -> f64 {
        let kilometres_per_hour = match self {
            Self::Driving => 60.0,
            Self::Truck => 50.0,
            Self::Walking => 5.0,
        };
        kilometres_per_hour / 3.6
    }

    /// Metres beyond which there is no way.
    fn reach(self) -> f64 {
        match self {
            Self::Driving | Self::Truck => 5_000_000.0,
            Self::Walking => 500_000.0,
        }
    }
}

/// Computes the cells of a matrix.
pub(super) struct Results<'m> {
    matrix: &'m Matrix,
    /// Departure, when the request gives no time.
    now: OffsetDateTime,
    depart: Option<OffsetDateTime>,
    arrive: Option<OffsetDateTime>,
}

/// The body of both matrix answers.
#[derive(Serialize)]
pub(super) struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    r#type: &'static str,
    geometry: (),
    properties: Properties,
}

#[derive(Serialize)]
struct Properties {
    summary: RouteMatrixSummary,
    matrix: Vec<Cell>,
}

/// A `RouteMatrixItemResult`. The type of the models writes all times in UTC; the service writes local ones.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cell {
    origin_index: usize,
    destination_index: usize,
    status_code: u16,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    #[serde(rename_all = "camelCase")]
    Journey {
        #[serde(
            with = "time::serde::rfc3339::option",
            skip_serializing_if = "Option::is_none"
        )]
        departure_at: Option<OffsetDateTime>,
        #[serde(
            with = "time::serde::rfc3339::option",
            skip_serializing_if = "Option::is_none"
        )]
        arrival_at: Option<OffsetDateTime>,
        distance_in_meters: f64,
        duration_in_seconds: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_traffic_in_seconds: Option<i64>,
    },
    Failure {
        error: Fault,
    },
}

impl<'m> Results<'m> {
    pub(super) fn new(matrix: &'m Matrix, now: OffsetDateTime) -> Self {
        let parse = |text: &Option<String>| {
            let text = text.as_deref()?;
            OffsetDateTime::parse(text, &Rfc3339).ok()
        };
        Self {
            matrix,
            // A matrix of many cells would repeat the fraction many times.
            now: now.replace_nanosecond(0).unwrap_or(now),
            depart: parse(&matrix.depart),
            arrive: parse(&matrix.arrive),
        }
    }

    pub(super) fn body(&self, kind: Option<&'static str>) -> Body {
        let (origins, destinations) = (&self.matrix.origins, &self.matrix.destinations);
        let mut cells = Vec::with_capacity(origins.points.len() * destinations.points.len());
        for (origin, from) in origins.points.iter().enumerate() {
            for (destination, to) in destinations.points.iter().enumerate() {
                cells.push(self.cell((origin, from), (destination, to)));
            }
        }
        let good = |cell: &&Cell| matches!(cell.outcome, Outcome::Journey { .. });
        let mut summary = RouteMatrixSummary::new();
        summary.successful_count = i32::try_from(cells.iter().filter(good).count()).ok();
        summary.total_count = i32::try_from(cells.len()).ok();
        Body {
            kind,
            r#type: "Feature",
            geometry: (),
            properties: Properties {
                summary,
                matrix: cells,
            },
        }
    }

    fn cell(&self, origin: (usize, &Point), destination: (usize, &Point)) -> Cell {
        let (status_code, outcome) = match self.journey(origin, destination) {
            Ok(journey) => (200, journey),
            Err(error) => (400, Outcome::Failure { error }),
        };
        Cell {
            origin_index: origin.0,
            destination_index: destination.0,
            status_code,
            outcome,
        }
    }

    fn journey(
        &self,
        origin: (usize, &Point),
        destination: (usize, &Point),
    ) -> Result<Outcome, Fault> {
        let ends = [
            (&self.matrix.origins, origin),
            (&self.matrix.destinations, destination),
        ];
        for (side, (index, point)) in ends {
            if !exists(point) {
                return Err(out_of_bounds(side, index, point));
            }
        }
        let metres = distance(origin.1, destination.1);
        if metres > self.matrix.mode.reach() {
            let at = place(&self.matrix.destinations, destination.0);
            return Err(not_reachable(at, metres));
        }
        let seconds = metres / self.matrix.mode.speed();
        let with_traffic = if self.matrix.live_traffic {
            seconds * (1.0 + LIVE_DELAY)
        } else {
            seconds
        };
        // At most 5,000 km at 5 km/h: far inside the integer.
        let whole = with_traffic.round() as i64;
        let travel = Duration::seconds(whole);
        let (departure_at, arrival_at) = match (self.depart, self.arrive) {
            (_, Some(arrival)) => (arrival.checked_sub(travel), Some(arrival)),
            (departure, None) => {
                let departure = departure.unwrap_or(self.now);
                (Some(departure), departure.checked_add(travel))
            }
        };
        // RFC 3339 has no other years.
        let written = |time: &OffsetDateTime| (0..=9999).contains(&time.year());
        Ok(Outcome::Journey {
            departure_at: departure_at.filter(written),
            arrival_at: arrival_at.filter(written),
            distance_in_meters: metres.round(),
            duration_in_seconds: seconds.round() as i64,
            duration_traffic_in_seconds: self.matrix.live_traffic.then_some(whole),
        })
    }
}

fn place(side: &Side, index: usize) -> String {
    format!("features[{}].geometry.coordinates[{index}]", side.feature)
}

fn out_of_bounds(side: &Side, index: usize, &[longitude, latitude]: &Point) -> Fault {
    let reason = if (-90.0..=90.0).contains(&latitude) {
        format!("The longitude {longitude} is not between -180 and 180.")
    } else {
        format!("The latitude {latitude} is not between -90 and 90.")
    };
    Fault::new("InvalidPoint", "A point is not on the earth.").because([Fault::new(
        "PointOutOfBounds",
        reason,
    )
    .at(place(side, index))])
}

fn not_reachable(at: String, metres: f64) -> Fault {
    let reason = format!("The point is {:.0} km away.", metres / 1000.0);
    Fault::new(
        "NoRouteFound",
        "The destination cannot be reached from the origin.",
    )
    .because([Fault::new("PointNotReachable", reason).at(at)])
}

#[cfg(test)]
mod tests {
    use super::super::request::{read, tests::body};
    use super::*;
    use crate::validate::Faults;

    fn results(option: Option<(&str, &str)>, to: &[Point]) -> serde_json::Value {
        let mut body = body(&[[0.0, 0.0]], to);
        if let Some((name, value)) = option {
            body[name] = value.into();
        }
        let matrix = read(Some(&body), &mut Faults::default()).unwrap();
        let now = OffsetDateTime::from_unix_timestamp(1_741_075_800).unwrap();
        serde_json::to_value(Results::new(&matrix, now).body(None)).unwrap()
    }

    #[test]
    fn a_degree_of_the_equator_takes_111_minutes_by_car() {
        let body = results(None, &[[1.0, 0.0]]);
        assert_eq!(body["type"], "Feature");
        assert!(body["geometry"].is_null());
        assert!(body.get("kind").is_none());
        let cell = &body["properties"]["matrix"][0];
        assert_eq!(cell["statusCode"], 200);
        assert_eq!(cell["distanceInMeters"], 111_195.0);
        assert_eq!(cell["durationInSeconds"], 6_672);
        assert!(cell.get("durationTrafficInSeconds").is_none());
        assert_eq!(cell["departureAt"], "2025-03-04T08:10:00Z");
        assert_eq!(cell["arrivalAt"], "2025-03-04T10:01:12Z");
    }

    #[test]
    fn arrival_time_leads_back_to_departure_in_its_offset() {
        let at = "2025-03-04T12:00:00+02:00";
        let body = results(Some(("arriveAt", at)), &[[1.0, 0.0]]);
        let cell = &body["properties"]["matrix"][0];
        assert_eq!(cell["departureAt"], "2025-03-04T10:08:48+02:00");
        assert_eq!(cell["arrivalAt"], at);
    }

    #[test]
    fn times_at_the_ends_of_the_calendar_are_left_out() {
        for (option, at, missing) in [
            ("departAt", "9999-12-31T23:59:59Z", "arrivalAt"),
            ("arriveAt", "0000-01-01T00:00:00Z", "departureAt"),
        ] {
            let body = results(Some((option, at)), &[[1.0, 0.0]]);
            let cell = &body["properties"]["matrix"][0];
            assert_eq!(cell["statusCode"], 200);
            assert!(cell.get(missing).is_none(), "{cell}");
        }
    }

    #[test]
    fn live_traffic_delays() {
        let body = results(Some(("traffic", "live")), &[[1.0, 0.0]]);
        let cell = &body["properties"]["matrix"][0];
        assert_eq!(cell["durationInSeconds"], 6_672);
        assert_eq!(cell["durationTrafficInSeconds"], 8_340);
    }

    #[test]
    fn cells_fail_one_by_one() {
        let body = results(None, &[[1.0, 0.0], [90.0, 0.0], [1.0, 94.2]]);
        assert_eq!(body["properties"]["summary"]["successfulCount"], 1);
        assert_eq!(body["properties"]["summary"]["totalCount"], 3);
        let cells = &body["properties"]["matrix"];
        assert_eq!(cells[1]["statusCode"], 400);
        assert_eq!(cells[1]["error"]["code"], "NoRouteFound");
        assert!(cells[1].get("distanceInMeters").is_none());
        let detail = &cells[2]["error"]["details"][0];
        assert_eq!(detail["code"], "PointOutOfBounds");
        assert_eq!(detail["target"], "features[1].geometry.coordinates[2]");
    }
}
