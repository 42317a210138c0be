//! What walks over all operations: they come from the OpenAPI document, so a new one cannot be forgotten. One with a new kind
//! of parameter fails until [`World`] has such a thing.

mod operation;
mod world;

pub(crate) use operation::{Access, CAPABILITIES, Operation, operations};
pub(crate) use world::{CALLERS, Caller, World};
