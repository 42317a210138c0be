//! Pixels, and shapes with smooth edges on them.

use std::ops::Range;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

use crate::ink::{FULL, Ink, palette};

/// A rectangle of whole pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rect {
    pub(crate) left: u16,
    pub(crate) top: u16,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl Rect {
    pub(crate) fn square(left: u16, top: u16, side: u16) -> Self {
        Self { left, top, width: side, height: side }
    }

    /// What is left without a border of so many pixels.
    pub(crate) fn inside(self, border: u16) -> Self {
        Self {
            left: self.left + border,
            top: self.top + border,
            width: self.width.saturating_sub(2 * border),
            height: self.height.saturating_sub(2 * border),
        }
    }

    pub(crate) fn rows(self) -> Range<u16> {
        self.top..self.top + self.height
    }

    /// How far a point is outside, in pixels; below 0 inside. Corners are quarters of a circle.
    fn distance(self, x: f32, y: f32, radius: f32) -> f32 {
        let half = |length: u16| f32::from(length) / 2.0;
        let across = (x - f32::from(self.left) - half(self.width)).abs() - half(self.width) + radius;
        let down = (y - f32::from(self.top) - half(self.height)).abs() - half(self.height) + radius;
        let corner = (across.max(0.0).powi(2) + down.max(0.0).powi(2)).sqrt();
        corner + across.max(down).min(0.0) - radius
    }
}

/// A picture of one byte a pixel, an index into the palette. Shapes on it do not lie on each other: where two meet, the
/// stronger pixel stays.
#[derive(Debug)]
pub(crate) struct Canvas {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self { width, height, pixels: vec![0; usize::from(width) * usize::from(height)] }
    }

    /// Covers a pixel by a share from 0 to 1; one outside of the picture is left out.
    pub(crate) fn put(&mut self, x: i32, y: i32, ink: Ink, share: f32) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 15")]
        let strength = (share.clamp(0.0, 1.0) * f32::from(FULL)).round() as u8;
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else {
            return;
        };
        if strength == 0 || x >= self.width || y >= self.height {
            return;
        }
        let pixel = &mut self.pixels[usize::from(y) * usize::from(self.width) + usize::from(x)];
        if strength_of(*pixel) < strength {
            *pixel = ink.index(strength);
        }
    }

    /// A filled rectangle with round corners.
    pub(crate) fn fill(&mut self, rect: Rect, radius: f32, ink: Ink) {
        self.fill_rows(rect, rect.rows(), radius, ink);
    }

    /// Some rows of the same.
    pub(crate) fn fill_rows(&mut self, rect: Rect, rows: Range<u16>, radius: f32, ink: Ink) {
        self.shape(rect, rows, ink, |x, y| rect.distance(x, y, radius));
    }

    /// The border of a rectangle with round corners.
    pub(crate) fn outline(&mut self, rect: Rect, radius: f32, border: u16, ink: Ink) {
        let (inner, inner_radius) = (rect.inside(border), (radius - f32::from(border)).max(0.0));
        let distance = |x, y| rect.distance(x, y, radius).max(-inner.distance(x, y, inner_radius));
        self.shape(rect, rect.rows(), ink, distance);
    }

    fn shape(&mut self, bounds: Rect, rows: Range<u16>, ink: Ink, distance: impl Fn(f32, f32) -> f32) {
        for y in rows {
            for x in bounds.left..bounds.left + bounds.width {
                let outside = distance(f32::from(x) + 0.5, f32::from(y) + 0.5);
                self.put(x.into(), y.into(), ink, 0.5 - outside);
            }
        }
    }

    pub(crate) fn to_png(&self) -> Result<Vec<u8>, EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, self.width.into(), self.height.into());
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette(palette());
        encoder.set_compression(Compression::Balanced);
        encoder.set_filter(Filter::NoFilter);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(bytes)
    }
}

fn strength_of(pixel: u8) -> u8 {
    pixel.checked_sub(1).map_or(0, |index| index % FULL + 1)
}
