catalogue =
    🌱 <b>A new habit</b>

    Tap one, or write yours in a line: what, how much, on which days, at what time.
    For example: <i>read 20 pages mon wed 21:30</i>
button-step-by-step = 🪜 Step by step
