//! What this process has taken.

use std::error::Error;
use std::time::{Duration, Instant};

use crate::{ALLOCATOR, Outcome};

/// Ticks of the kernel in a second, the same on every Linux there is today.
const TICKS: u64 = 100;

/// A run from its start.
pub(crate) struct Usage {
    start: Instant,
    bytes: usize,
    cpu: [Duration; 2],
    submitted: Option<(Duration, usize)>,
}

impl Usage {
    pub(crate) fn start() -> Outcome<Self> {
        Ok(Self {
            start: Instant::now(),
            bytes: ALLOCATOR.current_usage(),
            cpu: cpu()?,
            submitted: None,
        })
    }

    /// All are submitted and none has ended.
    pub(crate) fn note_submitted(&mut self) {
        let held = ALLOCATOR.current_usage().saturating_sub(self.bytes);
        self.submitted = Some((self.start.elapsed(), held));
    }

    /// Prints the figures.
    pub(crate) fn print(&self, count: usize) -> Outcome {
        let (submitted, held) = self
            .submitted
            .ok_or("the submits were not done before the first end")?;
        let ideal = submitted + crate::JOB;
        let peak = ALLOCATOR.peak_usage().saturating_sub(self.bytes);
        println!("  submitted after       {:8.2} s", submitted.as_secs_f64());
        println!(
            "  all results after     {:8.2} s",
            self.start.elapsed().as_secs_f64()
        );
        println!("  last submit and job   {:8.2} s", ideal.as_secs_f64());
        for (name, (now, then)) in ["user", "kernel"].iter().zip(cpu()?.iter().zip(self.cpu)) {
            let spent = now.saturating_sub(then).as_secs_f64();
            println!("  CPU, {name:16} {spent:8.2} s");
        }
        println!("  memory, all submitted {:8} bytes each", held / count);
        println!("  memory, peak          {:8} bytes each", peak / count);
        Ok(())
    }
}

/// Time that this process has spent in user space, and in the kernel.
fn cpu() -> Outcome<[Duration; 2]> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no fields")?;
    let mut ticks = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    let mut next = || Ok::<_, Box<dyn Error>>(ticks.next().ok_or("no field")??);
    let time = |ticks| Duration::from_millis(ticks * 1000 / TICKS);
    Ok([time(next()?), time(next()?)])
}
