//! What operations of all lengths cost in requests, and how late their end is noticed.

use std::time::Duration;

use maps_core::PollingOptions;

use crate::server::*;

/// An operation and the requests that its polls may take: without a hint, and with `Retry-After: 10` on each status.
///
/// By hand: the n-th poll without a hint comes S(n) to 1.2 S(n) after the submit, where S is the sum of the waits 0.5,
/// 0.75, 1.125, 1.6875, 2.53, 3.80, 5.70, 8.54, 12.81 (37.44 in all) and then 15 each; with the hint, it comes 0.5 +
/// 10 (n - 1) to 0.6 + 12 (n - 1) after it. The last poll is the first one at or after the end.
struct Job {
    name: &'static str,
    seconds: u64,
    requests: [usize; 2],
    with_hint: [usize; 2],
    /// The longest last wait without a hint.
    late: f64,
}

const fn job(
    name: &'static str,
    seconds: u64,
    requests: [usize; 2],
    late: f64,
    with_hint: [usize; 2],
) -> Job {
    Job {
        name,
        seconds,
        requests,
        with_hint,
        late,
    }
}

const JOBS: [Job; 8] = [
    job("1 s", 1, [2, 2], 0.9, [2, 2]),
    job("5 s", 5, [5, 5], 3.1, [2, 2]),
    job("30 s", 30, [9, 9], 15.4, [4, 4]),
    job("2 min", 120, [14, 15], 18.0, [11, 13]),
    job("10 min", 600, [40, 47], 18.0, [51, 61]),
    job("30 min", 1800, [107, 127], 18.0, [151, 181]),
    job("1 h", 3600, [207, 247], 18.0, [301, 361]),
    job("2 h", 7200, [407, 487], 18.0, [601, 721]),
];

/// Requests of one run, the last wait and how late the end was noticed.
async fn watch(seconds: u64, hint: bool, seed: u64) -> (usize, f64, f64) {
    let length = Duration::from_secs(seconds);
    let server = Server::start(move |seen| match seen.method.as_str() {
        "POST" => reply(202).header("operation-location", "/operations/1"),
        _ if seen.at >= length => status("Completed"),
        _ if hint => status("Running").header("retry-after", "10"),
        _ => status("Running"),
    })
    .await;
    let polling = PollingOptions::new().timeout(length + Duration::from_secs(60));
    let options = server.options().polling(polling).jitter_seed(seed);
    let client = server.client_with(options);
    begin(&client, &MONITOR).await.unwrap().await.unwrap();
    let polls = server.polls();
    let last = polls[polls.len() - 1];
    let before = polls.len().checked_sub(2).map_or(0.0, |at| polls[at]);
    let late = last - length.as_secs_f64();
    assert!(late >= 0.0 && before < length.as_secs_f64());
    (polls.len(), last - before, late)
}

/// A row of the table in the docs of `PollingOptions`.
fn row(job: &Job) -> String {
    let count = |[least, most]: [usize; 2]| match least == most {
        true => most.to_string(),
        false => format!("{least} to {most}"),
    };
    format!(
        "| {} | {} | {} s | {} | 12 s |",
        job.name,
        count(job.requests),
        job.late,
        count(job.with_hint)
    )
}

#[tokio::test]
async fn operations_of_all_lengths_cost_what_the_docs_say_and_are_noticed_in_time() {
    let docs = include_str!("../../src/options/polling.rs");
    let mut table = String::from("operation   requests    late    Retry-After: 10    late\n");
    for job in &JOBS {
        assert!(docs.contains(&row(job)), "not in the docs:\n{}", row(job));
        let mut cells = Vec::new();
        for (hint, [least, most], longest) in
            [(false, job.requests, job.late), (true, job.with_hint, 12.0)]
        {
            for seed in 1..=3 {
                let (requests, last_wait, late) = watch(job.seconds, hint, seed).await;
                let name = job.name;
                assert!(
                    (least..=most).contains(&requests),
                    "{name}: {requests} requests"
                );
                assert!(last_wait <= longest, "{name}: a wait of {last_wait} s");
                assert!(late <= last_wait, "{name}: {late} s late");
                if seed == 1 {
                    cells.push((requests, late));
                }
            }
        }
        table.push_str(&format!(
            "{:>9} {:>10} {:>7.1} {:>18} {:>7.1}\n",
            job.name, cells[0].0, cells[0].1, cells[1].0, cells[1].1
        ));
    }
    println!("{table}");
}
