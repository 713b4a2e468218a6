//! The figures of a run over many documents.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::{Counts, Examined, Outcome};

/// Diagnostics of one kind are shown this often; the rest is counted.
const EXAMPLES: usize = 3;

/// What a run over many documents says.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Documents of the format.
    pub documents: usize,
    /// Those that became a pair of crates.
    pub generated: usize,
    /// Those that diagnostics refused.
    pub refused: usize,
    /// Documents on which the generator failed: panics, crashes and hangs, each with what is known of it.
    pub failures: Vec<String>,
    /// What all documents hold.
    pub counts: Counts,
    /// What those hold that were generated.
    pub generated_counts: Counts,
    /// Bytes of Rust.
    pub bytes: usize,
    /// Errors by kind.
    pub errors: BTreeMap<String, Kind>,
    /// Warnings by kind.
    pub warnings: BTreeMap<String, Kind>,
    /// Time of each document that came to an end, with its name, the shortest first.
    pub times: Vec<(Duration, String)>,
}

/// Diagnostics of one kind.
#[derive(Debug, Clone, Default)]
pub struct Kind {
    /// How many there are.
    pub count: usize,
    /// How many documents have one.
    pub documents: usize,
    /// The first one of the first documents, below the name of the document.
    pub examples: Vec<String>,
}

impl Summary {
    /// Adds up what became of each document. The order makes no difference.
    pub fn of(examined: &[Examined]) -> Self {
        let mut sorted: Vec<&Examined> = examined
            .iter()
            .filter(|one| one.outcome != Outcome::OtherFormat)
            .collect();
        sorted.sort_by(|a, b| a.document.cmp(&b.document));
        let mut summary = Self::default();
        for one in sorted {
            summary.add(one);
        }
        summary.times.sort();
        summary
    }

    /// Whether every document was generated or refused with a reason.
    pub fn is_sound(&self) -> bool {
        self.failures.is_empty()
    }

    /// The time that this part of the documents, from 0 to 1, did not exceed.
    pub fn percentile(&self, part: f64) -> Duration {
        let rank = (self.times.len() as f64 * part).ceil() as usize;
        self.times
            .get(rank.saturating_sub(1))
            .map_or(Duration::ZERO, |(time, _)| *time)
    }

    fn add(&mut self, one: &Examined) {
        self.documents += 1;
        add(&mut self.counts, one.counts);
        match &one.outcome {
            Outcome::Generated { bytes } => {
                self.generated += 1;
                self.bytes += bytes;
                add(&mut self.generated_counts, one.counts);
            }
            Outcome::Refused => self.refused += 1,
            Outcome::Panicked(what) => self.fail(one, "panicked", what),
            Outcome::OutOfTime => self.fail(one, "out of time", ""),
            Outcome::Crashed(what) => self.fail(one, "crashed", what),
            Outcome::OtherFormat => {}
        }
        if !matches!(one.outcome, Outcome::OutOfTime | Outcome::Crashed(_)) {
            self.times.push((one.time, one.document.clone()));
        }
        for (is_error, kinds) in [(true, &mut self.errors), (false, &mut self.warnings)] {
            let mut first: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
            for found in one
                .findings
                .iter()
                .filter(|found| found.is_error == is_error)
            {
                first.entry(&found.code).or_insert((0, &found.text)).0 += 1;
            }
            for (code, (count, text)) in first {
                let kind = kinds.entry(code.to_owned()).or_default();
                kind.count += count;
                kind.documents += 1;
                if kind.examples.len() < EXAMPLES {
                    kind.examples.push(format!("{}\n{text}", one.document));
                }
            }
        }
    }

    fn fail(&mut self, one: &Examined, how: &str, what: &str) {
        let colon = if what.is_empty() { "" } else { ": " };
        self.failures
            .push(format!("{}: {how}{colon}{what}", one.document));
    }
}

