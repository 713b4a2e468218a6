//! Examples of a definition as tests: the request that goes out, the answer that is read.

mod expected;

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use maps_types::arbitrary::is_same;
use maps_types::formats::{WireFormat, WriteAs};
use maps_types::operations::{Example, Kind, Operation, Parameter, Schema, Service};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::expected::{declared, items, text};
use super::{Answer, ScriptedTransport, SentRequest, VirtualClock};
use crate::error::{Error, ErrorKind, Result};
use crate::options::{ClientOptions, RetryOptions};
use crate::response::Response;

/// One example of a definition: what a caller gives, what has to go out, what comes back and has to be read.
///
/// The expectations come from the table of operations in the models crate, behind its feature `operations`, and not from
/// the client that is tested. Generated clients test themselves with it.
///
/// # Examples
///
/// ```no_run
/// use maps_core::test_kit::Exchange;
/// # struct Client;
/// # impl Client {
/// #     fn get_range(&self, id: String) -> Request { Request }
/// # }
/// # struct Request;
/// # impl Request { async fn send(self) -> maps_core::Result<maps_core::Response<f64>> { unimplemented!() } }
/// # fn test(service: &'static maps_types::operations::Service, client: impl Fn(maps_core::ClientOptions) -> Client) {
///
/// for example in Exchange::all(service, "Route_GetRange") {
///     let client = client(example.options());
///     let answer = example.run(client.get_range(example.text("id")).send());
///     example.check::<serde_json::Value>(answer.map(|answer| Exchange::json(answer.body())));
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Exchange {
    service: &'static Service,
    operation: &'static Operation,
    example: &'static Example,
    transport: ScriptedTransport,
    base_path: &'static str,
    fixed_query: Vec<(&'static str, &'static str)>,
    is_text: bool,
}

impl Exchange {
    /// The examples of an operation, one for each answer.
    ///
    /// # Panics
    ///
    /// When there is no such operation.
    #[track_caller]
    pub fn all(service: &'static Service, operation: &str) -> impl Iterator<Item = Self> {
        let found = service.operations.iter().find(|own| own.id == operation);
        let Some(operation) = found else {
            panic!("{} has no operation `{operation}`", service.name);
        };
        operation.examples.iter().map(move |example| Self {
            service,
            operation,
            example,
            transport: ScriptedTransport::new(),
            base_path: "",
            fixed_query: Vec::new(),
            is_text: false,
        })
    }

