today-title = 📋 <b>Сегодня</b> · { $date }
today-empty = Привычек пока нет. Начнём с одной?
today-progress = Сделано { $done } из { $all }
today-all-done = 🎉 Всё сделано, отлично!
button-habits = 📚 Привычки
button-done-all = ✅ Всё сделано
today-free = 🌿 На сегодня ничего нет.
today-off =
    🌿 { $habits ->
        [one] У { $habits } привычки
       *[other] У { $habits } привычек
    } сегодня выходной
today-paused =
    ⏸ { $habits ->
        [one] { $habits } привычка
        [few] { $habits } привычки
       *[other] { $habits } привычек
    } на паузе
button-yesterday = 🌙 Вчера
yesterday-title = 🌙 <b>Вчера</b> · { $date }
yesterday-free = 🌿 В этот день ничего не было.
