draft-question = Создаём? Чтобы что-то изменить, нажмите на кнопку.
draft-from-text = Сделать из этого привычку?
draft-amount = 📏 { $amount }
button-create = ✅ Создать
button-enough = 🏁 Это всё
ask-name = ✏️ Как назовём новую привычку?
ask-description = 📝 Пара слов себе, например зачем она вам?
