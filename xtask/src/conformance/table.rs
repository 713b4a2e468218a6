//! What a run found: keys, documents, what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::documents::Document;
use super::driver::Scenario;

/// The groups of coverage keys, as the server names them.
pub(super) const GROUPS: [&str; 4] = ["vanilla", "azure", "optional", "dpg"];

/// Keys that are not to be reached, with the reason.
pub(super) type Expected = BTreeMap<String, String>;

/// Everything that a run found.
#[derive(Debug)]
pub(super) struct Findings<'f> {
    /// The documents that were looked at.
    pub(super) documents: &'f [Document],
    /// The scenarios that ran.
    pub(super) scenarios: &'f [Scenario],
    /// The server's count of each key, by group.
    pub(super) reports: &'f BTreeMap<&'static str, BTreeMap<String, u64>>,
    /// Keys that are not to be reached.
    pub(super) expected: &'f Expected,
    /// Whether every document was looked at, so that every key has to be there.
    pub(super) is_whole: bool,
}

impl Findings<'_> {
    /// Everything that is not as it has to be.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self
            .scenarios
            .iter()
            .filter(|scenario| !scenario.passed)
            .map(|scenario| format!("{}::{} did not pass", scenario.module, scenario.name))
            .collect();
        let named: BTreeSet<String> = self
            .scenarios
            .iter()
            .map(|one| letters(&one.name))
            .collect();
        let mut keys = BTreeSet::new();
        for (group, key, count) in self.keys() {
            keys.insert(key);
            let has_scenario = named.contains(&letters(key));
            match self.expected.get(key) {
                Some(_) if count > 0 => faults.push(format!(
                    "{key} ({group}) is reached, and named in expected-failures.toml"
                )),
                Some(_) => {}
                None if has_scenario && count == 0 => {
                    faults.push(format!("{key} ({group}) has a scenario and is not reached"));
                }
                None if !has_scenario && self.is_whole => {
                    faults.push(format!("{key} ({group}) has no scenario"));
                }
                None => {}
            }
        }
        if self.is_whole {
            let unknown = self
                .expected
                .keys()
                .filter(|key| !keys.contains(key.as_str()));
            faults.extend(
                unknown.map(|key| format!("{key} of expected-failures.toml is no coverage key")),
            );
        }
        for document in self.documents {
            if document.operations > 0 && self.of(document).next().is_none() {
                faults.push(format!("{}.json has no scenario", document.name));
            }
        }
        faults
    }

    fn keys(&self) -> impl Iterator<Item = (&'static str, &str, u64)> {
        GROUPS.iter().flat_map(|group| {
            let keys = self.reports.get(group).into_iter().flatten();
            keys.map(|(key, count)| (*group, key.as_str(), *count))
        })
    }

    fn of<'a>(&'a self, document: &Document) -> impl Iterator<Item = &'a Scenario> {
        let module = document.package.replace('-', "_");
        self.scenarios
            .iter()
            .filter(move |scenario| scenario.module == module)
    }
}

/// As Markdown; the same for the same run on any machine.
impl fmt::Display for Findings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: BTreeMap<String, u64> = self
            .keys()
            .map(|(_, key, count)| (letters(key), count))
            .collect();
        let passed: BTreeSet<String> = self
            .scenarios
            .iter()
            .filter(|scenario| scenario.passed)
            .map(|scenario| letters(&scenario.name))
            .collect();
        let failed: BTreeSet<String> = self
            .scenarios
            .iter()
            .filter(|scenario| !scenario.passed)
            .map(|scenario| letters(&scenario.name))
            .collect();
        // What the server counted alone says little: its scenarios have to pass too, in each document that has one.
        let is_reached = |key: &str| {
            let key = letters(key);
            counts.get(&key).is_some_and(|count| *count > 0)
                && passed.contains(&key)
                && !failed.contains(&key)
        };

        if self.is_whole {
            writeln!(f, "| group | keys | can be reached | reached | |")?;
            writeln!(f, "|---|--:|--:|--:|--:|")?;
            let mut sums = (0, 0, 0);
            for group in GROUPS {
                let keys: Vec<&str> = self
                    .keys()
                    .filter(|(of, ..)| *of == group)
                    .map(|(_, key, _)| key)
                    .collect();
                let possible = keys
                    .iter()
                    .filter(|key| !self.expected.contains_key(**key))
                    .count();
                let reached = keys.iter().filter(|key| is_reached(key)).count();
                row(f, group, (keys.len(), possible, reached))?;
                sums = (sums.0 + keys.len(), sums.1 + possible, sums.2 + reached);
            }
            row(f, "all", sums)?;
            writeln!(f)?;
        }

        writeln!(
            f,
            "| document | operations | keys | reached | scenarios | passed |"
        )?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|")?;
        let mut sums = [0; 3];
        for document in self.documents {
            let scenarios: Vec<&Scenario> = self.of(document).collect();
            let keyed: Vec<_> = scenarios
                .iter()
                .filter(|scenario| counts.contains_key(&letters(&scenario.name)))
                .collect();
            let reached = keyed.iter().filter(|scenario| {
                scenario.passed && counts.get(&letters(&scenario.name)) > Some(&0)
            });
            let passed = scenarios.iter().filter(|scenario| scenario.passed).count();
            writeln!(
                f,
                "| {} | {} | {} | {} | {} | {passed} |",
                document.name,
                document.operations,
                keyed.len(),
                reached.count(),
                scenarios.len(),
            )?;
            for (sum, add) in sums
                .iter_mut()
                .zip([document.operations, scenarios.len(), passed])
            {
                *sum += add;
            }
        }
        let [operations, scenarios, passed] = sums;
        writeln!(f, "| all | {operations} | | | {scenarios} | {passed} |")?;

        if self.is_whole && !self.expected.is_empty() {
            writeln!(f, "\n## Not reached\n")?;
            for (key, reason) in self.expected {
                writeln!(f, "- `{key}`: {reason}")?;
            }
        }
        Ok(())
    }
}

