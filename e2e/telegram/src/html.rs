//! Telegram's HTML style: <https://core.telegram.org/bots/api#html-style>. The errors have the words of Telegram's own parser.

use crate::message::Entity;

/// Text and its entities; the error is what follows "can't parse entities: ".
pub(crate) fn parse(source: &str) -> Result<(String, Vec<Entity>), String> {
    let mut parser = Parser { source, at: 0, text: String::new(), length: 0, open: Vec::new(), entities: Vec::new() };
    parser.run()?;
    let Parser { text, mut entities, .. } = parser;
    entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
    Ok((text, entities))
}

/// Length as Telegram counts it: UTF-16 code units.
pub(crate) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// HTML of a text with entities, for reading by people and tests.
pub(crate) fn render(text: &str, entities: &[Entity]) -> String {
    let mut html = String::with_capacity(text.len());
    let mut open: Vec<&Entity> = Vec::new();
    let mut waiting = entities.iter().peekable();
    let mut at = 0;
    for character in text.chars() {
        while let Some(entity) = open.pop_if(|entity| entity.offset + entity.length <= at) {
            html.push_str(&closing(entity));
        }
        while let Some(entity) = waiting.next_if(|entity| entity.offset <= at) {
            html.push_str(&opening(entity));
            open.push(entity);
        }
        push_escaped(&mut html, character);
        at += character.len_utf16();
    }
    while let Some(entity) = open.pop() {
        html.push_str(&closing(entity));
    }
    html
}

struct Tag {
    name: String,
    start: usize,
    entity: EntityParts,
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    text: String,
    /// UTF-16 units in `text`.
    length: usize,
    open: Vec<Tag>,
    entities: Vec<Entity>,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(character) = self.peek() {
            match character {
                '<' if self.source[self.at + 1..].starts_with('/') => self.end_tag()?,
                '<' => self.start_tag()?,
                '&' => {
                    let decoded = self.reference();
                    self.push(decoded);
                }
                other => {
                    self.at += other.len_utf8();
                    self.push(other);
                }
            }
        }
        match self.open.last() {
            Some(tag) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", tag.name)),
            None => Ok(()),
        }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn push(&mut self, character: char) {
        self.length += character.len_utf16();
        self.text.push(character);
    }

    /// Takes what comes before the first character that `stop` holds for.
    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> &str {
        let rest = &self.source[self.at..];
        let taken = &rest[..rest.find(stop).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn skip_spaces(&mut self) {
        self.take_until(|character| !character.is_ascii_whitespace());
    }

    /// `&lt;`, `&gt;`, `&amp;`, `&quot;` and numeric references; anything else stays as it is.
    fn reference(&mut self) -> char {
        let rest = &self.source[self.at..];
        let decoded = rest.find(';').filter(|end| *end <= 10).and_then(|end| {
            let character = match &rest[1..end] {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                number => numeric_reference(number)?,
            };
            Some((character, end + 1))
        });
        let (character, taken) = decoded.unwrap_or(('&', 1));
        self.at += taken;
        character
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        self.at += 1;
        let name = self.take_until(|c| c.is_ascii_whitespace() || c == '>').to_ascii_lowercase();
        if self.peek().is_none() {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        if !TAGS.contains(&name.as_str()) {
            return Err(format!("Unsupported start tag \"{name}\" at byte offset {begin}"));
        }
        let attributes = self.attributes(&name, begin)?;
        let entity = entity_of(&name, &attributes, self.open.last(), begin)?;
        self.open.push(Tag { name, start: self.length, entity });
        Ok(())
    }

    fn attributes(&mut self, tag: &str, begin: usize) -> Result<Vec<(String, String)>, String> {
        let mut attributes = Vec::new();
        loop {
            self.skip_spaces();
            match self.peek() {
                None => return Err(format!("Unclosed start tag at byte offset {begin}")),
                Some('>') => {
                    self.at += 1;
                    return Ok(attributes);
                }
                Some(_) => attributes.push(self.attribute(tag, begin)?),
            }
        }
    }

    fn attribute(&mut self, tag: &str, begin: usize) -> Result<(String, String), String> {
        let name = self.take_until(|c| c.is_ascii_whitespace() || "=>/\"'".contains(c)).to_ascii_lowercase();
        if name.is_empty() {
            return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
        }
        self.skip_spaces();
        if self.peek() != Some('=') {
            // `expandable` of a blockquote stands alone.
            return Ok((name, String::new()));
        }
        self.at += 1;
        self.skip_spaces();
        let value = match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.at += 1;
                let value = self.take_until(|c| c == quote).to_owned();
                if self.peek().is_none() {
                    return Err(format!("Unclosed start tag at byte offset {begin}"));
                }
                self.at += 1;
                value
            }
            _ => self.take_until(|c| c.is_ascii_whitespace() || c == '>').to_owned(),
        };
        Ok((name, unescape(&value)))
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let Some(tag) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        self.at += 2;
        let name = self.take_until(|c| c.is_ascii_whitespace() || c == '>').to_ascii_lowercase();
        self.skip_spaces();
        if self.peek() != Some('>') {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        self.at += 1;
        if !name.is_empty() && name != tag.name {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
                tag.name
            ));
        }
        let length = self.length - tag.start;
        if let Some((kind, url)) = tag.entity
            && length > 0
        {
            self.entities.push(Entity { kind: kind.to_owned(), offset: tag.start, length, url, language: None });
        }
        Ok(())
    }
}

