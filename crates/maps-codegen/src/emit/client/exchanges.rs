//! Tests of the client from the examples of the definition: each request as it is sent, each answer as it is read.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::answer::variant_name;
use super::arguments::Arguments;
use super::parameter::Argument;
use super::parameter_group::GroupArgument;
use super::scope::{Scope, Surface};

use crate::emit::types::{Types, ident, prefixed};
use crate::model::{
    Body, Coding, Operation, OperationKind, Parameter, Service, Success, Type, TypeKind,
};

/// `exchanges.rs` of a surface.
pub(super) struct Exchanges<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
}

impl<'a> Exchanges<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, surface: &'a Surface<'a>) -> Self {
        Self { scope, surface }
    }
}

impl ToTokens for Exchanges<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { scope, surface } = self;
        let operations = surface.operations.iter();
        let tested: Vec<_> = operations
            .filter(|operation| is_tested(scope.service, operation))
            .map(|operation| ExchangeTest {
                scope,
                surface,
                operation,
                arguments: Arguments::new(scope, operation),
            })
            .collect();
        tokens.extend(quote!(#(#tested)*));
    }
}

/// Whether examples of an operation become a test: those of XML are no XML.
pub(super) fn is_tested(service: &Service, operation: &Operation) -> bool {
    let is_xml = operation.coding == Coding::Xml
        || operation
            .body
            .as_ref()
            .is_some_and(|body| body.coding == Coding::Xml);
    // The client cannot be built without them.
    let declares = |parameter: &Parameter| {
        let mut own = operation.parameters.iter();
        own.any(|own| own.wire == parameter.wire && own.location == parameter.location)
    };
    let mut needed = service
        .client_parameters
        .iter()
        .filter(|own| is_needed(own));
    !is_xml
        && needed.all(declares)
        && operation
            .examples
            .iter()
            .any(|example| example.fits && example.responses.iter().any(|response| response.fits))
}

/// What clients of examples give a parameter of the path before all others.
const ANY: &str = "any";

/// Whether a client asks for the parameter when it is built.
fn is_needed(parameter: &Parameter) -> bool {
    parameter.required && parameter.default.is_none()
}

/// The test of one operation.
struct ExchangeTest<'a> {
    scope: &'a Scope<'a>,
    surface: &'a Surface<'a>,
    operation: &'a Operation,
    arguments: Arguments<'a>,
}

