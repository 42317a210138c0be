-- 200 people with 5 habits each and 40 with 50, each habit with what was done on the 30 days before today.
-- 20,000 more without habits make the table one that is read by its indexes.
-- Ids count from a number that is found nowhere else, so that they are known again in a log of statements.
insert into users (id, telegram_id, username, first_name, language, timezone, timezone_chosen, created_at, updated_at)
overriding system value
select 100000 + n, 7000000 + n, 'user' || n, 'Person ' || n, 'en',
       (array['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/New_York'])[1 + n % 4], true, now(), now()
from generate_series(1, 240) n
union all
select 150000 + n, 8000000 + n, null, 'Person ' || n, 'en', 'UTC', true, now(), now() from generate_series(1, 20000) n;

insert into habits (id, user_id, name, description, time_to_remind, origin, current_streak, max_streak,
                    streak_expires_at, next_reminder_at, created_at, updated_at)
overriding system value
select 200000 + h, case when h <= 1000 then 100000 + (h + 4) / 5 else 100200 + (h - 1000 + 49) / 50 end,
       'Habit number ' || h, case when h % 2 = 0 then 'Every day, as long as it lasts' end,
       time '06:00' + h % 64 * interval '15 minutes', 'telegram', 30, 30,
       now() + interval '2 days', now() + interval '2 days', now() - interval '40 days', now()
from generate_series(1, 3000) h;

insert into executions (habit_id, execution_date, status, created_at, updated_at)
select 200000 + h, current_date - day, case when (h + day) % 11 = 0 then 'not_done' else 'done' end, now(), now()
from generate_series(1, 3000) h, generate_series(1, 30) day;

select setval(pg_get_serial_sequence('users', 'id'), 200000), setval(pg_get_serial_sequence('habits', 'id'), 210000);
