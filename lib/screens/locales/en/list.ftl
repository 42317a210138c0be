button-archive = 📦 Archive
habits-title =
    📚 <b>{ $habits ->
        [one] { $habits } habit
       *[other] { $habits } habits
    }</b>
habits-empty = 📚 No habits yet. Shall we begin with one?
archive-title = 📦 <b>Put away and complete</b>
archive-empty = 📦 Nothing was put away.
