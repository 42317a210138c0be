//! A year of a habit, or of all of them, as a PNG that people share.
//!
//! Pure and deterministic: the same [`Year`] is the same file, so that whoever keeps pictures can know them by what is drawn.
//! All words come with the year, which [`Year::of_habit`] and [`Year::of_all`] make of what the api tells.

mod canvas;
mod font;
mod heatmap;
mod ink;
mod layout;
mod told;
mod year;

pub use layout::draw;
pub use year::{Day, Figure, Legend, WEEKS, Year};

/// Why nothing was drawn. Neither can happen with the fonts that are built in.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    #[error("the built-in font cannot be read")]
    Font(#[from] ab_glyph::InvalidFont),
    #[error("the picture cannot be written")]
    Png(#[from] png::EncodingError),
}
