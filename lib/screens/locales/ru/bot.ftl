# Меню команд
command-today = Привычки на сегодня
command-new = Создать привычку
command-settings = Часовой пояс и язык
command-zone = Сменить часовой пояс
command-language = Сменить язык
command-help = Как это работает
command-cancel = Прервать начатое

# Кнопки
button-done = ✅ Сделано
button-undo = ↩️ Отменить
button-skip = ⏭ Пропустить
button-new = ➕ Новая привычка
button-today = 📋 Сегодня
button-zone = 🕒 Часовой пояс
button-language = 🌐 Язык

# Вокруг
welcome = 👋 Здравствуйте, <b>{ $name }</b>! Я напоминаю о привычках и считаю дни, в которые вы их держите.
help =
    Каждый день в выбранное время я напоминаю о привычке. Нажмите <b>✅ Сделано</b> под напоминанием, и серия вырастет.

    /new создаёт привычку
    /today показывает, что на сегодня
    /settings меняет часовой пояс и язык
    /cancel прерывает начатое
cancelled = 👌 Хорошо, ничего не сохранено.
nothing-to-cancel = Отменять нечего.
lost = Не понял вас. Что сделаем?
one-moment = ⏳ Минутку: у нас что-то не ладится. Попробуйте ещё раз чуть позже.
closed-account = 🔒 Этот аккаунт закрыт. Напишите тому, кто ведёт этого бота.
wants-text = 🙂 Здесь я понимаю только текст.

# Настройки
settings =
    ⚙️ <b>Настройки</b>

    🕒 Часовой пояс: { $zone }, сейчас там { $time }
    🌐 Язык: { $language }
ask-zone = 🕒 Где вы живёте? Нажмите на город или напишите другой латиницей, например <code>Tashkent</code> или <code>Asia/Tashkent</code>.
unknown-zone = 🤔 Не знаю, который час в «{ $typed }». Попробуйте ближайший большой город.
zone-set = 🕒 Ваш часовой пояс: <b>{ $zone }</b>, сейчас там { $time }. Напоминания будут по нему.
ask-language = 🌐 На каком языке мне говорить?
language-set = 🌐 Теперь я говорю по-русски.

# Создание
ask-name =
    ✏️ <b>Как назовём новую привычку?</b>

    Например: <i>Читать 20 страниц</i>
ask-description =
    📝 <b>{ $name }</b>: отличный выбор! Добавить пару слов, например зачем она вам?
ask-target = 🎯 Сколько дней подряд хотите продержаться? Нажмите или напишите число.
ask-time = ⏰ Когда напоминать? Нажмите или напишите время, например <code>07:45</code>.
empty-name = 🤔 От названия ничего не осталось. Напишите хотя бы несколько букв.
long-name =
    🤔 Название слишком длинное: не больше { $most ->
        [one] { $most } знака
       *[other] { $most } знаков
    }. Можно короче?
long-description =
    🤔 Слишком длинно: не больше { $most ->
        [one] { $most } знака
       *[other] { $most } знаков
    }.
not-a-number = 🤔 Это не целое число. Только цифры, например <code>21</code>.
target-out-of-range = 🤔 Цель может быть от 1 до { $most } дней.
not-a-time = 🤔 Не похоже на время. Напишите часы и минуты, например <code>07:45</code> или <code>21:30</code>.
created = 🌱 Привычка <b>{ $name }</b> посажена.
created-target =
    🎯 Цель: { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    } подряд
created-reminder = ⏰ Следующее напоминание: { $moment } ({ $zone })

# Сегодня
today-title = 📋 <b>Сегодня</b> · { $date }
today-empty = Привычек пока нет. Начнём с одной?
today-progress = Сделано { $done } из { $all }
today-all-done = 🎉 Всё сделано, отлично!

# Напоминание
reminder-title =
    { $habits ->
        [1] ⏰ Пора!
        [one] ⏰ Пора: { $habits } привычка!
        [few] ⏰ Пора: { $habits } привычки!
       *[many] ⏰ Пора: { $habits } привычек!
    }
reminder-more = и ещё { $habits } в /today

# Всплывающие ответы
toast-done =
    ✅ { $name } · { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }
toast-goal =
    🎉 { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    } подряд: цель достигнута!
toast-undone = ↩️ { $name }: отменено
toast-other-day = 📅 Отмечено за { $date }
toast-habit-gone = Этой привычки больше нет
toast-day-closed = { $date }: это было слишком давно
toast-old-question = На этот вопрос ответ уже есть
toast-unknown = Эта кнопка устарела. Вот список на сегодня

