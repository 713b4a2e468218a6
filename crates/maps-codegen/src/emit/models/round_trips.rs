//! Tests of the types: each keeps what its schema allows.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Context;
use crate::emit::docs::Doc;

/// `round_trips.rs` of a version.
pub(super) struct RoundTrips<'a> {
    cx: &'a Context<'a>,
}

impl<'a> RoundTrips<'a> {
    pub(super) fn new(cx: &'a Context<'a>) -> Self {
        Self { cx }
    }
}

impl ToTokens for RoundTrips<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let about = Doc::new("Every type keeps what its schema allows.").inner();
        // One path for each, so that no name meets one that the test uses itself.
        let tests = self.cx.service.types.keys().map(|key| {
            let ty = self.cx.types.name(key);
            quote!(round_trips::<super::#ty>)
        });
        tokens.extend(quote! {
            #about
            use maps_types::arbitrary::round_trips;
            use maps_types::operations::Schema;

            use super::operations::TYPES;

            /// Decodes and encodes some values of a schema.
            type Test = fn(&Schema, u64, usize) -> Result<(), String>;

            #[test]
            fn every_type_keeps_what_its_schema_allows() {
                let tests: &[Test] = &[#(#tests),*];
                let faults: Vec<String> = TYPES
                    .iter()
                    .zip(tests)
                    .filter_map(|(ty, test)| {
                        let fault = test(ty.schema, 1, 100).err()?;
                        Some(format!("{}: {fault}", ty.name))
                    })
                    .collect();
                assert!(faults.is_empty(), "{}", faults.join("\n"));
                assert_eq!(TYPES.len(), tests.len());
            }
        });
    }
}
