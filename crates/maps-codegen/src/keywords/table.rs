//! What each kind of node may hold.

use Holds::{
    Anything, List, ListOf, NamesOf, Number, Object, SchemaOrTruth, Text, TextOrNull, Texts, Truth,
};
use State::{Handled, Ignored};

use crate::load::Json;

/// A kind of object in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Document,
    Info,
    Contact,
    Tag,
    ExternalDocs,
    Host,
    Security,
    Paths,
    PathItem,
    Operation,
    Pageable,
    LongRunning,
    Parameter,
    Items,
    Responses,
    Response,
    Header,
    Schema,
    Enum,
    EnumValue,
    Xml,
    Grouping,
    Example,
    ExampleResponses,
    ExampleResponse,
}

/// One keyword of one kind of node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyword {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) state: State,
}

impl Keyword {
    /// Whether it holds parts of a document that others refer to by their names.
    pub(super) fn is_section(&self) -> bool {
        matches!(self.name, "definitions" | "parameters" | "responses")
    }
}

/// What becomes of a keyword.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    /// A stage reads it.
    Handled,
    /// Nothing reads it, for this reason.
    Ignored(&'static str),
}

/// What the value of a keyword must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    Anything,
    Text,
    TextOrNull,
    Texts,
    Truth,
    Number,
    List,
    Object,
    SchemaOrTruth,
    Node(Node),
    ListOf(Node),
    NamesOf(Node),
}

impl Holds {
    /// Whether a value is of the JSON type that is asked for.
    pub(super) fn fits(self, json: &Json) -> bool {
        match self {
            Anything => true,
            Text => matches!(json, Json::String(_)),
            TextOrNull => matches!(json, Json::String(_) | Json::Null),
            Truth => matches!(json, Json::Bool(_)),
            Number => matches!(json, Json::Number(_)),
            Texts | List | ListOf(_) => matches!(json, Json::Array(_)),
            Object | Holds::Node(_) | NamesOf(_) => matches!(json, Json::Object(_)),
            SchemaOrTruth => matches!(json, Json::Object(_) | Json::Bool(_)),
        }
    }

    /// Whether it holds nodes, without which a document says something else.
    pub(super) fn is_structure(self) -> bool {
        matches!(
            self,
            Holds::Node(_) | ListOf(_) | NamesOf(_) | List | Object | SchemaOrTruth
        )
    }

    pub(super) fn expected(self) -> &'static str {
        match self {
            Anything => "anything",
            Text => "a text",
            TextOrNull => "a text or null",
            Truth => "true or false",
            Number => "a number",
            Texts | List | ListOf(_) => "a list",
            Object | Holds::Node(_) | NamesOf(_) => "an object",
            SchemaOrTruth => "a schema, true or false",
        }
    }
}

impl Node {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "a document",
            Self::Info => "`info`",
            Self::Contact => "`contact` or `license`",
            Self::Tag => "a tag",
            Self::ExternalDocs => "`externalDocs`",
            Self::Host => "`x-ms-parameterized-host`",
            Self::Security => "a security definition",
            Self::Paths => "`paths`",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::Pageable => "`x-ms-pageable`",
            Self::LongRunning => "`x-ms-long-running-operation-options`",
            Self::Parameter => "a parameter",
            Self::Items => "`items` of a parameter",
            Self::Responses => "`responses`",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Schema => "a schema",
            Self::Enum => "`x-ms-enum`",
            Self::EnumValue => "a value of `x-ms-enum`",
            Self::Xml => "`xml`",
            Self::Grouping => "`x-ms-parameter-grouping`",
            Self::Example => "an example",
            Self::ExampleResponses => "`responses` of an example",
            Self::ExampleResponse => "a response of an example",
        }
    }

    /// Whether members of this name are named by the author, not by the format.
    pub(super) fn takes_names(self, name: &str) -> bool {
        match self {
            Self::Paths => !name.starts_with("x-"),
            Self::Responses | Self::ExampleResponses => !name.starts_with("x-"),
            _ => false,
        }
    }

    /// Whether only an example depends on it.
    pub(super) fn is_example(self) -> bool {
        matches!(
            self,
            Self::Example | Self::ExampleResponses | Self::ExampleResponse
        )
    }

    /// What members named by the author hold.
    pub(super) fn named_children(self) -> Option<Self> {
        match self {
            Self::Paths => Some(Self::PathItem),
            Self::Responses => Some(Self::Response),
            Self::ExampleResponses => Some(Self::ExampleResponse),
            _ => None,
        }
    }
}

