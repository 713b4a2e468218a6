//! A server in a process of its own, so that only the client is counted.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BODY: &str = r#"{"id":"bc3f9365-3ee0-4564-aa27-825016325557","status":"Completed","kind":"RouteMatrix","createdAt":"2025-03-01T10:00:00Z","lastActionAt":"2025-03-01T10:00:07Z","result":{"resultUrl":"https://atlas.microsoft.com/route/operations/bc3f9365-3ee0-4564-aa27-825016325557/result?api-version=2025-01-01"}}"#;

/// Answers every request with the same status, until the process is ended.
pub(crate) async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> io::Result<()> {
    let length = BODY.len();
    let response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{BODY}"
    );
    let mut request = Vec::new();
    loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            stream.write_all(response.as_bytes()).await?;
        }
    }
}