fn row(
    f: &mut fmt::Formatter<'_>,
    group: &str,
    (keys, possible, reached): (usize, usize, usize),
) -> fmt::Result {
    // A share is rounded down: 100 % is all of them.
    let share = (reached * 1000).checked_div(possible).unwrap_or(1000);
    let (whole, tenth) = (share / 10, share % 10);
    writeln!(
        f,
        "| {group} | {keys} | {possible} | {reached} | {whole}.{tenth} % |"
    )
}

/// What a key and the name of its scenario have in common: `LROPut200` and `lro_put_200`.
fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, operations: usize) -> Document {
        Document {
            name: name.to_owned(),
            package: name.to_owned(),
            operations,
        }
    }

    fn scenario(module: &str, name: &str, passed: bool) -> Scenario {
        Scenario {
            module: module.to_owned(),
            name: name.to_owned(),
            passed,
        }
    }

    fn findings<'f>(
        documents: &'f [Document],
        scenarios: &'f [Scenario],
        reports: &'f BTreeMap<&'static str, BTreeMap<String, u64>>,
        expected: &'f Expected,
    ) -> Findings<'f> {
        Findings {
            documents,
            scenarios,
            reports,
            expected,
            is_whole: true,
        }
    }

    fn report(counts: &[(&str, u64)]) -> BTreeMap<&'static str, BTreeMap<String, u64>> {
        let keys = counts
            .iter()
            .map(|(key, count)| ((*key).to_owned(), *count))
            .collect();
        BTreeMap::from([("azure", keys)])
    }

    #[test]
    fn a_key_is_reached_when_it_is_counted_and_its_scenario_passes() {
        let documents = [document("lro", 3)];
        let scenarios = [
            scenario("lro", "lro_put_200", true),
            scenario("lro", "lro_delete", false),
            scenario("lro", "refused_by_the_client", true),
        ];
        let reports = report(&[("LROPut200", 2), ("LRODelete", 1), ("LRONever", 0)]);
        let expected = Expected::from([("LRONever".to_owned(), "never counted".to_owned())]);
        let findings = findings(&documents, &scenarios, &reports, &expected);
        let shown = findings.to_string();
        assert!(shown.contains("| azure | 3 | 2 | 1 | 50.0 % |"), "{shown}");
        assert!(shown.contains("| lro | 3 | 2 | 1 | 3 | 2 |"), "{shown}");
        assert!(shown.contains("- `LRONever`: never counted"), "{shown}");
        assert_eq!(findings.faults(), ["lro::lro_delete did not pass"]);
    }

    #[test]
    fn what_is_missing_is_a_fault() {
        let documents = [
            document("lro", 3),
            document("paging", 1),
            document("empty", 0),
        ];
        let scenarios = [scenario("lro", "lro_put_200", true)];
        let reports = report(&[("LROPut200", 0), ("LROPost", 1), ("LRONow", 1)]);
        let expected = Expected::from([
            ("LRONow".to_owned(), "reached by now".to_owned()),
            ("Misspelt".to_owned(), "no key".to_owned()),
        ]);
        let faults = findings(&documents, &scenarios, &reports, &expected).faults();
        assert_eq!(
            faults,
            [
                "LRONow (azure) is reached, and named in expected-failures.toml",
                "LROPost (azure) has no scenario",
                "LROPut200 (azure) has a scenario and is not reached",
                "Misspelt of expected-failures.toml is no coverage key",
                "paging.json has no scenario",
            ]
        );
    }
}
