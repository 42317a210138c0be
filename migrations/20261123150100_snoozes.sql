-- Reminders that people put off: deliveries of a kind of their own.
alter table deliveries drop constraint deliveries_kind_known;
alter table deliveries add constraint deliveries_kind_known check (kind in ('reminder', 'snooze')) not valid;
