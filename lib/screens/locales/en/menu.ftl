command-today = Today's habits
command-new = Create a habit
command-settings = Time zone and language
command-zone = Change the time zone
command-language = Change the language
command-help = How it works
command-cancel = Stop what was begun
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
deleted = 🗑 <b>{ $name }</b> is deleted.
command-habits = Your habits
