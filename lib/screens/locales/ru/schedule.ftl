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
