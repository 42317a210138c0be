button-done = ✅ Done
button-undo = ↩️ Undo
button-skip = ⏭ Skip
button-new = ➕ New habit
button-today = 📋 Today
button-back-to-habits = ⬅️ Habits
button-delete = 🗑 Delete
