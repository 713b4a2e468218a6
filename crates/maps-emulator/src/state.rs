//! Known states: a folder of JSON files that an emulator starts from, goes back to, and can write.
//!
//! Each file is a list of what a service would answer with, in the words of its definition, with a few members of the
//! emulator's own. Reading and writing use the same types, so that what was written can be read.

mod export;
mod folder;
mod item;
mod seed;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock::Moment;

pub(crate) use export::{export, values};
pub(crate) use folder::{Folder, Problems};
pub(crate) use item::{Context, Course, Item, Phase};
pub(crate) use seed::Seed;

/// Files of a state folder, and what each is checked and read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    Conversions,
    Datasets,
    DatasetOperations,
    Registry,
    RegistryOperations,
    RouteOperations,
}

impl File {
    /// In the order in which they are read: operations of datasets come before the datasets that they make.
    pub(crate) const ALL: [Self; 6] = [
        Self::Conversions,
        Self::DatasetOperations,
        Self::Datasets,
        Self::RegistryOperations,
        Self::Registry,
        Self::RouteOperations,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Conversions => "conversions.json",
            Self::Datasets => "datasets.json",
            Self::DatasetOperations => "dataset-operations.json",
            Self::Registry => "registry.json",
            Self::RegistryOperations => "registry-operations.json",
            Self::RouteOperations => "route-operations.json",
        }
    }
}

/// File of the time at which a state was, or begins.
pub(crate) const CLOCK: &str = "clock.json";

/// Folder of the blobs.
pub(crate) const BLOBS: &str = "blobs";

/// A point in time as files have it, RFC 3339.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp(pub(crate) Moment);

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.seven_digits())
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refuse = |why: &str| serde::de::Error::custom(format!("{text:?} is {why}"));
        let time = OffsetDateTime::parse(&text, &Rfc3339);
        let time = time.map_err(|_| refuse("not a date and time with an offset (RFC 3339)"))?;
        let moment = Moment::from_date_time(time);
        moment
            .map(Self)
            .ok_or_else(|| refuse("not between 1970 and 2262"))
    }
}

/// The time of `clock.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clock {
    pub(crate) now: Stamp,
}
