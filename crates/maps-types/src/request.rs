//! How requests leave out what only responses carry.

use std::collections::BTreeMap;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::Nullable;

/// Writes a value as a request carries it: without its read-only fields.
///
/// Models implement it where a read-only field is somewhere in them; [`Serialize`] writes everything.
pub trait ToRequest {
    /// Writes the value without its read-only fields.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A value that serde writes by [`ToRequest`].
///
/// # Examples
///
/// ```
/// use maps_types::request::{AsRequest, ToRequest};
///
/// struct Entry { description: String, size: u64 }
///
/// impl ToRequest for Entry {
///     fn serialize_request<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
///         use serde::ser::SerializeStruct;
///         let mut entry = serializer.serialize_struct("Entry", 1)?;
///         entry.serialize_field("description", &self.description)?;
///         entry.end()
///     }
/// }
///
/// let entry = Entry { description: "floors".into(), size: 7 };
/// assert_eq!(serde_json::to_string(&AsRequest(&entry))?, r#"{"description":"floors"}"#);
/// # assert_eq!(entry.size, 7);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct AsRequest<'a, T: ?Sized>(pub &'a T);

impl<T: ToRequest + ?Sized> Serialize for AsRequest<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_request(serializer)
    }
}

impl<T: ToRequest + ?Sized> ToRequest for &T {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_request(serializer)
    }
}

impl<T: ToRequest + ?Sized> ToRequest for Box<T> {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize_request(serializer)
    }
}

impl<T: ToRequest> ToRequest for Option<T> {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&AsRequest(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: ToRequest> ToRequest for Nullable<T> {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize_request(serializer)
    }
}

impl<T: ToRequest> ToRequest for [T] {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for value in self {
            list.serialize_element(&AsRequest(value))?;
        }
        list.end()
    }
}

impl<T: ToRequest> ToRequest for Vec<T> {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize_request(serializer)
    }
}

impl<T: ToRequest> ToRequest for BTreeMap<String, T> {
    fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self {
            map.serialize_entry(name, &AsRequest(value))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Secretive;

    impl ToRequest for Secretive {
        fn serialize_request<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str("sent")
        }
    }

    fn sent(value: &impl ToRequest) -> String {
        serde_json::to_string(&AsRequest(value)).expect("serialises")
    }

    #[test]
    fn containers_write_their_values_as_requests() {
        assert_eq!(
            sent(&vec![Some(Box::new(Secretive)), None]),
            r#"["sent",null]"#
        );
        assert_eq!(
            sent(&BTreeMap::from([("a".to_owned(), Secretive)])),
            r#"{"a":"sent"}"#
        );
        assert_eq!(sent(&Nullable::Value(Secretive)), r#""sent""#);
        assert_eq!(sent(&Nullable::<Secretive>::Null), "null");
    }
}
