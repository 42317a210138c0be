-- Tokens that people make for their own programs. What is kept of one tells nobody how to use it.
create table api_tokens (
    id bigint generated always as identity constraint api_tokens_pkey primary key,
    user_id bigint not null constraint api_tokens_user_id_fkey references users on delete cascade,
    name varchar(100) not null constraint api_tokens_name_not_empty check (name <> ''),
    scope text not null constraint api_tokens_scope_known check (scope in ('read', 'write')),
    -- SHA-256 of the whole token.
    token_hash bytea not null
        constraint api_tokens_token_hash_key unique
        constraint api_tokens_token_hash_length check (octet_length(token_hash) = 32),
    -- The end of the token, by which its owner knows it again.
    last_four text not null constraint api_tokens_last_four_length check (length(last_four) = 4),
    created_at timestamptz not null,
    -- Null: until it is revoked.
    expires_at timestamptz,
    -- To the minute.
    last_used_at timestamptz
);
create index api_tokens_user_id on api_tokens (user_id, id);
