//! Rust types of the definitions' types, and how functions take values of them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::{Service, Type, TypeKey, TypeKind};
use crate::names::Names;

/// Names that generated modules import or give to generic parameters and inner items; no generated type may have one of
/// them.
pub const RESERVED: &[&str] = &[
    "BTreeMap",
    "Box",
    "D",
    "Date",
    "Deserialize",
    "Deserializer",
    "Display",
    "Formatter",
    "FromStr",
    "Infallible",
    "None",
    "Nullable",
    "OffsetDateTime",
    "Option",
    "ParseFloatError",
    "ParseIntError",
    "Result",
    "S",
    "Self",
    "Serialize",
    "Serializer",
    "Some",
    "String",
    "T",
    "Tagged",
    "ToRequest",
    "UnknownNumber",
    "UnknownObject",
    "UnknownValue",
    "Vec",
    "Writable",
];

/// An identifier from its text; `r#type` is a raw one.
///
/// # Panics
///
/// Panics when the text is no identifier, which the names of [`Names`] always are.
pub fn ident(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}

/// An identifier with something in front: `with_type` of `r#type`.
pub fn prefixed(prefix: &str, name: &str) -> Ident {
    ident(&format!(
        "{prefix}{}",
        name.strip_prefix("r#").unwrap_or(name)
    ))
}

/// What `maps_types` calls a format that `serde` alone does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireFormat {
    /// Its module, for values in fields, parameters and headers: `date_time`.
    pub module: &'static str,
    /// Its type in `maps_types::formats`: `DateTime`.
    pub name: &'static str,
}

impl WireFormat {
    /// The format of a date or of bytes as text.
    pub fn of(ty: &Type) -> Option<Self> {
        let (module, name) = match ty {
            Type::DateTime => ("date_time", "DateTime"),
            Type::Date => ("date", "Date"),
            Type::DateTimeRfc1123 => ("date_time_rfc1123", "DateTimeRfc1123"),
            Type::UnixTime => ("unix_time", "UnixTime"),
            Type::Base64 => ("base64", "Base64"),
            Type::Base64Url => ("base64url", "Base64Url"),
            _ => return None,
        };
        Some(Self { module, name })
    }
}

/// What is around the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// It is the field.
    Nothing,
    /// An `Option`.
    Option,
    /// A `Nullable`.
    Nullable,
}

/// The `with` of a field whose JSON `serde` alone does not know: `maps_types::date_time::option`.
pub fn wire_format(ty: &Type, around: Around) -> Option<String> {
    let (leaf, container) = match (ty, around) {
        (Type::Array(item), Around::Nothing) => (&**item, "::vec"),
        (Type::Map(item), Around::Nothing) => (&**item, "::map"),
        (ty, Around::Nothing) => (ty, ""),
        (ty, Around::Option) => (ty, "::option"),
        (ty, Around::Nullable) => (ty, "::nullable"),
    };
    if let Some(format) = WireFormat::of(leaf) {
        return Some(format!("maps_types::{}{container}", format.module));
    }
    let format = nested_format(ty)?;
    let format = match around {
        Around::Nothing => format,
        Around::Option => format!("Option<{format}>"),
        Around::Nullable => format!("Nullable<{format}>"),
    };
    Some(format!("maps_types::formats::As::<{format}>"))
}

/// The format of lists, maps and options of a value: `Vec<maps_types::formats::Date>`.
pub fn nested_format(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Array(item) => format!("Vec<{}>", nested_format(item)?),
        Type::Map(item) => format!("BTreeMap<String, {}>", nested_format(item)?),
        Type::Nullable(inner) => format!("Option<{}>", nested_format(inner)?),
        ty => format!("maps_types::formats::{}", WireFormat::of(ty)?.name),
    })
}

/// What a function takes for a value, and the value made of it.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Type of the parameter, for example `impl Into<String>`.
    pub ty: TokenStream,
    /// The value, from the parameter.
    pub value: TokenStream,
}

/// Writes types of one service.
#[derive(Debug, Clone)]
pub struct Types<'a> {
    service: &'a Service,
    names: &'a Names,
    prefix: Option<TokenStream>,
}

impl<'a> Types<'a> {
    /// Types named by their bare names, as within the models themselves.
    pub fn new(service: &'a Service, names: &'a Names) -> Self {
        Self {
            service,
            names,
            prefix: None,
        }
    }

