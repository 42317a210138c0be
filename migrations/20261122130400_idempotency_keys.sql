-- Keys that clients send with what creates, so that a repeated request creates nothing: each with the request it came
-- with and the reply it got. A row commits with the effect. Kept for 48 hours.
create table idempotency_keys (
    user_id bigint constraint idempotency_keys_user_id_fkey references users on delete cascade,
    key text constraint idempotency_keys_key_visible check (key ~ '^[\x21-\x7e]{1,255}$'),
    -- Method and path.
    operation text not null,
    body_sha256 bytea not null constraint idempotency_keys_body_sha256_length check (octet_length(body_sha256) = 32),
    -- Null only within the transaction that carries the request out.
    status smallint,
    reply bytea,
    created_at timestamptz not null,
    constraint idempotency_keys_pkey primary key (user_id, key),
    constraint idempotency_keys_reply_with_status check ((status is null) = (reply is null))
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
