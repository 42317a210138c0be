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

select setval(pg_get_serial_sequence('users', 'id'), 2000000), setval(pg_get_serial_sequence('habits', 'id'), 20000000);
