today-title = 📋 <b>Today</b> · { $date }
today-empty = No habits yet. Shall we begin with one?
today-progress = { $done } of { $all } done
today-all-done = 🎉 All done, well done!
button-habits = 📚 Habits
button-done-all = ✅ All done
today-free = 🌿 Nothing is on today.
today-off =
    🌿 { $habits ->
        [one] { $habits } habit has
       *[other] { $habits } habits have
    } a day off
today-paused =
    ⏸ { $habits ->
        [one] { $habits } habit is
       *[other] { $habits } habits are
    } paused
button-yesterday = 🌙 Yesterday
yesterday-title = 🌙 <b>Yesterday</b> · { $date }
yesterday-free = 🌿 Nothing was on that day.
