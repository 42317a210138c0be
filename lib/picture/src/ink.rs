//! The colours. A picture has one ground and a few inks, each at sixteen strengths: that makes an exact palette, a small
//! file, and smooth edges.
//!
//! Kinds of day differ in lightness and in shape as well as in hue, so that people who see few colours can tell them. The
//! picture brings its own dark ground and reads the same in light and in dark chats.

/// How strongly an ink may cover a pixel; at 0 it is the ground.
pub(crate) const FULL: u8 = 15;

type Rgb = [u8; 3];

const GROUND: Rgb = [0x0e, 0x16, 0x21];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Headings and figures.
    Text,
    /// What explains them.
    Muted,
    /// A day of which nothing is asked, and the room of days to come.
    Slot,
    Level1,
    Level2,
    Level3,
    /// A day done.
    Level4,
    Skipped,
    Excused,
    Missed,
}

impl Ink {
    /// In the order of their places in the palette.
    const ALL: [Self; 10] = [
        Self::Text,
        Self::Muted,
        Self::Slot,
        Self::Level1,
        Self::Level2,
        Self::Level3,
        Self::Level4,
        Self::Skipped,
        Self::Excused,
        Self::Missed,
    ];

    fn rgb(self) -> Rgb {
        match self {
            Self::Text => [0xf5, 0xf7, 0xfa],
            Self::Muted => [0x93, 0xa1, 0xb5],
            Self::Slot => [0x1f, 0x2b, 0x3b],
            Self::Level1 => [0x0f, 0x4f, 0x4f],
            Self::Level2 => [0x12, 0x7d, 0x73],
            Self::Level3 => [0x1f, 0xb0, 0x97],
            Self::Level4 => [0x4f, 0xe3, 0xb5],
            Self::Skipped => [0x7b, 0x8a, 0xa3],
            Self::Excused => [0x7c, 0xb8, 0xff],
            Self::Missed => [0xd9, 0x77, 0x3c],
        }
    }

    /// The colour of a pixel that it covers so strongly, from 0 to [`FULL`].
    pub(crate) fn index(self, strength: u8) -> u8 {
        if strength == 0 { 0 } else { self as u8 * FULL + strength.min(FULL) }
    }
}

/// The colours in the order of their indexes, three bytes each.
pub(crate) fn palette() -> Vec<u8> {
    let inks = Ink::ALL.into_iter().flat_map(|ink| (1..=FULL).map(move |strength| mixed(ink.rgb(), strength)));
    std::iter::once(GROUND).chain(inks).flatten().collect()
}

fn mixed(ink: Rgb, strength: u8) -> Rgb {
    let (full, strength) = (u16::from(FULL), u16::from(strength));
    let part = |of: usize| (u16::from(ink[of]) * strength + u16::from(GROUND[of]) * (full - strength)) / full;
    [0, 1, 2].map(|of| u8::try_from(part(of)).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_has_its_colour() {
        let palette = palette();
        assert!(palette.len() <= 3 * 256);
        assert_eq!(palette[..3], GROUND);
        for ink in Ink::ALL {
            let at = usize::from(ink.index(FULL)) * 3;
            assert_eq!(palette[at..at + 3], ink.rgb(), "{ink:?}");
            assert_eq!(ink.index(0), 0);
        }
    }
}
