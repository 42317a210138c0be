-- The bot's screen in each person's chat: one message, which goes when a new one takes its place.
create table live_messages (
    user_id bigint constraint live_messages_pkey primary key
        constraint live_messages_user_id_fkey references users on delete cascade,
    message_id bigint not null constraint live_messages_message_id_positive check (message_id > 0),
    updated_at timestamptz not null
);
