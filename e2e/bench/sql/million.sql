-- 1,000,000 habits of 100,000 people, each habit with two days of history. Reminders are spread over a day, streaks end
-- at different hours; none is due or over yet. One person in ten lives two hours east of UTC and has habits of so many times a
-- week, with the last day of a week among what was done.
insert into users (id, telegram_id, first_name, language, timezone, timezone_chosen, created_at, updated_at)
overriding system value
select 1000000 + n, 90000000 + n, 'Person ' || n, 'en',
       case when n % 10 = 0 then 'Africa/Johannesburg' else 'UTC' end, true, now(), now() from generate_series(1, 100000) n;

insert into habits (id, user_id, name, time_to_remind, origin, current_streak, max_streak, streak_expires_at,
                    next_reminder_at, schedules, created_at, updated_at)
overriding system value
select 10000000 + h, 1000001 + (h - 1) / 10, 'Habit number ' || h, time '00:00' + h % 1440 * interval '1 minute', 'telegram',
       2, 9, now() + interval '1 day' + h % 24 * interval '1 hour', now() + interval '1 hour' + h % 1440 * interval '1 minute',
       case when ((h - 1) / 10 + 1) % 10 = 0 then '{"first": {"type": "times_per_week", "times": 3}}'::jsonb else '{}' end,
       now() - interval '40 days', now()
from generate_series(1, 1000000) h;

insert into executions (habit_id, execution_date, status, created_at, updated_at)
select 10000000 + h, current_date - day, 'done', now(), now() from generate_series(1, 1000000) h, generate_series(1, 2) day;

-- What else is read for a request, of one person in ten: a pause, a webhook, a token, and a reminder of each of his habits.
insert into pauses (user_id, from_date, to_date, reason, created_at)
select id, current_date - 20, current_date - 10, 'person', now() from users where id > 1000000 and id % 10 = 1;
insert into webhooks (user_id, url, events, secret, created_at, updated_at)
select id, 'https://example.org/' || id, '{execution.set}', decode(md5(id::text) || md5(id::text), 'hex'), now(), now()
from users where id > 1000000 and id % 10 = 1;
insert into api_tokens (user_id, name, scope, token_hash, last_four, created_at)
select id, 'laptop', 'read', sha256(id::text::bytea), '1234', now() from users where id > 1000000 and id % 10 = 1;
insert into deliveries (kind, user_id, chat_id, scheduled_at, part, next_attempt_at, expires_at, state, message_id, sent_at)
select 'reminder', user_id, user_id, date_trunc('minute', now()) - interval '1 day', id % 10, now(), now(), 'sent', 1, now()
from habits where user_id > 1000000 and user_id % 10 = 1;
insert into delivery_items (scheduled_at, delivery_id, habit_id, execution_date)
select d.scheduled_at, d.id, h.id, current_date - 1 from deliveries d join habits h on h.user_id = d.user_id and h.id % 10 = d.part;

select setval(pg_get_serial_sequence('users', 'id'), 2000000), setval(pg_get_serial_sequence('habits', 'id'), 20000000);
