//! The most memory that collecting a matrix of 50,000 cells takes, its result left out.

#[path = "../src/matrix.rs"]
mod matrix;
#[path = "support/server.rs"]
mod server;

use std::io::Write;

use maps_core::SubscriptionKey;
use maps_route::RouteClient;
use maps_route::models::RouteMatrixAsyncResponse;
use peak_alloc::PeakAlloc;

use server::Server;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ID: &str = "bc3f9365-3ee0-4564-aa27-825016325557";

/// Twice for the body, whose pieces are put together once, and room for the connection.
const FACTOR: f64 = 2.2;

/// The three answers to an operation, the last one in pieces of unknown number, or announced.
fn serve(body: Vec<u8>, announced: bool) -> Server {
    Server::start(move |target, url, out| {
        if target.contains("/result") {
            out.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")?;
            if announced {
                write!(out, "content-length: {}\r\n\r\n", body.len())?;
                return out.write_all(&body);
            }
            out.write_all(b"transfer-encoding: chunked\r\n\r\n")?;
            for piece in body.chunks(10_000) {
                write!(out, "{:x}\r\n", piece.len())?;
                out.write_all(piece)?;
                out.write_all(b"\r\n")?;
            }
            return out.write_all(b"0\r\n\r\n");
        }
        let status = format!(
            r#"{{"id":"{ID}","status":"Completed","kind":"RouteMatrix","result":{{"resultUrl":"{url}/route/operations/{ID}/result?api-version=2025-01-01"}}}}"#
        );
        let length = status.len();
        write!(
            out,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{status}"
        )
    })
}

#[tokio::test(flavor = "current_thread")]
async fn matrix_takes_at_most_twice_its_body_beside_the_result() {
    let body = matrix::body();
    let size = body.len() as f64;
    for announced in [true, false] {
        let server = serve(body.clone(), announced);
        let client = RouteClient::builder()
            .endpoint(server.url())
            .credential(SubscriptionKey::new("key"))
            .build()
            .expect("settings");
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let poller = client.attach_route_matrix(ID).expect("an id");
        let matrix: RouteMatrixAsyncResponse = poller.await.expect("a matrix");
        let peak = (MEMORY.peak_usage() - before) as f64;
        assert!(matrix.matrix().cell(249, 198).is_ok(), "the last but one");
        let with_result = MEMORY.current_usage();
        drop(matrix);
        let result = (with_result - MEMORY.current_usage()) as f64;
        assert!(
            peak <= FACTOR * size + result,
            "peak {peak}, body {size}, result {result}, announced {announced}: {:.2} times the body",
            (peak - result) / size
        );
    }
}
