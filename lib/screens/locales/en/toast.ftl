toast-done =
    ✅ { $name } · { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
toast-goal =
    🎉 { $days ->
        [one] { $days } day
       *[other] { $days } days
    } in a row: you reached your goal!
toast-undone = ↩️ { $name }: taken back
toast-other-day = 📅 Set for { $date }
toast-habit-gone = This habit is no longer there
toast-day-closed = { $date } is too long ago to change
toast-old-question = That question is answered already
toast-unknown = That button is from another time. Here is today
toast-skipped = ⏭ { $name }: skipped today
toast-no-freeze-left = ❄️ Both freezes of this month are spent
toast-new-day = A new day has begun: here it is
toast-snoozed = 💤 I remind you again at { $time }
toast-snooze-off = 💤 I do not remind you again
