//! How large a matrix may be.

use super::area;
use super::request::Matrix;
use crate::validate::Faults;

/// Side of the square that limits some matrices, in metres.
pub(super) const AREA_SIDE: f64 = 400_000.0;

/// Which of the two matrix operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Synchronous,
    Asynchronous,
}

/// Refuses a matrix that is larger than its options allow.
pub(super) fn check(service: Service, matrix: &Matrix, faults: &mut Faults) {
    let (origins, destinations) = (
        matrix.origins.points.len(),
        matrix.destinations.points.len(),
    );
    // Both come from a body of limited size.
    let cells = origins.saturating_mul(destinations);
    let longer_side = origins.max(destinations);
    let small_area = || {
        let points = matrix
            .origins
            .points
            .iter()
            .chain(&matrix.destinations.points);
        area::fits(points, AREA_SIDE)
    };
    let allowed = match service {
        Service::Synchronous => {
            cells <= 100 || (cells <= 200 && small_area()) || (cells <= 2_500 && !matrix.free_form)
        }
        Service::Asynchronous => {
            let small = cells <= 2_500 && longer_side <= 1_000 && small_area();
            small || (cells <= 50_000 && longer_side <= 10_000 && !matrix.free_form)
        }
    };
    if !allowed {
        let most = match (service, matrix.free_form) {
            (Service::Synchronous, true) => "100, or 200 within 400 km by 400 km",
            (Service::Synchronous, false) => "2,500",
            (Service::Asynchronous, true) => {
                "2,500 within 400 km by 400 km, of at most 1,000 points on a side"
            }
            (Service::Asynchronous, false) => "50,000, of at most 10,000 points on a side",
        };
        let message = format!(
            "A matrix of {origins} by {destinations} points has {cells} cells; with these options the most is {most}."
        );
        faults.add("MatrixTooLarge", "features", message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::route::request::{Point, read, tests::body};

    fn allowed(
        service: Service,
        origins: usize,
        destinations: usize,
        far: bool,
        free: bool,
    ) -> bool {
        let point = |n: usize| -> Point {
            let step = if far { 0.01 } else { 0.000_1 };
            [n as f64 * step, 0.0]
        };
        let side = |count: usize| (0..count).map(point).collect::<Vec<_>>();
        let mut ends = side(destinations);
        if far {
            ends[0] = [60.0, 0.0];
        }
        let mut body = body(&side(origins), &ends);
        if free {
            body["travelMode"] = "walking".into();
        }
        let mut faults = Faults::default();
        let matrix = read(Some(&body), &mut faults).unwrap();
        check(service, &matrix, &mut faults);
        faults.lines().is_empty()
    }

    #[test]
    fn synchronous_limits() {
        let allowed = |o, d, far, free| allowed(Service::Synchronous, o, d, far, free);
        assert!(allowed(10, 10, true, true));
        assert!(!allowed(101, 1, true, true));
        assert!(allowed(10, 20, false, true));
        assert!(!allowed(67, 3, false, true), "201 cells");
        assert!(allowed(50, 50, true, false));
        assert!(!allowed(41, 61, true, false), "2,501 cells");
    }

    #[test]
    fn asynchronous_limits() {
        let allowed = |o, d, far, free| allowed(Service::Asynchronous, o, d, far, free);
        assert!(allowed(50, 50, false, true));
        assert!(!allowed(50, 50, true, true));
        assert!(!allowed(41, 61, false, true), "2,501 cells");
        assert!(allowed(1000, 2, false, true));
        assert!(!allowed(1001, 2, false, true));
        assert!(allowed(250, 200, true, false));
        assert!(allowed(10_000, 5, true, false));
        assert!(!allowed(21, 2381, true, false), "50,001 cells");
        assert!(!allowed(10_001, 1, true, false));
    }
}
