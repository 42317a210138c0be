moment-today = сегодня в { $time }
moment-tomorrow = завтра в { $time }
moment-date = { $date }, в { $time }
