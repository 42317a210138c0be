//! What can be asked for with the id that a reply gives.

use std::collections::BTreeMap;

use utoipa::openapi::{
    OpenApi, RefOr,
    link::Link,
    path::{Operation, ParameterIn},
};

use super::operations;

/// An operation and the parameters of its path.
struct Target {
    id: String,
    parameters: Vec<String>,
}

/// Links the reply of each `create_…` to all that takes the id in it.
pub(super) fn add(openapi: &mut OpenApi) {
    // `…/me` names the caller as a partner, which whoever created the thing is not.
    let others = openapi.paths.paths.iter_mut().filter(|(path, _)| !path.ends_with("/me"));
    let targets: Vec<_> = others.flat_map(|(_, item)| operations(item)).filter_map(|one| target(one)).collect();
    for operation in openapi.paths.paths.values_mut().flat_map(operations) {
        let Some(created) = operation.operation_id.as_deref().and_then(|id| id.strip_prefix("create_")) else {
            continue;
        };
        let said = said(operation, created);
        let links = targets.iter().filter_map(|target| link(target, &said));
        let links: BTreeMap<_, RefOr<Link>> = links.map(|link| (link.operation_id.clone(), link.into())).collect();
        if let Some(RefOr::T(reply)) = operation.responses.responses.get_mut("201") {
            reply.links = links;
        }
    }
}

fn target(operation: &Operation) -> Option<Target> {
    Some(Target { id: operation.operation_id.clone()?, parameters: in_path(operation) })
}

fn in_path(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().flatten();
    let in_path = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path => Some(parameter.name.clone()),
        _ => None,
    });
    in_path.collect()
}

/// Where the reply, and the request before it, say which parameter.
fn said(operation: &Operation, created: &str) -> BTreeMap<String, String> {
    let mut said: BTreeMap<_, _> =
        in_path(operation).into_iter().map(|name| (name.clone(), format!("$request.path.{name}"))).collect();
    said.insert(format!("{created}_id"), "$response.body#/id".to_owned());
    if created == "invite" {
        said.insert("code".to_owned(), "$response.body#/code".to_owned());
    }
    said
}

/// Only where the reply says something of it, and nothing is left to be guessed.
fn link(target: &Target, said: &BTreeMap<String, String>) -> Option<Link> {
    let values: Vec<_> = target.parameters.iter().map(|name| said.get(name)).collect::<Option<_>>()?;
    values.iter().find(|value| value.starts_with("$response"))?;
    let link = Link::builder().operation_id(&target.id);
    let named = target.parameters.iter().zip(values);
    Some(named.fold(link, |link, (name, value)| link.parameter(name, value.clone())).build())
}
