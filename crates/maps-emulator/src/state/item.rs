//! One item of a file: checked against its definition, and read as what the emulator keeps.

use std::time::Duration;

use maps_types::operations::{Location, Operation, Schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_path_to_error::Segment;

use super::folder::Problems;
use super::{File, Stamp};
use crate::clock::Moment;
use crate::services;
use crate::settings::Timings;
use crate::validate::{self, Faults};

/// Shortest time that an operation which has not ended goes on, when nothing else is said.
const SHORTEST: Duration = Duration::from_secs(1);

/// What items are read with.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The time at which the state begins.
    pub(crate) now: Moment,
    pub(crate) timings: &'a Timings,
}

/// An item, its place, and what is wrong with it.
pub(crate) struct Item<'a> {
    file: File,
    index: usize,
    value: &'a Value,
    problems: &'a mut Problems,
}

impl<'a> Item<'a> {
    pub(crate) fn new(
        file: File,
        index: usize,
        value: &'a Value,
        problems: &'a mut Problems,
    ) -> Self {
        Self {
            file,
            index,
            value,
            problems,
        }
    }

    /// Notes a problem of a member, given by its JSON pointer inside the item.
    pub(crate) fn refuse(&mut self, member: &str, what: impl AsRef<str>) {
        let place = format!("{}: /{}{member}", self.file.name(), self.index);
        self.problems.add(place, what);
    }

    /// The item as a type; nothing when that has a problem.
    pub(crate) fn read<T: DeserializeOwned>(&mut self) -> Option<T> {
        match serde_path_to_error::deserialize(self.value) {
            Ok(read) => Some(read),
            Err(err) => {
                let pointer: String = err.path().iter().map(step).collect();
                self.refuse(&pointer, err.inner().to_string());
                None
            }
        }
    }

    /// Checks the item against the answer that an operation gives with status 200.
    pub(crate) fn check_answer(&mut self, operation: &str) {
        self.check_value("", self.value, answer_schema(operation));
    }

    /// Checks a member against the answer of an operation.
    pub(crate) fn check_member(&mut self, member: &str, value: &Value, operation: &str) {
        self.check_value(member, value, answer_schema(operation));
    }

    /// Checks a member against the body that an operation takes.
    pub(crate) fn check_body(&mut self, member: &str, value: &Value, operation: &str) {
        let body = find(operation).and_then(|operation| operation.body);
        let mut faults = Faults::default();
        if let Some(body) = body {
            validate::check_body(body.schema, value, &mut faults);
        }
        self.note(member, faults);
    }

    /// Checks a member against what an operation allows as a parameter of its path.
    pub(crate) fn check_id(&mut self, member: &str, value: &str, operation: &str) {
        let parameters = find(operation).map_or(&[][..], |operation| operation.parameters);
        let mut in_path = parameters
            .iter()
            .filter(|one| one.location == Location::Path);
        let schema = in_path.next().map(|parameter| parameter.schema);
        self.check_value(member, &Value::from(value), schema);
    }

    fn check_value(&mut self, member: &str, value: &Value, schema: Option<&Schema>) {
        let mut faults = Faults::of_answer();
        if let Some(schema) = schema {
            validate::check_body(schema, value, &mut faults);
        }
        self.note(member, faults);
    }

    /// Notes faults, whose targets look like `features[0].type`.
    fn note(&mut self, member: &str, faults: Faults) {
        for fault in faults.into_faults() {
            let target = fault.target.unwrap_or_default();
            let inner = target.replace('[', "/").replace(']', "").replace('.', "/");
            let slash = if inner.is_empty() || inner.starts_with('/') {
                ""
            } else {
                "/"
            };
            self.refuse(&format!("{member}{slash}{inner}"), fault.message);
        }
    }
}

fn step(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    }
}

fn find(id: &str) -> Option<&'static Operation> {
    let tables = services::tables();
    let mut operations = tables.iter().flat_map(|table| table.operations);
    operations.find(|operation| operation.id == id)
}

fn answer_schema(id: &str) -> Option<&'static Schema> {
    let responses = find(id).map_or(&[][..], |operation| operation.responses);
    let mut good = responses
        .iter()
        .filter(|response| response.status == Some(200));
    good.next().and_then(|response| response.schema)
}

/// How far an operation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    NotStarted,
    Running,
    Failed,
    Completed,
    Succeeded,
}

/// When an operation goes from one phase to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Course {
    pub(crate) created: Moment,
    pub(crate) runs: Moment,
    pub(crate) ends: Moment,
}

impl Course {
    /// The course that brings an operation into a phase at the time of the state. What is not given is filled in.
    pub(crate) fn new(
        phase: Phase,
        now: Moment,
        created: Option<Stamp>,
        runs: Option<Stamp>,
        ends: Option<Stamp>,
        (waiting, running): (Duration, Duration),
    ) -> Result<Self, (&'static str, String)> {
        let moment = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.0);
        let (created, runs, ends) = (moment(created), moment(runs), moment(ends));
        let (runs, ends) = match phase {
            Phase::NotStarted => {
                let runs = runs.unwrap_or_else(|| now.plus(waiting.max(SHORTEST)));
                let ends = ends.unwrap_or_else(|| runs.plus(running.max(SHORTEST)));
                (runs, ends)
            }
            Phase::Running => {
                let ends = ends.unwrap_or_else(|| now.plus(running.max(SHORTEST)));
                (runs.or(created).unwrap_or(now), ends)
            }
            _ => {
                let ends = ends.unwrap_or(now);
                (runs.or(created).unwrap_or(ends).min(ends), ends)
            }
        };
        let created = created.unwrap_or_else(|| runs.min(now));
        let at = now.seven_digits();
        let refuse = |member, what: &str| Err((member, format!("{what} for {phase:?} at {at}")));
        match phase {
            Phase::NotStarted if runs <= now => return refuse("runsAt", "is too early"),
            Phase::Running if runs > now => return refuse("runsAt", "is too late"),
            Phase::NotStarted | Phase::Running if ends <= now => {
                return refuse("endsAt", "is too early");
            }
            Phase::Failed | Phase::Completed | Phase::Succeeded if ends > now => {
                return refuse("endsAt", "is too late");
            }
            _ => {}
        }
        if ends < runs || runs < created {
            return refuse("endsAt", "and the other times are out of order");
        }
        Ok(Self {
            created,
            runs,
            ends,
        })
    }

    /// The phase at a time; the last two are how it ends.
    pub(crate) fn phase(self, now: Moment, ended: Phase) -> Phase {
        if now < self.runs {
            Phase::NotStarted
        } else if now < self.ends {
            Phase::Running
        } else {
            ended
        }
    }
}
