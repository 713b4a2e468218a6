//! Bodies that are forms.

use std::fmt::{self, Display};

use bytes::Bytes;
use http::HeaderValue;
use percent_encoding::utf8_percent_encode;

use super::list::Place;
use super::{RESERVED, Request};
use crate::service::Collection;
use crate::upload::Upload;

/// A file in a form.
///
/// Text, bytes and streams become one: `b"...".to_vec().into()`. Its name, `file` unless another is set, tells the
/// service that the field is a file.
///
/// A form with a stream is read while it is sent. Where each stream says its length
/// ([`Upload::with_len`]) the form has one too; otherwise HTTP/1.1 sends it in chunks, which some services refuse. It is
/// sent a second time only where every file can be read again ([`Upload::repeatable`]).
///
/// # Examples
///
/// ```
/// use maps_core::{FormFile, Upload};
///
/// # fn run<S>(table: S)
/// # where S: maps_core::Stream<Item = std::io::Result<maps_core::Bytes>> + Send + 'static {
/// let file = FormFile::new(Upload::stream(table)).file_name("lanes.csv").content_type("text/csv");
/// let small: FormFile = "id,lanes\n7,2\n".into();
/// # let _ = (file, small); }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct FormFile {
    content: Upload,
    file_name: String,
    content_type: String,
}

impl FormFile {
    /// A file with this content.
    pub fn new(content: impl Into<Upload>) -> Self {
        Self {
            content: content.into(),
            file_name: "file".to_owned(),
            content_type: "application/octet-stream".to_owned(),
        }
    }

    /// Sets its name.
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sets its media type, `application/octet-stream` unless set.
    ///
    /// One that a header cannot carry is an error of the request.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }
}

impl fmt::Debug for FormFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormFile")
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("content_bytes", &self.content.len())
            .finish()
    }
}

macro_rules! from_content {
    ($($content:ty),*) => {$(
        impl From<$content> for FormFile {
            fn from(content: $content) -> Self {
                Self::new(content)
            }
        }
    )*};
}

