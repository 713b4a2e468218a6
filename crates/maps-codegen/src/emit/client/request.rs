//! Request builders: what the methods of a client return.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::arguments::{Arguments, allow_many};
use super::coding::{read, read_optional};
use super::long_running::BeginRequest;
use super::operations::start;
use super::pager::PagerRequest;
use super::parameter::{Argument, is_sent_by_default, write_constant};
use super::prose;
use super::scope::{Scope, Surface};
use super::xml::xml_errors;
use crate::emit::docs::Doc;
use crate::emit::types::{ident, prefixed};
use crate::model::{Form, Location, Operation, OperationKind, Success};

/// The request builders of a surface.
pub(super) struct Requests<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> Requests<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }
}

impl ToTokens for Requests<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { scope, surface } = self;
        for operation in &surface.operations {
            let parts = RequestParts::new(scope, surface, operation);
            match &operation.kind {
                OperationKind::Plain => PlainRequest { parts }.to_tokens(tokens),
                OperationKind::Pageable(pageable) => {
                    PagerRequest { parts, pageable }.to_tokens(tokens)
                }
                OperationKind::LongRunning(long_running) => BeginRequest {
                    parts,
                    long_running,
                }
                .to_tokens(tokens),
            }
        }
    }
}

/// What the builders of all kinds of operations share.
pub(super) struct RequestParts<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) operation: &'a Operation,
    pub(super) arguments: Arguments<'a>,
    /// The client whose method makes the builder.
    pub(super) client: Ident,
    /// The builder.
    pub(super) name: Ident,
    /// The method that makes it.
    pub(super) method: Ident,
}

impl<'a> RequestParts<'a> {
    fn new(scope: &'a Scope<'a>, surface: &Surface<'a>, operation: &'a Operation) -> Self {
        let names = scope.operation(operation);
        let method = match operation.kind {
            OperationKind::LongRunning(_) => prefixed("begin_", &names.method.ident),
            _ => ident(&names.method.ident),
        };
        Self {
            scope,
            operation,
            arguments: Arguments::new(scope, operation),
            client: surface.client(scope.service),
            name: ident(&names.request.ident),
            method,
        }
    }

    /// `` [`RouteClient::begin_route_matrix`] ``; the file of the requests has imported the client.
    pub(super) fn method_link(&self) -> String {
        let (client, method) = (&self.client, self.method.to_string());
        let method = method.trim_start_matches("r#");
        format!("[`{client}::{method}`]")
    }

    /// The variable of the constructor that holds the client.
    pub(super) fn client_variable(&self) -> TokenStream {
        self.free_variable(["client", "owner", "parent"])
    }

    /// The variable of the constructor that holds the request.
    pub(super) fn request_variable(&self) -> TokenStream {
        self.free_variable(["request", "outgoing", "sent"])
    }

    /// The first name that no argument has.
    fn free_variable(&self, wanted: [&str; 3]) -> TokenStream {
        let taken: Vec<String> = self
            .arguments
            .names()
            .iter()
            .map(ToString::to_string)
            .collect();
        let numbered = (2..).map(|number| format!("{}_{number}", wanted[0]));
        let free = wanted
            .into_iter()
            .map(str::to_owned)
            .chain(numbered)
            .find(|name| !taken.contains(name));
        ident(&free.unwrap_or_default()).to_token_stream()
    }