# Слова
days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }
moment-today = сегодня в { $time }
moment-tomorrow = завтра в { $time }
moment-date = { $date }, в { $time }
date =
    { $weekday ->
        [1] понедельник
        [2] вторник
        [3] среда
        [4] четверг
        [5] пятница
        [6] суббота
       *[7] воскресенье
    }, { $day } { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[12] декабря
    }

# Сегодня и списки
button-habits = 📚 Привычки
button-done-all = ✅ Всё сделано
button-archive = 📦 Архив
button-back-to-habits = ⬅️ Привычки
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
habits-title =
    📚 <b>{ $habits ->
        [one] { $habits } привычка
        [few] { $habits } привычки
       *[other] { $habits } привычек
    }</b>
habits-empty = 📚 Привычек пока нет. Начнём с одной?
archive-title = 📦 <b>Отложенные и завершённые</b>
archive-empty = 📦 В архиве пусто.

# Карточка
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
of = { $done } из { $all }
at-most = не больше { $amount }
times = { $times } раз
no-goal = сделано или нет
no-description = нет
schedule-daily = каждый день
schedule-workdays = с понедельника по пятницу
schedule-weekend = суббота и воскресенье
schedule-weekly =
    { $times ->
        [one] { $times } раз
        [few] { $times } раза
       *[other] { $times } раз
    } в неделю
schedule-monthly =
    { $times ->
        [one] { $times } раз
        [few] { $times } раза
       *[other] { $times } раз
    } в месяц
schedule-every =
    { $days ->
        [one] раз в { $days } день
        [few] раз в { $days } дня
       *[other] раз в { $days } дней
    }
weekday-short =
    { $weekday ->
        [1] Пн
        [2] Вт
        [3] Ср
        [4] Чт
        [5] Пт
        [6] Сб
       *[7] Вс
    }
button-edit = ✏️ Изменить
button-put-away = 📦 Отложить
button-take-back = ♻️ Вернуть
button-delete = 🗑 Удалить
button-delete-sure = 🗑 Да, удалить навсегда
button-keep = ⬅️ Нет, оставить
button-amount = ⌨️ Сколько
button-back = ⬅️ Назад
ask-delete = 🗑 Удалить привычку <b>{ $name }</b> со всеми её днями? Вернуть её будет нельзя. Если отложить, дни сохранятся.
deleted = 🗑 Привычка <b>{ $name }</b> удалена.
edit-title = ✏️ <b>Что изменить?</b>
field-name = 🏷 Название
field-description = 📝 Описание
field-times = ⏰ Напоминания
field-schedule = 🗓 Дни
field-goal = 📏 Количество
field-target = 🎯 Цель
command-habits = Ваши привычки
toast-skipped = ⏭ { $name }: сегодня пропускаем
toast-no-freeze-left = ❄️ Обе заморозки этого месяца потрачены
toast-new-day = Наступил новый день: вот он
ask-new-name = 🏷 Как теперь назовём?
ask-new-description = 📝 Напишите новое описание или уберите его.
ask-new-times = ⏰ Когда напоминать? Одно время или несколько, например <code>07:45, 21:30</code>.
ask-new-schedule = 🗓 По каким дням? Нажмите или напишите, например <code>пн ср пт</code> или <code>каждые 3 дня</code>.
ask-new-goal = 📏 Сколько в день? Напишите, например <code>20 страниц</code> или <code>не больше 2 чашек</code>.
ask-amount = 📏 Сколько получилось? Пришлите число, например <code>12</code>.
button-clear = 🧹 Убрать
too-many-times = 🤔 Не больше { $most } напоминаний в день, пожалуйста.
not-a-schedule = 🤔 Не вижу здесь дней. Нажмите одну из кнопок или попробуйте <code>пн ср пт</code> или <code>3 раза в неделю</code>.
not-a-goal = 🤔 Не вижу здесь количества. Попробуйте <code>20 страниц</code> или <code>не больше 2 чашек</code>.
not-an-amount = 🤔 Это не число. Попробуйте <code>12</code> или <code>2,5</code>.
button-later = 💤 Позже
snooze =
    { $minutes ->
        [60] 1 ч
       *[other] { $minutes } мин
    }
snooze-tonight = 🌙 Вечером
toast-snoozed = 💤 Напомню снова в { $time }
toast-snooze-off = 💤 Больше не напоминаю
