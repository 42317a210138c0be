-- When a person last changed a habit's times: reminders that were sent before do not count for the new ones.
alter table habits add column reminder_times_changed_at timestamptz;
