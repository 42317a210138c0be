of = { $done } из { $all }
at-most = не больше { $amount }
no-goal = сделано или нет
