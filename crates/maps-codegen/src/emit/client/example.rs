//! Examples in docs, of the values that the definition shows or else of placeholders: each is compiled as a test of the
//! generated crate.

mod json;
mod made;
mod value;

use std::borrow::Cow;
use std::str::FromStr;

use indexmap::IndexMap;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use self::made::Made;
use self::value::Values;
use super::arguments::Arguments;
use super::long_running::AttachAndResume;
use super::operations::constant_case;
use super::parameter::Argument;
use super::parameter_group::GroupArgument;
use super::scope::{Scope, Surface};
use crate::emit::types::{Types, ident, prefixed};
use crate::format::lay_out;
use crate::model::{
    Body, Location, LongRunning, Operation, OperationKind, Parameter, ResultSource, Role,
    StatusOperation, Success, Type,
};

/// Most lines that the making of a body may take; a longer one is written as JSON.
const MAX_LINES: usize = 60;
/// The same of a body of placeholders; a longer one is left to the reader.
const MAX_MADE_LINES: usize = 20;

/// An example: what a reader sees, and the function around it that only the compiler sees.
pub(super) struct Example {
    /// Arguments of the function.
    arguments: String,
    /// Whether the function is `async`.
    is_async: bool,
    /// Statements.
    code: TokenStream,
    /// Whether other errors than those of the SDK come out of it.
    other_errors: bool,
}

impl Example {
    /// A call of an operation, as the first example of its definition has it, or else with placeholders.
    pub(super) fn of_operation(
        scope: &Scope<'_>,
        surface: &Surface<'_>,
        operation: &Operation,
        arguments: &Arguments<'_>,
    ) -> Option<Self> {
        let call = |given| Call {
            scope,
            surface,
            operation,
            arguments,
            given,
        };
        let is_short = |example: &Self, limit| {
            let visible = example.visible();
            visible.is_some_and(|text| text.lines().count() <= limit)
        };
        let shown = operation.examples.first().and_then(|shown| {
            let call = call(Given::Shown(&shown.parameters));
            let example = call.example(BodyStyle::Constructed);
            let example = example.filter(|example| is_short(example, MAX_LINES));
            example.or_else(|| call.example(BodyStyle::Json))
        });
        shown.or_else(|| {
            let call = call(Given::Made(Made::new(scope.service)));
            let example = call.example(BodyStyle::Constructed);
            let example = example.filter(|example| is_short(example, MAX_MADE_LINES));
            example.or_else(|| call.example(BodyStyle::Lent))
        })
    }

