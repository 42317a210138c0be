//! Commands of the slash menu.

/// What a command asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Start,
    Today,
    New,
    Habits,
    Stats,
    Settings,
    Zone,
    Language,
    Help,
    Cancel,
    /// `/skip`, which the menu does not show: some people type it where a button says Skip.
    Skip,
    Unknown,
}

impl Command {
    /// The command that a text begins with; `None` for a text that is no command.
    pub fn of(text: &str) -> Option<Self> {
        let word = text.strip_prefix('/')?.split_whitespace().next().unwrap_or_default();
        let name = word.split('@').next().unwrap_or_default();
        Some(match name.to_ascii_lowercase().as_str() {
            "start" => Self::Start,
            "today" => Self::Today,
            "new" => Self::New,
            "habits" => Self::Habits,
            "stats" => Self::Stats,
            "settings" => Self::Settings,
            "zone" => Self::Zone,
            "language" => Self::Language,
            "help" => Self::Help,
            "cancel" => Self::Cancel,
            "skip" => Self::Skip,
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/start", Some(Command::Start))]
    #[case("/start deep-link", Some(Command::Start))]
    #[case("/NEW@habit_bot Read", Some(Command::New))]
    #[case("/habbits", Some(Command::Unknown))]
    #[case("/", Some(Command::Unknown))]
    #[case("new", None)]
    #[case("Read / write", None)]
    fn a_command_is_read(#[case] text: &str, #[case] command: Option<Command>) {
        assert_eq!(Command::of(text), command);
    }

    #[test]
    fn every_command_of_the_menu_is_known() {
        for (name, _) in screens::menu::commands(screens::Locale::En) {
            assert_ne!(Command::of(&format!("/{name}")), Some(Command::Unknown), "{name}");
        }
    }
}
