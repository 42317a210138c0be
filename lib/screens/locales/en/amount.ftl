of = { $done } of { $all }
at-most = at most { $amount }
no-goal = just done or not
