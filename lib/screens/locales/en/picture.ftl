picture-all-habits = All habits
picture-untitled = Habit
picture-span = { $first } – { $last }
picture-month =
    { $month ->
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
    } { $year }
picture-month-short =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
picture-days-done =
    { $days ->
        [one] day done
       *[other] days done
    }
picture-in-a-row =
    { $days ->
        [one] day in a row
       *[other] days in a row
    }
picture-record = longest streak
picture-strength = strength
picture-check-marks =
    { $times ->
        [one] check mark
       *[other] check marks
    }
picture-active-days =
    { $days ->
        [one] active day
       *[other] active days
    }
picture-done = done
picture-partly = partly
picture-skipped = skipped
picture-excused = break
picture-missed = missed
picture-off = day off
picture-less = less
picture-more = more
