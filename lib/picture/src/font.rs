//! Text on a picture. The typeface is Inter (SIL Open Font License 1.1, `fonts/OFL.txt`), cut down to Latin, Greek and
//! Cyrillic; `fonts/README.md` tells how.

use ab_glyph::{Font as _, FontRef, GlyphId, InvalidFont, PxScale, ScaleFont as _, point};

use crate::{canvas::Canvas, ink::Ink};

const MEDIUM: &[u8] = include_bytes!("../fonts/Inter-Medium.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/Inter-Bold.ttf");

/// What stands for a letter that the typeface lacks: an empty box.
const BOX: GlyphId = GlyphId(0);

/// The two weights.
#[derive(Debug)]
pub(crate) struct Fonts {
    medium: FontRef<'static>,
    bold: FontRef<'static>,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) is_bold: bool,
    /// Height of the em square in pixels.
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

impl Fonts {
    pub(crate) fn read() -> Result<Self, InvalidFont> {
        Ok(Self { medium: FontRef::try_from_slice(MEDIUM)?, bold: FontRef::try_from_slice(BOLD)? })
    }

    fn font(&self, style: Style) -> (&FontRef<'static>, PxScale) {
        let font = if style.is_bold { &self.bold } else { &self.medium };
        (
            font,
            font.units_per_em()
                .map_or(PxScale::from(style.size), |em| PxScale::from(style.size * font.height_unscaled() / em)),
        )
    }

    /// What of a text can be shown, on one line: emoji go, a letter of another script is a box. Empty where no letter is left.
    pub(crate) fn readable(&self, text: &str) -> String {
        let has = |letter: &char| self.medium.glyph_id(*letter) != BOX;
        let shown = |letter: &char| has(letter) || letter.is_alphanumeric() || letter.is_whitespace();
        let shown: String = text.chars().filter(shown).collect();
        if !shown.chars().any(|letter| letter.is_alphanumeric() && has(&letter)) {
            return String::new();
        }
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Pixels from the start of a text to where the next one would start.
    pub(crate) fn width(&self, text: &str, style: Style) -> f32 {
        let (font, scale) = self.font(style);
        let font = font.as_scaled(scale);
        text.chars().map(|letter| font.h_advance(font.glyph_id(letter))).sum()
    }

    /// The start of a text that is no wider than so many pixels, with an ellipsis where something is missing.
    pub(crate) fn fitting(&self, text: &str, style: Style, most: f32) -> String {
        if self.width(text, style) <= most {
            return text.to_owned();
        }
        let mut short: String = text.to_owned();
        while short.pop().is_some() {
            let cut = format!("{}…", short.trim_end());
            if self.width(&cut, style) <= most {
                return cut;
            }
        }
        short
    }

    /// Draws a text from `left` on; its letters stand on `baseline`.
    pub(crate) fn draw(&self, canvas: &mut Canvas, text: &str, style: Style, left: f32, baseline: f32) {
        let (font, scale) = self.font(style);
        let mut x = left;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(x, baseline))) {
                let bounds = outline.px_bounds();
                #[expect(clippy::cast_possible_truncation, reason = "a picture is some thousand pixels wide")]
                let (first_x, first_y) = (bounds.min.x as i32, bounds.min.y as i32);
                outline.draw(|x, y, share| {
                    canvas.put(
                        first_x.saturating_add_unsigned(x),
                        first_y.saturating_add_unsigned(y),
                        style.ink,
                        share,
                    );
                });
            }
            x += font.as_scaled(scale).h_advance(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Read 20 pages", "Read 20 pages")]
    #[case("🏃‍♀️ Бег по утрам ☀️", "Бег по утрам")]
    #[case("Ёлка №1 — «да»", "Ёлка №1 — «да»")]
    #[case("yoga 瑜伽", "yoga 瑜伽")]
    #[case("瑜伽", "")]
    #[case("💧💧💧", "")]
    fn what_cannot_be_shown_goes(#[case] name: &str, #[case] shown: &str) {
        assert_eq!(Fonts::read().unwrap().readable(name), shown);
    }

    #[test]
    fn every_letter_of_both_languages_is_there() {
        let fonts = Fonts::read().unwrap();
        for letter in ('А'..='я').chain("ЁёA–Zaz0123456789%·—–…«»№’“”".chars()).chain('!'..='~')
        {
            for font in [&fonts.medium, &fonts.bold] {
                assert_ne!(font.glyph_id(letter), BOX, "{letter}");
            }
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let fonts = Fonts::read().unwrap();
        let style = Style { is_bold: true, size: 60.0, ink: Ink::Text };
        let cut = fonts.fitting(&"long ".repeat(40), style, 900.0);
        assert!(cut.ends_with("l…") && fonts.width(&cut, style) <= 900.0, "{cut}");
    }
}
