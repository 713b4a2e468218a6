//! Puts a body together from the pieces it arrives in.

use bytes::Bytes;

/// A body that announces more than this grows as it arrives: announcing costs the sender nothing.
const MAX_RESERVED: usize = 8 * 1024 * 1024;

/// What is added to a body that outgrows what is there: little beside the bodies that come to it.
const SEGMENT: usize = 1024 * 1024;

/// A body in the making.
///
/// It never takes more than twice its size and a segment: growing a single buffer by doubling would take up to three
/// times as much. Pieces are copied, because a piece of one byte may hold on to a whole buffer of the connection.
#[derive(Debug)]
pub(super) struct Assembly {
    /// Full ones.
    segments: Vec<Vec<u8>>,
    current: Vec<u8>,
    length: usize,
}

impl Assembly {
    /// For a body that announces its size, or says nothing of it, and may have `limit` bytes.
    pub(super) fn new(announced: Option<usize>, limit: usize) -> Self {
        let reserved = announced.unwrap_or_default().min(MAX_RESERVED).min(limit);
        Self {
            segments: Vec::new(),
            current: Vec::with_capacity(reserved),
            length: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn push(&mut self, mut piece: &[u8]) {
        self.length += piece.len();
        while !piece.is_empty() {
            let room = self.current.capacity() - self.current.len();
            if room == 0 {
                self.grow(piece.len());
                continue;
            }
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.current.extend_from_slice(now);
            piece = later;
        }
    }

    fn grow(&mut self, wanted: usize) {
        // A small body stays in one piece.
        if self.segments.is_empty() && self.current.len() < SEGMENT {
            let more = self.current.len().max(wanted).min(SEGMENT);
            self.current.reserve_exact(more);
            return;
        }
        let next = Vec::with_capacity(SEGMENT);
        self.segments
            .push(std::mem::replace(&mut self.current, next));
    }

    /// The whole body, up to `limit` bytes of it.
    pub(super) fn finish(self, limit: usize) -> Bytes {
        let mut whole = if self.segments.is_empty() {
            self.current
        } else {
            let mut whole = Vec::with_capacity(self.length);
            for segment in self.segments {
                // Each is freed as soon as it is copied.
                whole.extend_from_slice(&segment);
            }
            whole.extend_from_slice(&self.current);
            whole
        };
        whole.truncate(limit);
        whole.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assembled(announced: Option<usize>, piece: usize, whole: &[u8]) -> Assembly {
        let mut assembly = Assembly::new(announced, usize::MAX);
        for piece in whole.chunks(piece) {
            assembly.push(piece);
        }
        assembly
    }

    #[test]
    fn body_is_its_pieces_in_order_whatever_was_announced() {
        let whole: Vec<u8> = (0..5 * SEGMENT / 2).map(|at| (at % 251) as u8).collect();
        for announced in [None, Some(0), Some(1), Some(whole.len()), Some(usize::MAX)] {
            for piece in [1_000, 16 * 1024, SEGMENT, whole.len()] {
                let assembly = assembled(announced, piece, &whole);
                assert_eq!(assembly.len(), whole.len());
                assert!(
                    assembly.finish(usize::MAX) == whole,
                    "{announced:?} {piece}"
                );
            }
        }
    }

    #[test]
    fn announced_body_is_never_moved() {
        let assembly = assembled(Some(3 * SEGMENT), 1_000, &vec![7; 3 * SEGMENT]);
        assert_eq!(assembly.current.capacity(), 3 * SEGMENT);
        assert!(assembly.segments.is_empty());
    }

    #[test]
    fn unannounced_body_takes_no_more_than_a_segment_beside_itself() {
        let assembly = assembled(None, 1_000, &vec![7; 5 * SEGMENT]);
        let taken: usize = assembly.segments.iter().map(Vec::capacity).sum();
        assert!(taken + assembly.current.capacity() <= 6 * SEGMENT);
    }

    #[test]
    fn announcing_alone_reserves_eight_mebibytes_or_the_limit() {
        assert_eq!(
            Assembly::new(Some(usize::MAX), usize::MAX)
                .current
                .capacity(),
            MAX_RESERVED
        );
        assert_eq!(Assembly::new(Some(usize::MAX), 10).current.capacity(), 10);
    }

    #[test]
    fn finish_cuts_at_the_limit() {
        assert_eq!(assembled(None, 2, b"abcdef").finish(4), "abcd");
    }
}
