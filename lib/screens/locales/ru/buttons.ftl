button-done = ✅ Сделано
button-undo = ↩️ Отменить
button-skip = ⏭ Пропустить
button-new = ➕ Новая привычка
button-today = 📋 Сегодня
button-back-to-habits = ⬅️ Привычки
button-delete = 🗑 Удалить
