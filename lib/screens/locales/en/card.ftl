card-standing =
    🔥 { $days ->
        [0] No streak yet
        [one] { $days } day in a row
       *[other] { $days } days in a row
    } · 🏆 { $record } · 💪 { $strength } %
card-schedule = 🗓 { $schedule }
card-times = ⏰ { $times }
card-amount = 📏 Today: { $amount }
card-complete = 🏁 Complete: you reached your goal.
card-put-away = 📦 Put away.
card-strip = The last seven days; tap one to change it.
button-edit = ✏️ Change
button-put-away = 📦 Put away
button-take-back = ♻️ Take up again
button-delete-sure = 🗑 Yes, delete it for good
button-keep = ⬅️ No, keep it
button-amount = ⌨️ How much
ask-delete = 🗑 Delete <b>{ $name }</b> with all its days? This cannot be undone. Putting it away keeps them.
