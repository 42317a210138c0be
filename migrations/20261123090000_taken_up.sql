-- Whether a person made the habit active again after it was complete: it goes on beyond its target.
alter table habits add column taken_up boolean not null default false;
