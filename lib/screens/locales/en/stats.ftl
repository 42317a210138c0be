command-stats = How your habits go
button-stats = 📊 Statistics
button-year = 📊 Year
button-year-of-all = 🗓 All habits in a year
button-back-to-stats = ⬅️ Statistics
button-card = 🗂 Habit
stats-title = 📊 <b>How your habits go</b>
stats-row = 🔥 { $days } · 🏆 { $record } · 💪 { $strength } %
stats-lately = 📅 { $kept } of { $due }
stats-legend = <i>🔥 days in a row, 🏆 the most ever, 💪 how firm the habit is, 📅 how often it was kept in the last 30 days</i>
stats-empty = 📊 Nothing to look back on yet. Shall we begin with a habit?
year-done =
    ✅ { $days ->
        [one] { $days } day
       *[other] { $days } days
    } done in a year
year-done-of-all =
    ✅ { $times ->
        [one] { $times } check mark
       *[other] { $times } check marks
    } in a year
