moment-today = today at { $time }
moment-tomorrow = tomorrow at { $time }
moment-date = { $date } at { $time }
