toast-done =
    ✅ { $name } · { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }
toast-goal =
    🎉 { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    } подряд: цель достигнута!
toast-undone = ↩️ { $name }: отменено
toast-other-day = 📅 Отмечено за { $date }
toast-habit-gone = Этой привычки больше нет
toast-day-closed = { $date }: это было слишком давно
toast-old-question = На этот вопрос ответ уже есть
toast-unknown = Эта кнопка устарела. Вот список на сегодня
toast-skipped = ⏭ { $name }: сегодня пропускаем
toast-no-freeze-left = ❄️ Обе заморозки этого месяца потрачены
toast-new-day = Наступил новый день: вот он
toast-snoozed = 💤 Напомню снова в { $time }
toast-snooze-off = 💤 Больше не напоминаю
