//! How a time of day is written.

use utoipa::ToSchema;

/// A local time of day. Seconds may be left out of requests; replies have them.
///
/// Only the document's: programs hold a `NaiveTime`. JSON Schema's own format `time` wants an offset, which a local time
/// has not.
#[derive(Debug, Clone, ToSchema)]
#[schema(
    value_type = String,
    pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?$",
    example = "21:30:00"
)]
pub struct TimeOfDay(pub String);
