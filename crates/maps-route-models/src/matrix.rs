//! A route matrix by origin and destination.
//!
//! The service answers a matrix request with a list of cells, each with the indices of its origin and destination, and each
//! with a success or failure of its own. [`Matrix`] finds a cell by its indices and gives its failure as an error:
//!
//! ```
//! # use maps_route_models::RouteMatrixResponse;
//! # fn show(response: &RouteMatrixResponse) {
//! let matrix = response.matrix();
//! for origin in 0..matrix.origins() {
//!     for destination in 0..matrix.destinations() {
//!         match matrix.cell(origin, destination) {
//!             Ok(cell) => println!("{origin} to {destination}: {:?} m", cell.distance_in_meters),
//!             Err(error) => println!("{error}"),
//!         }
//!     }
//! }
//! # }
//! ```

mod error;

pub use self::error::CellError;
use crate::{
    RouteMatrixAsyncResponse, RouteMatrixFeatureProperties, RouteMatrixItemResult,
    RouteMatrixResponse,
};

/// The cells of a route matrix, found by origin and destination.
///
/// Indices count the points of the request, from 0. Cells may have arrived in any order; of two with the same indices the
/// first counts. Cells without indices cannot be found by them: only [`iter`](Self::iter) gives them.
///
/// Making one takes a pass over the cells, and memory (4 bytes a cell) only where they are not in the order of their
/// indices. Finding a cell takes a number of comparisons that grows with the logarithm of their number: 16 for 50,000.
#[derive(Debug, Clone)]
pub struct Matrix<'a> {
    cells: &'a [RouteMatrixItemResult],
    /// Positions of the cells in the order of their indices; `None` when that is their own order.
    order: Option<Vec<u32>>,
    origins: usize,
    destinations: usize,
}

impl<'a> Matrix<'a> {
    /// Arranges cells.
    pub fn new(cells: &'a [RouteMatrixItemResult]) -> Self {
        let sorted =
            cells.iter().all(|cell| indices(cell).is_some()) && cells.is_sorted_by_key(indices);
        let order = (!sorted).then(|| {
            let mut order: Vec<u32> = (0..cells.len())
                .filter(|&position| indices(&cells[position]).is_some())
                // More than 4 thousand million cells do not fit the memory that they would take.
                .filter_map(|position| u32::try_from(position).ok())
                .collect();
            // Stable: of equal indices the first stays first.
            order.sort_by_key(|&position| indices(&cells[position as usize]));
            order
        });
        let found = cells.iter().filter_map(indices);
        let (origins, destinations) =
            found.fold((0, 0), |(origins, destinations), (origin, destination)| {
                (
                    origins.max(origin.saturating_add(1)),
                    destinations.max(destination.saturating_add(1)),
                )
            });
        Self {
            cells,
            order,
            origins,
            destinations,
        }
    }

    /// Number of origins: the highest index plus one.
    pub fn origins(&self) -> usize {
        self.origins
    }

    /// Number of destinations: the highest index plus one.
    pub fn destinations(&self) -> usize {
        self.destinations
    }

    /// Number of cells, those without indices included.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cell of an origin and a destination.
    ///
    /// # Errors
    ///
    /// A [`CellError`] when the service found no route for this cell, or when the answer has no such cell. Other cells are not
    /// affected.
    ///
    /// # Examples
    ///
    /// ```
    /// use maps_route_models::{RouteMatrixItemResult, matrix::Matrix};
    ///
    /// let cells = [RouteMatrixItemResult::new().with_origin_index(0).with_destination_index(2).with_duration_in_seconds(90)];
    /// let matrix = Matrix::new(&cells);
    /// assert_eq!(matrix.cell(0, 2)?.duration_in_seconds, Some(90));
    /// assert!(matrix.cell(0, 1).is_err_and(|error| error.is_missing()));
    /// # Ok::<(), maps_route_models::matrix::CellError>(())
    /// ```
    pub fn cell(
        &self,
        origin: usize,
        destination: usize,
    ) -> Result<&'a RouteMatrixItemResult, CellError> {
        let wanted = Some((origin, destination));
        let position = match &self.order {
            None => self.cells.partition_point(|cell| indices(cell) < wanted),
            Some(order) => {
                let at = order
                    .partition_point(|&position| indices(&self.cells[position as usize]) < wanted);
                order
                    .get(at)
                    .map_or(self.cells.len(), |&position| position as usize)
            }
        };
        match self
            .cells
            .get(position)
            .filter(|cell| indices(cell) == wanted)
        {
            Some(cell) => checked(cell),
            None => Err(CellError::missing(origin, destination)),
        }
    }

    /// Every cell in the order in which it arrived, failed ones as errors.
    pub fn iter(
        &self,
    ) -> impl Iterator<Item = Result<&'a RouteMatrixItemResult, CellError>> + use<'a> {
        self.cells.iter().map(checked)
    }
}

