//! Where everything is: title and months, figures, days, legend, from top to bottom.

use crate::{
    DrawError,
    canvas::{Canvas, Rect},
    font::{Fonts, Style},
    heatmap,
    ink::Ink,
    year::{Day, Figure, Legend, Year},
};

/// Twice as many pixels as a phone's chat is wide in points.
const WIDTH: u16 = 1080;
const MARGIN: u16 = (WIDTH - heatmap::WIDTH) / 2;
const INNER_WIDTH: f32 = (WIDTH - 2 * MARGIN) as f32;

const TITLE: Style = Style { is_bold: true, size: 60.0, ink: Ink::Text };
const SMALL_TITLE: Style = Style { is_bold: true, size: 46.0, ink: Ink::Text };
const SUBTITLE: Style = Style { is_bold: false, size: 28.0, ink: Ink::Muted };
const FIGURE: Style = Style { is_bold: true, size: 64.0, ink: Ink::Text };
const LABEL: Style = Style { is_bold: false, size: 25.0, ink: Ink::Muted };

const TITLE_BASELINE: u16 = 104;
const SUBTITLE_BASELINE: u16 = 152;
const FIGURE_BASELINE: u16 = 252;
const LABEL_BASELINE: u16 = 292;
const HEATMAP_TOP: u16 = 344;
const LEGEND_TOP: u16 = HEATMAP_TOP + heatmap::HEIGHT + 40;
const BELOW: u16 = 44;

const MOST_FIGURES: usize = 4;

/// The legend's days are as large as those of the year.
const SAMPLE: u16 = 28;
const SAMPLE_TO_WORD: u16 = 12;
const WORD_TO_SAMPLE: f32 = 30.0;
const LEGEND_ROW: u16 = 44;
const LEVELS: u8 = 5;

/// Draws a year as a PNG of at most 60 KB.
///
/// # Errors
///
/// See [`DrawError`].
pub fn draw(year: &Year) -> Result<Vec<u8>, DrawError> {
    let fonts = Fonts::read()?;
    let legend = legend_rows(&fonts, &year.legend);
    let mut canvas = Canvas::new(WIDTH, LEGEND_TOP + legend.height + BELOW);
    draw_title(&mut canvas, &fonts, year);
    draw_figures(&mut canvas, &fonts, &year.figures);
    heatmap::draw(&mut canvas, &fonts, year, MARGIN, HEATMAP_TOP);
    for sample in &legend.samples {
        sample.draw(&mut canvas, &fonts);
    }
    Ok(canvas.to_png()?)
}

fn draw_title(canvas: &mut Canvas, fonts: &Fonts, year: &Year) {
    let left = f32::from(MARGIN);
    let title = fonts.readable(&year.title);
    let title = if title.is_empty() { &year.untitled } else { &title };
    let style = if fonts.width(title, TITLE) <= INNER_WIDTH { TITLE } else { SMALL_TITLE };
    fonts.draw(canvas, &fonts.fitting(title, style, INNER_WIDTH), style, left, f32::from(TITLE_BASELINE));
    fonts.draw(canvas, &year.subtitle, SUBTITLE, left, f32::from(SUBTITLE_BASELINE));
}

/// Side by side, with the same room between one and the next.
fn draw_figures(canvas: &mut Canvas, fonts: &Fonts, figures: &[Figure]) {
    let figures = &figures[..figures.len().min(MOST_FIGURES)];
    let width = |figure: &Figure| fonts.width(&figure.value, FIGURE).max(fonts.width(&figure.label, LABEL));
    let taken: f32 = figures.iter().map(width).sum();
    let gaps = u16::try_from(figures.len().saturating_sub(1)).unwrap_or_default().max(1);
    let gap = ((INNER_WIDTH - taken) / f32::from(gaps)).max(0.0).floor();
    let mut left = f32::from(MARGIN);
    for (index, figure) in figures.iter().enumerate() {
        let style = if index == 0 { Style { ink: Ink::Level4, ..FIGURE } } else { FIGURE };
        fonts.draw(canvas, &figure.value, style, left, f32::from(FIGURE_BASELINE));
        fonts.draw(canvas, &figure.label, LABEL, left, f32::from(LABEL_BASELINE));
        left = (left + width(figure) + gap).round();
    }
}

/// A day of the legend, or a word of it.
#[derive(Debug)]
enum Sample {
    Day(Day, Rect),
    Word { text: String, left: f32, baseline: f32 },
}

impl Sample {
    fn draw(&self, canvas: &mut Canvas, fonts: &Fonts) {
        match self {
            Self::Day(day, at) => heatmap::draw_day(canvas, Some(*day), *at),
            Self::Word { text, left, baseline } => fonts.draw(canvas, text, LABEL, *left, *baseline),
        }
    }
}

#[derive(Debug)]
struct LegendRows {
    samples: Vec<Sample>,
    height: u16,
}

/// Puts the legend's words in rows that are no wider than the picture.
fn legend_rows(fonts: &Fonts, legend: &Legend) -> LegendRows {
    let mut rows = Rows { fonts, samples: Vec::new(), left: f32::from(MARGIN), top: LEGEND_TOP };
    match legend {
        Legend::Kinds(kinds) => {
            for (day, word) in kinds {
                rows.begin(f32::from(SAMPLE + SAMPLE_TO_WORD) + fonts.width(word, LABEL));
                rows.day(*day, SAMPLE_TO_WORD);
                rows.word(word, WORD_TO_SAMPLE);
            }
        }
        Legend::Scale { less, more } => {
            rows.word(less, f32::from(SAMPLE_TO_WORD));
            for level in 0..LEVELS {
                rows.day(Day::Level(level), if level + 1 == LEVELS { SAMPLE_TO_WORD } else { 6 });
            }
            rows.word(more, 0.0);
        }
    }
    LegendRows { height: rows.top - LEGEND_TOP + SAMPLE, samples: rows.samples }
}

struct Rows<'a> {
    fonts: &'a Fonts,
    samples: Vec<Sample>,
    left: f32,
    top: u16,
}

impl Rows<'_> {
    /// Goes to the next row where so many pixels have no room in this one.
    fn begin(&mut self, width: f32) {
        let first = f32::from(MARGIN);
        if self.left > first && self.left + width > first + INNER_WIDTH {
            self.left = first;
            self.top += LEGEND_ROW;
        }
    }

    fn day(&mut self, day: Day, gap: u16) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the picture")]
        let left = self.left.round() as u16;
        self.samples.push(Sample::Day(day, Rect::square(left, self.top, SAMPLE)));
        self.left = f32::from(left + SAMPLE + gap);
    }

    fn word(&mut self, word: &str, gap: f32) {
        let baseline = f32::from(self.top + SAMPLE / 2 + 9);
        self.samples.push(Sample::Word { text: word.to_owned(), left: self.left, baseline });
        self.left += self.fonts.width(word, LABEL) + gap;
    }
}
