//! Lists in one parameter: what separates the items can be told from what is in them, or the list is refused.

use std::fmt::Display;

use percent_encoding::utf8_percent_encode;

use super::RESERVED;
use crate::service::Collection;

/// Where a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    /// A body that is `application/x-www-form-urlencoded`.
    Form,
    /// A field of `multipart/form-data`, which has no escapes.
    Multipart,
    /// A header, which has none either.
    Header,
}

impl Collection {
    /// What stands between two items.
    pub(super) fn separator(self) -> &'static str {
        match self {
            Self::Csv | Self::Multi => ",",
            Self::Ssv => " ",
            Self::Tsv => "\t",
            Self::Pipes => "|",
        }
    }

    fn separator_name(self) -> &'static str {
        match self {
            Self::Csv | Self::Multi => "a comma",
            Self::Ssv => "a space",
            Self::Tsv => "a tab",
            Self::Pipes => "a `|`",
        }
    }
}

/// The texts that a parameter has, one after another, as they go out. An empty list is one empty text where its items
/// share one, and none where each has its own, or in a header.
///
/// Says why, where an item holds the separator and nothing can tell the two apart.
pub(super) fn encode<I>(
    values: I,
    collection: Collection,
    place: Place,
) -> Result<Vec<String>, String>
where
    I: IntoIterator,
    I::Item: Display,
{
    let is_plain = matches!(place, Place::Multipart | Place::Header);
    let is_repeated = collection == Collection::Multi
        && matches!(place, Place::Query | Place::Form | Place::Multipart);
    let mut items = Vec::new();
    for value in values {
        let item = value.to_string();
        let holds_separator = !is_repeated && item.contains(collection.separator());
        let encoded = match is_plain {
            true => item,
            false => utf8_percent_encode(&item, RESERVED).to_string(),
        };
        items.push(match (collection, place) {
            _ if !holds_separator => encoded,
            // RFC 6570 has it so: the comma of the list stands for itself, that of an item is escaped.
            (Collection::Csv | Collection::Multi, Place::Path | Place::Query | Place::Form) => {
                encoded
            }
            // No space stands for itself in a URL, but two forms of it do.
            (Collection::Ssv, Place::Query | Place::Form) => encoded.replace("%20", "+"),
            _ => {
                return Err(format!(
                    "an item holds {}, which separates the items",
                    collection.separator_name()
                ));
            }
        });
    }
    if is_repeated || (items.is_empty() && matches!(place, Place::Header | Place::Path)) {
        return Ok(items);
    }
    let separator = match collection {
        Collection::Csv | Collection::Multi => ",",
        plain if is_plain => plain.separator(),
        Collection::Ssv => "%20",
        Collection::Tsv => "%09",
        Collection::Pipes => "%7C",
    };
    Ok(vec![items.join(separator)])
}