impl<'a> From<&'a RouteMatrixFeatureProperties> for Matrix<'a> {
    fn from(properties: &'a RouteMatrixFeatureProperties) -> Self {
        Self::new(properties.matrix.as_deref().unwrap_or_default())
    }
}

impl RouteMatrixResponse {
    /// The cells by origin and destination.
    pub fn matrix(&self) -> Matrix<'_> {
        Matrix::from(&self.properties)
    }
}

impl RouteMatrixAsyncResponse {
    /// The cells by origin and destination.
    pub fn matrix(&self) -> Matrix<'_> {
        Matrix::from(&self.properties)
    }
}

/// Indices of the origin and of the destination, where the cell has both.
fn indices(cell: &RouteMatrixItemResult) -> Option<(usize, usize)> {
    let index = |index: Option<i32>| index.and_then(|index| usize::try_from(index).ok());
    Some((index(cell.origin_index)?, index(cell.destination_index)?))
}

/// The cell, or the failure that it carries.
fn checked(cell: &RouteMatrixItemResult) -> Result<&RouteMatrixItemResult, CellError> {
    let succeeded = cell
        .status_code
        .is_none_or(|status| (200..300).contains(&status));
    if succeeded && cell.error.is_none() {
        Ok(cell)
    } else {
        Err(CellError::failed(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(origin: i32, destination: i32) -> RouteMatrixItemResult {
        RouteMatrixItemResult::new()
            .with_origin_index(origin)
            .with_destination_index(destination)
            .with_distance_in_meters(f64::from(origin) * 10.0 + f64::from(destination))
    }

    fn distance(matrix: &Matrix<'_>, origin: usize, destination: usize) -> Option<f64> {
        matrix
            .cell(origin, destination)
            .ok()
            .and_then(|cell| cell.distance_in_meters)
    }

    #[test]
    fn cells_in_order_are_found_without_an_index() {
        let cells: Vec<_> = (0..3)
            .flat_map(|origin| (0..2).map(move |destination| cell(origin, destination)))
            .collect();
        let matrix = Matrix::new(&cells);
        assert!(matrix.order.is_none());
        assert_eq!(
            (matrix.origins(), matrix.destinations(), matrix.len()),
            (3, 2, 6)
        );
        assert_eq!(distance(&matrix, 2, 1), Some(21.0));
        assert_eq!(distance(&matrix, 0, 0), Some(0.0));
    }

    #[test]
    fn cells_in_any_order_are_found() {
        let cells = [cell(1, 1), cell(0, 1), cell(1, 0), cell(0, 0)];
        let matrix = Matrix::new(&cells);
        for (origin, destination) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            assert_eq!(
                distance(&matrix, origin, destination),
                Some((origin * 10 + destination) as f64)
            );
        }
    }

    #[test]
    fn absent_cell_is_missing_and_its_neighbours_are_not() {
        let cells = [cell(0, 0), cell(2, 2)];
        let matrix = Matrix::new(&cells);
        let error = matrix.cell(1, 1).expect_err("there is no such cell");
        assert!(error.is_missing());
        assert_eq!((error.origin(), error.destination()), (Some(1), Some(1)));
        assert_eq!(distance(&matrix, 2, 2), Some(22.0));
        assert!(matrix.cell(usize::MAX, usize::MAX).is_err());
    }

    #[test]
    fn cell_without_indices_is_only_iterated() {
        let cells = [RouteMatrixItemResult::new(), cell(0, 0), cell(-1, 0)];
        let matrix = Matrix::new(&cells);
        assert_eq!(distance(&matrix, 0, 0), Some(0.0));
        assert_eq!(matrix.iter().count(), 3);
        assert_eq!((matrix.origins(), matrix.destinations()), (1, 1));
    }

    #[test]
    fn of_two_cells_with_the_same_indices_the_first_counts() {
        let cells = [
            cell(1, 0),
            cell(0, 0).with_distance_in_meters(1.0),
            cell(0, 0).with_distance_in_meters(2.0),
        ];
        assert_eq!(distance(&Matrix::new(&cells), 0, 0), Some(1.0));
    }

    #[test]
    fn huge_indices_take_no_memory() {
        let cells = [cell(i32::MAX, 0), cell(0, i32::MAX)];
        let matrix = Matrix::new(&cells);
        assert!(matrix.cell(i32::MAX as usize, 0).is_ok());
        assert!(matrix.order.is_some_and(|order| order.len() == 2));
    }

    #[test]
    fn empty_matrix_has_no_cells() {
        let matrix = Matrix::new(&[]);
        assert!(matrix.is_empty());
        assert!(matrix.cell(0, 0).is_err_and(|error| error.is_missing()));
    }
}
