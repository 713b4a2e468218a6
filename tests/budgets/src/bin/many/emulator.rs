//! An emulator behind a proxy that counts requests in flight.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use maps_emulator::{Emulator, Timings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::LocalSet;

use crate::{JOB, Outcome};

#[derive(Default)]
struct Counts {
    requests: Cell<usize>,
    in_flight: Cell<usize>,
    most: Cell<usize>,
    connections: Cell<usize>,
}

/// Prints its URL, serves until its input ends, and prints what it has counted.
pub(crate) async fn serve() -> Outcome {
    let mut timings = Timings::default();
    timings.route_waiting = JOB / 5;
    timings.route_running = JOB - JOB / 5;
    let emulator = Emulator::builder().timings(timings).start().await?;
    let target = emulator
        .url()
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let (end, ended) = oneshot::channel();
    std::thread::spawn(move || {
        let read = io::copy(&mut io::stdin(), &mut io::sink());
        // Whatever came of it, nobody writes any more.
        let _ = end.send(read);
    });
    let counts = Rc::new(Counts::default());
    let accept = async {
        while let Ok((client, _)) = listener.accept().await {
            let (counts, target) = (Rc::clone(&counts), target.clone());
            counts.connections.set(counts.connections.get() + 1);
            tokio::task::spawn_local(async move {
                let mut asking = false;
                // A connection that breaks off is the client's to tell.
                let _ = pass(client, &target, &counts, &mut asking).await;
                if asking {
                    counts.in_flight.set(counts.in_flight.get() - 1);
                }
            });
        }
    };
    let serving = async {
        tokio::select! {
            () = accept => {}
            _ = ended => {}
        }
    };
    LocalSet::new().run_until(serving).await;
    println!("  requests              {:8}", counts.requests.get());
    println!("  most in flight        {:8}", counts.most.get());
    println!("  connections           {:8}", counts.connections.get());
    emulator.stop().await;
    Ok(())
}

/// Passes bytes both ways. A request is in flight from its first byte to the first one of its answer.
async fn pass(
    mut client: TcpStream,
    target: &str,
    counts: &Counts,
    asking: &mut bool,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut service = TcpStream::connect(target).await?;
    service.set_nodelay(true)?;
    let (mut up, mut down) = (Vec::with_capacity(8192), Vec::with_capacity(8192));
    loop {
        tokio::select! {
            read = client.read_buf(&mut up) => {
                if read? == 0 {
                    return Ok(());
                }
                if !*asking {
                    *asking = true;
                    let in_flight = counts.in_flight.get() + 1;
                    counts.in_flight.set(in_flight);
                    counts.most.set(counts.most.get().max(in_flight));
                    counts.requests.set(counts.requests.get() + 1);
                }
                service.write_all(&up).await?;
                up.clear();
            }
            read = service.read_buf(&mut down) => {
                if read? == 0 {
                    return Ok(());
                }
                if *asking {
                    *asking = false;
                    counts.in_flight.set(counts.in_flight.get() - 1);
                }
                client.write_all(&down).await?;
                down.clear();
            }
        }
    }
}
