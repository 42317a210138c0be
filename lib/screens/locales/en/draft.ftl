draft-question = Shall I plant it? Tap a button to change something.
draft-from-text = Shall I make a habit of that?
draft-amount = 📏 { $amount }
button-create = ✅ Create
button-enough = 🏁 That is all
ask-name = ✏️ What shall the new habit be called?
ask-description = 📝 A few words to yourself, such as why it matters?
