picture-all-habits = Все привычки
picture-untitled = Привычка
picture-span = { $first } – { $last }
picture-month =
    { $month ->
        [1] январь
        [2] февраль
        [3] март
        [4] апрель
        [5] май
        [6] июнь
        [7] июль
        [8] август
        [9] сентябрь
        [10] октябрь
        [11] ноябрь
       *[12] декабрь
    } { $year }
picture-month-short =
    { $month ->
        [1] янв
        [2] фев
        [3] мар
        [4] апр
        [5] май
        [6] июн
        [7] июл
        [8] авг
        [9] сен
        [10] окт
        [11] ноя
       *[12] дек
    }
picture-days-done =
    { $days ->
        [one] день сделан
        [few] дня сделано
       *[many] дней сделано
    }
picture-in-a-row =
    { $days ->
        [one] день подряд
        [few] дня подряд
       *[many] дней подряд
    }
picture-record = лучшая серия
picture-strength = сила привычки
picture-check-marks =
    { $times ->
        [one] отметка
        [few] отметки
       *[many] отметок
    }
picture-active-days =
    { $days ->
        [one] активный день
        [few] активных дня
       *[many] активных дней
    }
picture-done = сделано
picture-partly = частично
picture-skipped = пропуск
picture-excused = перерыв
picture-missed = не сделано
picture-off = выходной
picture-less = меньше
picture-more = больше
