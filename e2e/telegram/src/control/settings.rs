//! Faults, limits, the clock and the reset.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{faults::Fault, options::Limits, shared::Shared, world::Refusal};

type App = State<Arc<Shared>>;

/// `GET /control/faults`
pub(crate) async fn faults(State(shared): App) -> Json<Vec<Fault>> {
    Json(shared.read(|world| world.faults.all().to_vec()))
}

/// `POST /control/faults`
pub(crate) async fn switch_on(State(shared): App, Json(fault): Json<Fault>) -> Result<Json<Value>, Refusal> {
    if !(0.0..=1.0).contains(&fault.probability) {
        return Err(Refusal::Conflict(format!("the probability {} is not between 0 and 1", fault.probability)));
    }
    shared.write(|world| {
        let bound = world.options.bounds.faults;
        if world.faults.all().len() >= bound {
            return Err(Refusal::Conflict(format!("{bound} faults are on already")));
        }
        world.faults.switch_on(fault);
        Ok(Json(json!({})))
    })
}

/// `DELETE /control/faults`
pub(crate) async fn clear_faults(State(shared): App) -> Json<Value> {
    shared.write(|world| world.faults.clear());
    Json(json!({}))
}

/// `GET /control/limits`
pub(crate) async fn limits(State(shared): App) -> Json<Limits> {
    Json(shared.read(|world| world.limits.clone()))
}

/// `PUT /control/limits`
pub(crate) async fn set_limits(State(shared): App, Json(limits): Json<Limits>) -> Json<Limits> {
    shared.write(|world| world.limits = limits.clone());
    Json(limits)
}

/// How far to move the clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    ms: u32,
}

/// `POST /control/clock/advance`
pub(crate) async fn advance_clock(State(shared): App, Json(advance): Json<Advance>) -> Json<Value> {
    shared.write(|world| {
        world.clock.advance(i64::from(advance.ms));
        Json(json!({ "now_ms": world.clock.now_ms() }))
    })
}

/// `POST /control/reset`
pub(crate) async fn reset(State(shared): App) -> Json<Value> {
    shared.write(crate::world::World::reset);
    Json(json!({}))
}
