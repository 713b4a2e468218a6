//! Media types: how bodies are written and read.

use indexmap::IndexMap;

use super::Builder;
use crate::diagnostics::Diagnostic;
use crate::load::At;
use crate::model::{Coding, Success, Type, TypeDef, TypeKey, TypeKind};

impl<'a> Builder<'a> {
    /// How a body of a type is written, given the media types that `keyword` lists: the types that are written so come
    /// first, and a type that none of them can carry becomes bytes.
    pub(super) fn coding(
        &mut self,
        media: &mut [String],
        ty: &mut Type,
        at: At<'a>,
        keyword: &str,
    ) -> Coding {
        let coding = self.fitting(media, ty);
        if coding == Coding::Bytes && *ty != Type::Bytes {
            if !self.is_scalar(ty) {
                let listed = media.join("`, `");
                let message =
                    format!("nothing is known of how `{listed}` carries what the schema says");
                let found = Diagnostic::warning("opaque-media-type", message);
                let place = at.get(keyword).unwrap_or(at).place();
                self.report(found.at(place).help("the body is bytes, as they are"));
            }
            *ty = Type::Bytes;
        }
        if coding == Coding::Json {
            *ty = in_json(ty);
        }
        media.sort_by_key(|media| (kind(media) != coding, is_vague(media)));
        coding
    }

    /// Media types that a body can say it has: a range of them is none, and stands for the usual one where it stands alone.
    pub(super) fn without_ranges(media: &mut Vec<String>, coding: Coding) {
        media.retain(|media| !media.contains('*'));
        if media.is_empty() {
            let usual = match coding {
                Coding::Json => "application/json",
                Coding::Xml => "application/xml",
                Coding::Text => "text/plain",
                Coding::Bytes => "application/octet-stream",
            };
            media.push(usual.to_owned());
        }
    }

    /// The same for what a success gives.
    pub(super) fn answer_coding(
        &mut self,
        media: &mut Vec<String>,
        success: &mut Success,
        at: At<'a>,
    ) -> Coding {
        let coding = match success {
            Success::One(ty) | Success::Optional(ty) => self.coding(media, ty, at, "produces"),
            Success::ByStatus(statuses) => {
                let types = || statuses.iter().filter_map(|(_, ty)| ty.as_ref());
                // A client reads one form, and gives what is in another as it is: that which says most is read.
                let codings = types().map(|ty| self.fitting(media, ty));
                let first = codings.min_by_key(|coding| match coding {
                    Coding::Json => 0,
                    Coding::Xml => 1,
                    Coding::Text => 2,
                    Coding::Bytes => 3,
                });
                let first = first.unwrap_or(Coding::Bytes);
                for (status, ty) in statuses.iter_mut() {
                    let Some(ty) = ty.as_mut().filter(|ty| **ty != Type::Bytes) else {
                        continue;
                    };
                    if self.fitting(media, ty) == first {
                        self.coding(media, ty, at, "produces");
                        continue;
                    }
                    *ty = Type::Bytes;
                    let message =
                        format!("the answer of status {status} is not written as the others are");
                    let found = Diagnostic::warning("unsupported-media-type", message);
                    let help =
                        "it is given as bytes, as they are; a fixup may give all of them one form";
                    self.report(found.at(at.place()).help(help));
                }
                first
            }
            Success::Bytes => Coding::Bytes,
            Success::Empty | Success::Exists => Coding::Json,
        };
        if matches!(success, Success::One(Type::Bytes)) {
            *success = Success::Bytes;
        }
        let is_asked_for_alone = matches!(success, Success::One(_) | Success::Optional(_))
            && coding != Coding::Bytes
            && media.iter().any(|media| kind(media) == coding);
        if is_asked_for_alone {
            // The service is not to choose what nobody reads.
            media.retain(|media| kind(media) == coding);
        }
        coding
    }

    /// Media types, as [`Builder::coding`] ordered them, that a body of a coding is not written in. Of bytes the first one
    /// says what they are.
    pub(super) fn other_media(media: &[String], coding: Coding) -> Vec<String> {
        let is_other = |media: &&String| match coding {
            Coding::Bytes => true,
            coding => kind(media) != coding,
        };
        media.iter().skip(1).filter(is_other).cloned().collect()
    }

    /// The way to write a value that the media types allow: the one that says most of it.
    fn fitting(&self, media: &[String], ty: &Type) -> Coding {
        let lists = |coding| media.iter().any(|media| kind(media) == coding);
        if *ty == Type::Bytes {
            Coding::Bytes
        } else if lists(Coding::Json) {
            Coding::Json
        } else if lists(Coding::Xml) && !self.is_scalar(ty) && !ty.is_formatted() {
            Coding::Xml
        } else if self.is_scalar(ty) && (lists(Coding::Text) || lists(Coding::Xml)) {
            // XML that is said to be a text is left to the caller.
            Coding::Text
        } else {
            Coding::Bytes
        }
    }

    /// Whether a value is one text.
    fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::Any | Type::Object | Type::Bytes | Type::Array(_) | Type::Map(_) => false,
            Type::Nullable(inner) => self.is_scalar(inner),
            Type::Named(key) => {
                let def = self.types.get(key);
                def.is_some_and(|def| matches!(def.kind, TypeKind::Enum(_)))
            }
            _ => true,
        }
    }
}

/// What bodies of a media type are.
pub(super) fn kind(media: &str) -> Coding {
    let essence = media.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    if essence.contains("json") || essence == "*/*" {
        Coding::Json
    } else if essence.ends_with("/xml") || essence.ends_with("+xml") {
        Coding::Xml
    } else if essence.starts_with("text/") {
        Coding::Text
    } else {
        Coding::Bytes
    }
}

/// Makes bytes within objects texts: the format says nothing of how JSON or XML would write them.
pub(super) fn keep_bytes_out(types: &mut IndexMap<TypeKey, TypeDef>) {
    for def in types.values_mut() {
        if let TypeKind::Struct(body) = &mut def.kind {
            let properties = body.properties.iter_mut().map(|property| &mut property.ty);
            for ty in properties.chain(&mut body.additional) {
                *ty = in_json(ty);
            }
        }
    }
}

/// Whether a media type is a poor name for a body where there are others: a range of types, or a list of changes to one.
fn is_vague(media: &str) -> bool {
    media.contains('*') || media.starts_with("application/json-patch+json")
}

/// The type without bytes that JSON has no form for: they are texts.
fn in_json(ty: &Type) -> Type {
    match ty {
        Type::Bytes => Type::String,
        Type::Array(item) => Type::Array(Box::new(in_json(item))),
        Type::Map(value) => Type::Map(Box::new(in_json(value))),
        Type::Nullable(inner) => Type::Nullable(Box::new(in_json(inner))),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_told_apart_without_their_parameters() {
        for (media, expected) in [
            ("application/json", Coding::Json),
            ("application/geo+json; charset=utf-8", Coding::Json),
            ("text/json", Coding::Json),
            ("*/*", Coding::Json),
            ("application/xml", Coding::Xml),
            ("Text/XML", Coding::Xml),
            ("application/atom+xml;type=feed", Coding::Xml),
            ("text/plain; charset=UTF-8", Coding::Text),
            ("text/csv", Coding::Text),
            ("application/octet-stream", Coding::Bytes),
            ("image/svg", Coding::Bytes),
        ] {
            assert_eq!(kind(media), expected, "{media}");
        }
    }
}
