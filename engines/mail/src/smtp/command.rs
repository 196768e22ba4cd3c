//! The commands of SMTP (RFC 5321) and LMTP (RFC 2033) as far as they are spoken here.

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Each greeting with the name that the client gives itself.
    Helo(String),
    Ehlo(String),
    Lhlo(String),
    Mail(From),
    Rcpt {
        address: String,
    },
    Data,
    Rset,
    Noop,
    Quit,
    Help,
    Vrfy,
    StartTls,
    /// Known, and not spoken here.
    NotOffered,
    /// A browser or another program that took us for something else.
    OtherProtocol,
}

/// `MAIL FROM` with its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct From {
    /// Empty for the null sender.
    pub address: String,
    /// Bytes, as announced.
    pub size: Option<u64>,
    pub utf8: bool,
}

/// Characters of a client's name; a domain has no more.
const LONGEST_NAME: usize = 255;

/// Why a line is no command, as the answer to it.
pub type Refusal = &'static str;

const SYNTAX: Refusal = "501 5.5.4 Syntax error in parameters";
const UNKNOWN: Refusal = "500 5.5.2 Command not recognised";
const PARAMETER: Refusal = "555 5.5.4 Parameter not recognised";
const BAD_ADDRESS: Refusal = "501 5.1.3 Address not readable";

/// Reads one line, without its end.
///
/// # Errors
///
/// The answer to a line that is no command.
pub fn parse(line: &str) -> Result<Command, Refusal> {
    let line = line.trim_end();
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match verb.to_ascii_uppercase().as_str() {
        "HELO" => named(rest, Command::Helo),
        "EHLO" => named(rest, Command::Ehlo),
        "LHLO" => named(rest, Command::Lhlo),
        "MAIL" => mail_from(rest),
        "RCPT" => rcpt_to(rest),
        "DATA" => bare(rest, Command::Data),
        "RSET" => bare(rest, Command::Rset),
        "QUIT" => bare(rest, Command::Quit),
        "STARTTLS" => bare(rest, Command::StartTls),
        "NOOP" => Ok(Command::Noop),
        "HELP" => Ok(Command::Help),
        "VRFY" => Ok(Command::Vrfy),
        "EXPN" | "AUTH" | "BDAT" | "ETRN" | "TURN" | "SEND" => Ok(Command::NotOffered),
        "GET" | "POST" | "PUT" | "HEAD" | "OPTIONS" | "CONNECT" => Ok(Command::OtherProtocol),
        _ => Err(UNKNOWN),
    }
}

fn named(rest: &str, command: fn(String) -> Command) -> Result<Command, Refusal> {
    let name = rest.split_ascii_whitespace().next().ok_or(SYNTAX)?;
    Ok(command(name.chars().take(LONGEST_NAME).collect()))
}

fn bare(rest: &str, command: Command) -> Result<Command, Refusal> {
    if rest.is_empty() { Ok(command) } else { Err(SYNTAX) }
}

fn mail_from(rest: &str) -> Result<Command, Refusal> {
    let (address, parameters) = path(rest, "FROM:")?;
    let mut from = From { address, ..From::default() };
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.to_ascii_uppercase().as_str() {
            "SIZE" => from.size = Some(value.parse().map_err(|_| SYNTAX)?),
            "BODY" if matches!(value.to_ascii_uppercase().as_str(), "7BIT" | "8BITMIME") => {}
            "SMTPUTF8" if value.is_empty() => from.utf8 = true,
            // Servers on the way add it (RFC 4954, 5); nothing depends on it here.
            "AUTH" => {}
            _ => return Err(PARAMETER),
        }
    }
    Ok(Command::Mail(from))
}

fn rcpt_to(rest: &str) -> Result<Command, Refusal> {
    let (address, parameters) = path(rest, "TO:")?;
    if address.is_empty() {
        return Err(BAD_ADDRESS);
    }
    if parameters.split_ascii_whitespace().next().is_some() {
        return Err(PARAMETER);
    }
    Ok(Command::Rcpt { address })
}

