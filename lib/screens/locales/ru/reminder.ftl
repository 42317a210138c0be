reminder-title =
    { $habits ->
        [1] ⏰ Пора!
        [one] ⏰ Пора: { $habits } привычка!
        [few] ⏰ Пора: { $habits } привычки!
       *[many] ⏰ Пора: { $habits } привычек!
    }
reminder-more = и ещё { $habits } в /today
button-later = 💤 Позже
snooze =
    { $minutes ->
        [60] 1 ч
       *[other] { $minutes } мин
    }
snooze-tonight = 🌙 Вечером
