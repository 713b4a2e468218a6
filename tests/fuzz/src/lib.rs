//! What the fuzz targets of this workspace do with their input, and what they hold it to.
//!
//! An input is a conversation with a service, readable as text: see [`script`]. Each target plays it to the public
//! API through the test kit's scripted transport on a clock that passes no real time, and checks what must hold
//! whatever a server says: nothing panics, every wait ends, requests are counted, no secret is shown, and a credential
//! goes to trusted origins alone ([`oracle`]).
#![forbid(unsafe_code)]

pub mod client;
pub mod decode;
pub mod drive;
pub mod error_body;
pub mod link;
pub mod log;
pub mod oracle;
pub mod pager;
pub mod resume_token;
pub mod retry_after;
pub mod script;
pub mod status;
