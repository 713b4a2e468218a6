//! Bytes as text.

use ::base64::Engine as _;
use ::base64::alphabet;
use ::base64::engine::DecodePaddingMode;
use ::base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::{Format, FormatError, with_module};

/// Reads with and without padding, because services differ.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT.with_encode_padding(false));

/// Base64 with `+`, `/` and padding.
#[derive(Debug, Clone, Copy)]
pub struct Base64;

impl Format for Base64 {
    type Value = Vec<u8>;
    type Lent = [u8];
    const EXPECTING: &'static str = "base64";

    fn format(value: &[u8]) -> Result<String, FormatError> {
        Ok(STANDARD.encode(value))
    }

    fn parse(text: &str) -> Result<Vec<u8>, FormatError> {
        STANDARD
            .decode(text)
            .map_err(|_| FormatError(Self::EXPECTING))
    }
}

/// Base64 with `-` and `_`, without padding.
#[derive(Debug, Clone, Copy)]
pub struct Base64Url;

impl Format for Base64Url {
    type Value = Vec<u8>;
    type Lent = [u8];
    const EXPECTING: &'static str = "base64url";

    fn format(value: &[u8]) -> Result<String, FormatError> {
        Ok(URL_SAFE.encode(value))
    }

    fn parse(text: &str) -> Result<Vec<u8>, FormatError> {
        URL_SAFE
            .decode(text)
            .map_err(|_| FormatError(Self::EXPECTING))
    }
}

with_module!(
    /// Bytes as base64 with `+`, `/` and padding.
    base64, Base64, Vec<u8>, [u8]
);
with_module!(
    /// Bytes as base64 with `-` and `_`, without padding.
    base64url, Base64Url, Vec<u8>, [u8]
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_both_alphabets() {
        let bytes = vec![0xFB, 0xFF, 0x00, 0x01];
        assert_eq!(base64::format(&bytes), "+/8AAQ==");
        assert_eq!(base64url::format(&bytes), "-_8AAQ");
        assert_eq!(base64::parse("+/8AAQ").expect("lenient"), bytes);
        assert_eq!(base64url::parse("-_8AAQ==").expect("lenient"), bytes);
        assert!(base64::parse("-_8").is_err());
    }
}