    /// Watching an operation by its id.
    pub(super) fn of_attach(
        attach: &AttachAndResume<'_>,
        status: &StatusOperation,
    ) -> Option<Self> {
        let AttachAndResume {
            scope,
            surface,
            operation,
            long_running,
            arguments,
        } = attach;
        let needs_original = long_running.result.needs_original();
        let given = Given::of(scope, operation);
        let values = given.values(scope);
        let mut parts = Vec::new();
        if needs_original {
            for argument in arguments.path() {
                let parameter = argument.parameter();
                parts.push(values.parameter(parameter, given.parameter(parameter)?.as_ref())?);
            }
        }
        let operations = scope
            .service
            .groups
            .iter()
            .flat_map(|group| &group.operations);
        let read = operations
            .into_iter()
            .find(|operation| operation.id == status.operation)?;
        let mut parameters = read.parameters.iter();
        let id = parameters.find(|parameter| parameter.wire == status.id_parameter)?;
        let id = Given::of(scope, read).parameter(id)?.into_owned();
        parts.push(values.text(&Type::String, &id)?);
        let method = prefixed("attach_", &scope.operation(operation).method.ident);
        let client = group_of(surface, &quote!(client));
        let code = bind_result(
            scope,
            long_running,
            &quote!(#client.#method(#(#parts),*)?.await?),
        );
        let uses = values.uses();
        Some(Self {
            arguments: client_argument(scope),
            is_async: true,
            code: quote!(#uses #code),
            other_errors: false,
        })
    }

    /// Watching an operation by its resume token.
    pub(super) fn of_resume(resume: &AttachAndResume<'_>) -> Self {
        let AttachAndResume {
            scope,
            surface,
            operation,
            long_running,
            ..
        } = resume;
        let method = prefixed("resume_", &scope.operation(operation).method.ident);
        let client = group_of(surface, &quote!(client));
        let code = bind_result(scope, long_running, &quote!(#client.#method(token)?.await?));
        let arguments = format!("{}, token: maps_core::ResumeToken", client_argument(scope));
        Self {
            arguments,
            is_async: true,
            code,
            other_errors: false,
        }
    }

    /// A request that has no method, to a path like those of the service.
    pub(super) fn of_raw(scope: &Scope<'_>, surface: Option<&Surface<'_>>) -> Self {
        let mut operations = scope
            .service
            .groups
            .iter()
            .flat_map(|group| &group.operations);
        let first = match surface {
            Some(surface) => surface.operations.first().copied(),
            None => operations.next(),
        };
        let root = first.and_then(|operation| operation.path.split('/').nth(1));
        let root = root.filter(|root| !root.is_empty() && !root.contains('{'));
        let path = format!("/{}/new-operation", root.unwrap_or("service"));
        let client = surface.map_or_else(
            || quote!(client),
            |surface| group_of(surface, &quote!(client)),
        );
        Self {
            arguments: client_argument(scope),
            is_async: true,
            code: quote! {
                use maps_core::Method;
                let answer = #client.request(Method::GET, #path).query("top", 10).await?;
                println!("{}", answer.status());
            },
            other_errors: false,
        }
    }

    /// Making a client.
    pub(super) fn of_client(scope: &Scope<'_>) -> Self {
        let service = scope.service;
        let client = ident(&service.client);
        let path = scope.client_path();
        let values = Values::new(scope);
        let host = service
            .host
            .parameters
            .iter()
            .filter(|parameter| parameter.default.is_none());
        let mut host: Vec<_> = host
            .filter_map(|parameter| {
                if parameter.is_endpoint {
                    return Some(quote!(.endpoint("https://service.example.com")));
                }
                let name = ident(&scope.names.host_parameters.get(&parameter.name)?.ident);
                let value = values
                    .any_of(&parameter.ty)
                    .unwrap_or_else(|| quote!("name"));
                Some(quote!(.#name(#value)))
            })
            .collect();
        host.extend(scope.needed_options().filter_map(|(name, parameter)| {
            let value = match &parameter.ty {
                Type::String => quote!("value"),
                Type::Bool => quote!(true),
                Type::I32 | Type::I64 => quote!(1),
                ty => values.any_of(ty)?,
            };
            Some(quote!(.#name(#value)))
        }));
        let secret = |what: &str| match service.is_azure_maps() {
            true => format!("AZURE_MAPS_{what}"),
            false => format!("{}_{what}", constant_case(&service.name)),
        };
        let (secret, credential) = if service.security.key.is_some() {
            let (variable, ty) = (secret("KEY"), values.core("SubscriptionKey"));
            let secret = quote!(let key = std::env::var(#variable)?;);
            (Some(secret), Some(quote!(.credential(#ty::new(key)))))
        } else if service.security.basic {
            let (variable, ty) = (secret("PASSWORD"), values.core("BasicCredential"));
            let secret = quote!(let password = std::env::var(#variable)?;);
            (
                Some(secret),
                Some(quote!(.credential(#ty::new("<user name>", password)))),
            )
        } else {
            (None, None)
        };
        let has_secret = secret.is_some();
        let uses = values.uses();
        Self {
            arguments: String::new(),
            is_async: false,
            code: quote! {
                #uses
                use #path::#client;
                #secret
                let client = #client::builder()#(#host)* #credential.build()?;
            },
            other_errors: has_secret,
        }
    }

    /// The lines of a doc comment; those that begin with `# ` are hidden.
    pub(super) fn lines(&self) -> String {
        let error = if self.other_errors {
            "Result<(), Box<dyn std::error::Error>>"
        } else {
            "maps_core::Result<()>"
        };
        let keyword = if self.is_async { "async fn" } else { "fn" };
        let visible = self.visible().unwrap_or_default();
        format!(
            "# {keyword} run({}) -> {error} {{\n{visible}\n# Ok(()) }}",
            self.arguments
        )
    }

    /// The statements, formatted, with an empty line below the imports; `None` if they do not parse.
    fn visible(&self) -> Option<String> {
        let code = &self.code;
        let file: syn::File = syn::parse2(quote!(fn run() { #code })).ok()?;
        let text = lay_out(&prettyplease::unparse(&file));
        let lines: Vec<&str> = text.lines().collect();
        let (_, inner) = lines.split_first()?;
        let (_, inner) = inner.split_last()?;
        let mut visible = Vec::new();
        for (index, line) in inner.iter().enumerate() {
            let line = line.strip_prefix("    ").unwrap_or(line);
            let after_imports = index > 0
                && inner[index - 1].trim_start().starts_with("use ")
                && !line.starts_with("use ");
            let ends_imports = index > 0
                && inner[index - 1] == "    };"
                && visible.iter().all(|line: &&str| !line.starts_with("let "));
            let ends_imports = ends_imports && !line.starts_with("use ");
            if after_imports && inner[index - 1].ends_with(';') || ends_imports {
                visible.push("");
            }
            visible.push(line);
        }
        let visible: Vec<String> = visible.into_iter().map(value::without_quotes).collect();
        Some(visible.join("\n"))
    }
}

/// How the body of an example is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyStyle {
    /// By constructors and setters.
    Constructed,
    /// From JSON text.
    Json,
    /// Elsewhere: the example is handed it.
    Lent,
}

/// Where the values of an example come from.
enum Given<'a> {
    /// An example of the definition.
    Shown(&'a IndexMap<String, Value>),
    /// The types of the definition.
    Made(Made<'a>),
}

impl<'a> Given<'a> {
    /// The first example of an operation, or else placeholders.
    fn of(scope: &Scope<'a>, operation: &'a Operation) -> Self {
        match operation.examples.first() {
            Some(shown) => Self::Shown(&shown.parameters),
            None => Self::Made(Made::new(scope.service)),
        }
    }

    fn values(&self, scope: &'a Scope<'a>) -> Values<'a> {
        match self {
            Self::Shown(_) => Values::new(scope),
            Self::Made(_) => Values::of_made(scope),
        }
    }

    /// The value of a parameter, which an operation requires or an example has.
    fn parameter(&self, parameter: &Parameter) -> Option<Cow<'a, Value>> {
        match self {
            Self::Shown(shown) => shown.get(&parameter.wire).map(Cow::Borrowed),
            Self::Made(made) => made.parameter(parameter).map(Cow::Owned),
        }
    }

    /// The same of one that an operation does not require.
    fn optional(&self, parameter: &Parameter) -> Option<&'a Value> {
        match self {
            Self::Shown(shown) => shown.get(&parameter.wire),
            Self::Made(_) => None,
        }
    }

    fn body(&self, body: &Body) -> Option<Cow<'a, Value>> {
        match self {
            Self::Shown(shown) => shown.get(&body.wire).map(Cow::Borrowed),
            Self::Made(made) => made.body(&body.ty, &body.wire).map(Cow::Owned),
        }
    }
}

/// The call of one operation with the values of one example.
struct Call<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    operation: &'a Operation,
    arguments: &'a Arguments<'a>,
    given: Given<'a>,
}

/// What an example is made of besides the call.
struct Making<'a> {
    values: Values<'a>,
    /// Arguments of the function around the example.
    lent: Vec<String>,
    /// Statements before the call.
    before: TokenStream,
    style: BodyStyle,
}

impl Making<'_> {
    /// A body that is read from a stream of the caller's.
    fn stream(&mut self, name: &Ident) -> TokenStream {
        let upload = self.values.core("Upload");
        // One is called a file, several what their arguments are.
        let name = if self.lent.is_empty() {
            ident("file")
        } else {
            prefixed("other_", &name.to_string())
        };
        self.lent.push(format!(
            "{name}: impl maps_core::Stream<Item = std::io::Result<maps_core::Bytes>> + Send + 'static"
        ));
        quote!(#upload::stream(#name))
    }
}

impl Call<'_> {
    fn example(&self, style: BodyStyle) -> Option<Example> {
        let making = &mut Making {
            values: self.given.values(self.scope),
            lent: Vec::new(),
            before: TokenStream::new(),
            style,
        };
        let mut parts = Vec::new();
        for argument in &self.arguments.required {
            let value = self.given.parameter(argument.parameter())?;
            parts.push(self.argument(making, argument, &value)?);
        }
        for group in self.arguments.required_groups() {
            let made = self.group(making, group)?;
            parts.push(quote!(&#made));
        }
        let mut json = false;
        let mut setters = TokenStream::new();
        if let Some(body) = &self.operation.body {
            let is_text = matches!(body.ty, Type::Bytes | Type::String);
            if let Some(argument) = &self.arguments.body {
                json = style == BodyStyle::Json && !is_text;
                parts.push(self.body(making, body, &argument.name)?);
            }
            // Whoever sends one of these has something to say.
            let writes = matches!(self.operation.method.as_str(), "PUT" | "POST" | "PATCH");
            if let (Some(argument), Given::Made(_), true) =
                (&self.arguments.optional_body, &self.given, writes)
            {
                let name = &argument.name;
                let value = self.body(making, body, name)?;
                setters.extend(quote!(.#name(#value)));
            }
        }
        let optional = self.arguments.optional.iter();
        for argument in optional.filter(|argument| argument.parameter().role == Role::Plain) {
            let parameter = argument.parameter();
            let value = self.given.optional(parameter);
            if let Some(value) = value.filter(|_| parameter.header_prefix.is_none()) {
                let name = &argument.name;
                let value = self.argument(making, argument, value)?;
                setters.extend(quote!(.#name(#value)));
            }
        }
        let groups = self.arguments.groups.iter();
        for group in groups.filter(|group| !group.is_required()) {
            let mut taken = group.taken.iter();
            if taken.any(|(_, parameter)| self.given.optional(parameter).is_some()) {
                let (name, made) = (&group.name, self.group(making, group)?);
                setters.extend(quote!(.#name(&#made)));
            }
        }
        let names = self.scope.operation(self.operation);
        let client = group_of(self.surface, &quote!(client));
        let code = match &self.operation.kind {
            OperationKind::Plain => {
                let method = ident(&names.method.ident);
                self.bind_answer(&quote!(#client.#method(#(#parts),*)#setters.await?))
            }
            OperationKind::LongRunning(long_running) => {
                let begin = prefixed("begin_", &names.method.ident);
                bind_result(
                    self.scope,
                    long_running,
                    &quote!(#client.#begin(#(#parts),*)#setters.await?.await?),
                )
            }
            OperationKind::Pageable(pageable) => {
                let method = ident(&names.method.ident);
                let item = variable(self.scope, &pageable.item, "item");
                quote! {
                    let mut items = #client.#method(#(#parts),*)#setters;
                    while let Some(#item) = items.next().await {
                        let #item = #item?;
                    }
                }
            }
        };
        let uses = making.values.uses();
        let before = &making.before;
        let mut arguments = vec![client_argument(self.scope)];
        arguments.append(&mut making.lent);
        Some(Example {
            arguments: arguments.join(", "),
            is_async: true,
            code: quote!(#uses #before #code),
            other_errors: json,
        })
    }

    /// The value of a parameter.
    fn argument(
        &self,
        making: &mut Making<'_>,
        argument: &Argument<'_>,
        value: &Value,
    ) -> Option<TokenStream> {
        let parameter = argument.parameter();
        if parameter.is_file() {
            let stream = making.stream(&argument.name);
            let file = making.values.core("FormFile");
            let file = quote!(#file::new(#stream).file_name("<file name>"));
            return Some(match parameter.ty {
                Type::Array(_) => quote!([#file]),
                _ => file,
            });
        }
        if parameter.location == Location::Body && parameter.ty == Type::Bytes {
            return Some(making.stream(&argument.name));
        }
        making.values.parameter(parameter, value)
    }

    /// An expression that makes a group of parameters.
    fn group(&self, making: &mut Making<'_>, group: &GroupArgument<'_>) -> Option<TokenStream> {
        group.made(|argument, is_required| {
            let parameter = argument.parameter();
            let value = match is_required {
                true => self.given.parameter(parameter)?,
                false => Cow::Borrowed(self.given.optional(parameter)?),
            };
            self.argument(making, argument, &value)
        })
    }

    /// The argument that passes a body, which a statement before the call makes where it is no text.
    fn body(&self, making: &mut Making<'_>, body: &Body, name: &Ident) -> Option<TokenStream> {
        let ty = &body.ty;
        if *ty == Type::Bytes {
            return Some(making.stream(name));
        }
        let lent = (!Types::is_copy(ty)).then(|| quote!(&));
        if making.style == BodyStyle::Lent {
            let ty = lent_type(self.scope, ty)?;
            making.lent.push(format!("request: {ty}"));
            return Some(quote!(#lent request));
        }
        let value = self.given.body(body)?;
        let values = &making.values;
        let made = match (ty, value.as_ref(), making.style) {
            (Type::String, Value::String(text), _) => return Some(quote!(#text)),
            (_, value, BodyStyle::Json) => {
                // Neither holds values with formats of their own.
                if ty.is_formatted() || Types::is_copy(ty) {
                    return None;
                }
                let ty = values.type_name(ty);
                let json = json_literal(value)?;
                quote!(let request: #ty = serde_json::from_str(#json)?;)
            }
            (_, value, _) => {
                let made = values.owned(ty, value)?;
                quote!(let request = #made;)
            }
        };
        making.before.extend(made);
        Some(quote!(#lent request))
    }

    /// Binds the answer to a variable that is named for it.
    fn bind_answer(&self, call: &TokenStream) -> TokenStream {
        let name = match &self.operation.success {
            Success::Empty => return quote!(#call;),
            Success::One(ty) | Success::Optional(ty) => variable(self.scope, ty, "answer"),
            Success::ByStatus(_) => ident("answer"),
            Success::Exists => ident("exists"),
            Success::Bytes => ident("bytes"),
        };
        quote!(let #name = #call;)
    }
}

/// Binds the result of a long-running operation.
fn bind_result(scope: &Scope<'_>, long_running: &LongRunning, call: &TokenStream) -> TokenStream {
    match &long_running.result_type {
        Some(ty) if long_running.result != ResultSource::None => {
            let name = variable(scope, ty, "result");
            quote!(let #name = #call;)
        }
        _ => quote!(#call;),
    }
}

/// The client that has the operations of a surface.
fn group_of(surface: &Surface<'_>, client: &TokenStream) -> TokenStream {
    match surface.group {
        None => client.clone(),
        Some(group) => {
            let accessor = ident(&group.accessor);
            quote!(#client.#accessor())
        }
    }
}

fn client_argument(scope: &Scope<'_>) -> String {
    format!("client: {}::{}", scope.module_path(), scope.service.client)
}

/// The type of a body that an example is handed.
fn lent_type(scope: &Scope<'_>, ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Named(key) => {
            let name = scope.names.types.get(key)?;
            format!("{}::{}", scope.models_module(), name.ident)
        }
        Type::Array(item) => format!("Vec<{}>", lent_type(scope, item)?),
        Type::Map(item) => format!(
            "std::collections::BTreeMap<String, {}>",
            lent_type(scope, item)?
        ),
        Type::Nullable(inner) => format!("Option<{}>", lent_type(scope, inner)?),
        Type::Any => "serde_json::Value".to_owned(),
        Type::Object => "serde_json::Map<String, serde_json::Value>".to_owned(),
        Type::String => "String".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::I32 => "i32".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::F32 | Type::F64 => "f64".to_owned(),
        Type::Base64 | Type::Base64Url | Type::Bytes => "Vec<u8>".to_owned(),
        Type::DateTime | Type::DateTimeRfc1123 | Type::UnixTime => {
            "time::OffsetDateTime".to_owned()
        }
        Type::Date => "time::Date".to_owned(),
    })
}

/// A variable named for a value: the last word of its type.
fn variable(scope: &Scope<'_>, ty: &Type, fallback: &str) -> Ident {
    let Type::Named(key) = ty else {
        return ident(fallback);
    };
    let Some(name) = scope.names.types.get(key) else {
        return ident(fallback);
    };
    let start = name
        .ident
        .rfind(|char: char| char.is_ascii_uppercase())
        .unwrap_or_default();
    let word = name.ident[start..].to_lowercase();
    let is_free = !matches!(word.as_str(), "client" | "token" | "request" | "items");
    match syn::parse_str::<Ident>(&word) {
        Ok(name) if is_free => name,
        _ => ident(fallback),
    }
}

/// JSON as a raw string over several lines.
fn json_literal(value: &Value) -> Option<TokenStream> {
    let text = json::pretty(value);
    // Below the argument that it is, and moved to the left again with the function around it.
    let text = text.replace('\n', "\n        ");
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    Literal::from_str(&format!("r{hashes}\"{text}\"{hashes}"))
        .ok()
        .map(|literal| literal.to_token_stream())
}
