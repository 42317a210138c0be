# Writes alias.rs from the file `backward` of the IANA time zone database, as chrono-tz ships it:
#   awk -f lib/habits/src/zone/alias.awk ~/.cargo/registry/src/*/chrono-tz-0.10.4/tz/backward > lib/habits/src/zone/alias.rs
# `#=` names the target that a link would have if the database could link to links.
/^# Pre-2013 practice/ { own_line = 1 }
/^# Non-zone.tab locations/ { own_line = 0 }
/^Link/ {
    target = $4 == "#=" ? $5 : $2
    if (own_line) { place[$3] = 1; next }
    # Abbreviations, and offsets that know no summer time.
    if ($3 == "UTC" || target == "Etc/GMT" || target == "GMT" || $3 ~ /^([CEMW]ET|[EMH]ST|[A-Z]ST[0-9][A-Z]DT)$/) next
    to[$3] = target == "Etc/UTC" ? "UTC" : target
}
END {
    to["Etc/UTC"] = "UTC"
    print "//! Made by alias.awk; see there how, and `crate::zone` for what is an alias."
    print ""
    print "use chrono_tz::Tz;"
    print ""
    print "/// Old and other names of zones, each with the name that is stored."
    print "pub(super) const ALIASES: &[(&str, Tz)] = &["
    for (name in to) {
        target = to[name]
        while (target in to) target = to[target]
        variant = target
        gsub("/", "__", variant)
        print "    (\"" name "\", Tz::" variant ")," | "LC_ALL=C sort"
    }
    close("LC_ALL=C sort")
    print "];"
}
