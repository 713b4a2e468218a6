#![doc = include_str!("../README.md")]

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "faults")]
pub mod faults;
mod nullable;
#[cfg(feature = "operations")]
pub mod operations;
#[doc(hidden)]
pub mod private;
pub mod request;
pub mod tagged;
mod unknown;
mod wire;

pub use nullable::Nullable;
pub use unknown::{UnknownNumber, UnknownObject, UnknownValue};
pub use wire::{
    FormatError, base64, base64url, date, date_time, date_time_rfc1123, formats, unix_time,
};
