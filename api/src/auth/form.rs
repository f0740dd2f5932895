//! `application/x-www-form-urlencoded` (WHATWG URL, 5.1) and HTTP Basic (RFC 7617), strictly: what is malformed is refused,
//! not repaired.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::secret::Secret;

/// The parameters of a form.
pub(super) struct Form(Vec<(String, Secret<String>)>);

impl Form {
    /// Reads a form. A parameter that stands twice is an error (RFC 6749 section 3.2), unknown ones are not.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let body = std::str::from_utf8(body).ok()?;
        let mut parameters: Vec<(String, Secret<String>)> = Vec::new();
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name)?;
            if parameters.iter().any(|(other, _)| *other == name) {
                return None;
            }
            parameters.push((name, Secret::new(decode(value)?)));
        }
        Some(Self(parameters))
    }

    /// A parameter; one without a value counts as absent (RFC 6749 section 3.2).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.expose().as_str()).filter(|value| !value.is_empty())
    }
}

/// Takes `+` and `%XX` out of a text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()?)? * 16 + hex(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The client id and secret of an `Authorization: Basic` header; both are form-encoded inside (RFC 6749 section 2.3.1).
pub(super) fn basic(authorization: &str) -> Option<(String, Secret<String>)> {
    let (scheme, credentials) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let credentials = String::from_utf8(STANDARD.decode(credentials.trim_start_matches(' ')).ok()?).ok()?;
    let (id, secret) = credentials.split_once(':')?;
    Some((decode(id)?, Secret::new(decode(secret)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_strictly() {
        let form = Form::parse(b"grant_type=client_credentials&scope=a+b%2Fc&empty=").unwrap();
        assert_eq!((form.get("grant_type"), form.get("scope"), form.get("empty")), (Some("client_credentials"), Some("a b/c"), None));
        for bad in [b"a=1&a=2".as_slice(), b"a=%4", b"a=%zz", b"a=%ff", b"\xff=1"] {
            assert!(Form::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn basic_credentials_are_form_encoded_inside() {
        let header = |inner: &str| format!("Basic {}", STANDARD.encode(inner));
        let (id, secret) = basic(&header("my%3Aid:a%2Bb:c")).unwrap();
        assert_eq!((id.as_str(), secret.expose().as_str()), ("my:id", "a+b:c"));
        assert!(basic("Bearer abc").is_none());
        assert!(basic("Basic !!!").is_none());
        assert!(basic(&header("no-colon")).is_none());
    }
}
