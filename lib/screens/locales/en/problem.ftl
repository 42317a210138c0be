empty-name = 🤔 Nothing is left of that name. A few letters, please.
long-name =
    🤔 That name is too long: { $most ->
        [one] { $most } character
       *[other] { $most } characters
    } at most. Can you put it shorter?
long-description =
    🤔 That is too long: { $most ->
        [one] { $most } character
       *[other] { $most } characters
    } at most.
not-a-number = 🤔 That is not a whole number. Digits only, please, such as <code>21</code>.
target-out-of-range = 🤔 The goal can be from 1 to { $most } days.
not-a-time = 🤔 I cannot read that as a time. Write hours and minutes, such as <code>07:45</code> or <code>21:30</code>.
too-many-times = 🤔 At most { $most } reminders a day, please.
not-a-schedule = 🤔 I cannot read days in that. Tap one of these, or try <code>mon wed fri</code> or <code>3 times a week</code>.
not-a-goal = 🤔 I cannot read an amount in that. Try <code>20 pages</code> or <code>at most 2 cups</code>.
not-an-amount = 🤔 That is no number. Try <code>12</code> or <code>2.5</code>.
