created = 🌱 <b>{ $name }</b> is planted.
created-reminder = ⏰ Next reminder: { $moment } ({ $zone })
