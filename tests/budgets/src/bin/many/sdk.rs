//! All matrices in one watch.

use std::cell::Cell;
use std::rc::Rc;

use maps_core::{SubscriptionKey, Watch};
use maps_emulator::DEFAULT_KEY;
use maps_route::RouteClient;
use tokio::task::LocalSet;

use crate::usage::Usage;
use crate::{IN_FLIGHT, Outcome, matrix};

pub(crate) async fn run(url: &str, count: &str) -> Outcome {
    LocalSet::new().run_until(watch(url, count.parse()?)).await
}

async fn watch(url: &str, count: usize) -> Outcome {
    let client = RouteClient::builder()
        .endpoint(url)
        .credential(SubscriptionKey::new(DEFAULT_KEY))
        .build()?;
    let mut usage = Usage::start()?;
    let next = Rc::new(Cell::new(0));
    // What is submitted counts too: half of the requests for each, as long as both go on.
    let mut watch = Watch::new().in_flight(IN_FLIGHT / 2);
    for _ in 0..IN_FLIGHT / 2 {
        let (client, handle, next) = (client.clone(), watch.handle(), Rc::clone(&next));
        tokio::task::spawn_local(async move {
            let request = matrix();
            while next.get() < count {
                let number = next.replace(next.get() + 1);
                match client.begin_route_matrix(&request).await {
                    Ok(poller) => {
                        if handle.add(number, poller).is_err() {
                            return;
                        }
                    }
                    Err(error) => eprintln!("matrix {number}: {error}"),
                }
            }
        });
    }
    let (mut ended, mut submitted) = (0, false);
    while let Some(event) = watch.next_event().await {
        if let maps_core::Event::Ended(one) = event {
            std::hint::black_box(one.result?);
            ended += 1;
        }
        if !submitted && watch.len() == count {
            submitted = true;
            watch = watch.in_flight(IN_FLIGHT);
            usage.note_submitted();
        }
    }
    if ended != count {
        return Err(format!("{ended} of {count} have ended").into());
    }
    usage.print(count)
}