const TAGS: [&str; 16] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "span",
    "tg-emoji",
    "pre",
    "code",
    "blockquote",
];

/// Kind and, of a link, its address; `None` for tags that leave no entity.
type EntityParts = Option<(&'static str, Option<String>)>;

fn entity_of(
    name: &str,
    attributes: &[(String, String)],
    parent: Option<&Tag>,
    begin: usize,
) -> Result<EntityParts, String> {
    let attribute = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let kind = match name {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "span" if attribute("class").as_deref() == Some("tg-spoiler") => "spoiler",
        "span" => return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}")),
        "blockquote" if attribute("expandable").is_some() => "expandable_blockquote",
        "blockquote" => "blockquote",
        "pre" => "pre",
        // <pre><code class="language-…"> is one entity.
        "code" if parent.is_some_and(|tag| tag.name == "pre") => return Ok(None),
        "code" => "code",
        "a" => return Ok(attribute("href").filter(|url| !url.is_empty()).map(|url| ("text_link", Some(url)))),
        _ => return Ok(None),
    };
    Ok(Some((kind, None)))
}

fn numeric_reference(reference: &str) -> Option<char> {
    let number = reference.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|character| *character != '\0')
}

fn unescape(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn push_escaped(html: &mut String, character: char) {
    match character {
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '&' => html.push_str("&amp;"),
        other => html.push(other),
    }
}

fn tag_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "bold" => "b",
        "italic" => "i",
        "underline" => "u",
        "strikethrough" => "s",
        "spoiler" => "tg-spoiler",
        "blockquote" | "expandable_blockquote" => "blockquote",
        "pre" => "pre",
        "code" => "code",
        "text_link" => "a",
        _ => return None,
    })
}

fn opening(entity: &Entity) -> String {
    match (tag_of(&entity.kind), &entity.url) {
        (Some("a"), Some(url)) => {
            let mut escaped = String::new();
            url.chars().for_each(|character| push_escaped(&mut escaped, character));
            format!("<a href=\"{}\">", escaped.replace('"', "&quot;"))
        }
        (Some(tag), _) => format!("<{tag}>"),
        (None, _) => String::new(),
    }
}

fn closing(entity: &Entity) -> String {
    tag_of(&entity.kind).map(|tag| format!("</{tag}>")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_count_in_utf16_units() {
        let (text, entities) = parse("🔥 <b>12 days</b>").unwrap();
        assert_eq!(text, "🔥 12 days");
        assert_eq!((entities[0].kind.as_str(), entities[0].offset, entities[0].length), ("bold", 3, 7));
    }

    #[test]
    fn an_unescaped_less_than_sign_is_an_unsupported_tag() {
        assert_eq!(parse("I <3 you>").unwrap_err(), "Unsupported start tag \"3\" at byte offset 2");
        assert_eq!(parse("I <3").unwrap_err(), "Unclosed start tag at byte offset 2");
    }

    #[test]
    fn tags_must_be_closed_in_order() {
        assert_eq!(parse("<b>x").unwrap_err(), "Can't find end tag corresponding to start tag \"b\"");
        assert_eq!(
            parse("<b><i>x</b></i>").unwrap_err(),
            "Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\""
        );
        assert_eq!(parse("x</b>").unwrap_err(), "Unexpected end tag at byte offset 1");
    }

    #[test]
    fn what_was_parsed_renders_to_the_same_html() {
        let source = "a &lt;b&gt; <b>bold <i>both</i></b> <a href=\"https://example.org/?a=1&amp;b=2\">link</a> <tg-spoiler>s</tg-spoiler>";
        let (text, entities) = parse(source).unwrap();
        assert_eq!(render(&text, &entities), source);
    }
}