    /// Title of the example.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.example.name
    }

    /// Status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.example.status
    }

    /// Expects this path before that of the operation.
    #[must_use]
    pub fn below(mut self, base_path: &'static str) -> Self {
        self.base_path = base_path;
        self
    }

    /// Expects a pair of the query that no caller gives.
    #[must_use]
    pub fn with_query(mut self, name: &'static str, value: &'static str) -> Self {
        self.fixed_query.push((name, value));
        self
    }

    /// Answers with the text that the body of the example is, in place of its JSON.
    #[must_use]
    pub fn as_text(mut self) -> Self {
        self.is_text = true;
        self
    }

    /// Options of a client that gets the answer of the example, at once and once.
    pub fn options(&self) -> ClientOptions {
        let mut answer = Answer::status(self.example.status);
        for (name, value) in self.example.headers {
            answer = answer.header(name, value);
        }
        answer = match self.example.body {
            Some(body) if self.is_text => answer.body(text(&self.parse(body))),
            Some(body) => answer.json(body),
            None => answer,
        };
        self.transport.push(answer);
        ClientOptions::new()
            .transport(Arc::new(self.transport.clone()))
            .clock(Arc::new(VirtualClock::running_ahead()))
            .retry(RetryOptions::none())
    }

    /// Whether the example gives this parameter.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.given(name).is_some_and(|value| !value.is_null())
    }

    /// A parameter as text.
    ///
    /// # Panics
    ///
    /// When the example does not give it. So do all that follow, and when a value is not what is asked for.
    #[must_use]
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        text(&self.required(name))
    }

    /// A parameter read from its text.
    ///
    /// # Panics
    ///
    /// See [`text`](Self::text).
    #[track_caller]
    pub fn parsed<T, E: Display>(&self, name: &str, parse: fn(&str) -> Result<T, E>) -> T {
        match parse(&self.text(name)) {
            Ok(value) => value,
            Err(error) => self.fail(&format!("`{name}`: {error}")),
        }
    }

    /// A parameter read from its JSON; examples may put numbers in quotes.
    ///
    /// # Panics
    ///
    /// See [`text`](Self::text).
    #[track_caller]
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> T {
        let schema = self.parameter(name).map(|parameter| parameter.schema);
        self.read(name, unquoted(self.required(name), schema))
    }

    /// The items of a parameter; examples may write a list the way it is sent.
    ///
    /// # Panics
    ///
    /// See [`text`](Self::text).
    #[track_caller]
    pub fn list<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        let items = items(self.required(name));
        let schema = self
            .parameter(name)
            .and_then(|parameter| match parameter.schema.kind {
                Kind::Array { items, .. } => Some(items),
                _ => None,
            });
        let items = items.into_iter();
        items
            .map(|item| self.read(name, unquoted(item, schema)))
            .collect()
    }

    /// The body of the request, by its name in the definition.
    ///
    /// # Panics
    ///
    /// See [`text`](Self::text).
    #[track_caller]
    pub fn body<T: DeserializeOwned>(&self, name: &str) -> T {
        self.read(name, self.required(name))
    }

    /// The same for a body whose values have a format of their own.
    ///
    /// # Panics
    ///
    /// See [`text`](Self::text).
    #[track_caller]
    pub fn body_as<F: WireFormat>(&self, name: &str) -> F::Value {
        match F::deserialize(self.required(name)) {
            Ok(value) => value,
            Err(error) => self.fail(&format!(
                "`{name}` is not what the definition says: {error}"
            )),
        }
    }

    /// Runs a call to its end.
    ///
    /// # Panics
    ///
    /// When the runtime cannot be made.
    pub fn run<F: Future>(&self, call: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime
            .expect("a runtime without IO can be made")
            .block_on(call)
    }

    /// A body that was read, encoded again.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(body: &T) -> Option<Value> {
        serde_json::to_value(body).ok()
    }

    /// The same for a body whose values have a format of their own.
    #[must_use]
    pub fn json_as<F: WireFormat>(body: &F::Lent) -> Option<Value> {
        Self::json(&WriteAs::<F>(body))
    }

    /// Says that the request was what the example gives, and that the answer was read without loss; `E` is the schema of
    /// errors, `answer` the body encoded again, `None` where that is no JSON.
    ///
    /// # Panics
    ///
    /// When one of them was not.
    #[track_caller]
    pub fn check<E: DeserializeOwned + Serialize>(&self, answer: Result<Option<Value>>) {
        match answer {
            Ok(_) if self.example.status >= 400 => self.fail("an error was taken for a success"),
            Ok(Some(encoded)) => self.check_answer(&encoded),
            Ok(None) => {}
            Err(error) => self.check_error::<E>(&error),
        }
        self.check_request();
    }

    /// The same for an operation that asks whether something exists.
    ///
    /// # Panics
    ///
    /// See [`check`](Self::check).
    #[track_caller]
    pub fn check_exists<E: DeserializeOwned + Serialize, H>(
        &self,
        answer: Result<Response<bool, H>>,
    ) {
        match answer {
            Ok(answer) => {
                let exists = self.example.status != 404;
                assert_eq!(*answer.body(), exists, "{}", self.example.name);
                self.check_request();
            }
            Err(error) => self.check::<E>(Err(error)),
        }
    }

    /// The same for the request that starts an operation. Where the example does not show the header that leads to the
    /// operation, there is nothing to watch.
    ///
    /// # Panics
    ///
    /// See [`check`](Self::check).
    #[track_caller]
    pub fn check_started<E: DeserializeOwned + Serialize, P>(&self, answer: Result<P>) {
        match answer {
            Ok(_) if self.example.status >= 400 => self.fail("an error was taken for a success"),
            Err(error) if self.example.status >= 400 => self.check_error::<E>(&error),
            Err(error) if error.kind() == ErrorKind::InvalidArgument => self.refused(&error),
            Ok(_) | Err(_) => {}
        }
        self.check_request();
    }

    /// Says that `T` holds the answer without loss.
    ///
    /// # Panics
    ///
    /// When it does not.
    #[track_caller]
    pub fn check_keeps<T: DeserializeOwned + Serialize>(&self) {
        let Some(body) = self.example.body else {
            return;
        };
        match serde_json::from_str::<T>(body) {
            Ok(value) => self.check_answer(&Self::json(&value).unwrap_or_default()),
            Err(error) => self.fail(&format!(
                "the answer is not what the definition says: {error}"
            )),
        }
    }

    #[track_caller]
    fn check_answer(&self, encoded: &Value) {
        let schema = self.response_schema();
        let Some(body) = self.example.body else {
            // An empty body is an empty text.
            if !encoded.is_null() && encoded != "" {
                self.fail(&format!("no body was read as {encoded}"));
            }
            return;
        };
        let expected = declared(&self.parse(body), schema, false);
        if !is_same(&expected, &declared(encoded, schema, false)) {
            self.fail(&format!("the answer {expected} became {encoded}"));
        }
    }

    #[track_caller]
    fn check_error<E: DeserializeOwned + Serialize>(&self, error: &Error) {
        // An example may leave out the body of a success.
        let shows_body = self.example.body.is_some() || self.example.status >= 400;
        if error.kind() == ErrorKind::Decode && !shows_body {
            return;
        }
        if error.kind() != ErrorKind::Service {
            self.refused(error);
        }
        let status = error.status().map(|status| status.as_u16());
        assert_eq!(status, Some(self.example.status), "{}", self.example.name);
        if self.example.body.is_some() && !matches!(self.response_schema().kind, Kind::Any) {
            match error.body_as::<E>() {
                Some(body) => self.check_answer(&Self::json(&body).unwrap_or_default()),
                None => self.fail("the body of the error is not what the definition says"),
            }
        }
    }

    #[track_caller]
    fn check_request(&self) {
        let sent: SentRequest = self.transport.request(0);
        sent.assert_operation(self.operation.id)
            .assert_method(self.operation.method);
        if let Err(fault) = expected::check(&expected::Expected {
            service: self.service,
            operation: self.operation,
            example: self.example,
            base_path: self.base_path,
            fixed_query: &self.fixed_query,
            sent: &sent,
        }) {
            self.fail(&fault);
        }
    }

    fn response_schema(&self) -> &'static Schema {
        let responses = self.operation.responses;
        let of_status = |status| responses.iter().find(move |own| own.status == status);
        of_status(Some(self.example.status))
            .or_else(|| of_status(None))
            .and_then(|response| response.schema)
            .unwrap_or(&Schema::ANY)
    }

    fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.operation
            .parameters
            .iter()
            .find(|own| own.name == name)
    }

    fn given(&self, name: &str) -> Option<Value> {
        let mut all = self.example.parameters.iter();
        let (_, text) = all.find(|(own, _)| *own == name)?;
        Some(self.parse(text))
    }

    #[track_caller]
    fn required(&self, name: &str) -> Value {
        match self.given(name) {
            Some(value) => value,
            None => self.fail(&format!("it does not give `{name}`")),
        }
    }

    #[track_caller]
    fn read<T: DeserializeOwned>(&self, name: &str, value: Value) -> T {
        match serde_json::from_value(value) {
            Ok(value) => value,
            Err(error) => self.fail(&format!(
                "`{name}` is not what the definition says: {error}"
            )),
        }
    }

    #[track_caller]
    fn parse(&self, text: &str) -> Value {
        match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => self.fail(&format!("{text} is not JSON: {error}")),
        }
    }

    #[track_caller]
    fn refused(&self, error: &Error) -> ! {
        self.fail(&format!("the call ended with another error: {error}"))
    }

    #[track_caller]
    fn fail(&self, fault: &str) -> ! {
        let (id, Example { name, status, .. }) = (self.operation.id, self.example);
        panic!("example `{name}` of {id}, status {status}: {fault}")
    }
}

/// A number or a boolean in quotes as what its schema says that it is.
fn unquoted(value: Value, schema: Option<&Schema>) -> Value {
    match (value, schema.map(|schema| schema.kind)) {
        (Value::String(text), Some(Kind::Integer(_) | Kind::Number(_) | Kind::Boolean)) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        (Value::Number(number), Some(Kind::String(_))) => Value::String(number.to_string()),
        (Value::Bool(truth), Some(Kind::String(_))) => Value::String(truth.to_string()),
        (value, _) => value,
    }
}
