//! The builder of a service's client.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::operations::option;
use super::parameter::Argument;
use super::prose;
use super::scope::Scope;
use crate::emit::docs::Doc;
use crate::emit::secrets::{DebugOf, Shown};
use crate::emit::types::ident;
use crate::model::{Docs, HostParameter, KeyPlacement, Parameter, Type};

/// The constant of the service and the builder of its client.
pub(super) struct Builder<'a> {
    scope: &'a Scope<'a>,
    client: Ident,
    builder: Ident,
}

impl<'a> Builder<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        let client = ident(&scope.service.client);
        let builder = ident(&format!("{}Builder", scope.service.client));
        Self {
            scope,
            client,
            builder,
        }
    }

    fn parameters(&self) -> Vec<(Argument<'a>, &'a Parameter)> {
        let parameters = self.scope.service.client_parameters.iter();
        parameters
            .map(|parameter| (Argument::of_client(self.scope, parameter), parameter))
            .collect()
    }

    /// Parameters of the host that `endpoint` does not stand for.
    fn host_parameters(&self) -> impl Iterator<Item = &'a HostParameter> {
        self.scope
            .service
            .host
            .parameters
            .iter()
            .filter(|parameter| !parameter.is_endpoint)
    }

    fn service(&self) -> TokenStream {
        let scope = self.scope;
        let service = scope.service;
        let ty = scope.runtime("Service");
        let version = match service.is_versioned() {
            true => service.version.as_str(),
            false => "",
        };
        let host = &service.host.template;
        let base_path = &service.host.base_path;
        let parameters = service.host.parameters.iter().map(|parameter| {
            let ty = scope.runtime("HostParameter");
            let name = &parameter.name;
            let default = option(parameter.default.as_ref());
            quote!(#ty { name: #name, default: #default })
        });
        let parameters: Vec<_> = parameters.collect();
        let key = option(service.security.key.as_ref().map(|key| {
            let ty = scope.runtime("KeyPlacement");
            match key {
                KeyPlacement::Header(name) => quote!(#ty::Header(#name)),
                KeyPlacement::Query(name) => quote!(#ty::Query(#name)),
            }
        }));
        let scopes = &service.security.scopes;
        quote! {
            static SERVICE: #ty = #ty {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                api_version: #version,
                host: #host,
                host_parameters: &[#(#parameters),*],
                base_path: #base_path,
                key: #key,
                scopes: &[#(#scopes),*],
            };
        }
    }

    fn definition(&self) -> TokenStream {
        let scope = self.scope;
        let builder = &self.builder;
        let host_settings = scope.runtime("HostSettings");
        let credential = scope.core("Credential");
        let options = scope.core("ClientOptions");
        let fields = self.parameters().into_iter().map(|(argument, _)| {
            let (name, ty) = (&argument.name, argument.kept_type());
            quote!(#name: Option<#ty>,)
        });
        let version = scope
            .service
            .is_versioned()
            .then(|| quote!(api_version: Option<String>,));
        let docs = Doc::new(&format!("Builds a [`{}`].", self.client)).paragraph(&self.defaults());
        let whole = |name: &str| (ident(name), Shown::Whole);
        let mut shown = vec![whole("host"), whole("credential")];
        shown.extend(version.as_ref().map(|_| whole("api_version")));
        shown.extend(self.parameters().into_iter().map(|(argument, parameter)| {
            (argument.name.clone(), Shown::of(parameter.secret, true))
        }));
        shown.push(whole("options"));
        let DebugOf { derive, written } = scope.debug_of(builder, &shown);
        quote! {
            #docs
            #[derive(#derive Clone, Default)]
            #[must_use = "a builder does nothing until `build` is called"]
            pub struct #builder {
                host: #host_settings,
                credential: Option<#credential>,
                #version
                #(#fields)*
                options: #options,
            }

            #written
        }
    }

    /// What has to be set, in words.
    fn defaults(&self) -> String {
        let mut needed: Vec<String> = self
            .host_parameters()
            .filter(|parameter| parameter.default.is_none() && !parameter.in_path)
            .map(|parameter| format!("`{}`", self.host_name(parameter)))
            .collect();
        if !needed.is_empty() {
            needed = vec![format!("{} or `endpoint`", needed.join(" and "))];
        }
        let hosts = &self.scope.service.host.parameters;
        if hosts
            .iter()
            .any(|host| host.is_endpoint && host.default.is_none())
        {
            needed.push("`endpoint`".to_owned());
        }
        let of_path = self.host_parameters();
        let of_path = of_path.filter(|parameter| parameter.default.is_none() && parameter.in_path);
        needed.extend(of_path.map(|parameter| format!("`{}`", self.host_name(parameter))));
        needed.extend(
            self.scope
                .needed_options()
                .map(|(name, _)| format!("`{name}`")),
        );
        match (self.scope.service.security.is_declared(), needed.is_empty()) {
            (true, true) => "Only the credential has to be set; without one requests go out unsigned. Everything else has a default.".to_owned(),
            (true, false) => format!("The credential has to be set, and {}.", needed.join(", and ")),
            (false, true) => "Nothing has to be set: everything has a default.".to_owned(),
            (false, false) => format!("What has to be set: {}.", needed.join(", and ")),
        }
    }

    fn host_name(&self, parameter: &HostParameter) -> Ident {
        let name = self
            .scope
            .names
            .host_parameters
            .get(&parameter.name)
            .expect("every host parameter was named");
        ident(&name.ident)
    }

    fn host_setter(&self, parameter: &HostParameter) -> TokenStream {
        let name = self.host_name(parameter);
        let wire = &parameter.name;
        let mut docs = Doc::of(
            &parameter.docs,
            &match parameter.in_path {
                true => format!("Sets {} of the path before all others.", prose::code(wire)),
                false => format!("Sets {} of the host.", prose::code(wire)),
            },
        );
        docs = match &parameter.default {
            Some(default) => docs.paragraph(&format!("Default: {}.", prose::code(default))),
            None => docs.paragraph("There is no default."),
        };
        let renamed = self.scope.names.host_parameters.get(wire);
        if renamed.is_some_and(|name| name.renamed_from.is_some()) {
            docs = docs.own_name(wire);
        }
        let (ty, value) = match &parameter.ty {
            ty @ Type::Named(_) => {
                let ty = self.scope.rust_type(ty);
                (
                    quote!(impl Into<#ty>),
                    quote!(Into::<#ty>::into(#name).to_string()),
                )
            }
            _ => (quote!(impl Into<String>), quote!(#name.into())),
        };
        quote! {
            #docs
            pub fn #name(mut self, #name: #ty) -> Self {
                self.host.parameter(#wire, #value);
                self
            }
        }
    }

    fn setters(&self) -> TokenStream {
        let credential = self.scope.core("Credential");
        let options = self.scope.core("ClientOptions");
        let version = &self.scope.service.version;
        let host = self
            .host_parameters()
            .map(|parameter| self.host_setter(parameter));
        let mut parameters = self.scope.service.host.parameters.iter();
        let whole = parameters.find(|parameter| parameter.is_endpoint);
        let endpoint_docs = Docs {
            summary: None,
            description: whole.and_then(|parameter| {
                parameter
                    .docs
                    .description
                    .clone()
                    .or(parameter.docs.summary.clone())
            }),
        };
        let mut endpoint_docs = Doc::of(
            &endpoint_docs,
            "Sets the root of all URLs, in place of the service's own.",
        )
        .paragraph(
            "Scheme, host and, where needed, port and path: `http://127.0.0.1:8080`. User name, query and fragment are \
             refused.",
        );
        let base_path = &self.scope.service.host.base_path;
        if base_path.contains('{') {
            let path = prose::code(base_path);
            endpoint_docs = endpoint_docs.paragraph(&format!("Paths begin with {path} behind it."));
        }
        let default = whole.and_then(|parameter| parameter.default.as_ref());
        if let Some(default) = default {
            endpoint_docs = endpoint_docs.paragraph(&format!("Default: {}.", prose::code(default)));
        }
        let version = self.scope.service.is_versioned().then(|| {
            let docs =
                Doc::new("Sets another `api-version` than the one that this module is made for.")
                    .paragraph(&format!(
                        "Default: `{version}`. An empty one is refused by [`build`](Self::build)."
                    ));
            quote! {
                #docs
                pub fn api_version(mut self, api_version: impl Into<String>) -> Self {
                    self.api_version = Some(api_version.into());
                    self
                }
            }
        });
        let parameters = self.parameters().into_iter().map(|(argument, _)| {
            let docs = argument
                .docs()
                .paragraph("It goes on every request that declares it; a request can set another.");
            let (name, ty, value) = (&argument.name, argument.ty(), argument.kept_value());
            quote! {
                #docs
                pub fn #name(mut self, #name: #ty) -> Self {
                    self.#name = Some(#value);
                    self
                }
            }
        });
        let credential_docs = Doc::new(&prose::credential(self.scope.service));
        quote! {
            #credential_docs
            pub fn credential(mut self, credential: impl Into<#credential>) -> Self {
                self.credential = Some(credential.into());
                self
            }
            #endpoint_docs
            pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
                self.host.endpoint(endpoint);
                self
            }
            #(#host)*
            #version
            #(#parameters)*
            /// Sets retries, time limits, polling, transport and policies.
            ///
            /// One value may be shared by the clients of several services.
            pub fn options(mut self, options: #options) -> Self {
                self.options = options;
                self
            }
        }
    }

    fn build(&self) -> TokenStream {
        let scope = self.scope;
        let client = scope.sibling("super", &self.client.to_string());
        let result = scope.core("Result");
        let pipeline = scope.core("Pipeline");
        let parameters = self.parameters();
        let kept = parameters.iter().map(|(argument, _)| {
            let name = &argument.name;
            // The service asks for a value, so that the default is the client's to send.
            match argument
                .kept_default()
                .filter(|_| argument.parameter().required)
            {
                Some(default) => quote!(, self.#name.or_else(|| Some(#default))),
                None => quote!(, self.#name),
            }
        });
        let required = parameters
            .iter()
            .filter(|(_, parameter)| parameter.required && parameter.default.is_none())
            .map(|(argument, _)| {
                let error = scope.core("Error");
                let name = &argument.name;
                let text = name.to_string();
                quote! {
                    if self.#name.is_none() {
                        return Err(#error::invalid_argument(#text, "is not set on the client"));
                    }
                }
            });
        let (version, checked) = match scope.service.is_versioned() {
            true => (quote!(self.api_version), "the credential, the api-version"),
            false => (quote!(None), "the credential"),
        };
        let docs = Doc::new("Makes the client.").section(
            "Errors",
            &format!(
                "[`ErrorKind::InvalidArgument`](maps_core::ErrorKind::InvalidArgument) when the endpoint or a parameter of \
                 the host is missing, or when one of them, {checked} or an option is not acceptable."
            ),
        );
        quote! {
            #docs
            pub fn build(self) -> #result<#client> {
                #(#required)*
                let pipeline = #pipeline::new(&SERVICE, &self.host, self.credential, #version, self.options)?;
                Ok(#client::new(pipeline #(#kept)*))
            }
        }
    }
}

impl ToTokens for Builder<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let builder = &self.builder;
        let service = self.service();
        let definition = self.definition();
        let setters = self.setters();
        let build = self.build();
        tokens.extend(quote! {
            #definition
            impl #builder {
                #setters
                #build
            }
            #service
        });
    }
}