/// `FROM:<address> PARAMETERS`: the address, which may be empty, and the parameters.
fn path<'a>(rest: &'a str, keyword: &str) -> Result<(String, &'a str), Refusal> {
    let matches = rest.get(..keyword.len()).is_some_and(|start| start.eq_ignore_ascii_case(keyword));
    if !matches {
        return Err(SYNTAX);
    }
    // A blank after the colon is wrong and common.
    let rest = rest[keyword.len()..].trim_start();
    let rest = rest.strip_prefix('<').ok_or(SYNTAX)?;
    let end = end_of_path(rest).ok_or(SYNTAX)?;
    let (address, parameters) = (&rest[..end], &rest[end + 1..]);
    if !parameters.is_empty() && !parameters.starts_with(' ') {
        return Err(SYNTAX);
    }
    Ok((check(without_route(address))?, parameters))
}

/// Where the closing bracket is, outside of quotation marks.
fn end_of_path(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// `@a,@b:user@host` is accepted and its route ignored (RFC 5321, appendix C).
fn without_route(address: &str) -> &str {
    if address.starts_with('@') { address.split_once(':').map_or(address, |(_, rest)| rest) } else { address }
}

fn check(address: &str) -> Result<String, Refusal> {
    if address.is_empty() || address.eq_ignore_ascii_case("postmaster") {
        return Ok(address.to_owned());
    }
    let (local, host) = address.rsplit_once('@').ok_or(BAD_ADDRESS)?;
    let long = 64 * 4 < local.len() || 255 < host.len();
    let odd =
        address.contains(|c: char| c.is_control()) || host.contains(|c: char| c.is_whitespace() || c == '<');
    let unquoted_blank = !local.starts_with('"') && local.contains(char::is_whitespace);
    if local.is_empty() || host.is_empty() || long || odd || unquoted_blank {
        return Err(BAD_ADDRESS);
    }
    Ok(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_as_the_standards_write_them() {
        let from =
            |address: &str, size, utf8| Ok(Command::Mail(From { address: address.into(), size, utf8 }));
        let to = |address: &str| Ok(Command::Rcpt { address: address.into() });
        for (line, read) in [
            ("EHLO mail.example", Ok(Command::Ehlo("mail.example".into()))),
            ("lhlo [127.0.0.1]", Ok(Command::Lhlo("[127.0.0.1]".into()))),
            ("EHLO", Err(SYNTAX)),
            ("MAIL FROM:<a@b.example>", from("a@b.example", None, false)),
            ("mail from:<>", from("", None, false)),
            (
                "MAIL FROM: <a@b.example> SIZE=100 BODY=8BITMIME SMTPUTF8",
                from("a@b.example", Some(100), true),
            ),
            ("MAIL FROM:<a@b.example> SIZE=x", Err(SYNTAX)),
            ("MAIL FROM:<a@b.example> BODY=BINARYMIME", Err(PARAMETER)),
            ("MAIL FROM:<a@b.example>SIZE=1", Err(SYNTAX)),
            ("MAIL FROM:a@b.example", Err(SYNTAX)),
            ("MAIL FROM:<a b@c.example>", Err(BAD_ADDRESS)),
            ("RCPT TO:<@relay.example,@b:c@d.example>", to("c@d.example")),
            ("RCPT TO:<\"a > b\"@c.example>", to("\"a > b\"@c.example")),
            ("RCPT TO:<Postmaster>", to("Postmaster")),
            ("RCPT TO:<grüße@haus.example>", to("grüße@haus.example")),
            ("RCPT TO:<>", Err(BAD_ADDRESS)),
            ("RCPT TO:<a@b.example> NOTIFY=NEVER", Err(PARAMETER)),
            ("RCPT TO:<a@b.example", Err(SYNTAX)),
            ("DATA now", Err(SYNTAX)),
            ("NOOP anything", Ok(Command::Noop)),
            ("GET / HTTP/1.1", Ok(Command::OtherProtocol)),
            ("", Err(UNKNOWN)),
        ] {
            assert_eq!(parse(line), read, "{line}");
        }
    }
}
