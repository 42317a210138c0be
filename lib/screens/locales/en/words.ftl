wants-text = 🙂 I can only read text here.
settings =
    ⚙️ <b>Settings</b>

    🕒 Time zone: { $zone }, it is { $time } there
    🌐 Language: { $language }
ask-target = 🎯 How many days in a row is your goal? Tap, or send a number.
created-target =
    🎯 Goal: { $days ->
        [one] { $days } day
       *[other] { $days } days
    } in a row
days =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
date =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }, { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
times = { $times } times
