button-archive = 📦 Архив
habits-title =
    📚 <b>{ $habits ->
        [one] { $habits } привычка
        [few] { $habits } привычки
       *[other] { $habits } привычек
    }</b>
habits-empty = 📚 Привычек пока нет. Начнём с одной?
archive-title = 📦 <b>Отложенные и завершённые</b>
archive-empty = 📦 В архиве пусто.
