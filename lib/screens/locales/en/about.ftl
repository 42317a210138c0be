about-description =
    🌱 Small steps, every day.

    I remind you at the time you choose, and one tap tells me that it is done. Put it off, skip a day, go on vacation: your streak understands.

    Your habits are yours: take them with you or delete them at any time. Tap Start, and the first one is three taps away.
about-short = 🌱 Habits that stick: a reminder at your time, one tap when it is done.
