-- When a person's day starts, and when the phone shall be silent.
alter table users
    add column day_start_hour smallint not null default 0
        constraint users_day_start_hour_range check (day_start_hour between 0 and 5),
    add column quiet_from time,
    add column quiet_to time,
    add constraint users_quiet_hours_have_two_ends check ((quiet_from is null) = (quiet_to is null));

alter table habits
    -- The schedule at first and its changes: lib/habits, Schedules. Empty: daily.
    add column schedules jsonb not null default '{}'
        constraint habits_schedules_object check (jsonb_typeof(schedules) = 'object'),
    -- The owner's date on which it was begun; null: that of created_at.
    add column begun_on date,
    -- Local times of further reminders, after the first one in time_to_remind.
    add column more_reminder_times time[] not null default '{}'
        constraint habits_more_reminder_times_few check (cardinality(more_reminder_times) <= 9),
    -- What a day is to reach, in thousandths of the unit.
    add column goal_direction text constraint habits_goal_direction_known check (goal_direction in ('at_least', 'at_most')),
    add column goal_amount_milli bigint
        constraint habits_goal_amount_range check (goal_amount_milli between 1 and 1000000000000),
    add column goal_unit varchar(30),
    add constraint habits_goal_whole check ((goal_direction is null) = (goal_amount_milli is null)
        and (goal_unit is null or goal_direction is not null)),
    -- Since when the goal of target_days is reached. Such a habit is not active, and an undo makes it so again.
    add column completed_at timestamptz,
    add constraint habits_completed_not_active check (completed_at is null or not is_active),
    -- Counts the writes of the habit, its executions and what else its streak depends on: a writer who read an older
    -- version has to read again.
    add column version bigint not null default 0,
    drop constraint habits_origin_known,
    add constraint habits_origin_known check (origin in ('telegram', 'api', 'crd', 'template', 'import'));

alter table executions
    -- In thousandths of the habit's unit.
    add column amount_milli bigint
        constraint executions_amount_range check (amount_milli between 0 and 1000000000000),
    add column note varchar(500),
    drop constraint executions_status_known,
    add constraint executions_status_known check (status in ('pending', 'done', 'not_done', 'skipped', 'frozen'));

-- Dates on which nothing is expected: of one habit, or of all that a person has. Both ends belong to it.
create table pauses (
    id bigint generated always as identity constraint pauses_pkey primary key,
    user_id bigint not null constraint pauses_user_id_fkey references users on delete cascade,
    habit_id bigint constraint pauses_habit_id_fkey references habits on delete cascade,
    from_date date not null,
    to_date date constraint pauses_ends_after_it_begins check (to_date >= from_date),
    -- Travel: a date that was lost by flying east.
    reason text not null constraint pauses_reason_known check (reason in ('person', 'travel')),
    created_at timestamptz not null
);
create index pauses_user_id on pauses (user_id);
create index pauses_habit_id on pauses (habit_id) where habit_id is not null;

-- Without a sound: it falls into the person's quiet hours.
alter table deliveries add column is_silent boolean not null default false;
