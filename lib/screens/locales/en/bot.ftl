# Slash menu
command-today = Today's habits
command-new = Create a habit
command-settings = Time zone and language
command-zone = Change the time zone
command-language = Change the language
command-help = How it works
command-cancel = Stop what was begun

# Buttons
button-done = ✅ Done
button-undo = ↩️ Undo
button-skip = ⏭ Skip
button-new = ➕ New habit
button-today = 📋 Today
button-zone = 🕒 Time zone
button-language = 🌐 Language

# Around
welcome = 👋 Hello, <b>{ $name }</b>! I remind you of your habits and count the days you keep them.
help =
    I remind you of a habit every day at the time you choose. Tap <b>✅ Done</b> on the reminder and watch your streak grow.

    /new creates a habit
    /today shows what is on today
    /settings changes your time zone and language
    /cancel stops what was begun
cancelled = 👌 All right, nothing was saved.
nothing-to-cancel = There is nothing to cancel.
lost = I did not get that. What would you like to do?
one-moment = ⏳ One moment, please: something is off on our side. Try again in a minute.
closed-account = 🔒 This account is closed. Please write to whoever runs this bot.
wants-text = 🙂 I can only read text here.

# Settings
settings =
    ⚙️ <b>Settings</b>

    🕒 Time zone: { $zone }, it is { $time } there
    🌐 Language: { $language }
ask-zone = 🕒 Where do you live? Tap a city, or send me the name of one, such as <code>Kathmandu</code> or <code>Asia/Kathmandu</code>.
unknown-zone = 🤔 I do not know the time in “{ $typed }”. Try the nearest big city.
zone-set = 🕒 Your time zone is <b>{ $zone }</b>, it is { $time } there. Reminders keep to it.
ask-language = 🌐 Which language shall I speak?
language-set = 🌐 I speak English now.

# Creation
ask-name =
    ✏️ <b>What is the new habit called?</b>

    For example: <i>Read 20 pages</i>
ask-description =
    📝 <b>{ $name }</b>: good choice! Would you like to add a few words, such as why it matters?
ask-target = 🎯 How many days in a row is your goal? Tap, or send a number.
ask-time = ⏰ When shall I remind you? Tap, or send a time such as <code>07:45</code>.
empty-name = 🤔 Nothing is left of that name. A few letters, please.
long-name =
    🤔 That name is too long: { $most ->
        [one] { $most } character
       *[other] { $most } characters
    } at most. Can you put it shorter?
long-description =
    🤔 That is too long: { $most ->
        [one] { $most } character
       *[other] { $most } characters
    } at most.
not-a-number = 🤔 That is not a whole number. Digits only, please, such as <code>21</code>.
target-out-of-range = 🤔 The goal can be from 1 to { $most } days.
not-a-time = 🤔 I cannot read that as a time. Write hours and minutes, such as <code>07:45</code> or <code>21:30</code>.
created = 🌱 <b>{ $name }</b> is planted.
created-target =
    🎯 Goal: { $days ->
        [one] { $days } day
       *[other] { $days } days
    } in a row
created-reminder = ⏰ Next reminder: { $moment } ({ $zone })

# Today
today-title = 📋 <b>Today</b> · { $date }
today-empty = No habits yet. Shall we begin with one?
today-progress = { $done } of { $all } done
today-all-done = 🎉 All done, well done!

# Reminder
reminder-title =
    { $habits ->
        [one] ⏰ It is time!
       *[other] ⏰ It is time for { $habits } habits!
    }
reminder-more = and { $habits } more in /today

# Toasts
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

# Words
days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
moment-today = today at { $time }
moment-tomorrow = tomorrow at { $time }
moment-date = { $date } at { $time }
date =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }, { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }

# Today and lists
button-habits = 📚 Habits
button-done-all = ✅ All done
button-archive = 📦 Archive
button-back-to-habits = ⬅️ Habits
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
habits-title =
    📚 <b>{ $habits ->
        [one] { $habits } habit
       *[other] { $habits } habits
    }</b>
habits-empty = 📚 No habits yet. Shall we begin with one?
archive-title = 📦 <b>Put away and complete</b>
archive-empty = 📦 Nothing was put away.

# Card
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
of = { $done } of { $all }
at-most = at most { $amount }
times = { $times } times
no-goal = just done or not
no-description = none
schedule-daily = every day
schedule-workdays = Monday to Friday
schedule-weekend = Saturday and Sunday
schedule-weekly =
    { $times ->
        [1] once
        [2] twice
       *[other] { $times } times
    } a week
schedule-monthly =
    { $times ->
        [1] once
        [2] twice
       *[other] { $times } times
    } a month
schedule-every = every { $days } days
weekday-short =
    { $weekday ->
        [1] Mo
        [2] Tu
        [3] We
        [4] Th
        [5] Fr
        [6] Sa
       *[7] Su
    }
button-edit = ✏️ Change
button-put-away = 📦 Put away
button-take-back = ♻️ Take up again
button-delete = 🗑 Delete
button-delete-sure = 🗑 Yes, delete it for good
button-keep = ⬅️ No, keep it
button-amount = ⌨️ How much
button-back = ⬅️ Back
ask-delete = 🗑 Delete <b>{ $name }</b> with all its days? This cannot be undone. Putting it away keeps them.
deleted = 🗑 <b>{ $name }</b> is deleted.
edit-title = ✏️ <b>What shall change?</b>
field-name = 🏷 Name
field-description = 📝 Words
field-times = ⏰ Reminders
field-schedule = 🗓 Days
field-goal = 📏 Amount
field-target = 🎯 Goal
command-habits = Your habits
toast-skipped = ⏭ { $name }: skipped today
toast-no-freeze-left = ❄️ Both freezes of this month are spent
toast-new-day = A new day has begun: here it is
ask-new-name = 🏷 What shall it be called?
ask-new-description = 📝 Send me the new words, or take them away.
ask-new-times = ⏰ When shall I remind you? One time or several, such as <code>07:45, 21:30</code>.
ask-new-schedule = 🗓 On which days? Tap, or write it, such as <code>mon wed fri</code> or <code>every 3 days</code>.
ask-new-goal = 📏 How much a day? Write it, such as <code>20 pages</code> or <code>at most 2 cups</code>.
ask-amount = 📏 How much was it? Send a number, such as <code>12</code>.
button-clear = 🧹 None
too-many-times = 🤔 At most { $most } reminders a day, please.
not-a-schedule = 🤔 I cannot read days in that. Tap one of these, or try <code>mon wed fri</code> or <code>3 times a week</code>.
not-a-goal = 🤔 I cannot read an amount in that. Try <code>20 pages</code> or <code>at most 2 cups</code>.
not-an-amount = 🤔 That is no number. Try <code>12</code> or <code>2.5</code>.
button-later = 💤 Later
snooze =
    { $minutes ->
        [60] 1 h
       *[other] { $minutes } min
    }
snooze-tonight = 🌙 Tonight
toast-snoozed = 💤 I remind you again at { $time }
toast-snooze-off = 💤 I do not remind you again
