button-zone = 🕒 Часовой пояс
button-language = 🌐 Язык
ask-zone = 🕒 Где вы живёте? Нажмите на город или напишите другой латиницей, например <code>Tashkent</code> или <code>Asia/Tashkent</code>.
unknown-zone = 🤔 Не знаю, который час в «{ $typed }». Попробуйте ближайший большой город.
zone-set = 🕒 Ваш часовой пояс: <b>{ $zone }</b>, сейчас там { $time }. Напоминания будут по нему.
ask-language = 🌐 На каком языке мне говорить?
language-set = 🌐 Теперь я говорю по-русски.
