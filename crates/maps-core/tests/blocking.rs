//! Calls that block the thread, from wherever they are made.
#![cfg(feature = "blocking")]

#[path = "support/server.rs"]
mod server;

use std::io::Write;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use maps_core::{
    Blocking, BoxFuture, ClientOptions, ErrorKind, HttpRequest, Method, Next, Pager, Pipeline,
    Policy, RawResponse, Result, RetryOptions, Timeouts, block_on,
};

use server::{GET, JumpClock, Reply, SERVICE, Server, Then, raw, reply};

/// A server on a thread of its own, so that no test can keep it from answering.
struct Apart {
    server: Arc<Server>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Apart {
    fn script(answers: Vec<Reply>) -> Self {
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(move || {
            current_thread().block_on(async {
                let server = Arc::new(Server::script(answers).await);
                sender.send(server).expect("waited for");
                let _ = stopped.await;
            });
        });
        Self {
            server: receiver.recv().expect("started"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn always(answer: Reply) -> Self {
        Self::script(vec![answer])
    }

    fn pipeline(&self, options: ClientOptions) -> Pipeline {
        self.server.pipeline(&SERVICE, None, options)
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime")
}

/// Fails where waiting for ever would be the fault.
fn bounded<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(work());
    });
    receiver
        .recv_timeout(Duration::from_secs(30))
        .expect("done in time, without a panic")
}

fn ask(pipeline: &Pipeline) -> Result<RawResponse> {
    pipeline.raw(Method::GET, "/things").send_blocking()
}

#[test]
fn plain_thread_is_answered() {
    let server = Apart::always(reply(200, &[], "{}"));
    let pipeline = server.pipeline(ClientOptions::new());
    let response = bounded(move || ask(&pipeline)).expect("answered");
    assert_eq!(response.bytes(), "{}");
}

#[test]
fn retries_wait_on_timers_of_the_background() {
    let server = Apart::script(vec![reply(503, &[], ""), reply(200, &[], "{}")]);
    let retry = RetryOptions::new().first_delay(Duration::from_millis(5));
    let pipeline = server.pipeline(ClientOptions::new().retry(retry));
    bounded(move || ask(&pipeline)).expect("answered");
    assert_eq!(server.server.count(), 2);
}

#[test]
fn time_limit_ends_a_blocking_call() {
    let server = Apart::always(raw("", Then::Hang));
    let times = Timeouts::new().call(Duration::from_millis(50));
    let pipeline = server.pipeline(ClientOptions::new().timeouts(times));
    let error = bounded(move || ask(&pipeline)).expect_err("silence");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn task_of_a_current_thread_runtime_is_answered_though_its_connections_stand_still() {
    let server = Apart::always(reply(200, &[], "{}"));
    let pipeline = server.pipeline(ClientOptions::new());
    let asked = pipeline.clone();
    bounded(move || {
        current_thread().block_on(async move {
            // This leaves a connection in the pool that only the runtime of this task drives.
            asked.send(asked.request(&GET)).await.expect("async");
            ask(&asked).expect("blocking");
            asked.send(asked.request(&GET)).await.expect("async again");
        });
    });
    assert_eq!(server.server.count(), 3);
}

#[test]
fn tasks_of_a_multi_thread_runtime_are_answered() {
    let server = Apart::always(reply(200, &[], "{}"));
    let pipeline = server.pipeline(ClientOptions::new());
    bounded(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("runtime");
        runtime.block_on(async {
            let tasks: Vec<_> = (0..8)
                .map(|_| {
                    let pipeline = pipeline.clone();
                    tokio::spawn(async move { ask(&pipeline).map(|response| response.status()) })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.expect("no panic").expect("answered"), 200);
            }
        });
    });
}

#[test]
fn many_threads_are_answered_at_once() {
    let server = Apart::always(reply(200, &[], "{}"));
    let pipeline = server.pipeline(ClientOptions::new());
    bounded(move || {
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| ask(&pipeline).expect("answered"));
            }
        });
    });
    assert_eq!(server.server.count(), 16);
}

#[test]
fn drop_inside_a_task_is_answered() {
    struct AsksOnDrop(Pipeline);

    impl Drop for AsksOnDrop {
        fn drop(&mut self) {
            ask(&self.0).expect("answered");
        }
    }

    let server = Apart::always(reply(200, &[], "{}"));
    let guard = AsksOnDrop(server.pipeline(ClientOptions::new()));
    bounded(move || current_thread().block_on(async move { drop(guard) }));
    assert_eq!(server.server.count(), 1);
}

