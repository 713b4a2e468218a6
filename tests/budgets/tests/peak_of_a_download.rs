//! The most memory that a download takes, whatever its size.

#[path = "support/server.rs"]
mod server;

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

use maps_core::service::{HostParameter, HostSettings, Service};
use maps_core::{ClientOptions, Method, Pipeline};
use peak_alloc::PeakAlloc;
use tokio::io::AsyncWrite;

use server::Server;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MEBIBYTE: usize = 1024 * 1024;
const SIZE: usize = 640 * MEBIBYTE;

static SERVICE: Service = Service {
    name: "maps-test",
    version: "0.1.0",
    api_version: "1",
    host: "{endpoint}",
    host_parameters: &[HostParameter {
        name: "endpoint",
        default: None,
    }],
    base_path: "",
    key: None,
    scopes: &[],
};

/// Counts the bytes, and that they are the right ones.
#[derive(Default)]
struct Sink {
    taken: usize,
}

impl AsyncWrite for Sink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        assert_eq!(bytes.first(), Some(&byte_at(self.taken)));
        self.taken += bytes.len();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Each mebibyte counts up to a prime, so that no byte can be taken for another place's.
fn byte_at(position: usize) -> u8 {
    u8::try_from(position % MEBIBYTE % 251).unwrap_or_default()
}

#[tokio::test(flavor = "current_thread")]
async fn download_of_640_mib_takes_less_than_one() {
    let block: Vec<u8> = (0..MEBIBYTE).map(byte_at).collect();
    let server = Server::start(move |_, _, out| {
        write!(out, "HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n")?;
        for _ in 0..SIZE / MEBIBYTE {
            out.write_all(&block)?;
        }
        Ok(())
    });
    let mut host = HostSettings::new();
    host.endpoint(server.url());
    let pipeline = Pipeline::new(&SERVICE, &host, None, None, ClientOptions::new());
    let pipeline = pipeline.expect("settings");
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let request = pipeline.raw(Method::GET, "/file");
    let mut download = request.download().await.expect("open");
    let mut sink = Sink::default();
    let copied = download.copy_to(&mut sink).await.expect("whole");
    assert_eq!((copied, sink.taken), (SIZE as u64, SIZE));
    let peak = MEMORY.peak_usage() - before;
    assert!(peak < MEBIBYTE, "{peak} bytes");
}