from_content!(Upload, Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl Request {
    /// Makes the body a form that may have files, `multipart/form-data`.
    pub fn multipart(&mut self) {
        self.form().make_multipart();
    }

    /// Sets a field of the form that the body is; without files it is `application/x-www-form-urlencoded`.
    ///
    /// A field that is set twice has its last value.
    pub fn form_field(&mut self, name: &'static str, value: impl Display) {
        let form = self.form();
        form.clear(name);
        form.text(name, value.to_string());
    }

    /// Sets a field of the form to a list of values.
    pub fn form_list<I>(&mut self, name: &'static str, values: I, collection: Collection)
    where
        I: IntoIterator,
        I::Item: Display,
    {
        if self.form().is_multipart() {
            let values = self.list(name, values, collection, Place::Multipart);
            let form = self.form();
            form.clear(name);
            for value in values {
                form.text(name, value);
            }
        } else {
            let values = self.list(name, values, collection, Place::Form);
            let form = self.form();
            form.clear(name);
            for value in values {
                form.encoded(name, value);
            }
        }
    }

    /// Sets a field of the form to a file.
    pub fn form_file(&mut self, name: &'static str, file: impl Into<FormFile>) {
        self.form_files(name, [file]);
    }

    /// Sets a field of the form to several files.
    pub fn form_files<F: Into<FormFile>>(
        &mut self,
        name: &'static str,
        files: impl IntoIterator<Item = F>,
    ) {
        self.form().clear(name);
        for file in files {
            if let Err(fault) = self.form().file(name, file.into()) {
                self.fail(fault);
            }
        }
    }

    fn form(&mut self) -> &mut Form {
        self.0.form.get_or_insert_default()
    }
}

/// The fields of a form in the order in which they were set.
#[derive(Clone, Default)]
pub(super) struct Form {
    fields: Vec<(&'static str, Field)>,
    is_multipart: bool,
}

#[derive(Clone)]
enum Field {
    Text(String),
    /// As a form that is no multipart one has it.
    Encoded(String),
    File(FormFile),
}

impl Form {
    /// Asks for the encoding that can hold files, whether there are any or not.
    pub(super) fn make_multipart(&mut self) {
        self.is_multipart = true;
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.is_multipart
    }

    /// Takes away what a field holds.
    pub(super) fn clear(&mut self, name: &str) {
        self.fields.retain(|(known, _)| *known != name);
    }

    pub(super) fn text(&mut self, name: &'static str, value: String) {
        self.fields.push((name, Field::Text(value)));
    }

    pub(super) fn encoded(&mut self, name: &'static str, value: String) {
        self.fields.push((name, Field::Encoded(value)));
    }

    /// Adds a file, or says why it cannot be one.
    pub(super) fn file(&mut self, name: &'static str, file: FormFile) -> Result<(), String> {
        if HeaderValue::from_str(&file.content_type).is_err() {
            return Err(format!(
                "the media type of the file `{name}` is not that of a header"
            ));
        }
        self.make_multipart();
        self.fields.push((name, Field::File(file)));
        Ok(())
    }

    /// The media type and the body.
    pub(super) fn encode(self) -> (String, Upload) {
        if self.is_multipart {
            self.multipart(&uuid::Uuid::new_v4().simple().to_string())
        } else {
            let body = self.url_encoded().into();
            ("application/x-www-form-urlencoded".to_owned(), body)
        }
    }

    fn url_encoded(&self) -> String {
        let mut body = String::new();
        for (name, field) in &self.fields {
            if !body.is_empty() {
                body.push('&');
            }
            body.extend(utf8_percent_encode(name, RESERVED));
            body.push('=');
            match field {
                Field::Text(value) => body.extend(utf8_percent_encode(value, RESERVED)),
                Field::Encoded(value) => body.push_str(value),
                // There are files in multipart forms alone.
                Field::File(_) => {}
            }
        }
        body
    }

    /// The parts between lines of `boundary`, 122 random bits that no content has by chance.
    fn multipart(self, boundary: &str) -> (String, Upload) {
        let mut parts = Vec::new();
        let mut body = Vec::new();
        for (name, field) in self.fields {
            let name = quoted(name);
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"")
                    .as_bytes(),
            );
            match field {
                Field::Text(value) | Field::Encoded(value) => {
                    body.extend_from_slice(b"\r\n\r\n");
                    body.extend_from_slice(value.as_bytes());
                }
                Field::File(file) => {
                    let (file_name, content_type) = (quoted(&file.file_name), &file.content_type);
                    body.extend_from_slice(
                        format!(
                            "; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n"
                        )
                        .as_bytes(),
                    );
                    match file.content.as_bytes() {
                        Some(content) => body.extend_from_slice(content),
                        None => {
                            parts.push(std::mem::take(&mut body).into());
                            parts.push(file.content);
                        }
                    }
                }
            }
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let body = if parts.is_empty() {
            body.into()
        } else {
            parts.push(body.into());
            Upload::joined(parts)
        };
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}

/// A name between quotes, with what would end it escaped as the HTML standard has it.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_that_would_end_its_line_or_quotes_is_escaped() {
        let mut form = Form::default();
        let file = FormFile::new("x").file_name("a\"b\r\nEvil: yes\r\n.txt");
        form.file("f", file).expect("a file");
        let (_, body) = form.multipart("B");
        let bytes = body.as_bytes().expect("no stream").to_vec();
        let text = String::from_utf8(bytes).expect("text");
        assert!(
            text.contains("filename=\"a%22b%0D%0AEvil: yes%0D%0A.txt\"\r\n"),
            "{text}"
        );
    }

    #[test]
    fn form_without_fields_is_an_empty_body_or_its_end() {
        let mut form = Form::default();
        assert_eq!(form.url_encoded(), "");
        form.make_multipart();
        assert_eq!(form.multipart("B").1, Upload::from("--B--\r\n"));
    }
}
