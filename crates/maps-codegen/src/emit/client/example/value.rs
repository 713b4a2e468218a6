//! Values of examples as Rust expressions.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::{Map, Value};

use crate::emit::client::scope::Scope;
use crate::emit::types::{ident, prefixed};
use crate::model::{Enum, Location, Parameter, Property, Struct, Type, TypeKey, TypeKind, Union};

/// Makes expressions, and remembers the models that they name.
///
/// A method gives `None` where a value has no short expression: an unknown property, an absent type.
pub(super) struct Values<'a> {
    scope: &'a Scope<'a>,
    models: RefCell<BTreeSet<String>>,
    /// Macros of `time` that make dates.
    dates: RefCell<BTreeSet<&'static str>>,
    /// Items of the runtime.
    core: RefCell<BTreeSet<&'static str>>,
    /// Whether values are placeholders: bytes are texts to be read, not Base64.
    is_made: bool,
}

impl<'a> Values<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        Self {
            scope,
            models: RefCell::default(),
            dates: RefCell::default(),
            core: RefCell::default(),
            is_made: false,
        }
    }

    /// For values that the definition does not show.
    pub(super) fn of_made(scope: &'a Scope<'a>) -> Self {
        Self {
            is_made: true,
            ..Self::new(scope)
        }
    }

    /// The `use` line of the models that were named.
    pub(super) fn uses(&self) -> TokenStream {
        let models = self.models.borrow();
        let names: Vec<_> = models.iter().map(|name| ident(name)).collect();
        let path = self.scope.models_path();
        let models = match names.as_slice() {
            [] => TokenStream::new(),
            [one] => quote!(use #path::#one;),
            several => quote!(use #path::{#(#several),*};),
        };
        let core = self.core.borrow();
        let core = match core.iter().map(|name| ident(name)).collect::<Vec<_>>() {
            names if names.is_empty() => TokenStream::new(),
            names if names.len() == 1 => quote!(use maps_core::#(#names)*;),
            names => quote!(use maps_core::{#(#names),*};),
        };
        let dates = self.dates.borrow();
        let dates = dates.iter().map(|name| ident(name));
        quote!(#core #models #(use time::macros::#dates;)*)
    }

    /// An item of the runtime, imported.
    pub(super) fn core(&self, item: &'static str) -> Ident {
        self.core.borrow_mut().insert(item);
        ident(item)
    }

    /// A value for a parameter, given by its name in an example.
    pub(super) fn parameter(&self, parameter: &Parameter, value: &Value) -> Option<TokenStream> {
        if parameter.header_prefix.is_some() {
            let pairs = value.as_object()?.iter();
            let pairs = pairs.map(|(name, value)| Some((name, value.as_str()?)));
            let pairs: Option<Vec<_>> = pairs.collect();
            let pairs = pairs?
                .into_iter()
                .map(|(name, value)| quote!((#name, #value)));
            return Some(quote!([#(#pairs),*]));
        }
        match (&parameter.ty, value) {
            (Type::String | Type::Bytes, Value::String(text))
                if parameter.location == Location::Body =>
            {
                Some(quote!(#text))
            }
            (ty, value) if parameter.location == Location::Body => self.owned(ty, value),
            (ty, value) => self.text(ty, value),
        }
    }

    /// A value that goes out as text.
    pub(super) fn text(&self, ty: &Type, value: &Value) -> Option<TokenStream> {
        match (ty, value) {
            // What lists hold is given as the service reads it, whatever its format.
            (Type::Array(item), value) if self.is_made => {
                let value = value.as_array()?.first()?;
                let item = match (item.as_ref(), value) {
                    (ty @ (Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64), _) => {
                        self.owned(ty, value)?
                    }
                    (Type::Named(key), _) if self.is_enum(key) => self.owned(item, value)?,
                    (_, Value::String(text)) => quote!(#text),
                    _ => quote!("<value>"),
                };
                Some(quote!([#item]))
            }
            (Type::Named(key), _) if self.is_made && !self.is_enum(key) => Some(quote!("<value>")),
            (Type::Any | Type::Object | Type::Map(_), _) if self.is_made => Some(quote!("<value>")),
            (Type::Array(item), Value::Array(values)) => {
                let values: Option<Vec<_>> =
                    values.iter().map(|value| self.text(item, value)).collect();
                let values = values.filter(|values| !values.is_empty())?;
                Some(quote!([#(#values),*]))
            }
            // Examples may write a list the way it is sent.
            (Type::Array(item), Value::String(text)) => {
                let values: Option<Vec<_>> = text
                    .split(',')
                    .map(|text| {
                        let number = text
                            .trim()
                            .parse()
                            .ok()
                            .filter(|_| !matches!(item.as_ref(), Type::String));
                        self.text(item, &number.unwrap_or_else(|| Value::from(text.trim())))
                    })
                    .collect();
                let values = values?;
                Some(quote!([#(#values),*]))
            }
            (Type::Nullable(inner), value) => self.text(inner, value),
            (Type::Named(_), _) => self.owned(ty, value),
            (Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64, Value::String(text)) => {
                self.owned(ty, &serde_json::from_str(text).ok()?)
            }
            (Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64, value) => {
                self.owned(ty, value)
            }
            (Type::Base64 | Type::Base64Url, Value::String(text)) if self.is_made => {
                Some(bytes(text))
            }
            (Type::Base64 | Type::Base64Url, _) => None,
            (Type::DateTime | Type::Date | Type::DateTimeRfc1123 | Type::UnixTime, _) => {
                self.owned(ty, value)
            }
            (_, Value::String(text)) => Some(quote!(#text)),
            (_, Value::Number(number)) => {
                let text = number.to_string();
                Some(quote!(#text))
            }
            _ => None,
        }
    }

    /// The first value of an enumeration.
    pub(super) fn any_of(&self, ty: &Type) -> Option<TokenStream> {
        let Type::Named(key) = ty else { return None };
        let TypeKind::Enum(body) = &self.scope.service.types.get(key)?.kind else {
            return None;
        };
        self.enum_value(key, body, &body.values.first()?.value)
    }

    /// The type of a value, its models imported.
    pub(super) fn type_name(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Named(key) => self.model(key).unwrap_or_else(|| quote!(_)),
            Type::Array(item) => {
                let item = self.type_name(item);
                quote!(Vec<#item>)
            }
            Type::Map(item) => {
                let item = self.type_name(item);
                quote!(std::collections::BTreeMap<String, #item>)
            }
            _ => quote!(serde_json::Value),
        }
    }

    /// An owned value of a type.
    pub(super) fn owned(&self, ty: &Type, value: &Value) -> Option<TokenStream> {
        match (ty, value) {
            (Type::Bool, Value::Bool(value)) => Some(quote!(#value)),
            (Type::I32, Value::Number(number)) => {
                let number = i32::try_from(number.as_i64()?).ok()?;
                Some(Literal::i32_unsuffixed(number).to_token_stream())
            }
            (Type::I64, Value::Number(number)) => {
                Some(Literal::i64_unsuffixed(number.as_i64()?).to_token_stream())
            }
            (Type::F32 | Type::F64, Value::Number(number)) => {
                Some(Literal::f64_unsuffixed(number.as_f64()?).to_token_stream())
            }
            (Type::String, Value::String(text)) => Some(quote!(#text.to_owned())),
            (Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime, Value::String(text)) => {
                Some(self.date("datetime", &date_time(text)?))
            }
            (Type::Date, Value::String(text)) => {
                let date = maps_types::date::parse(text).ok()?;
                Some(self.date("date", &date.to_string()))
            }
            (Type::Base64 | Type::Base64Url | Type::Bytes, Value::String(text)) if self.is_made => {
                let bytes = bytes(text);
                Some(quote!(#bytes.to_vec()))
            }
            (Type::Object, Value::Object(members)) if members.is_empty() => {
                Some(quote!(serde_json::Map::new()))
            }
            (Type::Any, Value::Object(members)) if members.is_empty() => {
                Some(quote!(serde_json::json!({})))
            }
            (Type::Nullable(inner), value) if self.is_made => {
                let inner = self.owned(inner, value)?;
                Some(quote!(Some(#inner)))
            }
            (Type::Map(item), Value::Object(members)) if self.is_made => {
                let members = members.iter();
                let members: Option<Vec<_>> = members
                    .map(|(key, value)| {
                        let value = self.owned(item, value)?;
                        Some(quote!((#key.to_owned(), #value)))
                    })
                    .collect();
                let members = members?;
                Some(quote!(std::collections::BTreeMap::from([#(#members),*])))
            }
            (Type::Array(item), Value::Array(values)) => {
                let values: Option<Vec<_>> =
                    values.iter().map(|value| self.owned(item, value)).collect();
                let values = values?;
                Some(quote!(vec![#(#values),*]))
            }
            (Type::Named(key), value) => match (&self.scope.service.types.get(key)?.kind, value) {
                (TypeKind::Enum(body), value) => self.enum_value(key, body, value),
                (TypeKind::Struct(body), Value::Object(members)) => {
                    self.struct_value(key, body, members)
                }
                (TypeKind::Union(body), Value::Object(members)) => {
                    let union = self.model(key)?;
                    let concrete = self.concrete(body, members)?;
                    Some(quote!(#union::from(#concrete)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A value for an argument of a model's constructor or setter, which converts.
    fn argument(&self, ty: &Type, value: &Value) -> Option<TokenStream> {
        match (ty, value) {
            (Type::String, Value::String(text)) => Some(quote!(#text)),
            (Type::Base64 | Type::Base64Url | Type::Bytes, Value::String(text)) if self.is_made => {
                Some(bytes(text))
            }
            // An empty list does not say what it is a list of.
            (Type::Array(_), Value::Array(values)) if values.is_empty() => None,
            (Type::Array(item), Value::Array(values)) => {
                let values: Option<Vec<_>> =
                    values.iter().map(|value| self.item(item, value)).collect();
                let values = values?;
                Some(quote!([#(#values),*]))
            }
            (Type::Map(item), Value::Object(members)) if !members.is_empty() => {
                let members: Option<Vec<_>> = members
                    .iter()
                    .map(|(key, value)| {
                        let value = self.owned(item, value)?;
                        Some(quote!((#key, #value)))
                    })
                    .collect();
                let members = members?;
                Some(quote!([#(#members),*]))
            }
            (Type::Named(key), Value::Object(members)) => {
                match &self.scope.service.types.get(key)?.kind {
                    TypeKind::Union(body) => self.concrete(body, members),
                    _ => self.owned(ty, value),
                }
            }
            _ => self.owned(ty, value),
        }
    }

    /// An item of a list that a constructor or setter takes.
    fn item(&self, ty: &Type, value: &Value) -> Option<TokenStream> {
        match (ty, value) {
            (Type::String, Value::String(text)) => Some(quote!(#text)),
            (Type::Array(inner), Value::Array(values)) if is_pair_of_numbers(inner, values) => {
                let values: Option<Vec<_>> = values
                    .iter()
                    .map(|value| self.owned(inner, value))
                    .collect();
                let values = values?;
                Some(quote!([#(#values),*]))
            }
            _ => self.owned(ty, value),
        }
    }

    /// A date by a macro of `time`.
    fn date(&self, name: &'static str, text: &str) -> TokenStream {
        self.dates.borrow_mut().insert(name);
        let name = ident(name);
        // Quotes keep the formatter from taking the date for a calculation.
        quote!(#name!(#text))
    }

    fn model(&self, key: &TypeKey) -> Option<TokenStream> {
        let name = &self.scope.names.types.get(key)?.ident;
        self.models.borrow_mut().insert(name.clone());
        Some(ident(name).to_token_stream())
    }

    fn is_enum(&self, key: &TypeKey) -> bool {
        let ty = self.scope.service.types.get(key);
        ty.is_some_and(|def| matches!(def.kind, TypeKind::Enum(_)))
    }

    fn enum_value(&self, key: &TypeKey, body: &Enum, value: &Value) -> Option<TokenStream> {
        let ty = self.model(key)?;
        match body.values.iter().position(|known| known.value == *value) {
            Some(index) => {
                let variant = ident(&self.scope.names.members.get(&(key.clone(), index))?.ident);
                Some(quote!(#ty::#variant))
            }
            None => {
                let text = value.as_str()?;
                Some(quote!(#ty::from(#text)))
            }
        }
    }

    /// The concrete type that the discriminator of an object names.
    fn concrete(&self, body: &Union, members: &Map<String, Value>) -> Option<TokenStream> {
        let tag = members.get(&body.tag)?.as_str()?;
        let variant = body.variants.iter().find(|variant| variant.value == tag)?;
        // Of a type that stands for two kinds there is no conversion.
        if body
            .variants
            .iter()
            .filter(|other| other.ty == variant.ty)
            .count()
            > 1
        {
            return None;
        }
        let TypeKind::Struct(concrete) = &self.scope.service.types.get(&variant.ty)?.kind else {
            return None;
        };
        self.struct_value(&variant.ty, concrete, members)
    }

    fn struct_value(
        &self,
        key: &TypeKey,
        body: &Struct,
        members: &Map<String, Value>,
    ) -> Option<TokenStream> {
        let is_tag = |wire: &str| body.tag.as_ref().is_some_and(|tag| tag.property == wire);
        let is_known = |wire: &str| {
            is_tag(wire) || body.properties.iter().any(|property| property.wire == wire)
        };
        if !members.keys().all(|wire| is_known(wire)) {
            return None;
        }
        let mut arguments = Vec::new();
        let mut setters = TokenStream::new();
        for (index, property) in body.properties.iter().enumerate() {
            let value = members.get(&property.wire);
            if property.required && !property.nullable {
                if property.constant.is_none() {
                    arguments.push(self.argument(&property.ty, value?)?);
                } else if value != property.constant.as_ref() {
                    return None;
                }
                continue;
            }
            let Some(value) = value.filter(|value| !(value.is_null() && property.required)) else {
                continue;
            };
            let name = &self.scope.names.members.get(&(key.clone(), index))?.ident;
            let setter = prefixed("with_", name);
            let value = self.optional(property, value)?;
            setters.extend(quote!(.#setter(#value)));
        }
        let ty = self.model(key)?;
        Some(quote!(#ty::new(#(#arguments),*)#setters))
    }

    /// The argument of a setter.
    fn optional(&self, property: &Property, value: &Value) -> Option<TokenStream> {
        if property.nullable && !property.required {
            // `null`, absence and a value differ here; the value converts.
            return if value.is_null() {
                None
            } else {
                self.owned(&property.ty, value)
            };
        }
        self.argument(&property.ty, value)
    }
}

/// Takes the quotes of dates away again.
pub(super) fn without_quotes(line: &str) -> String {
    let Some((before, rest)) = ["datetime!(\"", "date!(\""].iter().find_map(|start| {
        line.split_once(start)
            .map(|(before, rest)| (format!("{before}{}", start.trim_end_matches('"')), rest))
    }) else {
        return line.to_owned();
    };
    match rest.split_once("\")") {
        Some((date, after)) => format!("{before}{date}){}", without_quotes(after)),
        None => line.to_owned(),
    }
}

/// `2025-09-12T08:30:00+02:00` as `time::macros::datetime` has it: `2025-09-12 8:30 +2`.
fn date_time(text: &str) -> Option<String> {
    let read = maps_types::date_time::parse(text).ok()?;
    let (hour, minute, second, nanosecond) = read.to_hms_nano();
    let mut time = format!("{hour}:{minute:02}");
    if (second, nanosecond) != (0, 0) {
        time.push_str(&format!(":{second:02}"));
    }
    if nanosecond != 0 {
        let digits = format!("{nanosecond:09}");
        time.push_str(&format!(".{}", digits.trim_end_matches('0')));
    }
    let offset = match read.offset().as_hms() {
        (0, 0, _) => "UTC".to_owned(),
        (hours, minutes, _) => {
            let sign = if hours < 0 || minutes < 0 { '-' } else { '+' };
            let minutes = match minutes.unsigned_abs() {
                0 => String::new(),
                minutes => format!(":{minutes:02}"),
            };
            format!("{sign}{}{minutes}", hours.unsigned_abs())
        }
    };
    Some(format!("{} {time} {offset}", read.date()))
}

/// Bytes that are a text.
fn bytes(text: &str) -> TokenStream {
    Literal::byte_string(text.as_bytes()).to_token_stream()
}

/// A position of two numbers, which reads well as an array.
fn is_pair_of_numbers(item: &Type, values: &[Value]) -> bool {
    matches!(item, Type::F32 | Type::F64) && values.len() == 2
}

#[cfg(test)]
mod tests {
    use super::date_time;

    #[test]
    fn dates_are_written_as_the_macro_takes_them() {
        for (wire, rust) in [
            ("2025-09-12T08:30:00+02:00", "2025-09-12 8:30 +2"),
            ("2025-09-12T18:30:05.25Z", "2025-09-12 18:30:05.25 UTC"),
            ("2025-09-12T00:00:00-05:30", "2025-09-12 0:00 -5:30"),
            (
                "2025-09-12t08:30:00.1200000-00:30",
                "2025-09-12 8:30:00.12 -0:30",
            ),
            ("2025-09-12T08:30:00-00:00", "2025-09-12 8:30 UTC"),
        ] {
            assert_eq!(date_time(wire).as_deref(), Some(rust));
        }
        for text in [
            "yesterday",
            "2025-02-30T00:00:00Z",
            "2025-09-12T08:30:00+0530",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }
}
