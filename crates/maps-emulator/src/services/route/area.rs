//! Distances and areas on a sphere.

use super::request::Point;

/// Mean radius of the earth in metres (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// Whether a position is on the earth.
pub(super) fn exists(&[longitude, latitude]: &Point) -> bool {
    (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)
}

/// Great-circle distance in metres (haversine formula).
pub(super) fn distance(from: &Point, to: &Point) -> f64 {
    let [from_longitude, from_latitude] = from.map(f64::to_radians);
    let [to_longitude, to_latitude] = to.map(f64::to_radians);
    let latitude = ((to_latitude - from_latitude) / 2.0).sin().powi(2);
    let longitude = ((to_longitude - from_longitude) / 2.0).sin().powi(2);
    let chord = latitude + from_latitude.cos() * to_latitude.cos() * longitude;
    // Rounding may lead a hair past 1.
    2.0 * EARTH_RADIUS * chord.sqrt().min(1.0).asin()
}

/// Whether all positions that exist lie in a rectangle of this side, along meridians and parallels.
pub(super) fn fits<'a>(points: impl Iterator<Item = &'a Point>, side: f64) -> bool {
    let points: Vec<&Point> = points.filter(|point| exists(point)).collect();
    let latitudes = points.iter().map(|point| point[1]);
    let south = latitudes.clone().fold(f64::INFINITY, f64::min);
    let north = latitudes.fold(f64::NEG_INFINITY, f64::max);
    if points.is_empty() {
        return true;
    }
    // Parallels are longest nearest to the equator.
    let widest = if south <= 0.0 && north >= 0.0 {
        0.0
    } else {
        south.abs().min(north.abs())
    };
    let degree = EARTH_RADIUS.to_radians();
    let height = (north - south) * degree;
    let width = span(points.iter().map(|point| point[0])) * degree * widest.to_radians().cos();
    height <= side && width <= side
}

/// Degrees of the smallest arc that holds all longitudes: the circle without its largest gap.
fn span(longitudes: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = longitudes.collect();
    sorted.sort_by(f64::total_cmp);
    let gaps = sorted.windows(2).map(|pair| pair[1] - pair[0]);
    let around = match (sorted.first(), sorted.last()) {
        (Some(first), Some(last)) => first + 360.0 - last,
        _ => 360.0,
    };
    360.0 - gaps.fold(around, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_agree_with_known_ones() {
        // A degree of the equator, a quarter and a half of the globe.
        assert!((distance(&[0.0, 0.0], &[1.0, 0.0]) - 111_195.08).abs() < 0.01);
        assert!((distance(&[10.0, 0.0], &[50.0, 90.0]) - 10_007_557.2).abs() < 1.0);
        assert!((distance(&[0.0, 0.0], &[180.0, 0.0]) - 20_015_114.4).abs() < 1.0);
        // Paris to London, 343.6 km.
        let paris = [2.3522, 48.8566];
        let london = [-0.1276, 51.5072];
        assert!((distance(&paris, &london) - 343_556.0).abs() < 500.0);
        assert_eq!(distance(&paris, &paris), 0.0);
    }

    #[test]
    fn areas_cross_the_date_line() {
        let fits = |points: &[Point]| super::fits(points.iter(), 400_000.0);
        assert!(fits(&[[179.5, 0.0], [-179.5, 0.5]]));
        assert!(fits(&[[0.0, 0.0], [3.5, 3.5]]));
        assert!(!fits(&[[0.0, 0.0], [3.7, 0.0]]));
        assert!(!fits(&[[0.0, 0.0], [0.0, 3.7]]));
        // Parallels are half as long at 60 degrees.
        assert!(fits(&[[0.0, 60.0], [7.0, 60.0]]));
        // What is not on the earth takes no room.
        assert!(fits(&[[0.0, 0.0], [0.0, 95.0]]));
        assert!(fits(&[]));
    }
}