    /// Types named by a path: `models::RouteOperation`.
    pub fn within(service: &'a Service, names: &'a Names, prefix: TokenStream) -> Self {
        Self {
            service,
            names,
            prefix: Some(prefix),
        }
    }

    /// Name of a type.
    pub fn name(&self, key: &TypeKey) -> Ident {
        // Every emitted type has a name; a missing one shows in the output as what it is.
        ident(
            self.names
                .types
                .get(key)
                .map_or("MissingName", |name| name.ident.as_str()),
        )
    }

    /// A named type, with its path.
    pub fn named(&self, key: &TypeKey) -> TokenStream {
        let name = self.name(key);
        match &self.prefix {
            Some(prefix) => quote!(#prefix::#name),
            None => quote!(#name),
        }
    }

    /// The owned Rust type of a value that is there.
    pub fn owned(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Any => quote!(serde_json::Value),
            Type::Object => quote!(serde_json::Map<String, serde_json::Value>),
            Type::Bool => quote!(bool),
            Type::I32 => quote!(i32),
            Type::I64 => quote!(i64),
            Type::F32 | Type::F64 => quote!(f64),
            Type::String => quote!(String),
            Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime => quote!(OffsetDateTime),
            Type::Date => quote!(Date),
            Type::Base64 | Type::Base64Url | Type::Bytes => quote!(Vec<u8>),
            Type::Array(item) => {
                let item = self.owned(item);
                quote!(Vec<#item>)
            }
            Type::Map(item) => {
                let item = self.owned(item);
                quote!(BTreeMap<String, #item>)
            }
            Type::Nullable(inner) => {
                let inner = self.owned(inner);
                quote!(Option<#inner>)
            }
            Type::Named(key) => self.named(key),
        }
    }

    /// What a function takes to be given a value, called `name`.
    pub fn argument(&self, ty: &Type, name: &Ident) -> Argument {
        let owned = self.owned(ty);
        let (ty, value) = match ty {
            Type::String | Type::Any | Type::Base64 | Type::Base64Url | Type::Bytes => {
                (quote!(impl Into<#owned>), quote!(#name.into()))
            }
            Type::Named(key) if self.converts(key) => {
                (quote!(impl Into<#owned>), quote!(#name.into()))
            }
            Type::Array(item) => match self.item(item) {
                (item, true) => (
                    quote!(impl IntoIterator<Item = #item>),
                    quote!(#name.into_iter().map(Into::into).collect()),
                ),
                (item, false) => (
                    quote!(impl IntoIterator<Item = #item>),
                    quote!(#name.into_iter().collect()),
                ),
            },
            Type::Map(item) => {
                let (item, converts) = self.item(item);
                let value = if converts {
                    quote!(value.into())
                } else {
                    quote!(value)
                };
                (
                    quote!(impl IntoIterator<Item = (impl Into<String>, #item)>),
                    quote!(#name.into_iter().map(|(key, value)| (key.into(), #value)).collect()),
                )
            }
            _ => (owned, quote!(#name)),
        };
        Argument { ty, value }
    }

    /// An item of a list that a function takes, and whether it is to be converted.
    fn item(&self, ty: &Type) -> (TokenStream, bool) {
        let owned = self.owned(ty);
        let converts = match ty {
            Type::String | Type::Array(_) => true,
            Type::Named(key) => self.is_union(key),
            _ => false,
        };
        (
            if converts {
                quote!(impl Into<#owned>)
            } else {
                owned
            },
            converts,
        )
    }

    /// Whether other types turn into this one: texts into enums, concrete types into unions.
    fn converts(&self, key: &TypeKey) -> bool {
        matches!(
            self.service.types.get(key).map(|def| &def.kind),
            Some(TypeKind::Enum(_) | TypeKind::Union(_))
        )
    }

    fn is_union(&self, key: &TypeKey) -> bool {
        matches!(
            self.service.types.get(key).map(|def| &def.kind),
            Some(TypeKind::Union(_))
        )
    }

    /// Whether values of the type are copied rather than borrowed.
    pub fn is_copy(ty: &Type) -> bool {
        match ty {
            Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => true,
            Type::DateTime | Type::Date | Type::DateTimeRfc1123 | Type::UnixTime => true,
            Type::Nullable(inner) => Self::is_copy(inner),
            _ => false,
        }
    }
}
