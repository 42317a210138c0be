reminder-title =
    { $habits ->
        [one] ⏰ It is time!
       *[other] ⏰ It is time for { $habits } habits!
    }
reminder-more = and { $habits } more in /today
button-later = 💤 Later
snooze =
    { $minutes ->
        [60] 1 h
       *[other] { $minutes } min
    }
snooze-tonight = 🌙 Tonight
