-- 10,000 people with three habits each, and what was done on the 30 days before today of the first thousand's.
-- Their zones are all UTC: the day does not turn in the middle of a run for some of them.
insert into users (id, telegram_id, username, first_name, language, timezone, timezone_chosen, created_at, updated_at)
overriding system value
select 100000 + n, 7000000 + n, 'user' || n, 'Person ' || n, case when n % 2 = 0 then 'en' else 'ru' end, 'UTC', true, now(), now()
from generate_series(1, 10000) n;

insert into habits (id, user_id, name, description, time_to_remind, origin, current_streak, max_streak,
                    streak_expires_at, next_reminder_at, created_at, updated_at)
overriding system value
select 200000 + h, 100000 + (h + 2) / 3, 'Habit number ' || h, null, time '06:00' + h % 64 * interval '15 minutes', 'telegram', 0, 0,
       null, now() + interval '2 days', now() - interval '40 days', now()
from generate_series(1, 30000) h;

insert into executions (habit_id, execution_date, status, created_at, updated_at)
select 200000 + h, current_date - day, case when (h + day) % 11 = 0 then 'not_done' else 'done' end, now(), now()
from generate_series(1, 3000) h, generate_series(1, 30) day;

select setval(pg_get_serial_sequence('users', 'id'), 200000), setval(pg_get_serial_sequence('habits', 'id'), 300000);
