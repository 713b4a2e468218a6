//! Long-running operations: the request that starts one, and watching one that was started elsewhere.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::arguments::Arguments;
use super::client_type::operation_alias;
use super::example::Example;
use super::operations::start;
use super::parameter::Argument;
use super::prose;
use super::request::{RequestParts, send_blocking};
use super::scope::{Scope, Surface};
use crate::emit::docs::Doc;
use crate::emit::types::{ident, prefixed};
use crate::model::{LongRunning, Operation, ResultSource, StatusOperation};

/// `Poller<RouteMatrixAsyncResponse, RouteOperation>`.
fn poller(scope: &Scope<'_>, long_running: &LongRunning) -> TokenStream {
    let poller = scope.core("Poller");
    let monitor = scope.rust_type(&long_running.monitor);
    let result = match (&long_running.result, &long_running.result_type) {
        (ResultSource::None, _) | (_, None) => quote!(()),
        (_, Some(ty)) => scope.rust_type(ty),
    };
    quote!(#poller<#result, #monitor>)
}

/// The builder of the request that starts an operation.
pub(super) struct BeginRequest<'a> {
    pub(super) parts: RequestParts<'a>,
    pub(super) long_running: &'a LongRunning,
}

impl ToTokens for BeginRequest<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let parts = &self.parts;
        let scope = parts.scope;
        let name = &parts.name;
        let pipeline = scope.core("Pipeline");
        let request = scope.core("Request");
        let result = scope.core("Result");
        let boxed = scope.runtime("BoxFuture");
        let poller = poller(scope, self.long_running);
        let watched = scope.constant(scope.statics.watched(parts.operation));
        let docs = Doc::new(&format!("Request of {}.", parts.method_link())).paragraph(&format!(
            "Await it to start the operation: it gives the {} that watches it and collects its result.",
            scope.core_link("Poller"),
        ));
        let fields = parts.fields();
        let constructor = parts.constructor(&quote!(Self { #fields }));
        let setters = parts.setters(&quote!(self.request));
        let send_docs = Doc::new("Starts the operation, as awaiting the request does.")
            .section("Errors", &format!("Those of {}.", parts.method_link()))
            .section("Cancel safety", prose::cancel_safety(parts.operation));
        let send_blocking = send_blocking(
            "Starts the operation and blocks the thread until it has its poller.",
            &quote!(#result<#poller>),
        );
        tokens.extend(quote! {
            #docs
            #[derive(Debug, Clone)]
            #[must_use = "a request does nothing until it is awaited or sent"]
            pub struct #name {
                pipeline: #pipeline,
                request: #request,
            }
            impl #name {
                #constructor
                #setters
                #send_docs
                pub async fn send(self) -> #result<#poller> {
                    self.pipeline.begin(self.request, &#watched).await
                }
                #send_blocking
            }
            impl IntoFuture for #name {
                type Output = #result<#poller>;
                type IntoFuture = #boxed<'static, Self::Output>;

                fn into_future(self) -> Self::IntoFuture {
                    Box::pin(self.send())
                }
            }
        });
    }
}

/// The methods that watch an operation which is under way.
pub(super) struct AttachAndResume<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) surface: &'a Surface<'a>,
    pub(super) operation: &'a Operation,
    pub(super) long_running: &'a LongRunning,
    pub(super) arguments: &'a Arguments<'a>,
}

