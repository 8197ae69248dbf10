//! Addresses of mail and of hosts: what is certain to work everywhere, rather than all that standards allow.

/// The longest address (RFC 5321, section 4.5.3.1.3, less the brackets) and the longest part before the @, in bytes.
pub(crate) const MAIL_BYTES_MAX: usize = 254;
const LOCAL_BYTES_MAX: usize = 64;

/// Whether it is an address that every mail service takes: ASCII, without quotes.
pub(crate) fn is_mail(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    text.len() <= MAIL_BYTES_MAX
        && local.len() <= LOCAL_BYTES_MAX
        && local.split('.').all(|word| !word.is_empty() && word.chars().all(allowed))
        && is_host(host)
}

/// Whether it is a name of the domain name system with a dot in it.
pub(crate) fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.len() <= 253 && host.split('.').all(label)
}