impl ExchangeTest<'_> {
    /// The examples: those that do not fit are left out.
    fn examples(&self) -> TokenStream {
        let exchange = self.scope.test_kit("Exchange");
        let models = self.scope.models();
        let id = &self.operation.id;
        let mut examples = quote!(#exchange::all(&#models::operations::SERVICE, #id));
        let unfit: Vec<_> = self
            .operation
            .examples
            .iter()
            .flat_map(|example| {
                example.responses.iter().map(move |response| {
                    (
                        &example.name,
                        response.status,
                        example.fits && response.fits,
                    )
                })
            })
            .filter(|(_, _, fits)| !fits)
            .map(|(name, status, _)| {
                let status = Literal::u16_unsuffixed(status);
                quote!((#name, #status))
            })
            .collect();
        if !unfit.is_empty() {
            examples = quote!(#examples.filter(|example| {
                ![#(#unfit),*].contains(&(example.name(), example.status()))
            }));
        }
        if self.operation.coding != Coding::Json {
            examples = quote!(#examples.map(|example| example.as_text()));
        }
        let host = &self.scope.service.host;
        let mut base_path = host.base_path.clone();
        for parameter in &host.parameters {
            let value = parameter.default.as_deref().unwrap_or(ANY);
            base_path = base_path.replace(&format!("{{{}}}", parameter.name), value);
        }
        if !base_path.is_empty() {
            examples = quote!(#examples.map(|example| example.below(#base_path)));
        }
        for (name, value) in &self.operation.fixed_query {
            examples = quote!(#examples.map(|example| example.with_query(#name, #value)));
        }
        examples
    }

    /// The client, with the answer of the example.
    fn client(&self) -> TokenStream {
        let service = self.scope.service;
        let client = self.scope.of_version(&ident(&service.client));
        let needed = service
            .client_parameters
            .iter()
            .filter(|own| is_needed(own));
        let setters = needed.map(|parameter| {
            let argument = Argument::of_client(self.scope, parameter);
            let (name, value) = (&argument.name, self.value(parameter));
            quote!(.#name(#value))
        });
        let hosts = service.host.parameters.iter();
        let hosts = hosts.filter(|parameter| parameter.in_path && parameter.default.is_none());
        let hosts = hosts.map(|parameter| {
            let name = &self.scope.names.host_parameters[&parameter.name].ident;
            let name = ident(name);
            quote!(.#name(#ANY))
        });
        let group = self.surface.group.map(|group| {
            let accessor = ident(&group.accessor);
            quote!(.#accessor())
        });
        quote! {
            let client = #client::builder()
                .endpoint("https://service.example")
                .options(example.options())
                #(#hosts)*
                #(#setters)*
                .build()
                .expect("the client is complete") #group;
        }
    }

    /// The method of the client, which the test is named for.
    fn method(&self) -> Ident {
        let name = &self.scope.operation(self.operation).method.ident;
        match self.operation.kind {
            OperationKind::LongRunning(_) => prefixed("begin_", name),
            _ => ident(name),
        }
    }

    /// The request, with what the example gives.
    fn request(&self) -> TokenStream {
        let arguments = &self.arguments;
        let mut parts: Vec<TokenStream> = arguments
            .required
            .iter()
            .map(|argument| self.value(argument.parameter()))
            .collect();
        let mut before = TokenStream::new();
        for group in arguments.required_groups() {
            let (name, made) = (&group.name, self.group(group));
            before.extend(made);
            parts.push(quote!(&#name));
        }
        if let (Some(_), Some(body)) = (&arguments.body, &self.operation.body) {
            parts.push(self.body(body));
        }
        let method = self.method();
        let mut setters = TokenStream::new();
        // A value that is not made imports nothing.
        let mut set = |wire: &str, name: &Ident, value: &dyn Fn() -> TokenStream| {
            if self.is_given(wire) {
                let value = value();
                setters.extend(quote! {
                    let request = if example.has(#wire) { request.#name(#value) } else { request };
                });
            }
        };
        let optional = arguments.optional.iter().chain(&arguments.client);
        for argument in optional.chain(&arguments.operation_id) {
            let parameter = argument.parameter();
            set(&parameter.wire, &argument.name, &|| self.value(parameter));
        }
        if let (Some(argument), Some(body)) = (&arguments.optional_body, &self.operation.body) {
            set(&body.wire, &argument.name, &|| self.body(body));
        }
        for group in arguments.groups.iter().filter(|group| !group.is_required()) {
            let (name, made) = (&group.name, self.group(group));
            before.extend(made);
            setters.extend(quote!(let request = request.#name(&#name);));
        }
        quote! {
            #before
            let request = client.#method(#(#parts),*);
            #setters
        }
    }

    /// Whether an example gives the parameter.
    fn is_given(&self, wire: &str) -> bool {
        let mut examples = self.operation.examples.iter();
        examples.any(|example| example.fits && example.parameters.contains_key(wire))
    }

    /// The statements that make a group of parameters, called as its argument is.
    fn group(&self, group: &GroupArgument<'_>) -> TokenStream {
        let (name, ty) = (&group.name, group.ty());
        let (required, optional): (Vec<_>, Vec<_>) = group
            .taken
            .iter()
            .partition(|(argument, _)| argument.parameter().required);
        let body = group.body.iter().map(|(argument, body)| {
            let value = self.owned_body(body);
            (argument, quote!(#value))
        });
        let (required_body, optional_body): (Vec<_>, Vec<_>) =
            body.partition(|(argument, _)| argument.parameter().required);
        let required = required.iter().map(|(_, own)| self.value(own));
        let required = required.chain(required_body.into_iter().map(|(_, value)| value));
        let optional = optional.iter().filter(|(_, own)| self.is_given(&own.wire));
        let optional = optional.map(|(argument, own)| {
            let (wire, value) = (&own.wire, self.value(own));
            let setter = prefixed("with_", &argument.name.to_string());
            quote!(let #name = if example.has(#wire) { #name.#setter(#value) } else { #name };)
        });
        let optional = optional.chain(optional_body.into_iter().map(|(argument, value)| {
            let wire = &argument.parameter().wire;
            let setter = prefixed("with_", &argument.name.to_string());
            quote!(let #name = if example.has(#wire) { #name.#setter(#value) } else { #name };)
        }));
        quote! {
            let #name = #ty::new(#(#required),*);
            #(#optional)*
        }
    }

    /// The value of a parameter, as an argument takes it.
    fn value(&self, parameter: &Parameter) -> TokenStream {
        let wire = &parameter.wire;
        if parameter.header_prefix.is_some() {
            let map = self.scope.std("std::collections", "BTreeMap");
            return quote!(example.value::<#map<String, String>>(#wire));
        }
        self.typed(wire, &parameter.ty)
    }

    fn typed(&self, wire: &str, ty: &Type) -> TokenStream {
        match ty {
            Type::Nullable(inner) => self.typed(wire, inner),
            Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64 => {
                let ty = self.scope.rust_type(ty);
                quote!(example.value::<#ty>(#wire))
            }
            ty if self.is_enum(ty) => {
                let ty = self.scope.rust_type(ty);
                quote!(example.value::<#ty>(#wire))
            }
            Type::Array(item) => {
                let is_typed = matches!(
                    **item,
                    Type::Bool | Type::I32 | Type::I64 | Type::F32 | Type::F64
                ) || self.is_enum(item);
                let item = match is_typed {
                    true => self.scope.rust_type(item),
                    false => quote!(String),
                };
                quote!(example.list::<#item>(#wire))
            }
            ty => match self.scope.text_format(ty) {
                Some(format) => quote!(example.parsed(#wire, #format::parse)),
                None => quote!(example.text(#wire)),
            },
        }
    }

    fn is_enum(&self, ty: &Type) -> bool {
        let Type::Named(key) = ty else { return false };
        let def = self.scope.service.types.get(key);
        matches!(def.map(|def| &def.kind), Some(TypeKind::Enum(_)))
    }

    /// The body, as an argument takes it.
    fn body(&self, body: &Body) -> TokenStream {
        let owned = self.owned_body(body);
        let is_lent = body.ty != Type::Bytes && !Types::is_copy(&body.ty);
        let lent = is_lent.then(|| quote!(&));
        quote!(#lent #owned)
    }

    /// The body, as a group of parameters takes it.
    fn owned_body(&self, body: &Body) -> TokenStream {
        let wire = &body.wire;
        match (body.coding, &body.ty) {
            (Coding::Bytes, _) | (_, Type::Bytes | Type::String) => quote!(example.text(#wire)),
            (Coding::Text, ty) => self.typed(wire, ty),
            (Coding::Json | Coding::Xml, ty) => match self.scope.format(ty) {
                Some(format) => quote!(example.body_as::<#format>(#wire)),
                None => {
                    let ty = self.scope.rust_type(ty);
                    quote!(example.body::<#ty>(#wire))
                }
            },
        }
    }

    /// The statements that send the request and look at the answer.
    fn send_and_check(&self) -> TokenStream {
        let json = self.scope.test_kit("Exchange");
        match (&self.operation.kind, &self.operation.success) {
            (OperationKind::LongRunning(_), _) => {
                let started =
                    self.by_error(&|error| quote!(example.check_started::<#error, _>(answer)));
                let keeps = self.keeps();
                quote! {
                    let answer = example.run(request.send());
                    #started
                    #keeps
                }
            }
            (OperationKind::Pageable(_), _) => {
                let encoded = quote!(answer.map(|page| #json::json(page.body())));
                let check = self.by_error(&|error| quote!(example.check::<#error>(#encoded)));
                quote! {
                    let mut pages = request.pages();
                    let answer = example.run(pages.next()).expect("there is a first page");
                    #check
                }
            }
            (OperationKind::Plain, Success::Exists) => {
                let check =
                    self.by_error(&|error| quote!(example.check_exists::<#error, _>(answer)));
                quote! {
                    let answer = example.run(request.send());
                    #check
                }
            }
            (OperationKind::Plain, success) => {
                let encoded = match self.encoded(success) {
                    Some(encoded) => quote!(answer.map(|answer| #encoded)),
                    None => quote!(answer.map(|_| None)),
                };
                let check = self.by_error(&|error| quote!(example.check::<#error>(#encoded)));
                quote! {
                    let answer = example.run(request.send());
                    #check
                }
            }
        }
    }

    /// The body of `answer`, encoded again; `None` where it is no value of JSON.
    fn encoded(&self, success: &Success) -> Option<TokenStream> {
        let exchange = self.scope.test_kit("Exchange");
        if self.operation.coding == Coding::Bytes {
            return None;
        }
        let of = |ty: &Type, body: &TokenStream| match self.scope.format(ty) {
            _ if *ty == Type::Bytes => quote!(None),
            Some(format) => quote!(#exchange::json_as::<#format>(#body)),
            None => quote!(#exchange::json(#body)),
        };
        match success {
            Success::Empty | Success::Exists | Success::Bytes => None,
            Success::One(Type::Bytes) | Success::Optional(Type::Bytes) => None,
            Success::One(ty) => Some(of(ty, &quote!(answer.body()))),
            Success::Optional(ty) if ty.is_formatted() => {
                let encoded = of(ty, &quote!(body));
                Some(quote!(answer.body().as_ref().and_then(|body| #encoded)))
            }
            Success::Optional(_) => Some(quote!(#exchange::json(answer.body()))),
            Success::ByStatus(statuses) => {
                let name = &self.scope.operation(self.operation).answer.ident;
                let answer = self.scope.sibling("super", name);
                let arms = statuses.iter().map(|(status, ty)| {
                    let variant = variant_name(*status);
                    match ty {
                        Some(Type::Bytes) => quote!(#answer::#variant(_) => None),
                        Some(ty) => {
                            let encoded = of(ty, &quote!(body));
                            quote!(#answer::#variant(body) => #encoded)
                        }
                        None => quote!(#answer::#variant => None),
                    }
                });
                Some(quote!(match answer.body() { #(#arms),* }))
            }
        }
    }

    /// A check with the schema that the errors of the example's status have.
    fn by_error(&self, check: &dyn Fn(&TokenStream) -> TokenStream) -> TokenStream {
        let any = quote!(serde_json::Value);
        let schema = |ty: Option<&Type>| match ty {
            Some(ty) if !ty.is_formatted() && *ty != Type::Bytes => self.scope.rust_type(ty),
            _ => any.clone(),
        };
        let otherwise = schema(self.operation.error.as_ref());
        let shown = self.statuses();
        let errors = self.operation.responses.iter();
        let arms: Vec<_> = errors
            .filter(|response| response.is_error)
            .filter_map(|response| Some((response.status?, schema(response.ty.as_ref()))))
            .filter(|(status, ty)| {
                shown.contains(status) && ty.to_string() != otherwise.to_string()
            })
            .map(|(status, ty)| {
                let (status, check) = (Literal::u16_unsuffixed(status), check(&ty));
                quote!(#status => #check)
            })
            .collect();
        let check = check(&otherwise);
        if arms.is_empty() {
            return quote!(#check;);
        }
        quote!(match example.status() { #(#arms,)* _ => #check })
    }

    /// Checks of what the answers of a long-running operation hold.
    fn keeps(&self) -> TokenStream {
        let shown = self.statuses();
        let responses = self.operation.responses.iter();
        let arms: Vec<_> = responses
            .filter(|response| !response.is_error)
            .filter_map(|response| {
                let (status, ty) = (response.status?, response.ty.as_ref()?);
                let is_json = !ty.is_formatted() && *ty != Type::Bytes;
                if !is_json || !shown.contains(&status) {
                    return None;
                }
                let (status, ty) = (Literal::u16_unsuffixed(status), self.scope.rust_type(ty));
                Some(quote!(if example.status() == #status { example.check_keeps::<#ty>(); }))
            })
            .collect();
        quote!(#(#arms)*)
    }

    /// The statuses of the answers that are tested.
    fn statuses(&self) -> Vec<u16> {
        let examples = self
            .operation
            .examples
            .iter()
            .filter(|example| example.fits);
        let responses = examples.flat_map(|example| &example.responses);
        responses
            .filter(|response| response.fits)
            .map(|response| response.status)
            .collect()
    }
}

impl ToTokens for ExchangeTest<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = self.method();
        let (examples, client) = (self.examples(), self.client());
        let (request, check) = (self.request(), self.send_and_check());
        tokens.extend(quote! {
            #[test]
            fn #name() {
                for example in #examples {
                    #client
                    #request
                    #check
                }
            }
        });
    }
}
