"""What the document cannot say: which refusals of data that it allows are right, and that a used key creates nothing.

A valid request is answered with 2xx, or by a right refusal; `positive_data_acceptance` lets 400 and 422 pass to here.
"""

import re

import schemathesis
from schemathesis.generation.meta import TestPhase

DATE = "how far from today is too far"
ZONE = "which zones the build knows"
GOAL = "whether the habit has a goal, and that amount and add exclude each other"
START = "how far from today is too far, and that the empty text is no date"
EXECUTIONS = "POST /api/v1/habits/{habit_id}/executions/"
STATISTICS = "GET /api/v1/habits/{habit_id}/statistics"

# `loc` names a file within the file.
ANY = None

# (operation, type, field): what the schema cannot say.
RIGHT = {
    ("POST /api/v1/auth/token", "unknown_time_zone", "timezone"): ZONE,
    ("PATCH /api/v1/users/me", "unknown_time_zone", "timezone"): ZONE,
    ("PATCH /api/v1/users/me", "validation_error", "quiet_hours"): "that two fields differ",
    ("GET /api/v1/habits/", "validation_error", "after"): "which habits there are",
    ("POST /api/v1/habits/", "validation_error", "schedule"): START,
    ("PATCH /api/v1/habits/{habit_id}", "validation_error", "schedule"): START,
    (EXECUTIONS, "habit_not_active", "habit_id"): "which habits are active",
    (EXECUTIONS, "date_out_of_range", "execution_date"): DATE,
    (EXECUTIONS, "validation_error", "execution_date"): "that the empty text is no date",
    (EXECUTIONS, "validation_error", "status"): "that one of three fields is needed, and which days were missed",
    (EXECUTIONS, "validation_error", "amount"): GOAL,
    (EXECUTIONS, "validation_error", "add"): GOAL,
    (STATISTICS, "validation_error", "from_date"): DATE,
    (STATISTICS, "validation_error", "to_date"): DATE,
    ("PUT /api/v1/habits/{habit_id}/snooze", "date_out_of_range", "execution_date"): DATE,
    ("PUT /api/v1/habits/{habit_id}/snooze", "validation_error", "execution_date"): "that the empty text is no date",
    ("PUT /api/v1/habits/{habit_id}/snooze", "habit_not_active", "habit_id"): "which habits are active",
    ("POST /api/v1/today/done", "date_out_of_range", "date"): "which day is today",
    ("POST /api/v1/today/done", "validation_error", "date"): "that the empty text is no date",
    ("POST /api/v1/pauses", "date_out_of_range", "from_date"): DATE,
    ("POST /api/v1/pauses", "date_out_of_range", "to_date"): DATE,
    ("POST /api/v1/pauses", "validation_error", "habit_id"): "which habits there are",
    ("POST /api/v1/pauses", "validation_error", "from_date"): "that the empty text is no date",
    ("POST /api/v1/pauses", "validation_error", "to_date"): "that the empty text is no date",
    ("POST /api/v1/users/me/tokens", "validation_error", "expires_at"): "which instants are over",
    ("POST /api/v1/users/me/import", "import_refused", ANY): "which bytes are a file of a known kind, and what it holds",
    ("POST /api/v1/webhooks", "validation_error", "url"): "which addresses are public",
    ("PATCH /api/v1/webhooks/{webhook_id}", "validation_error", "url"): "which addresses are public",
}

# Of every operation that takes a key: which ones came before, and with what.
KEY_REUSED = ("idempotency_key_reused", ["header", "Idempotency-Key"])

# A schema counts characters, and does not know which of them show something.
SHOWS_NOTHING = "is empty or shows nothing"

# JSON Schema takes 10.0 for a whole number; the api does not.
WHOLE_WITH_A_FRACTION = re.compile(r"floating point `-?\d+\.0`")


@schemathesis.check
def refusals_of_valid_data_are_right(ctx, response, case):
    if not (case.meta and case.meta.generation.mode.is_positive and response.status_code in (400, 422)):
        return
    detail = response.json()["detail"]
    operation, kind, loc = case.operation.label, detail["type"], detail["loc"]
    msg = detail["msg"]
    if WHOLE_WITH_A_FRACTION.search(msg) or SHOWS_NOTHING in msg or (kind, loc) == KEY_REUSED:
        return
    is_right = (operation, kind, ANY) in RIGHT or (operation, kind, loc[1] if len(loc) > 1 else ANY) in RIGHT
    assert is_right, f"refused data that the document allows: {operation}, {kind}, {loc}: {msg}"


@schemathesis.hook
def before_call(ctx, case, **kwargs):
    """Leaves the key out of what links follow: a reply told again may be about a thing that is gone since."""
    if case.meta and case.meta.phase.name == TestPhase.STATEFUL and case.meta.generation.mode.is_positive:
        case.headers.pop("Idempotency-Key", None)
