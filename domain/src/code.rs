//! Codes, addresses and logins: text of a certain form, checked once.

use crate::catalogue::Catalogue;
use crate::profile::Profile;

/// Declares text of a certain form: its check, the fault's code and sentence, and what the API description says of it.
macro_rules! codes { ($($(#[$doc:meta])* $name:ident ($code:literal, $must:literal) = $check:expr, $describe:expr;)*) => { $(
    $(#[$doc])*
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
    #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
    #[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Text))]
    #[serde(transparent)]
    pub struct $name(String);

    impl $name {
        /// The text.
        pub fn as_str(&self) -> &str { &self.0 }
    }
    impl std::str::FromStr for $name {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            let check: fn(&str) -> bool = $check;
            if check(text) { Ok(Self(text.to_owned())) } else { Err(concat!("must be ", $must).to_owned()) }
        }
    }
    impl From<$name> for String {
        fn from(code: $name) -> Self { code.0 }
    }
    impl std::fmt::Display for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
    }
    // A login is a personal identifier, and an address may name one: none of these prints.
    impl std::fmt::Debug for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(concat!(stringify!($name), "(…)")) }
    }
    impl crate::field::Field for $name {
        fn read(value: &serde_json::Value) -> Result<Self, crate::invalid::Invalid> {
            match value.as_str().map(str::parse) {
                Some(Ok(code)) => Ok(code),
                _ => crate::field::wrong($code, concat!("Must be ", $must, ".")),
            }
        }
        #[cfg(feature = "wire")]
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            let describe: fn(utoipa::openapi::ObjectBuilder) -> utoipa::openapi::ObjectBuilder = $describe;
            describe(utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String)).build().into()
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
            <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(&self.0, out)
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
        fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
            <String as diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg>>::from_sql(value).map($name)
        }
    }
)* } }

codes! {
    /// The state, as the Postal Service abbreviates it.
    StateCode ("not_a_state_code", "two capital letters, such as UT") =
        |text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
        |schema| schema.pattern(Some("^[A-Z]{2}$"));
    /// A language (BCP 47, RFC 5646), in the one spelling that the standard recommends, so that equal languages are equal texts. Without extensions.
    LanguageTag ("not_a_language", "a language tag (BCP 47) in its usual spelling, such as es, pt-BR or zh-Hant") =
        is_language_tag,
        |schema| schema.max_length(Some(LANGUAGE_MAX)).pattern(Some(LANGUAGE_PATTERN));
    /// A currency (ISO 4217).
    CurrencyCode ("not_a_currency", "three capital letters (ISO 4217), such as USD") =
        |text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()),
        |schema| schema.pattern(Some("^[A-Z]{3}$"));
    /// A time zone by its IANA name.
    TimeZone ("not_a_time_zone", "a time zone of the IANA database, such as America/Denver") =
        |text| text.parse::<chrono_tz::Tz>().is_ok(),
        |schema| schema.pattern(Some("^[A-Za-z][A-Za-z0-9+_/-]*$")).max_length(Some(64));
    /// The id of a requirement profile that ships.
    ProfileId ("unknown_profile", "the id of a requirement profile, such as us-ut-ega or us-ri-ride") =
        |text| Profile::find(text).is_some(),
        |schema| schema.enum_values(Some(Profile::all().iter().map(|profile| profile.id.as_str())));
    /// The id of a catalogue that ships.
    CatalogueId ("unknown_catalogue", "the id of a catalogue, such as components or benchmark-activities") =
        |text| Catalogue::find(text).is_some(),
        |schema| schema.enum_values(Some(Catalogue::all().iter().map(|catalogue| catalogue.id.as_str())));
    /// A web address: https, or http on the same machine.
    WebAddress ("not_a_web_address", "an https address (http on the same machine), without user name and fragment") =
        is_web_address,
        |schema| schema.pattern(Some("^https?://[!-~]+$")).max_length(Some(ADDRESS_MAX));
    /// Who a login is at its issuer: the `sub` of its tokens, kept as it is.
    Subject ("not_a_subject", "1 to 255 characters, none of them a control character, not only blanks") =
        |text| !text.trim().is_empty() && text.chars().count() <= 255 && !text.chars().any(char::is_control),
        |schema| schema.min_length(Some(1)).max_length(Some(255)).pattern(Some(r"^[^\x00-\x1F\x7F-\x9F]*[^\x00-\x20\x7F-\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000][^\x00-\x1F\x7F-\x9F]*$"));
    /// The name of a claim in the tokens of an issuer.
    ClaimName ("not_a_claim", "1 to 100 visible ASCII characters") =
        |text| (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()),
        |schema| schema.min_length(Some(1)).max_length(Some(100)).pattern(Some("^[!-~]+$"));
    /// What the tokens of an issuer carry as `aud`, kept as it is.
    Audience ("not_an_audience", "1 to 255 visible ASCII characters") =
        |text| (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()),
        |schema| schema.min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$"));
}

