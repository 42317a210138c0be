created = 🌱 Привычка <b>{ $name }</b> посажена.
created-reminder = ⏰ Следующее напоминание: { $moment } ({ $zone })
