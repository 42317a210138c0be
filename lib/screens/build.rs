//! Holds the texts against each other and against the code: writes a constant for each message of `locales/`, so that a
//! message that the code lacks or leaves unused does not compile, and fails where the languages differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource,
};

/// The arguments of each message.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let locales = PathBuf::from("locales");
    let mut languages =
        fs::read_dir(&locales)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    languages.sort();
    let first = languages.first().ok_or("locales/ is empty")?;
    let messages = read(first)?;
    for other in &languages[1..] {
        let differences = differences(&messages, &read(other)?);
        if !differences.is_empty() {
            return Err(format!("{} and {} differ:\n{differences}", first.display(), other.display()).into());
        }
    }
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script by the environment alone")]
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("key.rs"), constants(&messages)?)?;
    Ok(())
}

fn read(language: &Path) -> Result<Messages, Box<dyn Error>> {
    let mut messages = Messages::new();
    for file in fs::read_dir(language)? {
        let path = file?.path();
        let source = fs::read_to_string(&path)?;
        let resource: Resource<&str> = fluent_syntax::parser::parse(source.as_str())
            .map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
        for entry in &resource.body {
            if let Entry::Message(Message { id, value: Some(value), .. }) = entry {
                let mut arguments = BTreeSet::new();
                in_pattern(value, &mut arguments);
                if messages.insert(id.name.to_owned(), arguments).is_some() {
                    return Err(format!("{}: {} is there twice", path.display(), id.name).into());
                }
            }
        }
    }
    Ok(messages)
}

fn in_pattern(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, arguments);
        }
    }
}

fn in_expression(expression: &Expression<&str>, arguments: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, arguments),
        Expression::Select { selector, variants } => {
            in_inline(selector, arguments);
            for variant in variants {
                in_pattern(&variant.value, arguments);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments: CallArguments { positional, named }, .. } => {
            for inline in positional.iter().chain(named.iter().map(|named| &named.value)) {
                in_inline(inline, arguments);
            }
        }
        InlineExpression::Placeable { expression } => in_expression(expression, arguments),
        _ => {}
    }
}

fn differences(ours: &Messages, theirs: &Messages) -> String {
    let mut lines = Vec::new();
    for id in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        match (ours.get(id), theirs.get(id)) {
            (Some(_), None) => lines.push(format!("  {id} is missing in the second")),
            (None, Some(_)) => lines.push(format!("  {id} is missing in the first")),
            (Some(ours), Some(theirs)) if ours != theirs => {
                lines.push(format!("  {id} has the arguments {ours:?} in the first and {theirs:?} in the second"));
            }
            _ => {}
        }
    }
    lines.join("\n")
}

fn constants(messages: &Messages) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    for (id, arguments) in messages {
        let name = id.to_uppercase().replace('-', "_");
        let arguments: Vec<&String> = arguments.iter().collect();
        let count = arguments.len();
        writeln!(code, "pub(crate) const {name}: Key<{count}> = Key {{ id: {id:?}, arguments: {arguments:?} }};")?;
    }
    Ok(code)
}
