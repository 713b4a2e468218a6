//! Examples in docs, made from those of the definition: each is compiled as a test of the generated crate.

mod json;
mod value;

use std::str::FromStr;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use self::value::Values;
use super::arguments::Arguments;
use super::long_running::AttachAndResume;
use super::parameter_group::GroupArgument;
use super::scope::{Scope, Surface};
use crate::emit::types::{Types, ident, prefixed};
use crate::format::lay_out;
use crate::model::{
    LongRunning, Operation, OperationKind, Parameter, ResultSource, Role, StatusOperation, Success,
    Type,
};

/// Most lines that the making of a body may take; a longer one is written as JSON.
const MAX_LINES: usize = 60;

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
    /// A call of an operation, as the first example of its definition has it.
    pub(super) fn of_operation(
        scope: &Scope<'_>,
        surface: &Surface<'_>,
        operation: &Operation,
        arguments: &Arguments<'_>,
    ) -> Option<Self> {
        let call = Call::new(scope, surface, operation, arguments)?;
        let constructed = call.example(BodyStyle::Constructed);
        match constructed {
            Some(example)
                if example
                    .visible()
                    .is_some_and(|lines| lines.lines().count() <= MAX_LINES) =>
            {
                Some(example)
            }
            _ => call.example(BodyStyle::Json),
        }
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
        let given = operation.examples.first();
        let values = Values::new(scope);
        let mut parts = Vec::new();
        if needs_original {
            for argument in arguments.path() {
                let value = given?.parameters.get(&argument.parameter().wire)?;
                parts.push(values.parameter(&argument.parameter().ty, value)?);
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
        let id = read
            .examples
            .first()?
            .parameters
            .get(&status.id_parameter)?;
        parts.push(values.parameter(&Type::String, id)?);
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
        let has_key = service.security.key.is_some();
        let key = has_key.then(|| quote!(let key = std::env::var("AZURE_MAPS_KEY")?;));
        let use_key = has_key.then(|| {
            quote!(
                use maps_core::SubscriptionKey;
            )
        });
        let credential = has_key.then(|| quote!(.credential(SubscriptionKey::new(key))));
        let uses = values.uses();
        Self {
            arguments: String::new(),
            is_async: false,
            code: quote! {
                #use_key
                #uses
                use #path::#client;
                #key
                let client = #client::builder()#(#host)* #credential.build()?;
            },
            other_errors: has_key,
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
}

/// The call of one operation with the values of one example.
struct Call<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    operation: &'a Operation,
    arguments: &'a Arguments<'a>,
    given: &'a indexmap::IndexMap<String, Value>,
}

impl<'a> Call<'a> {
    fn new(
        scope: &'a Scope<'a>,
        surface: &'a Surface<'a>,
        operation: &'a Operation,
        arguments: &'a Arguments<'a>,
    ) -> Option<Self> {
        Some(Self {
            scope,
            surface,
            operation,
            arguments,
            given: &operation.examples.first()?.parameters,
        })
    }

    fn example(&self, style: BodyStyle) -> Option<Example> {
        let values = Values::new(self.scope);
        let mut before = TokenStream::new();
        let mut parts = Vec::new();
        for argument in &self.arguments.required {
            if argument.parameter().header_prefix.is_some() {
                return None;
            }
            let value = self.given.get(&argument.parameter().wire)?;
            parts.push(values.parameter(&argument.parameter().ty, value)?);
        }
        for group in self.arguments.required_groups() {
            let made = self.group(&values, group)?;
            parts.push(quote!(&#made));
        }
        let mut json = false;
        if let (Some(_), Some(body)) = (&self.arguments.body, &self.operation.body) {
            let (statement, argument) =
                self.body(&values, &body.ty, self.given.get(&body.wire)?, style)?;
            json = style == BodyStyle::Json && !matches!(body.ty, Type::Bytes | Type::String);
            before.extend(statement);
            parts.push(argument);
        }
        let mut setters = TokenStream::new();
        let optional = self
            .arguments
            .optional
            .iter()
            .filter(|argument| argument.parameter().header_prefix.is_none())
            .filter(|argument| argument.parameter().role == Role::Plain);
        for argument in optional {
            if let Some(value) = self.given.get(&argument.parameter().wire) {
                let (name, value) = (
                    &argument.name,
                    values.parameter(&argument.parameter().ty, value)?,
                );
                setters.extend(quote!(.#name(#value)));
            }
        }
        let groups = self.arguments.groups.iter();
        for group in groups.filter(|group| !group.is_required()) {
            let is_given = |parameter: &Parameter| self.given.contains_key(&parameter.wire);
            if group.taken.iter().any(|(_, parameter)| is_given(parameter)) {
                let (name, made) = (&group.name, self.group(&values, group)?);
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
        let uses = values.uses();
        Some(Example {
            arguments: client_argument(self.scope),
            is_async: true,
            code: quote!(#uses #before #code),
            other_errors: json,
        })
    }

    /// An expression that makes a group of parameters.
    fn group(&self, values: &Values<'_>, group: &GroupArgument<'_>) -> Option<TokenStream> {
        group.made(|parameter| {
            let is_single = parameter.header_prefix.is_none();
            let value = self.given.get(&parameter.wire).filter(|_| is_single)?;
            values.parameter(&parameter.ty, value)
        })
    }

    /// The statement that makes a body, and the argument that passes it.
    fn body(
        &self,
        values: &Values<'_>,
        ty: &Type,
        value: &Value,
        style: BodyStyle,
    ) -> Option<(TokenStream, TokenStream)> {
        match (ty, value) {
            (Type::Bytes, _) => return Some((TokenStream::new(), quote!("content"))),
            (Type::String, Value::String(text)) => {
                return Some((TokenStream::new(), quote!(#text)));
            }
            _ => {}
        }
        let made = match style {
            BodyStyle::Constructed => {
                let made = values.owned(ty, value)?;
                quote!(let request = #made;)
            }
            // Neither holds values with formats of their own.
            BodyStyle::Json if ty.is_formatted() || Types::is_copy(ty) => return None,
            BodyStyle::Json => {
                let ty = values.type_name(ty);
                let json = json_literal(value)?;
                quote!(let request: #ty = serde_json::from_str(#json)?;)
            }
        };
        let lent = (!Types::is_copy(ty)).then(|| quote!(&));
        Some((made, quote!(#lent request)))
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