#[test]
fn long_body_in_a_task_outlasts_the_budget_of_the_task() {
    let piece = format!("400\r\n{}\r\n", "x".repeat(1024));
    let body = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}0\r\n\r\n",
        piece.repeat(4096)
    );
    let server = Apart::always(raw(body, Then::KeepOpen));
    let pipeline = server.pipeline(ClientOptions::new());
    let copied = bounded(move || {
        current_thread().block_on(async move {
            let request = pipeline.raw(Method::GET, "/file");
            let mut download = request.download_blocking().expect("open");
            let mut bytes = 0;
            while let Some(chunk) = download.chunk_blocking().expect("a piece") {
                bytes += chunk.len();
            }
            bytes
        })
    });
    assert_eq!(copied, 4096 * 1024);
}

#[test]
fn panic_of_a_policy_goes_to_the_caller_and_spoils_nothing() {
    #[derive(Debug)]
    struct Panics;

    impl Policy for Panics {
        fn send<'a>(
            &'a self,
            _: &'a mut HttpRequest,
            _: Next<'a>,
        ) -> BoxFuture<'a, Result<RawResponse>> {
            panic!("of the policy")
        }
    }

    let server = Apart::always(reply(200, &[], "{}"));
    let bad = server.pipeline(ClientOptions::new().per_call_policy(Arc::new(Panics)));
    let caught = thread::spawn(move || ask(&bad)).join();
    assert_eq!(
        caught.expect_err("panic").downcast_ref::<&str>(),
        Some(&"of the policy")
    );
    let good = server.pipeline(ClientOptions::new());
    bounded(move || ask(&good)).expect("answered");
}

fn pages(server: &Apart) -> Pager<u32, serde_json::Value> {
    let pipeline = server.pipeline(ClientOptions::new().clock(JumpClock::new()));
    let request = pipeline.request(&GET);
    Pager::new(
        pipeline,
        request,
        |page| page["nextLink"].as_str(),
        |page| serde_json::from_value(page["value"].clone()).unwrap_or_default(),
    )
}

#[test]
fn pager_is_an_iterator_of_items_and_of_pages() {
    let answers = || {
        vec![
            reply(200, &[], r#"{"value":[1,2],"nextLink":"/things?page=2"}"#),
            reply(200, &[], r#"{"value":[3]}"#),
        ]
    };
    let server = Apart::script(answers());
    let items: Result<Vec<u32>> = pages(&server).iter_blocking().collect();
    assert_eq!(items.expect("all"), [1, 2, 3]);
    let server = Apart::script(answers());
    assert_eq!(pages(&server).pages().iter_blocking().count(), 2);
    let server = Apart::script(answers());
    let mut pager = pages(&server);
    assert_eq!(pager.next_blocking().expect("one").expect("good"), 1);
    assert_eq!(Blocking::new(&mut pager).count(), 2);
    assert!(pager.next_blocking().is_none());
}

#[test]
fn iterator_ends_after_an_error() {
    let server = Apart::script(vec![
        reply(200, &[], r#"{"value":[1],"nextLink":"/things?page=2"}"#),
        reply(404, &[], ""),
    ]);
    let items: Vec<_> = pages(&server)
        .iter_blocking()
        .map(|item| item.map_err(|error| error.kind()))
        .collect();
    assert_eq!(items, [Ok(1), Err(ErrorKind::Service)]);
}

/// Takes three bytes each time, and is interrupted every other time.
#[derive(Default)]
struct Slow {
    taken: Vec<u8>,
    calls: u32,
    room: Option<usize>,
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.calls += 1;
        if self.calls % 2 == 1 {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let taken = bytes.len().min(3);
        if self
            .room
            .is_some_and(|room| self.taken.len() + taken > room)
        {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.taken.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn download_is_copied_and_a_full_sink_loses_no_byte() {
    let server = Apart::always(reply(200, &[], "0123456789"));
    let pipeline = server.pipeline(ClientOptions::new());
    let request = pipeline.raw(Method::GET, "/file");
    let mut download = request.download_blocking().expect("open");
    let mut full = Slow {
        room: Some(5),
        ..Slow::default()
    };
    let error = download.copy_to_blocking(&mut full).expect_err("full");
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(download.position(), 3);
    let mut rest = Slow::default();
    assert_eq!(download.copy_to_blocking(&mut rest).expect("copied"), 7);
    assert_eq!(full.taken, b"012");
    assert_eq!(rest.taken, b"3456789");
}

#[test]
fn future_of_the_caller_may_borrow() {
    let server = Apart::always(reply(200, &[], "{}"));
    let pipeline = server.pipeline(ClientOptions::new());
    let (first, second) = block_on(async {
        let first = pipeline.send(pipeline.request(&GET)).await?;
        let second = pipeline.send(pipeline.request(&GET)).await?;
        Ok((first.status(), second.status()))
    })
    .expect("answered");
    assert_eq!((first.as_u16(), second.as_u16()), (200, 200));
}
