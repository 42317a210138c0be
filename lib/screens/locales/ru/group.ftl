group-hello = 👋 Привычки — дело личное, поэтому я говорю о них только наедине. Загляните ко мне:
group-button-today = ☀️ Мой день
group-button-new = ➕ Новая привычка
group-toast = Это работает только в личном чате со мной.
group-command-today = Открыть список на сегодня
group-command-new = Создать привычку наедине
group-command-help = Как со мной говорить
