button-zone = 🕒 Time zone
button-language = 🌐 Language
ask-zone = 🕒 Where do you live? Tap a city, or send me the name of one, such as <code>Kathmandu</code> or <code>Asia/Kathmandu</code>.
unknown-zone = 🤔 I do not know the time in “{ $typed }”. Try the nearest big city.
zone-set = 🕒 Your time zone is <b>{ $zone }</b>, it is { $time } there. Reminders keep to it.
ask-language = 🌐 Which language shall I speak?
language-set = 🌐 I speak English now.
