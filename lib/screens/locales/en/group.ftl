group-hello = 👋 Habits are personal, so I keep them to our private chat. Come in:
group-button-today = ☀️ My day
group-button-new = ➕ New habit
group-toast = That works in our private chat only.
group-command-today = Open your list for today
group-command-new = Create a habit in private
group-command-help = How to talk to me
