card-standing =
    🔥 { $days ->
        [0] Серии пока нет
        [one] { $days } день подряд
        [few] { $days } дня подряд
       *[other] { $days } дней подряд
    } · 🏆 { $record } · 💪 { $strength } %
card-schedule = 🗓 { $schedule }
card-times = ⏰ { $times }
card-amount = 📏 Сегодня: { $amount }
card-complete = 🏁 Завершена: цель достигнута.
card-put-away = 📦 Отложена.
card-strip = Последние семь дней; нажмите на день, чтобы его изменить.
button-edit = ✏️ Изменить
button-put-away = 📦 Отложить
button-take-back = ♻️ Вернуть
button-delete-sure = 🗑 Да, удалить навсегда
button-keep = ⬅️ Нет, оставить
button-amount = ⌨️ Сколько
ask-delete = 🗑 Удалить привычку <b>{ $name }</b> со всеми её днями? Вернуть её будет нельзя. Если отложить, дни сохранятся.
