-- People. A row appears when somebody first writes to the bot.
create table users (
    id bigint generated always as identity constraint users_pkey primary key,
    telegram_id bigint not null
        constraint users_telegram_id_key unique
        constraint users_telegram_id_positive check (telegram_id > 0),
    username varchar(100),
    first_name varchar(100),
    last_name varchar(100),
    -- Language of the texts this person gets; null until the first login.
    language text constraint users_language_known check (language in ('en', 'ru')),
    -- Canonical IANA name, such as Asia/Kathmandu.
    timezone varchar(50) not null default 'UTC',
    -- Whether the person chose the zone; otherwise it is the deployment's default, and the bot asks.
    timezone_chosen boolean not null default false,
    is_active boolean not null default true,
    -- Since when Telegram refuses our messages to this person, and why. Cleared when the person writes again.
    blocked_at timestamptz,
    blocked_reason text constraint users_blocked_reason_known
        check (blocked_reason in ('blocked', 'deactivated', 'chat_not_found', 'reported')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint users_blocked_with_reason check ((blocked_at is null) = (blocked_reason is null))
);

create table habits (
    id bigint generated always as identity constraint habits_pkey primary key,
    user_id bigint not null constraint habits_user_id_fkey references users on delete cascade,
    name varchar(255) not null constraint habits_name_not_empty check (name <> ''),
    description text,
    target_days integer not null default 21
        constraint habits_target_days_positive check (target_days > 0),
    -- Local time of the daily reminder, in the owner's zone.
    time_to_remind time not null,
    is_active boolean not null default true,
    origin text not null constraint habits_origin_known check (origin in ('telegram', 'api', 'crd')),
    -- Cache of what the executions say: see lib/habits.
    current_streak integer not null default 0 constraint habits_current_streak_positive check (current_streak >= 0),
    max_streak integer not null default 0 constraint habits_max_streak_positive check (max_streak >= 0),
    -- When the streak ends unless the habit is done before; null without a streak.
    streak_expires_at timestamptz,
    -- When the next reminder is due; null for a habit that is not active.
    next_reminder_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index habits_user_id on habits (user_id, id);
create index habits_next_reminder_at on habits (next_reminder_at, user_id) where next_reminder_at is not null;
create index habits_streak_expires_at on habits (streak_expires_at) where streak_expires_at is not null;

-- What a person did on a day of his own calendar. No row means: nothing said yet.
create table executions (
    id bigint generated always as identity constraint executions_pkey primary key,
    habit_id bigint not null constraint executions_habit_id_fkey references habits on delete cascade,
    execution_date date not null,
    status text not null constraint executions_status_known check (status in ('pending', 'done', 'not_done')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint executions_habit_id_execution_date_key unique (habit_id, execution_date)
);

-- The outbox: one row per message to one chat. scheduled_at never changes: it is identity, lateness and partition.
create table deliveries (
    id bigint generated always as identity,
    kind text not null constraint deliveries_kind_known check (kind in ('reminder')),
    user_id bigint not null constraint deliveries_user_id_fkey references users on delete cascade,
    chat_id bigint not null,
    scheduled_at timestamptz not null,
    -- A second message to the same chat for the same minute, because the first had left already.
    part smallint not null default 0,
    next_attempt_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null default 'due' constraint deliveries_state_known
        check (state in ('due', 'queued', 'sending', 'sent', 'failed', 'expired', 'cancelled')),
    attempts integer not null default 0,
    lease_until timestamptz,
    message_id integer,
    error text,
    sent_at timestamptz,
    constraint deliveries_pkey primary key (scheduled_at, id),
    constraint deliveries_kind_chat_id_scheduled_at_part_key unique (kind, chat_id, scheduled_at, part),
    constraint deliveries_lease_while_moving check ((lease_until is not null) = (state in ('queued', 'sending'))),
    constraint deliveries_sent_with_message check ((state = 'sent') = (message_id is not null and sent_at is not null))
) partition by range (scheduled_at);
create table deliveries_default partition of deliveries default;
create index deliveries_due on deliveries (next_attempt_at, scheduled_at, id) where state = 'due';
create index deliveries_leased on deliveries (lease_until) where state in ('queued', 'sending');
create index deliveries_user_id on deliveries (user_id, scheduled_at);

-- The habits one reminder names, each with the date its buttons act on.
create table delivery_items (
    scheduled_at timestamptz not null,
    delivery_id bigint not null,
    habit_id bigint not null constraint delivery_items_habit_id_fkey references habits on delete cascade,
    execution_date date not null,
    constraint delivery_items_pkey primary key (scheduled_at, delivery_id, habit_id),
    constraint delivery_items_delivery_fkey
        foreign key (scheduled_at, delivery_id) references deliveries (scheduled_at, id) on delete cascade
);
create index delivery_items_habit_id on delivery_items (habit_id);

-- Who runs the loops: one row, fenced by its epoch, expiring by this database's clock.
create table loop_leader (
    only_row boolean constraint loop_leader_pkey primary key default true
        constraint loop_leader_one_row check (only_row),
    holder text not null,
    epoch bigint not null,
    expires_at timestamptz not null
);

-- The bot's dialogues, one open per person at the most: they outlive the bot's process.
create table dialogues (
    user_id bigint constraint dialogues_pkey primary key
        constraint dialogues_user_id_fkey references users on delete cascade,
    state jsonb not null,
    updated_at timestamptz not null
);

-- Updates of Telegram whose effect is committed: a second delivery of one changes nothing. Kept for 48 hours.
create table seen_updates (
    user_id bigint constraint seen_updates_user_id_fkey references users on delete cascade,
    update_id bigint,
    seen_at timestamptz not null,
    constraint seen_updates_pkey primary key (user_id, update_id)
);
create index seen_updates_seen_at on seen_updates (seen_at);

-- Which generation of a Habit resource has been applied. Commits with the habit and outlives it.
create table habit_claims (
    resource_uid uuid constraint habit_claims_pkey primary key,
    generation bigint not null,
    habit_id bigint constraint habit_claims_habit_id_fkey references habits on delete set null,
    claimed_at timestamptz not null
);
create index habit_claims_habit_id on habit_claims (habit_id);