fn add(sum: &mut Counts, more: Counts) {
    sum.operations += more.operations;
    sum.long_running += more.long_running;
    sum.pageable += more.pageable;
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            operations,
            long_running,
            pageable,
        } = self.counts;
        let share = self.generated as f64 * 100.0 / self.documents.max(1) as f64;
        writeln!(f, "documents      {}", self.documents)?;
        writeln!(f, "  generated    {} ({share:.1} %)", self.generated)?;
        writeln!(f, "  refused      {}", self.refused)?;
        writeln!(f, "  failed       {}", self.failures.len())?;
        writeln!(
            f,
            "operations     {operations} ({long_running} long-running, {pageable} pageable), {} of them generated",
            self.generated_counts.operations
        )?;
        writeln!(f, "output         {} bytes", self.bytes)?;
        let total: Duration = self.times.iter().map(|(time, _)| *time).sum();
        let slowest = self.times.last();
        writeln!(
            f,
            "time           median {}, p99 {}, max {} ({}), total {}",
            shown(self.percentile(0.5)),
            shown(self.percentile(0.99)),
            shown(self.percentile(1.0)),
            slowest.map_or("none", |(_, document)| document),
            shown(total)
        )?;
        if !self.failures.is_empty() {
            writeln!(f, "\nfailures of the generator")?;
            for failure in &self.failures {
                writeln!(f, "  {failure}")?;
            }
        }
        for (title, kinds) in [
            ("refused with", &self.errors),
            ("warned of", &self.warnings),
        ] {
            if kinds.is_empty() {
                continue;
            }
            writeln!(f, "\n{title}")?;
            let mut kinds: Vec<_> = kinds.iter().collect();
            kinds.sort_by_key(|(code, kind)| (std::cmp::Reverse(kind.documents), *code));
            for (code, kind) in kinds {
                writeln!(
                    f,
                    "  {code}: {} in {} documents",
                    kind.count, kind.documents
                )?;
                for example in &kind.examples {
                    for line in example.lines() {
                        writeln!(f, "    {line}")?;
                    }
                }
                if kind.documents > kind.examples.len() {
                    writeln!(f, "    …")?;
                }
            }
        }
        Ok(())
    }
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::super::Finding;
    use super::*;

    fn examined(document: &str, outcome: Outcome, millis: u64) -> Examined {
        let findings = match outcome {
            Outcome::Refused => vec![Finding {
                code: "unresolved-ref".to_owned(),
                is_error: true,
                text: "error[unresolved-ref]: `#/y` names nothing\n --> a.json:1:2".to_owned(),
            }],
            _ => Vec::new(),
        };
        Examined {
            document: document.to_owned(),
            counts: Counts {
                operations: 3,
                long_running: 1,
                pageable: 0,
            },
            outcome,
            findings,
            time: Duration::from_millis(millis),
        }
    }

    #[test]
    fn figures_add_up_and_failures_of_the_generator_stand_apart() {
        let summary = Summary::of(&[
            examined(
                "c.json",
                Outcome::Panicked("index out of bounds".to_owned()),
                4,
            ),
            examined("b.json", Outcome::Refused, 1),
            examined("a.json", Outcome::Generated { bytes: 10 }, 2),
            examined("d.json", Outcome::OutOfTime, 9000),
            examined("e.json", Outcome::OtherFormat, 1),
        ]);
        assert_eq!(
            (summary.documents, summary.generated, summary.refused),
            (4, 1, 1)
        );
        assert!(!summary.is_sound());
        assert_eq!(
            summary.failures,
            [
                "c.json: panicked: index out of bounds",
                "d.json: out of time"
            ]
        );
        assert_eq!(summary.counts.operations, 12);
        assert_eq!(summary.generated_counts.operations, 3);
        // A document that never ended has no time.
        assert_eq!(summary.percentile(0.5), Duration::from_millis(2));
        assert_eq!(summary.percentile(1.0), Duration::from_millis(4));
        let text = summary.to_string();
        assert!(
            text.contains(
                "  unresolved-ref: 1 in 1 documents\n    b.json\n    error[unresolved-ref]: `#/y` names nothing\n     --> a.json:1:2\n"
            ),
            "{text}"
        );
    }
}
