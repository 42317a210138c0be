command-stats = Как идут дела
button-stats = 📊 Статистика
button-year = 📊 Год
button-year-of-all = 🗓 Все привычки за год
button-back-to-stats = ⬅️ Статистика
button-card = 🗂 Привычка
stats-title = 📊 <b>Как идут ваши привычки</b>
stats-row = 🔥 { $days } · 🏆 { $record } · 💪 { $strength } %
stats-lately = 📅 { $kept } из { $due }
stats-legend = <i>🔥 дней подряд, 🏆 рекорд, 💪 насколько окрепла привычка, 📅 сколько раз получилось за последние 30 дней</i>
stats-empty = 📊 Вспоминать пока нечего. Начнём с одной привычки?
year-done =
    ✅ { $days ->
        [one] { $days } день сделан
        [few] { $days } дня сделано
       *[many] { $days } дней сделано
    } за год
year-done-of-all =
    ✅ { $times ->
        [one] { $times } отметка
        [few] { $times } отметки
       *[many] { $times } отметок
    } за год
