schedule-daily = every day
schedule-workdays = Monday to Friday
schedule-weekend = Saturday and Sunday
schedule-weekly =
    { $times ->
        [1] once
        [2] twice
       *[other] { $times } times
    } a week
schedule-monthly =
    { $times ->
        [1] once
        [2] twice
       *[other] { $times } times
    } a month
schedule-every = every { $days } days
weekday-short =
    { $weekday ->
        [1] Mo
        [2] Tu
        [3] We
        [4] Th
        [5] Fr
        [6] Sa
       *[7] Su
    }
