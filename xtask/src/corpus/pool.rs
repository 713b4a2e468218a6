//! Processes that examine documents in parallel. One that hangs is killed and one that dies is replaced.
//!
//! A panic could be caught in this process; a stack that overflows and a loop without end could not.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use maps_codegen::corpus::{Counts, Examined, Outcome};

/// Workers of one run.
#[derive(Debug)]
pub(super) struct Pool<'p> {
    command: &'p [OsString],
    limit: Duration,
}

impl<'p> Pool<'p> {
    /// Workers that `command` starts, each with `limit` for one document.
    pub(super) fn new(command: &'p [OsString], limit: Duration) -> Self {
        Self { command, limit }
    }

    /// Examines every document, `jobs` at a time; the answers are in no order.
    pub(super) fn run(&self, documents: &[PathBuf], jobs: usize) -> Result<Vec<Examined>, String> {
        let next = AtomicUsize::new(0);
        let lane = || {
            let mut done = Vec::new();
            let mut worker = None;
            while let Some(document) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                let current = match worker.take() {
                    Some(worker) => worker,
                    None => Worker::start(self.command)?,
                };
                let (examined, kept) = current.examine(document, self.limit);
                worker = kept;
                done.push(examined);
            }
            Ok(done)
        };
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..jobs.min(documents.len()))
                .map(|_| scope.spawn(lane))
                .collect();
            let mut all = Vec::new();
            for lane in lanes {
                let done: Result<Vec<Examined>, String> = lane
                    .join()
                    .map_err(|_| "a lane of the pool panicked".to_owned())?;
                all.extend(done?);
            }
            Ok(all)
        })
    }
}

/// One process. It ends when it is dropped.
#[derive(Debug)]
struct Worker {
    child: Child,
    paths: ChildStdin,
    answers: Receiver<String>,
}

impl Worker {
    fn start(command: &[OsString]) -> Result<Self, String> {
        let (program, arguments) = command.split_first().ok_or("a worker without a command")?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("starting a worker: {error}"))?;
        let (Some(paths), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a worker without pipes".to_owned());
        };
        // A pipe cannot be read with a time limit, a channel can.
        let (sender, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            child,
            paths,
            answers,
        })
    }

    /// What became of one document, and the worker, unless it is gone.
    fn examine(mut self, document: &Path, limit: Duration) -> (Examined, Option<Self>) {
        let shown = document.to_string_lossy().into_owned();
        let ended = |outcome| Examined {
            document: shown.replace('\\', "/"),
            counts: Counts::default(),
            outcome,
            findings: Vec::new(),
            time: limit,
        };
        let line = serde_json::Value::from(shown.as_str());
        // A worker that is gone does not take the path, and then does not answer either.
        let _ = writeln!(self.paths, "{line}").and_then(|()| self.paths.flush());
        match self.answers.recv_timeout(limit) {
            Ok(answer) => match serde_json::from_str(&answer) {
                Ok(examined) => (examined, Some(self)),
                Err(error) => (ended(Outcome::Crashed(format!("answered {error}"))), None),
            },
            Err(RecvTimeoutError::Timeout) => (ended(Outcome::OutOfTime), None),
            Err(RecvTimeoutError::Disconnected) => {
                let how = match self.child.wait() {
                    Ok(status) => status.to_string(),
                    Err(error) => error.to_string(),
                };
                (ended(Outcome::Crashed(how)), None)
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail on a process that has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A worker that hangs on one document, dies on another and answers for the rest.
    const SCRIPT: &str = r#"while read -r line; do
        case "$line" in
            *hang*) sleep 60 ;;
            *die*) exit 7 ;;
            *) echo "{\"document\":$line,\"counts\":{\"operations\":1,\"long_running\":0,\"pageable\":0},\"outcome\":\"Refused\",\"findings\":[],\"time\":{\"secs\":0,\"nanos\":5}}" ;;
        esac
    done"#;

    #[test]
    fn a_worker_that_hangs_or_dies_costs_its_own_document_alone() {
        let command = ["sh", "-c", SCRIPT].map(OsString::from);
        let names = ["a", "hang", "b", "die", "c"];
        let documents: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        for jobs in [1, 3] {
            let pool = Pool::new(&command, Duration::from_millis(500));
            let mut examined = pool.run(&documents, jobs).unwrap();
            examined.sort_by(|a, b| a.document.cmp(&b.document));
            let outcomes: Vec<_> = examined
                .iter()
                .map(|one| (one.document.as_str(), &one.outcome))
                .collect();
            let died = Outcome::Crashed("exit status: 7".to_owned());
            assert_eq!(
                outcomes,
                [
                    ("a", &Outcome::Refused),
                    ("b", &Outcome::Refused),
                    ("c", &Outcome::Refused),
                    ("die", &died),
                    ("hang", &Outcome::OutOfTime),
                ]
            );
        }
    }
}