/// Keywords of a kind of node.
pub(super) fn of(node: Node) -> &'static [Keyword] {
    NODES
        .iter()
        .find(|(of, _)| *of == node)
        .map_or(&[], |(_, keywords)| keywords)
}

/// What a kind of node says of a keyword.
pub(super) fn find(node: Node, name: &str) -> Option<&'static Keyword> {
    of(node).iter().find(|keyword| keyword.name == name)
}

const fn on(name: &'static str, holds: Holds) -> Keyword {
    Keyword {
        name,
        holds,
        state: Handled,
    }
}

const fn off(name: &'static str, reason: &'static str) -> Keyword {
    Keyword {
        name,
        holds: Anything,
        state: Ignored(reason),
    }
}

const DOCS_ONLY: &str =
    "published documentation links to it; the prose of the definition is what crates carry";
const ONE_TAG: &str = "groups of operations come from the `operationId`";
const EXAMPLE: &str = "examples come from `x-ms-examples`, which have whole requests";
const AUTHOR: &str = "about the document's author, not about the service";
const ARM: &str =
    "says how resource management treats the type; its shape on the wire is declared beside it";
const LINT: &str = "switches a linter of the source repository off";
const SECRET: &str = "requests and answers are never logged, whether secret or not";
const OTHER_GENERATOR: &str = "made for another generator's output; changes nothing on the wire";

const CATALOGUE: &str = "what a catalogue of documents knows about this one";
const AUDIENCE: &str = "says whom it is for; it is generated for everyone who has the document";
const TRACE: &str = "ids of requests are the pipeline's, and are read from their usual headers";
const ONE_ANSWER: &str = "what the service sends is not checked";
const NOTE: &str = "a note of the document's author to other authors";
const TOOL: &str = "names the tool that made the document";
const CONNECTOR: &str = "for the designers of connector platforms; changes nothing on the wire";
const SELF: &str = "names the schema itself";

const NAMED: &str = "an example is called what its operation calls it";

const REF: Keyword = on("$ref", Text);
const DESCRIPTION: Keyword = on("description", Text);

