//! What a definition says of the answers to a request, as far as the runtime needs to know.

use http::StatusCode;
#[cfg(feature = "xml")]
use http::header::{CONTENT_TYPE, HeaderMap};

#[cfg(feature = "xml")]
use crate::xml::Element;

/// Goes with a request, and from it to its answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Declared {
    /// Statuses of redirects that are answers.
    pub(crate) redirects: &'static [u16],
    /// What errors are in XML, by status; `None` stands for all others.
    #[cfg(feature = "xml")]
    pub(crate) xml_errors: &'static [(Option<u16>, &'static Element)],
}

impl Declared {
    /// Whether a redirect is an answer.
    pub(crate) fn is_answer(&self, status: StatusCode) -> bool {
        self.redirects.contains(&status.as_u16())
    }

    /// The body of an error as JSON, where it says that it is XML and is what the definition declares.
    #[cfg(feature = "xml")]
    pub(crate) fn xml_in_json(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Option<Vec<u8>> {
        let media = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = media.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        if !essence.ends_with("/xml") && !essence.ends_with("+xml") {
            return None;
        }
        let find = |wanted| {
            let mut errors = self.xml_errors.iter();
            errors.find(|(status, _)| *status == wanted)
        };
        let (_, element) = find(Some(status.as_u16())).or_else(|| find(None))?;
        let value = crate::xml::read(element, body).ok()?;
        serde_json::to_vec(&value).ok()
    }
}
