//! A server that takes hardly any memory of its own, in the process that is measured.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

type Answer = dyn Fn(&str, &str, &mut TcpStream) -> io::Result<()> + Send + Sync;

/// Answers requests without a body, one connection after another, until the process ends.
pub(crate) struct Server {
    url: String,
}

impl Server {
    /// `answer` is given path and query of a request, the server's URL, and where to write.
    pub(crate) fn start(
        answer: impl Fn(&str, &str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let own = url.clone();
        let answer: Arc<Answer> = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up ends its connection and no other.
                let _ = serve(stream, &own, &*answer);
            }
        });
        Self { url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

fn serve(mut stream: TcpStream, url: &str, answer: &Answer) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut target = String::new();
        if lines.read_line(&mut target)? == 0 {
            return Ok(());
        }
        let mut line = String::new();
        while lines.read_line(&mut line)? > 2 {
            line.clear();
        }
        let target = target.split(' ').nth(1).unwrap_or_default();
        answer(target, url, &mut stream)?;
        stream.flush()?;
    }
}
