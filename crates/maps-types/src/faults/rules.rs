//! Counts requests, and chooses what goes wrong with each.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;

use super::{FaultAction, FaultRule, FaultRuleError};

/// Most rules at a time.
const MAX_RULES: usize = 1_000;

/// Most paths that one rule tells apart.
const MAX_PATHS: usize = 10_000;

/// Fault rules with their counts.
///
/// Rules are tried in the order in which they were added, and the first that applies is used. What `probability` picks
/// depends on the seed, the rule and how many requests the rule has seen, and on nothing else: the same requests in the
/// same order go wrong in each run.
#[derive(Debug, Clone, Default)]
pub struct FaultRules {
    seed: u64,
    last_id: u64,
    rules: Vec<Counted>,
}

#[derive(Debug, Clone)]
struct Counted {
    id: u64,
    rule: FaultRule,
    all: Counts,
    paths: HashMap<String, Counts>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    seen: u64,
    hits: u64,
}

/// What rules look at of a request.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FaultRequest<'a> {
    /// Its `operationId`.
    pub operation: &'a str,
    /// Its method, in capitals.
    pub method: &'a str,
    /// Its path, without query.
    pub path: &'a str,
    /// Time since the start.
    pub elapsed: Duration,
}

impl<'a> FaultRequest<'a> {
    /// A request at the start.
    #[must_use]
    pub fn new(operation: &'a str, method: &'a str, path: &'a str) -> Self {
        Self {
            operation,
            method,
            path,
            elapsed: Duration::ZERO,
        }
    }

    /// A request at this time after the start.
    #[must_use]
    pub fn at(mut self, elapsed: Duration) -> Self {
        self.elapsed = elapsed;
        self
    }
}

/// A rule, and what came of it so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FaultReport {
    /// Its number, given by [`FaultRules::add`].
    pub id: u64,
    /// Requests that met its conditions.
    pub seen: u64,
    /// Requests that it made go wrong.
    pub hits: u64,
    /// The rule.
    pub rule: FaultRule,
}

impl FaultRules {
    /// No rules yet. The seed decides what `probability` picks.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Lets another seed decide what `probability` picks from now on.
    pub fn reseed(&mut self, seed: u64) {
        self.seed = seed;
    }

    /// Adds a rule behind the others, and gives its number.
    ///
    /// # Errors
    ///
    /// When the rule cannot be followed, or there are 1,000 rules that still apply.
    pub fn add(&mut self, rule: FaultRule) -> Result<u64, FaultRuleError> {
        rule.check()?;
        if self.rules.len() >= MAX_RULES {
            let spent = self.rules.iter().position(Counted::is_spent);
            let message = || FaultRuleError::new(format!("there are {MAX_RULES} fault rules"));
            self.rules.remove(spent.ok_or_else(message)?);
        }
        self.last_id += 1;
        self.rules.push(Counted {
            id: self.last_id,
            rule,
            all: Counts::default(),
            paths: HashMap::new(),
        });
        Ok(self.last_id)
    }

    /// Removes the rule of this number. Whether there was one.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|counted| counted.id != id);
        self.rules.len() < before
    }

    /// Removes all rules.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// What goes wrong with a request, which is counted.
    pub fn choose(&mut self, request: &FaultRequest<'_>) -> Option<FaultAction> {
        let seed = self.seed;
        self.rules.iter_mut().find_map(|counted| {
            let hit = counted.hit(request, seed);
            hit.then(|| counted.rule.action.clone())
        })
    }

    /// The rules and their counts, in order; those that do not apply any more among them.
    #[must_use]
    pub fn report(&self) -> Vec<FaultReport> {
        let report = |counted: &Counted| FaultReport {
            id: counted.id,
            seen: counted.all.seen,
            hits: counted.all.hits,
            rule: counted.rule.clone(),
        };
        self.rules.iter().map(report).collect()
    }
}

impl Counted {
    fn is_spent(&self) -> bool {
        !self.rule.each_path && self.rule.times.is_some_and(|times| self.all.hits >= times)
    }

    /// Whether the rule applies; counts the request.
    fn hit(&mut self, request: &FaultRequest<'_>, seed: u64) -> bool {
        let rule = &self.rule;
        let is = |condition: &Option<String>, value: &str| {
            condition.as_deref().is_none_or(|known| known == value)
        };
        let meant = is(&rule.operation, request.operation)
            && is(&rule.method, request.method)
            && rule
                .path
                .as_deref()
                .is_none_or(|start| request.path.starts_with(start))
            && rule.from.is_none_or(|from| from <= request.elapsed)
            && rule.until.is_none_or(|until| request.elapsed < until);
        if !meant {
            return false;
        }
        let number = self.all.seen;
        self.all.seen += 1;
        let counts = if rule.each_path {
            if self.paths.len() >= MAX_PATHS && !self.paths.contains_key(request.path) {
                self.paths.clear();
            }
            let counts = self.paths.entry(request.path.to_owned()).or_default();
            counts.seen += 1;
            *counts
        } else {
            self.all
        };
        let picked = rule
            .probability
            .is_none_or(|part| draw(seed, self.id, number) < part);
        let hit =
            counts.seen > rule.skip && picked && rule.times.is_none_or(|times| counts.hits < times);
        if hit {
            self.all.hits += 1;
            if let Some(counts) = self.paths.get_mut(request.path) {
                counts.hits += 1;
            }
        }
        hit
    }
}

