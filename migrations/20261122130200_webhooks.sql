-- Where people's own programs are told what happens to their habits (docs/webhooks.md), at most five a person.
create table webhooks (
    id bigint generated always as identity constraint webhooks_pkey primary key,
    user_id bigint not null constraint webhooks_user_id_fkey references users on delete cascade,
    url varchar(2048) not null,
    events text[] not null constraint webhooks_events_known check (
        cardinality(events) > 0
        and events <@ array['execution.set', 'habit.created', 'habit.updated', 'habit.deleted', 'habit.archived',
                            'habit.restored', 'habit.completed']),
    -- Key of the HMAC. It is stored as it is: a hash of it could sign nothing.
    secret bytea not null constraint webhooks_secret_length check (octet_length(secret) between 24 and 64),
    -- The key before the last rotation signs along until then, so that a receiver can change over.
    previous_secret bytea constraint webhooks_previous_secret_length
        check (octet_length(previous_secret) between 24 and 64),
    previous_secret_until timestamptz,
    is_active boolean not null default true,
    -- Attempts that failed since the last that succeeded, and when the first of them was.
    failures integer not null default 0 constraint webhooks_failures_positive check (failures >= 0),
    failing_since timestamptz,
    -- Why it was switched off for its owner; null when it is on, or when the owner did it.
    disabled_reason text constraint webhooks_disabled_reason_known check (disabled_reason in ('gone', 'failing')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint webhooks_previous_secret_with_end check ((previous_secret is null) = (previous_secret_until is null)),
    constraint webhooks_failing_with_failures check ((failing_since is null) = (failures = 0)),
    constraint webhooks_disabled_is_not_active check (disabled_reason is null or not is_active)
);
create index webhooks_user_id on webhooks (user_id, id);
-- What every change of a habit asks: it finds nothing for nearly everybody.
create index webhooks_active on webhooks (user_id) where is_active;

-- The outbox of webhooks: one row per event and webhook, kept for 7 days.
create table webhook_deliveries (
    id bigint generated always as identity constraint webhook_deliveries_pkey primary key,
    webhook_id bigint not null constraint webhook_deliveries_webhook_id_fkey references webhooks on delete cascade,
    -- The same for each attempt and for each webhook of the person: the receiver tells by it what came twice.
    event_id uuid not null,
    event_type text not null,
    payload jsonb not null,
    state text not null default 'due' constraint webhook_deliveries_state_known
        check (state in ('due', 'delivered', 'failed', 'cancelled')),
    attempts integer not null default 0,
    -- While somebody has it in hand this is the end of his lease: who dies leaves a row that is due by then.
    next_attempt_at timestamptz not null,
    lease_until timestamptz,
    last_status smallint,
    last_error text,
    created_at timestamptz not null,
    constraint webhook_deliveries_webhook_id_event_id_key unique (webhook_id, event_id),
    constraint webhook_deliveries_lease_while_due check (lease_until is null or state = 'due')
);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at, id) where state = 'due';
create index webhook_deliveries_waiting on webhook_deliveries (webhook_id) where state = 'due';
create index webhook_deliveries_leased on webhook_deliveries (webhook_id) where lease_until is not null;
create index webhook_deliveries_newest on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_created_at on webhook_deliveries (created_at);