impl AttachAndResume<'_> {
    fn method(&self, prefix: &str) -> Ident {
        prefixed(prefix, &self.scope.operation(self.operation).method.ident)
    }

    /// `` [`begin_route_matrix`](Self::begin_route_matrix) ``.
    fn begin_link(&self) -> String {
        let begin = self.method("begin_");
        format!("[`{begin}`](Self::{begin})")
    }

    fn attach(&self, status: &StatusOperation) -> TokenStream {
        let scope = self.scope;
        let method = self.method("attach_");
        let result = scope.core("Result");
        let poller = poller(scope, self.long_running);
        let watched = scope.constant(scope.statics.watched(self.operation));
        // The result is behind the URI that the submit went to, so its path has to be known again.
        let needs_original = self.long_running.result.needs_original();
        let path: Vec<_> = self.arguments.path().filter(|_| needs_original).collect();
        let taken: Vec<String> = path
            .iter()
            .map(|argument| argument.name.to_string())
            .collect();
        let id = attach_id(&status.id_parameter, &taken);
        let declared = path.iter().map(|argument| {
            let (name, ty) = (&argument.name, argument.ty());
            quote!(#name: #ty,)
        });
        let (make, original) = if needs_original {
            let constant = scope.constant(scope.statics.operation(self.operation));
            let request = quote!(request);
            let writes = path
                .iter()
                .map(|argument| argument.write(&request, &argument.name.to_token_stream()));
            let mutable = (!path.is_empty()).then(|| quote!(mut));
            let start = start(scope, self.operation);
            (
                quote!(let #mutable request = self.pipeline.#start(&#constant); #(#writes)*),
                quote!(Some(request)),
            )
        } else {
            (TokenStream::new(), quote!(None))
        };
        let known = self.known(status);
        let mut lines: Vec<String> = path.iter().filter_map(|argument| argument.line()).collect();
        lines.extend(self.id_line(status, &id));
        let lines: Vec<String> = lines.iter().map(|line| prose::list_item(line)).collect();
        let mut docs = Doc::new("Watches an operation that was started elsewhere, by its id.")
            .paragraph(&format!(
                "Sends nothing yet, and gives the poller of {}: await it for the result, or watch it with its `next`.",
                self.begin_link()
            ))
            .prose(&lines.join("\n"))
            .section(
                "Errors",
                &format!(
                    "[`ErrorKind::InvalidArgument`](maps_core::ErrorKind::InvalidArgument) when {}.",
                    self.refused(status, &id, &path)
                ),
            )
            .paragraph(&format!(
                "Whether the service knows the id shows when the poller is used: if it does not, or no longer does{known}, \
                 that fails with status 404 at once. Its other errors are those of {}.",
                self.begin_link()
            ));
        if let Some(example) = Example::of_attach(self, status) {
            docs = docs
                .section("Examples", "")
                .example("no_run", &example.lines());
        }
        let docs = self.end(docs);
        let alias = operation_alias(self.operation, &method);
        quote! {
            #docs
            #alias
            pub fn #method(&self, #(#declared)* #id: impl AsRef<str>) -> #result<#poller> {
                #make
                self.pipeline.attach(&#watched, #original, #id.as_ref())
            }
        }
    }

    fn resume(&self) -> TokenStream {
        let scope = self.scope;
        let method = self.method("resume_");
        let result = scope.core("Result");
        let token = scope.core("ResumeToken");
        let poller = poller(scope, self.long_running);
        let watched = scope.constant(scope.statics.watched(self.operation));
        let docs = Doc::new("Goes on watching an operation whose resume token was kept.")
            .paragraph(&format!(
                "Sends nothing yet, and gives a poller that goes on where that of {} was. Tokens come from \
                 [`Poller::resume_token`](maps_core::Poller::resume_token) and \
                 [`Error::resume_token`](maps_core::Error::resume_token); they hold no secret, so that they can be stored.",
                self.begin_link()
            ))
            .section(
                "Errors",
                "[`ErrorKind::ResumeToken`](maps_core::ErrorKind::ResumeToken) when the token belongs to another operation, \
                 version or endpoint.",
            )
            .paragraph(&format!(
                "An operation that the service no longer knows{} is an error of the poller, with status 404.",
                self.long_running.status.as_ref().map(|status| self.known(status)).unwrap_or_default()
            ))
            .section("Examples", "")
            .example("no_run", &Example::of_resume(self).lines());
        let docs = self.end(docs);
        let alias = operation_alias(self.operation, &method);
        quote! {
            #docs
            #alias
            pub fn #method(&self, token: #token) -> #result<#poller> {
                self.pipeline.resume(&#watched, token)
            }
        }
    }

    /// The operation that reads the status.
    fn status_operation(&self, status: &StatusOperation) -> Option<&Operation> {
        let mut operations = self.surface.operations.iter();
        operations
            .find(|operation| operation.id == status.operation)
            .copied()
    }

    /// Where a reader finds how long ids are known.
    fn known(&self, status: &StatusOperation) -> String {
        let Some(operation) = self.status_operation(status) else {
            return String::new();
        };
        let method = self
            .scope
            .operation(operation)
            .method
            .ident
            .trim_start_matches("r#");
        format!(" (see [`{method}`](Self::{method}))")
    }

    /// What the operation's id is, as an item of the list of arguments.
    fn id_line(&self, status: &StatusOperation, id: &Ident) -> Option<String> {
        let operation = self.status_operation(status)?;
        let arguments = Arguments::new(self.scope, operation);
        let argument = arguments
            .path()
            .chain(&arguments.required)
            .find(|argument| argument.parameter().wire == status.id_parameter)?;
        let line = argument.line()?;
        let (_, text) = line.split_once("`:")?;
        Some(format!("- `{id}`:{text}"))
    }

    /// Which arguments are refused.
    fn refused(&self, status: &StatusOperation, id: &Ident, path: &[&Argument<'_>]) -> String {
        let mut refused: Vec<(String, Option<&'static str>)> = path
            .iter()
            .map(|argument| {
                let parameter = argument.parameter();
                let words = self
                    .scope
                    .statics
                    .checked_words(&parameter.wire, &parameter.constraints);
                (format!("`{}`", argument.name), words)
            })
            .collect();
        let words = self
            .scope
            .statics
            .checked_words(&status.id_parameter, &status.constraints);
        refused.push((format!("`{id}`"), words));
        let mut texts: Vec<String> = Vec::new();
        for (wanted, text) in prose::REFUSALS {
            let names = refused.iter().filter(|(_, words)| *words == wanted);
            let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
            if !names.is_empty() {
                texts.push(format!("{} {text}", names.join(" or ")));
            }
        }
        texts.join(", or ")
    }

    /// What all methods of an operation end with.
    fn end(&self, mut docs: Doc) -> Doc {
        if let Some(line) = prose::retired(self.scope.service, self.operation) {
            docs = docs.paragraph(&line);
        }
        docs.paragraph(&prose::source(self.operation))
    }
}

impl ToTokens for AttachAndResume<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some(status) = &self.long_running.status {
            self.attach(status).to_tokens(tokens);
        }
        self.resume().to_tokens(tokens);
    }
}

/// Name of the argument with the operation's id: `id` for `id`, `operation_id` for `operationId`.
fn attach_id(wire: &str, taken: &[String]) -> Ident {
    let mut name = String::new();
    for char in wire.chars() {
        if char.is_ascii_uppercase() && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.push(if char.is_ascii_alphanumeric() {
            char.to_ascii_lowercase()
        } else {
            '_'
        });
    }
    // Whatever else a definition calls it, the argument is an id.
    let is_id = name.ends_with("id") && name.starts_with(|first: char| first.is_ascii_lowercase());
    let wanted = if is_id { name.as_str() } else { "id" };
    let free = [wanted, "operation_id", "id_of_operation"]
        .into_iter()
        .find(|name| taken.iter().all(|other| other != name));
    ident(free.unwrap_or("id"))
}