pub(super) const NODES: &[(Node, &[Keyword])] = &[
    (
        Node::Document,
        &[
            on("swagger", Text),
            on("info", Holds::Node(Node::Info)),
            on("host", Text),
            on("basePath", Text),
            on("schemes", Texts),
            on("consumes", Texts),
            on("produces", Texts),
            on("paths", Holds::Node(Node::Paths)),
            on("x-ms-paths", Holds::Node(Node::Paths)),
            on("definitions", NamesOf(Node::Schema)),
            on("parameters", NamesOf(Node::Parameter)),
            on("responses", NamesOf(Node::Response)),
            on("securityDefinitions", NamesOf(Node::Security)),
            on("x-ms-parameterized-host", Holds::Node(Node::Host)),
            // The scopes it asks for are read; that it asks for one scheme or another is not: each client carries one
            // credential, whichever of the declared kinds it is.
            on("security", Anything),
            Keyword {
                name: "tags",
                holds: ListOf(Node::Tag),
                state: Ignored(ONE_TAG),
            },
            Keyword {
                name: "externalDocs",
                holds: Holds::Node(Node::ExternalDocs),
                state: Ignored(DOCS_ONLY),
            },
            off("x-ms-code-generation-settings", OTHER_GENERATOR),
            off("x-typespec-generated", TOOL),
            off("x-cadl-generated", TOOL),
            off("$schema", "names the format of the document itself"),
            off("id", "names the document itself"),
            off(
                "x-ms-secondary-file",
                "parts are generated where something refers to them",
            ),
            off("x-comment", NOTE),
            off("x-hasEquivalentPaths", CATALOGUE),
        ],
    ),
    (
        Node::Info,
        &[
            on("title", Text),
            on("version", Text),
            DESCRIPTION,
            off("termsOfService", AUTHOR),
            Keyword {
                name: "contact",
                holds: Holds::Node(Node::Contact),
                state: Ignored(AUTHOR),
            },
            Keyword {
                name: "license",
                holds: Holds::Node(Node::Contact),
                state: Ignored(AUTHOR),
            },
            off("summary", "the description says it"),
            off("x-ms-code-generation-settings", OTHER_GENERATOR),
            off("x-typespec-generated", TOOL),
            off("x-cadl-generated", TOOL),
            off("x-logo", "a picture for pages about the service"),
            off("x-comment", NOTE),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-apisguru-categories", CATALOGUE),
            off("x-origin", CATALOGUE),
            off("x-preferred", CATALOGUE),
            off("x-providerName", CATALOGUE),
            off("x-serviceName", CATALOGUE),
            off("x-tags", CATALOGUE),
            off("x-unofficialSpec", CATALOGUE),
        ],
    ),
    (
        Node::Contact,
        &[
            off("name", AUTHOR),
            off("url", AUTHOR),
            off("email", AUTHOR),
            off("x-twitter", AUTHOR),
            off("identifier", AUTHOR),
        ],
    ),
    (
        Node::Tag,
        &[
            off("name", ONE_TAG),
            off("description", ONE_TAG),
            off("externalDocs", ONE_TAG),
            off("x-displayName", ONE_TAG),
        ],
    ),
    (
        Node::ExternalDocs,
        &[off("url", DOCS_ONLY), off("description", DOCS_ONLY)],
    ),
    (
        Node::Host,
        &[
            on("hostTemplate", Text),
            on("useSchemePrefix", Truth),
            on("parameters", ListOf(Node::Parameter)),
            off(
                "positionInOperation",
                "parts of the host are options of the client, not arguments",
            ),
        ],
    ),
    (
        Node::Security,
        &[
            on("type", Text),
            on("name", Text),
            on("in", Text),
            on("scopes", Object),
            off(
                "description",
                "the docs of the credential types say how to sign in",
            ),
            off(
                "flow",
                "tokens come from the caller's credential, whatever flow it uses",
            ),
            off(
                "authorizationUrl",
                "the sign-in authority belongs to the caller's credential",
            ),
            off(
                "tokenUrl",
                "the sign-in authority belongs to the caller's credential",
            ),
        ],
    ),
    (Node::Paths, &[]),
    (
        Node::PathItem,
        &[
            REF,
            on("get", Holds::Node(Node::Operation)),
            on("put", Holds::Node(Node::Operation)),
            on("post", Holds::Node(Node::Operation)),
            on("delete", Holds::Node(Node::Operation)),
            on("options", Holds::Node(Node::Operation)),
            on("head", Holds::Node(Node::Operation)),
            on("patch", Holds::Node(Node::Operation)),
            on("parameters", ListOf(Node::Parameter)),
            off("summary", "each operation has its own"),
            off("description", "each operation has its own"),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-ms-internal", AUDIENCE),
            off("x-comment", NOTE),
        ],
    ),
    (
        Node::Operation,
        &[
            on("operationId", Text),
            on("summary", Text),
            DESCRIPTION,
            on("consumes", Texts),
            on("produces", Texts),
            on("parameters", ListOf(Node::Parameter)),
            on("responses", Holds::Node(Node::Responses)),
            on("deprecated", Truth),
            on("x-ms-client-name", Text),
            on("x-ms-examples", NamesOf(Node::Example)),
            on("x-ms-pageable", Holds::Node(Node::Pageable)),
            on("x-ms-long-running-operation", Truth),
            on(
                "x-ms-long-running-operation-options",
                Holds::Node(Node::LongRunning),
            ),
            off("tags", ONE_TAG),
            off(
                "schemes",
                "requests go to the client's endpoint, whose scheme it has",
            ),
            off(
                "security",
                "each client carries one credential, whichever of the declared kinds it is",
            ),
            Keyword {
                name: "externalDocs",
                holds: Holds::Node(Node::ExternalDocs),
                state: Ignored(DOCS_ONLY),
            },
            off(
                "x-ms-odata",
                "the query parameters that it stands for are declared one by one",
            ),
            off(
                "x-ms-request-id",
                "request ids are read from their usual headers",
            ),
            off("x-ms-arm-operation-type", ARM),
            off(
                "x-ms-skip-url-encoding",
                "stands at parameters, which have it themselves",
            ),
            off("x-ms-requestBody-name", "the body's argument is `body`"),
            off(
                "x-ms-requestBody-index",
                "the body is the last argument, whatever stands beside it",
            ),
            off("x-publish", "about the publication of reference pages"),
            off("x-accessibility", OTHER_GENERATOR),
            off("x-typespec-generated", TOOL),
            off("x-cadl-generated", TOOL),
            off("x-ms-internal", AUDIENCE),
            off("x-internal", AUDIENCE),
            off("x-ms-external", AUDIENCE),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-ms-code-generation-settings", OTHER_GENERATOR),
            off("x-sf-codegen", OTHER_GENERATOR),
            off("x-sf-clientlib", OTHER_GENERATOR),
            off("x-ms-client-request-id", TRACE),
            off("x-ms-correlation-request-id", TRACE),
            off(
                "x-ms-version",
                "the version that requests carry is declared as a parameter",
            ),
            off("x-ms-azure-resource", ARM),
            off("x-ms-identifiers", ARM),
            off("x-ms-summary", CONNECTOR),
            off("x-ms-visibility", CONNECTOR),
            off("x-ms-trigger", CONNECTOR),
            off("x-ms-trigger-hint", CONNECTOR),
            off("x-ms-no-generic-test", CONNECTOR),
            off("x-suppress-lint", LINT),
            off("x-comment", NOTE),
            off("x-code-samples", EXAMPLE),
            off("x-codeSamples", EXAMPLE),
        ],
    ),
    (
        Node::Pageable,
        &[
            on("nextLinkName", TextOrNull),
            on("itemName", TextOrNull),
            on("operationName", Text),
        ],
    ),
    (
        Node::LongRunning,
        &[
            on("final-state-via", Text),
            on("final-state-schema", Anything),
        ],
    ),
    (
        Node::Parameter,
        &[
            REF,
            on("name", Text),
            on("in", Text),
            DESCRIPTION,
            on("required", Truth),
            on("type", Text),
            on("format", Text),
            on("schema", Holds::Node(Node::Schema)),
            on("items", Holds::Node(Node::Items)),
            on("collectionFormat", Text),
            on("default", Anything),
            on("enum", List),
            on("maximum", Number),
            on("minimum", Number),
            on("exclusiveMaximum", Truth),
            on("exclusiveMinimum", Truth),
            on("multipleOf", Number),
            on("maxLength", Number),
            on("minLength", Number),
            on("pattern", Text),
            on("maxItems", Number),
            on("minItems", Number),
            on("uniqueItems", Truth),
            on("x-ms-enum", Holds::Node(Node::Enum)),
            on("x-ms-client-name", Text),
            on("x-ms-parameter-location", Text),
            on("x-ms-skip-url-encoding", Truth),
            on("x-ms-header-collection-prefix", Text),
            off(
                "allowEmptyValue",
                "an optional parameter that is set to nothing is sent empty, one that is not set is not sent",
            ),
            on("x-ms-parameter-grouping", Holds::Node(Node::Grouping)),
            off("x-ms-client-flatten", "a body is an argument whole"),
            off(
                "x-nullable",
                "a parameter that is not set is not sent; null has no text",
            ),
            on("x-ms-api-version", Truth),
            off("x-ms-client-request-id", "request ids are the pipeline's"),
            on("x-ms-secret", Truth),
            off("x-ms-arm-id-details", ARM),
            off("x-example", EXAMPLE),
            off("x-examples", EXAMPLE),
            off("example", EXAMPLE),
            off("readOnly", "what a request carries is not read-only"),
            off(
                "x-ms-client-default",
                "a value of another generator's choosing; the service's own default applies",
            ),
            off("x-publish", "about the publication of reference pages"),
            off("title", DOCS_ONLY),
            on("deprecated", Truth),
            off("examples", EXAMPLE),
            off("x-ms-examples", EXAMPLE),
            off("externalDocs", DOCS_ONLY),
            off("x-ms-internal", AUDIENCE),
            off("x-internal", AUDIENCE),
            off("x-ms-external", AUDIENCE),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-accessibility", OTHER_GENERATOR),
            off("x-sf-codegen", OTHER_GENERATOR),
            off("x-ms-request-id", TRACE),
            off("x-ms-correlation-request-id", TRACE),
            off(
                "x-ms-version",
                "the version that requests carry is the parameter's value",
            ),
            off("x-ms-azure-resource", ARM),
            off("x-ms-identifiers", ARM),
            off("x-ms-mutability", "what a request carries is written"),
            off("x-ms-odata", "a filter passes as the text that it is"),
            off("x-ms-summary", CONNECTOR),
            off("x-ms-visibility", CONNECTOR),
            off("x-ms-dynamic-values", CONNECTOR),
            off("x-ms-dynamic-schema", CONNECTOR),
            off("x-ms-dynamic-list", CONNECTOR),
            off("x-ms-test-value", CONNECTOR),
            off(
                "x-typespec-name",
                "names the type in the source of the document",
            ),
            off("x-suppress-lint", LINT),
            off("x-comment", NOTE),
            off("x-previous-pattern", NOTE),
            off("x-new-pattern", NOTE),
        ],
    ),
    (
        Node::Items,
        &[
            REF,
            on("type", Text),
            on("format", Text),
            on("items", Holds::Node(Node::Items)),
            on("enum", List),
            on("x-ms-enum", Holds::Node(Node::Enum)),
            on("x-nullable", Truth),
            DESCRIPTION,
            off("title", DOCS_ONLY),
            off(
                "collectionFormat",
                "lists within lists are written with commas",
            ),
            off("default", "defaults are those of the whole list"),
            off(
                "maximum",
                "limits of single items are checked by the service",
            ),
            off(
                "minimum",
                "limits of single items are checked by the service",
            ),
            off(
                "maxLength",
                "limits of single items are checked by the service",
            ),
            off(
                "minLength",
                "limits of single items are checked by the service",
            ),
            off(
                "pattern",
                "limits of single items are checked by the service",
            ),
            off(
                "maxItems",
                "limits of single items are checked by the service",
            ),
            off(
                "minItems",
                "limits of single items are checked by the service",
            ),
            off(
                "exclusiveMaximum",
                "limits of single items are checked by the service",
            ),
            off(
                "exclusiveMinimum",
                "limits of single items are checked by the service",
            ),
            off(
                "uniqueItems",
                "limits of single items are checked by the service",
            ),
            off(
                "multipleOf",
                "limits of single items are checked by the service",
            ),
            off("x-ms-client-name", "items have no name"),
            off("example", EXAMPLE),
            off("examples", EXAMPLE),
            off("x-example", EXAMPLE),
            off("readOnly", "what a request carries is not read-only"),
            off("x-ms-arm-id-details", ARM),
            off("x-ms-identifiers", ARM),
            off("x-ms-metadata", OTHER_GENERATOR),
        ],
    ),
    (Node::Responses, &[]),
    (
        Node::Response,
        &[
            REF,
            DESCRIPTION,
            on("schema", Holds::Node(Node::Schema)),
            on("headers", NamesOf(Node::Header)),
            on("x-ms-error-response", Truth),
            off("examples", EXAMPLE),
            off(
                "x-nullable",
                "an answer without a body is told by its length",
            ),
            off("x-ms-response-name", OTHER_GENERATOR),
            off("example", EXAMPLE),
            off("x-ms-examples", EXAMPLE),
            off("x-examples", EXAMPLE),
            off("x-ms-internal", AUDIENCE),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-ms-azure-resource", ARM),
            off("x-ms-request-id", TRACE),
            off("x-ms-client-name", "an answer is named for its operation"),
            off("x-ms-summary", CONNECTOR),
            off("x-comment", NOTE),
        ],
    ),
    (
        Node::Header,
        &[
            REF,
            DESCRIPTION,
            on("type", Text),
            on("format", Text),
            on("items", Holds::Node(Node::Items)),
            on("enum", List),
            on("x-ms-enum", Holds::Node(Node::Enum)),
            on("x-ms-client-name", Text),
            off(
                "collectionFormat",
                "lists in headers are read with commas, as HTTP has them",
            ),
            off("default", "an absent header reads as absent"),
            off("pattern", ONE_ANSWER),
            off("minLength", ONE_ANSWER),
            off("maxLength", ONE_ANSWER),
            off("minimum", ONE_ANSWER),
            off("maximum", ONE_ANSWER),
            off(
                "x-ms-header-collection-prefix",
                "all headers of an answer are at hand in its header map",
            ),
            off("x-nullable", "an absent header reads as absent"),
            off("x-example", EXAMPLE),
            on("deprecated", Truth),
            off("exclusiveMinimum", ONE_ANSWER),
            off("exclusiveMaximum", ONE_ANSWER),
            off("multipleOf", ONE_ANSWER),
            off("minItems", ONE_ANSWER),
            off("maxItems", ONE_ANSWER),
            off("uniqueItems", ONE_ANSWER),
            on("schema", Holds::Node(Node::Schema)),
            off("required", "an absent header reads as absent"),
            off("readOnly", "the headers of answers are always read"),
            off("title", DOCS_ONLY),
            off("example", EXAMPLE),
            off("examples", EXAMPLE),
            off("x-ms-client-request-id", TRACE),
            off("x-ms-request-id", TRACE),
            off("x-ms-correlation-request-id", TRACE),
            off(
                "x-ms-parameter-location",
                "the headers of answers are no parameters",
            ),
            off("x-ms-internal", AUDIENCE),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-ms-summary", CONNECTOR),
        ],
    ),
    (
        Node::Schema,
        &[
            REF,
            on("type", Text),
            on("format", Text),
            on("title", Text),
            DESCRIPTION,
            on("properties", NamesOf(Node::Schema)),
            on("required", Texts),
            on("additionalProperties", SchemaOrTruth),
            on("allOf", ListOf(Node::Schema)),
            on("items", Holds::Node(Node::Schema)),
            on("enum", List),
            on("default", Anything),
            on("discriminator", Text),
            on("readOnly", Truth),
            on("maximum", Number),
            on("minimum", Number),
            on("exclusiveMaximum", Truth),
            on("exclusiveMinimum", Truth),
            on("multipleOf", Number),
            on("maxLength", Number),
            on("minLength", Number),
            on("pattern", Text),
            on("maxItems", Number),
            on("minItems", Number),
            on("uniqueItems", Truth),
            on("x-ms-enum", Holds::Node(Node::Enum)),
            on("x-ms-client-name", Text),
            on("x-ms-client-flatten", Truth),
            on("x-ms-discriminator-value", Text),
            on("x-ms-mutability", Texts),
            on("x-nullable", Truth),
            off("maxProperties", "limits of maps are checked by the service"),
            off("minProperties", "limits of maps are checked by the service"),
            Keyword {
                name: "externalDocs",
                holds: Holds::Node(Node::ExternalDocs),
                state: Ignored(DOCS_ONLY),
            },
            Keyword {
                name: "xml",
                holds: Holds::Node(Node::Xml),
                state: Handled,
            },
            on("x-ms-text", Truth),
            off("example", EXAMPLE),
            off("x-ms-examples", EXAMPLE),
            off("x-ms-azure-resource", ARM),
            off("x-ms-external", ARM),
            off("x-ms-arm-id-details", ARM),
            off("x-ms-identifiers", ARM),
            on("x-ms-secret", Truth),
            off("x-ms-keyvault-reference", SECRET),
            off(
                "x-ms-parameter-location",
                "properties belong to their object, not to the client",
            ),
            off(
                "x-ms-skip-url-encoding",
                "nothing in a body is percent-encoded",
            ),
            off(
                "x-ms-parameter-grouping",
                "groups are made of parameters, not of properties",
            ),
            off(
                "x-ms-client-default",
                "a value of another generator's choosing; the service's own default applies",
            ),
            off("x-apim-code-nullable", OTHER_GENERATOR),
            off(
                "x-typespec-name",
                "names the type in the source of the document",
            ),
            off(
                "x-cadl-name",
                "names the type in the source of the document",
            ),
            off("collectionFormat", "lists in a body are JSON"),
            off("x-publish", "about the publication of reference pages"),
            off("x-suppress-lint", LINT),
            on("deprecated", Truth),
            off("examples", EXAMPLE),
            off("x-example", EXAMPLE),
            off("x-examples", EXAMPLE),
            off("$schema", "names the format of the schema itself"),
            off("$id", SELF),
            off("id", SELF),
            off("$comment", NOTE),
            off("x-comment", NOTE),
            off("x-ms-internal", AUDIENCE),
            off("x-internal", AUDIENCE),
            off("x-ms-metadata", OTHER_GENERATOR),
            off("x-ms-code-generation-settings", OTHER_GENERATOR),
            off("x-apim-code-nillable", OTHER_GENERATOR),
            off("x-apim-inline", OTHER_GENERATOR),
            off(
                "x-abstract",
                "a base is abstract where its kinds are told apart",
            ),
            off("x-sf-codegen", OTHER_GENERATOR),
            off("x-sf-clientlib", OTHER_GENERATOR),
            off("x-accessibility", OTHER_GENERATOR),
            off("x-ms-client-request-id", TRACE),
            off("x-ms-request-id", TRACE),
            off(
                "x-ms-odata",
                "names the type that a filter language is about",
            ),
            off("x-ms-readonly-ref", "`readOnly` says so"),
            off(
                "x-ms-api-version",
                "the version of a request is a parameter of it",
            ),
            off(
                "x-ms-version",
                "the version of a request is a parameter of it",
            ),
            off("x-ms-summary", CONNECTOR),
            off("x-ms-visibility", CONNECTOR),
            off("x-ms-dynamic-values", CONNECTOR),
            off("x-ms-dynamic-schema", CONNECTOR),
            off("x-ms-dynamic-list", CONNECTOR),
            off("x-ms-test-value", CONNECTOR),
            off("x-ms-arm-resource-type", ARM),
            off("x-typespec-generated", TOOL),
        ],
    ),
    (
        Node::Enum,
        &[
            on("name", Text),
            on("modelAsString", Truth),
            on("values", ListOf(Node::EnumValue)),
            off(
                "modelAsExtensible",
                "enums are open, whatever the definition says",
            ),
            off("oldNameWarning", OTHER_GENERATOR),
            off("oldValueWarning", OTHER_GENERATOR),
            off("description", "the description of the enum itself says it"),
        ],
    ),
    (
        Node::EnumValue,
        &[
            on("value", Anything),
            on("name", TextOrNull),
            DESCRIPTION,
            off(
                "allowedValues",
                "other spellings of the same value, which decode as unknown values",
            ),
            on("deprecated", Truth),
        ],
    ),
    (
        Node::Xml,
        &[
            on("name", Text),
            on("namespace", Text),
            on("prefix", Text),
            on("attribute", Truth),
            on("wrapped", Truth),
            on("x-ms-text", Truth),
        ],
    ),
    (Node::Grouping, &[on("name", Text), on("postfix", Text)]),
    (
        Node::Example,
        &[
            REF,
            on("parameters", Object),
            on("responses", Holds::Node(Node::ExampleResponses)),
            off("title", NAMED),
            off("description", NAMED),
            off("operationId", NAMED),
            off("$schema", "names the format of the document itself"),
        ],
    ),
    (Node::ExampleResponses, &[]),
    (
        Node::ExampleResponse,
        &[
            on("headers", Object),
            on("body", Anything),
            off("description", DOCS_ONLY),
        ],
    ),
];