    /// Fields `pipeline` and `request` of a builder, from the variables of its constructor.
    pub(super) fn fields(&self) -> TokenStream {
        let (client, request) = (self.client_variable(), self.request_variable());
        if request.to_string() == "request" {
            quote!(pipeline: #client.pipeline.clone(), request)
        } else {
            quote!(pipeline: #client.pipeline.clone(), request: #request)
        }
    }

    /// Statements that make the request from the arguments of the client's method and the client's options.
    pub(super) fn make_request(&self) -> TokenStream {
        let scope = self.scope;
        let constant = scope.constant(scope.statics.operation(self.operation));
        let (client, request) = (&self.client_variable(), &self.request_variable());
        let mut writes = TokenStream::new();
        // Some definitions repeat what the path says as a parameter with this one value.
        let is_repeated = |name: &str, value: &str| {
            self.arguments.constants.iter().any(|parameter| {
                let constant = parameter.constant.as_ref().and_then(|it| it.as_str());
                parameter.location == Location::Query
                    && parameter.wire == name
                    && constant == Some(value)
            })
        };
        let fixed = self.operation.fixed_query.iter();
        for (name, value) in fixed.filter(|(name, value)| !is_repeated(name, value)) {
            writes.extend(quote!(#request.query(#name, #value);));
        }
        if let Some(errors) = xml_errors(scope, self.operation) {
            writes.extend(quote!(#request.xml_errors(#errors);));
        }
        if self.operation.form == Some(Form::Multipart) {
            writes.extend(quote!(#request.multipart();));
        }
        for parameter in &self.arguments.constants {
            writes.extend(write_constant(request, parameter));
        }
        for argument in &self.arguments.optional {
            if is_sent_by_default(argument.parameter()) {
                writes.extend(write_constant(request, argument.parameter()));
            }
        }
        for argument in &self.arguments.required {
            writes.extend(argument.write(request, &argument.name.to_token_stream()));
        }
        for argument in &self.arguments.client {
            let name = &argument.name;
            let field = Argument::of_client(scope, argument.parameter()).name;
            let write = argument.write_kept(request, &name.to_token_stream());
            writes.extend(quote! {
                if let Some(#name) = &#client.#field {
                    #write
                }
            });
        }
        for group in self.arguments.required_groups() {
            writes.extend(group.write(request));
        }
        if let Some(argument) = &self.arguments.operation_id {
            let wire = &argument.parameter().wire;
            let check = argument.check();
            writes.extend(quote!(#request.operation_id(#wire, None, #check);));
        }
        if let Some(body) = &self.arguments.body {
            writes.extend(body.write(request, &body.name.to_token_stream()));
        }
        let mutable = (!writes.is_empty()).then(|| quote!(mut));
        let start = start(scope, self.operation);
        quote! {
            let #mutable #request = #client.pipeline.#start(&#constant);
            #writes
        }
    }

    /// The constructor that the client calls.
    pub(super) fn constructor(&self, made: &TokenStream) -> TokenStream {
        let variable = self.client_variable();
        let client = self.scope.sibling("super", &self.client.to_string());
        let declared = self.arguments.declared();
        let make_request = self.make_request();
        let generics = self.arguments.generics();
        // The client is one more.
        let allow = allow_many(declared.len() + 1);
        quote! {
            #allow
            pub(super) fn new #generics(#variable: &#client, #(#declared),*) -> Self {
                #make_request
                #made
            }
        }
    }

    /// Setters of optional parameters, of client-level ones and of the call's options; `request` is an expression for
    /// the request.
    pub(super) fn setters(&self, request: &TokenStream) -> TokenStream {
        let mut setters = TokenStream::new();
        if let Some(argument) = &self.arguments.operation_id {
            setters.extend(self.operation_id(argument, request));
        }
        for argument in self.arguments.optional.iter().chain(&self.arguments.client) {
            let (name, ty, docs) = (&argument.name, argument.ty(), argument.docs());
            let write = argument.write(request, &name.to_token_stream());
            setters.extend(quote! {
                #docs
                pub fn #name(mut self, #name: #ty) -> Self {
                    #write
                    self
                }
            });
        }
        let groups = self.arguments.groups.iter();
        for group in groups.filter(|group| !group.is_required()) {
            let (name, ty, docs) = (&group.name, group.ty(), group.docs());
            let write = group.write(request);
            setters.extend(quote! {
                #docs
                pub fn #name(mut self, #name: &#ty) -> Self {
                    #write
                    self
                }
            });
        }
        if let Some(body) = &self.arguments.optional_body {
            let (name, ty, docs) = (&body.name, body.ty(), body.docs());
            let generics = body.generics();
            let write = body.write(request, &name.to_token_stream());
            setters.extend(quote! {
                #docs
                pub fn #name #generics(mut self, #name: #ty) -> Self {
                    #write
                    self
                }
            });
        }
        let options = self.scope.core("CallOptions");
        setters.extend(quote! {
            /// Sets time limits and headers of this call alone.
            pub fn call_options(mut self, options: #options) -> Self {
                #request.options(options);
                self
            }
        });
        setters
    }

    /// Getter and setter of the id that the operation will have.
    fn operation_id(&self, argument: &Argument<'_>, request: &TokenStream) -> TokenStream {
        let name = &argument.name;
        let wire = &argument.parameter().wire;
        let check = argument.check();
        let docs = argument.docs_of_summary().paragraph(
            "Where none is set the builder has made one, so that a request that is repeated after a fault starts nothing \
             twice.",
        );
        let getter = Doc::new("The id that the operation will have.").paragraph(
            "It is known before anything is sent: the one made with the builder, unless another was set.",
        );
        quote! {
            #getter
            pub fn id(&self) -> &str {
                #request.named_operation().unwrap_or_default()
            }
            #docs
            pub fn #name(mut self, #name: impl Into<String>) -> Self {
                #request.operation_id(#wire, Some(#name.into()), #check);
                self
            }
        }
    }
}

/// The builder of an operation that is one request and one answer.
struct PlainRequest<'a> {
    parts: RequestParts<'a>,
}

impl PlainRequest<'_> {
    /// Type of the answer's body.
    fn body(&self) -> TokenStream {
        let scope = self.parts.scope;
        match &self.parts.operation.success {
            Success::Empty => quote!(()),
            Success::One(ty) => scope.rust_type(ty),
            Success::Optional(ty) => {
                let ty = scope.rust_type(ty);
                quote!(Option<#ty>)
            }
            Success::ByStatus(_) => {
                scope.sibling("super", &scope.operation(self.parts.operation).answer.ident)
            }
            Success::Exists => quote!(bool),
            Success::Bytes => scope.runtime("Bytes"),
        }
    }

    /// Type of the whole answer.
    fn response(&self) -> TokenStream {
        let scope = self.parts.scope;
        let response = scope.core("Response");
        let body = self.body();
        if super::headers::has_headers(self.parts.operation) {
            let headers = scope.sibling(
                "super",
                &scope.operation(self.parts.operation).headers.ident,
            );
            quote!(#response<#body, #headers>)
        } else {
            quote!(#response<#body>)
        }
    }

    /// Statuses below 400 that the definition calls errors.
    fn errors(&self) -> Vec<u16> {
        let mut errors: Vec<u16> = self
            .parts
            .operation
            .responses
            .iter()
            .filter(|response| response.is_error)
            .filter_map(|response| response.status)
            .filter(|status| *status < 400)
            .collect();
        errors.sort_unstable();
        errors.dedup();
        errors
    }

    /// Body of `send`.
    fn send(&self) -> TokenStream {
        let RequestParts {
            scope, operation, ..
        } = &self.parts;
        let errors = self.errors();
        let read = match &operation.success {
            Success::Empty => quote!(empty()),
            Success::One(ty) => read(scope, operation, None, ty),
            Success::Optional(ty) => read_optional(scope, operation, ty),
            Success::Bytes => quote!(bytes_body()),
            Success::Exists => return quote!(self.pipeline.exists(self.request).await),
            Success::ByStatus(_) => {
                let answer = self.body();
                let refuse = refuse(&errors, &quote!(response), &quote!(into_error()));
                return quote! {
                    let response = self.pipeline.send(self.request).await?;
                    #refuse
                    #answer::read(response)
                };
            }
        };
        if errors.is_empty() {
            return quote!(self.pipeline.send(self.request).await?.#read);
        }
        let refuse = refuse(&errors, &quote!(response), &quote!(into_error()));
        quote! {
            let response = self.pipeline.send(self.request).await?;
            #refuse
            response.#read
        }
    }

    /// The method that leaves a file to be read piece by piece.
    fn download(&self) -> TokenStream {
        let parts = &self.parts;
        if !matches!(parts.operation.success, Success::Bytes) {
            return TokenStream::new();
        }
        let download = parts.scope.core("Download");
        let result = parts.scope.core("Result");
        let docs = Doc::new(
            "Sends the request and leaves the body to be read piece by piece, whatever its size.",
        )
        .section("Errors", &format!("Those of {}.", parts.method_link()))
        .section("Cancel safety", prose::cancel_safety(parts.operation));
        let errors = self.errors();
        let send = if errors.is_empty() {
            quote!(self.pipeline.download(self.request).await)
        } else {
            let refuse = refuse(&errors, &quote!(download), &quote!(into_error().await));
            quote! {
                let download = self.pipeline.download(self.request).await?;
                #refuse
                Ok(download)
            }
        };
        quote! {
            #docs
            pub async fn download(self) -> #result<#download> {
                #send
            }
        }
    }
}

/// `send` for code that is not async; `what` is what the docs of it start with.
pub(super) fn send_blocking(what: &str, gives: &TokenStream) -> TokenStream {
    let docs = Doc::new(what).section(
        "Errors",
        "Those of [`send`](Self::send) and [`block_on`](maps_core::block_on).",
    );
    quote! {
        #docs
        #[cfg(feature = "blocking")]
        pub fn send_blocking(self) -> #gives {
            maps_core::block_on(self.send())
        }
    }
}

/// Makes statuses below 400 errors that the definition calls errors.
fn refuse(statuses: &[u16], answer: &TokenStream, into_error: &TokenStream) -> TokenStream {
    if statuses.is_empty() {
        return TokenStream::new();
    }
    let statuses = statuses
        .iter()
        .map(|status| proc_macro2::Literal::u16_unsuffixed(*status));
    quote! {
        if matches!(#answer.status().as_u16(), #(#statuses)|*) {
            return Err(#answer.#into_error);
        }
    }
}

impl ToTokens for PlainRequest<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let parts = &self.parts;
        let scope = parts.scope;
        let name = &parts.name;
        let pipeline = scope.core("Pipeline");
        let request = scope.core("Request");
        let result = scope.core("Result");
        let boxed = scope.runtime("BoxFuture");
        let docs = Doc::new(&format!("Request of {}.", parts.method_link()))
            .paragraph("Await it for the body of the answer, or [`send`](Self::send) it for status and headers as well.");
        let fields = parts.fields();
        let constructor = parts.constructor(&quote!(Self { #fields }));
        let setters = parts.setters(&quote!(self.request));
        let response = self.response();
        let body = self.body();
        let send = self.send();
        let awaited = match parts.operation.success {
            Success::Empty => quote!(self.send().await?; Ok(())),
            _ => quote!(Ok(self.send().await?.into_body())),
        };
        let send_docs = Doc::new("Sends the request and gives the whole answer.")
            .section("Errors", &format!("Those of {}.", parts.method_link()))
            .section("Cancel safety", prose::cancel_safety(parts.operation));
        let download = self.download();
        let send_blocking = send_blocking(
            "Sends the request and blocks the thread until the whole answer is there.",
            &quote!(#result<#response>),
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
                pub async fn send(self) -> #result<#response> {
                    #send
                }
                #send_blocking
                #download
            }
            impl IntoFuture for #name {
                type Output = #result<#body>;
                type IntoFuture = #boxed<'static, Self::Output>;

                fn into_future(self) -> Self::IntoFuture {
                    Box::pin(async move { #awaited })
                }
            }
        });
    }
}
