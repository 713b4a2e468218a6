//! The tables of `docs/observability.md` say what is traced, no more and no less.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, io};

use maps_core::{
    AccessToken, BoxFuture, ClientOptions, EntraCredential, Error, ErrorKind, RateLimit, Result,
    TokenCredential,
};

use crate::http::{GET, JumpClock, QUERY_SERVICE, Server, Then, raw, reply};
use crate::recorder::{Note, Recorder};
use crate::server::{self, MONITOR, scripted, status};

const TABLES: &str = include_str!("../../docs/observability.md");

/// What a table says of one span or event: level and fields.
type Entry = (String, BTreeSet<String>);

/// The texts in backquotes of a cell.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Rows of the table whose first column has this heading.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let start = TABLES.find(&format!("| {heading} |")).unwrap();
    TABLES[start..]
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

fn documented_spans() -> BTreeMap<String, Entry> {
    let mut spans = BTreeMap::new();
    for row in rows("span") {
        let fields = rows("field")
            .into_iter()
            .filter(|field| field[1].contains(row[0]));
        let fields = fields.map(|field| quoted(field[0]).remove(0)).collect();
        spans.insert(quoted(row[0]).remove(0), (row[1].to_owned(), fields));
    }
    spans
}

fn documented_events() -> BTreeMap<String, Entry> {
    let entry = |row: Vec<&str>| {
        let name = format!("{} {}", quoted(row[0])[0], quoted(row[2])[0]);
        let fields = quoted(row[3]).into_iter().collect();
        (name, (row[1].to_owned(), fields))
    };
    rows("target").into_iter().map(entry).collect()
}

fn entry(note: &Note) -> Entry {
    let level = note.level.as_str().to_ascii_lowercase();
    let fields = note.declared.iter().map(|&name| name.to_owned()).collect();
    (level, fields)
}

/// Gives a token that lives for ten minutes, and then none.
#[derive(Debug, Default)]
struct Once(AtomicUsize);

impl TokenCredential for Once {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<AccessToken>> {
        let earlier = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if earlier > 0 {
                return Err(Error::new(ErrorKind::Credential, "gone"));
            }
            let expires = std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_600);
            Ok(AccessToken::new("t-1", expires))
        })
    }
}

/// Everything that is traced happens here once.
async fn everything() -> Recorder {
    let (recorder, _guard) = Recorder::start();
    let monitor = scripted(|earlier| match earlier {
        0 => status("Juggling"),
        1 => server::reply(503),
        _ => status("Completed"),
    })
    .await;
    monitor.begin(&MONITOR).await.unwrap().await.unwrap();

    let service = Server::script(vec![
        reply(503, &[], ""),
        reply(302, &[("location", "/moved")], ""),
        reply(200, &[], "{}"),
    ])
    .await;
    let clock = JumpClock::new();
    let options = ClientOptions::new()
        .clock(clock.clone())
        .rate_limit(RateLimit::per_second(1));
    let credential = EntraCredential::new(Once::default()).client_id("account");
    let client = service.pipeline(&QUERY_SERVICE, Some(credential.into()), options);
    client.send(client.request(&GET)).await.unwrap();
    clock.advance(Duration::from_secs(400));
    client.send(client.request(&GET)).await.unwrap();

    let halves = Server::script(vec![
        raw(
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\netag: \"a\"\r\naccept-ranges: bytes\r\n\r\nab",
            Then::Close,
        ),
        reply(
            206,
            &[("content-range", "bytes 2-3/4"), ("etag", "\"a\"")],
            "cd",
        ),
    ])
    .await;
    let options = ClientOptions::new().clock(JumpClock::new());
    let client = halves.pipeline(&QUERY_SERVICE, None, options);
    let mut download = client.download(client.request(&GET)).await.unwrap();
    while download.chunk().await.unwrap().is_some() {}
    // The refresh runs beside the call.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    recorder
}

#[tokio::test]
async fn tables_name_every_span_and_event_with_all_their_fields() {
    let recorder = everything().await;
    let spans = recorder.spans();
    let spans: BTreeMap<_, _> = spans
        .iter()
        .map(|span| (span.name.clone(), entry(span)))
        .collect();
    assert_eq!(spans, documented_spans());
    let events = recorder.events("");
    let events: BTreeMap<_, _> = events
        .iter()
        .map(|event| (format!("{} {}", event.target, event.name), entry(event)))
        .collect();
    assert_eq!(events, documented_events());
}

#[test]
fn tables_name_as_many_events_as_the_sources_hold() {
    fn count(folder: &Path) -> io::Result<usize> {
        let mut found = 0;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                found += count(&path)?;
            } else {
                let source = fs::read_to_string(&path)?;
                found += ["trace", "debug", "info", "warn", "error"]
                    .iter()
                    .map(|level| source.matches(&format!("tracing::{level}!(")).count())
                    .sum::<usize>();
            }
        }
        Ok(found)
    }
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(count(&sources).unwrap(), documented_events().len());
}