/// The greatest length of a language tag that RFC 5646 asks everybody to take.
const LANGUAGE_MAX: usize = 35;
/// What a language tag looks like, for the API description.
#[cfg(feature = "wire")]
const LANGUAGE_PATTERN: &str = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([0-9a-z]{5,8}|[0-9][0-9a-z]{3}))*(-x(-[0-9a-z]{1,8})+)?$";

/// Language, script, region, variants, and after an x what two have agreed on.
fn is_language_tag(text: &str) -> bool {
    let all = |part: &str, of: fn(&u8) -> bool| part.as_bytes().iter().all(of);
    let small = |part: &str| all(part, |b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_language = |part: &str| (2..=3).contains(&part.len()) && all(part, u8::is_ascii_lowercase);
    let is_script = |part: &&str| {
        let halves = part.split_at_checked(1).filter(|_| part.len() == 4);
        halves.is_some_and(|(first, rest)| all(first, u8::is_ascii_uppercase) && all(rest, u8::is_ascii_lowercase))
    };
    let is_region = |part: &&str| (part.len() == 2 && all(part, u8::is_ascii_uppercase)) || (part.len() == 3 && all(part, u8::is_ascii_digit));
    let is_variant =
        |part: &&str| small(part) && ((5..=8).contains(&part.len()) || (part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit())));
    let is_agreed = |part: &&str| (1..=8).contains(&part.len()) && small(part);
    let mut parts = text.split('-').peekable();
    if text.len() > LANGUAGE_MAX || !parts.next().is_some_and(is_language) {
        return false;
    }
    // Each of these may be left out.
    let _ = (parts.next_if(is_script), parts.next_if(is_region));
    while parts.next_if(is_variant).is_some() {}
    match parts.next() {
        None => true,
        Some("x") => parts.peek().is_some() && parts.all(|part| is_agreed(&part)),
        Some(_) => false,
    }
}

/// The greatest length of an address.
const ADDRESS_MAX: usize = 500;

fn is_web_address(text: &str) -> bool {
    if text.len() > ADDRESS_MAX || !text.bytes().all(|b| b.is_ascii_graphic()) || text.contains(['#', '\\']) {
        return false;
    }
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return false,
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let name = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host_fits = match name {
        Some(ip) => ip.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
    };
    let loopback = matches!(host, "localhost" | "[::1]") || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    host_fits && port.is_none_or(|port| port.parse::<u16>().is_ok()) && (secure || loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_on_this_machine() {
        for good in
            ["https://id.example", "https://id.example:8443/realms/x?y=z", "http://localhost:9000", "http://127.0.0.1/keys", "http://[::1]:1/"]
        {
            assert!(good.parse::<WebAddress>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "id.example",
            "http://id.example",
            "https://",
            "https://u:p@id.example",
            "https://id.example/#x",
            "https://id example",
            "https://id.example:99999",
            "ftp://id.example",
            "http://localhost.evil.example",
        ] {
            assert!(bad.parse::<WebAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn r30_a_language_has_one_spelling() {
        for good in ["en", "es", "pt-BR", "es-419", "zh-Hant", "zh-Hant-TW", "sl-rozaj", "de-1996", "hmn-x-white", "sr-Latn-RS"] {
            assert!(good.parse::<LanguageTag>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "e",
            "english",
            "EN",
            "pt-br",
            "zh-hant",
            "es_MX",
            "es-",
            "-es",
            "es-419-Latn",
            "en-x",
            "en-u-ca-buddhist",
            "en-x-ninechars",
            "ñandu",
            "zh-Ünt",
            "de-1996-1996-1996-1996-1996-1996-1996",
        ] {
            assert!(bad.parse::<LanguageTag>().is_err(), "{bad}");
        }
    }

    #[test]
    fn time_zones_states_and_profiles_are_known_ones() {
        assert!("America/Denver".parse::<TimeZone>().is_ok());
        assert!("Mountain".parse::<TimeZone>().is_err());
        assert!("UT".parse::<StateCode>().is_ok());
        assert!("ut".parse::<StateCode>().is_err());
        assert!("us-ut-ega".parse::<ProfileId>().is_ok());
        assert!("us-xx".parse::<ProfileId>().is_err());
    }

    #[test]
    fn a_subject_is_kept_as_it_is_and_does_not_print() {
        let subject: Subject = " Maria|7 ".parse().unwrap();
        assert_eq!(subject.as_str(), " Maria|7 ");
        assert!(!format!("{subject:?}").contains("Maria"));
        assert!("  ".parse::<Subject>().is_err());
        assert!("a\nb".parse::<Subject>().is_err());
    }
}
