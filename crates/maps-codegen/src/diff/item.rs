//! What is compared: named things with properties of their own and other things within.

use std::fmt;

use super::{Level, Side};

/// Kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Everything of one version.
    Service,
    /// A part of a host name that callers choose.
    HostParameter,
    /// A way to sign in.
    Security,
    /// An operation.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// The body of a request.
    Body,
    /// An answer, by its status.
    Response,
    /// A header of an answer.
    Header,
    /// An object.
    Struct,
    /// An enumeration.
    Enum,
    /// A polymorphic object.
    Union,
    /// A property of an object.
    Property,
    /// A value of an enumeration.
    Value,
    /// A concrete type of a polymorphic object.
    Variant,
    /// A function or method of generated Rust.
    Function,
    /// Another item of generated Rust.
    Rust,
}

impl Kind {
    /// Whether it is a type.
    pub fn is_type(self) -> bool {
        matches!(self, Self::Struct | Self::Enum | Self::Union)
    }

    /// Whether two things of these kinds and of one name stand for each other.
    pub(super) fn same_namespace(self, other: Self) -> bool {
        self == other || (self.is_type() && other.is_type())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service => "service",
            Self::HostParameter => "host parameter",
            Self::Security => "sign-in",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Response => "response",
            Self::Header => "header",
            Self::Struct | Self::Enum | Self::Union => "type",
            Self::Property => "property",
            Self::Value => "value",
            Self::Variant => "variant",
            Self::Function => "function",
            Self::Rust => "item",
        })
    }
}

/// One property of an item that may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aspect {
    /// What it is: `type`, `presence`.
    pub name: &'static str,
    /// Its value, for people.
    pub value: String,
    /// What a difference is seen in.
    pub side: Side,
    /// What a difference asks of callers.
    pub level: Level,
}

/// A named thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Its name in the definition; with it the same thing is found on the other side.
    pub wire: String,
    /// Its name in Rust, where callers see one.
    pub rust: Option<String>,
    /// What finds it when it has another name.
    pub shape: Option<String>,
    /// What it is seen in.
    pub side: Side,
    /// What its appearance asks of callers.
    pub added: Level,
    /// What its disappearance asks of callers.
    pub removed: Level,
    /// What else may differ.
    pub aspects: Vec<Aspect>,
    /// What is within.
    pub children: Vec<Item>,
}

impl Item {
    /// Something that is new to callers when it appears and missed when it is gone.
    pub fn new(kind: Kind, wire: impl Into<String>) -> Self {
        Self {
            kind,
            wire: wire.into(),
            rust: None,
            shape: None,
            side: Side::Wire,
            added: Level::Minor,
            removed: Level::Major,
            aspects: Vec::new(),
            children: Vec::new(),
        }
    }

    /// Adds what may differ in requests and answers.
    #[must_use]
    pub fn wire(self, name: &'static str, value: impl Into<String>, level: Level) -> Self {
        self.aspect_of(name, value.into(), Side::Wire, level)
    }

    /// Adds what may differ in the Rust alone.
    #[must_use]
    pub fn rust(self, name: &'static str, value: impl Into<String>, level: Level) -> Self {
        self.aspect_of(name, value.into(), Side::Rust, level)
    }

    fn aspect_of(mut self, name: &'static str, value: String, side: Side, level: Level) -> Self {
        self.aspects.push(Aspect {
            name,
            value,
            side,
            level,
        });
        self
    }

    /// The value of an aspect.
    pub fn aspect(&self, name: &str) -> Option<&String> {
        let aspect = self.aspects.iter().find(|aspect| aspect.name == name);
        aspect.map(|aspect| &aspect.value)
    }

    /// Gives the types in aspects their new names, so that a use of a renamed type is no difference. A name of a type
    /// stands in `⟨⟩` there.
    pub(super) fn rename_types(&mut self, renamed: &[(String, String)]) {
        for aspect in &mut self.aspects {
            for (from, to) in renamed {
                aspect.value = aspect
                    .value
                    .replace(&format!("⟨{from}⟩"), &format!("⟨{to}⟩"));
            }
        }
        for child in &mut self.children {
            child.rename_types(renamed);
        }
    }
}
