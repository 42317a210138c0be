//! Amounts, exact to a thousandth.

use habits::goal::MAX_AMOUNT_MILLI;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Thousandths of a unit, 0 to a trillion; in JSON a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// A thousandth.
    pub const SMALLEST: Self = Self(1);

    /// So many thousandths; `None` below 0 and above a billion units.
    pub fn from_milli(milli: i64) -> Option<Self> {
        (0..=MAX_AMOUNT_MILLI).contains(&milli).then_some(Self(milli))
    }

    /// Rounded to a thousandth; `None` for what is no amount.
    pub fn from_units(units: f64) -> Option<Self> {
        let milli = (units * 1_000.0).round();
        #[expect(clippy::cast_precision_loss, reason = "a trillion is exact in 52 bits")]
        let is_within = (0.0..=MAX_AMOUNT_MILLI as f64).contains(&milli);
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most a trillion")]
        is_within.then_some(Self(milli as i64))
    }

    pub fn milli(self) -> i64 {
        self.0
    }

    #[expect(clippy::cast_precision_loss, reason = "a trillion is exact in 52 bits")]
    pub fn units(self) -> f64 {
        self.0 as f64 / 1_000.0
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.units())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let units = f64::deserialize(deserializer)?;
        Self::from_units(units).ok_or_else(|| D::Error::custom("an amount is from 0 to a billion"))
    }
}
