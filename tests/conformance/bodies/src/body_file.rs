//! Scenarios of `body-file.json`; that of the very large file is in `tests/very_large_file.rs`.

use body_file::BodyFileClient;
use futures_util::TryStreamExt;
use maps_core::Bytes;
use testserver::Session;

client!(BodyFileClient);

gives! {
    file_stream_empty: get_empty_file() => Bytes::new();
}

/// Size and CRC-32 of the picture that the server sends.
const PICTURE: (usize, u32) = (8_725, 0x83b7_eb74);

#[tokio::test]
async fn file_stream_nonempty() {
    let session = Session::new();
    let answer = client(&session).get().send().await.unwrap();
    let picture = answer.body();
    assert_eq!((picture.len(), crc32(picture)), PICTURE);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(session.count(), 1);
}

#[tokio::test]
async fn file_read_piece_by_piece_is_the_same() {
    let session = Session::new();
    let download = client(&session).get().download().await.unwrap();
    assert_eq!(download.content_type(), Some("image/png"));
    assert_eq!(download.content_length(), Some(8_725));
    let pieces: Vec<Bytes> = download.try_collect().await.unwrap();
    let picture = pieces.concat();
    assert_eq!((picture.len(), crc32(&picture)), PICTURE);
    assert_eq!(session.count(), 1);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => (crc >> 1) ^ 0xedb8_8320,
            _ => crc >> 1,
        })
    })
}