/// A number in `[0, 1)` that only the arguments decide: SplitMix64 over them.
fn draw(seed: u64, rule: u64, number: u64) -> f64 {
    let mixed = mix(mix(mix(seed).wrapping_add(rule)).wrapping_add(number));
    // 53 bits are what a float holds exactly.
    (mixed >> 11) as f64 / (1u64 << 53) as f64
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(rules: impl IntoIterator<Item = FaultRule>) -> FaultRules {
        let mut all = FaultRules::new(7);
        for rule in rules {
            all.add(rule).unwrap();
        }
        all
    }

    fn rule() -> FaultRule {
        FaultRule::new(FaultAction::Disconnect)
    }

    /// One letter for each request: `x` when it goes wrong.
    fn fates(rules: &mut FaultRules, requests: &[FaultRequest<'_>]) -> String {
        let fate = |request| {
            if rules.choose(request).is_some() {
                'x'
            } else {
                '.'
            }
        };
        requests.iter().map(fate).collect()
    }

    fn get(path: &str) -> FaultRequest<'_> {
        FaultRequest::new("A", "GET", path)
    }

    #[test]
    fn rules_apply_after_and_for_as_long_as_they_say() {
        let mut rules = rules([rule().on("A").after(1).times(2)]);
        assert_eq!(fates(&mut rules, &[get("/"); 5]), ".xx..");
        let report = &rules.report()[0];
        assert_eq!((report.id, report.seen, report.hits), (1, 5, 2));
    }

    #[test]
    fn the_first_rule_that_applies_is_used() {
        let mut rules = rules([rule().times(1), FaultRule::new(FaultAction::respond(503))]);
        assert_eq!(rules.choose(&get("/")), Some(FaultAction::Disconnect));
        assert_eq!(rules.choose(&get("/")), Some(FaultAction::respond(503)));
        assert!(rules.remove(2) && !rules.remove(2));
        assert_eq!(rules.choose(&get("/")), None);
    }

    #[test]
    fn a_request_that_misses_a_condition_is_not_counted() {
        let conditions = rule().on("A").on_method("GET").on_path("/a/");
        let mut rules = rules([conditions.after(1)]);
        let others = [
            FaultRequest::new("B", "GET", "/a/1"),
            FaultRequest::new("A", "PUT", "/a/1"),
            FaultRequest::new("A", "GET", "/b/a/1"),
        ];
        assert_eq!(fates(&mut rules, &others), "...");
        assert_eq!(fates(&mut rules, &[get("/a/1"), get("/a/2")]), ".x");
    }

    #[test]
    fn a_window_begins_with_its_first_moment_and_ends_before_its_last() {
        let at = |seconds| get("/").at(Duration::from_secs(seconds));
        let mut rules = rules([rule().between(Duration::from_secs(10), Duration::from_secs(20))]);
        assert_eq!(fates(&mut rules, &[at(9), at(10), at(19), at(20)]), ".xx.");
    }

    #[test]
    fn each_path_has_counts_of_its_own() {
        let mut rules = rules([rule().times(2).for_each_path()]);
        let polls = ["/1", "/1", "/2", "/1", "/2", "/2"].map(get);
        assert_eq!(fates(&mut rules, &polls), "xxx.x.");
        assert_eq!(rules.report()[0].hits, 4);
    }

    #[test]
    fn paths_without_end_take_no_memory_without_end() {
        let mut rules = rules([rule().for_each_path()]);
        for number in 0..25_000 {
            rules.choose(&get(&format!("/{number}")));
        }
        assert!(rules.rules[0].paths.len() <= MAX_PATHS);
    }

    #[test]
    fn chance_is_the_same_in_each_run_and_near_its_part() {
        let run = |seed| {
            let mut rules = FaultRules::new(seed);
            rules.add(rule().with_probability(0.2)).unwrap();
            fates(&mut rules, &[get("/"); 1_000])
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        let hits = run(1).matches('x').count();
        assert!((150..250).contains(&hits), "{hits}");
    }

    #[test]
    fn chance_of_a_rule_does_not_depend_on_other_rules_requests() {
        let mut alone = rules([rule().on("B"), rule().on("A").with_probability(0.5)]);
        let mut mixed = alone.clone();
        let expected = fates(&mut alone, &[get("/"); 50]);
        let seen: String = (0..50)
            .map(|_| {
                mixed.choose(&FaultRequest::new("B", "GET", "/"));
                fates(&mut mixed, &[get("/")])
            })
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_full_list_makes_room_for_a_rule_where_one_is_spent() {
        let mut rules = rules((0..MAX_RULES).map(|_| rule().times(1)));
        assert!(rules.add(rule()).is_err());
        rules.choose(&get("/"));
        rules.add(rule()).unwrap();
        assert!(rules.add(rule()).is_err());
        rules.clear();
        assert!(rules.report().is_empty());
    }
}
