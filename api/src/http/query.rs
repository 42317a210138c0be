//! Parameters of a query.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Query as Pairs},
    http::request::Parts,
};
use chrono::NaiveDate;
use serde::{
    Deserialize,
    de::{IntoDeserializer as _, value::StringDeserializer},
};

use crate::error::ApiError;

/// The parameters of a request by name; of one that comes twice the last counts. What is not asked for is ignored.
#[derive(Debug, Clone, Default)]
pub struct Query(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let pairs = Pairs::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        pairs.map(|Pairs(pairs)| Self(pairs.into_iter().collect())).map_err(|_| ApiError::Invalid {
            kind: "validation_error",
            loc: vec!["query".to_owned()],
            msg: "the query cannot be read".to_owned(),
        })
    }
}

impl Query {
    /// One of the names that `T` has.
    ///
    /// # Errors
    ///
    /// Refuses everything else.
    pub fn optional<'de, T: Deserialize<'de>>(&self, name: &'static str) -> Result<Option<T>, ApiError> {
        let Some(text) = self.0.get(name) else {
            return Ok(None);
        };
        let text: StringDeserializer<serde::de::value::Error> = text.clone().into_deserializer();
        T::deserialize(text).map(Some).map_err(|error| refused(name, error.to_string()))
    }

    /// A whole number of this range.
    ///
    /// # Errors
    ///
    /// Refuses everything else.
    pub fn number(
        &self,
        name: &'static str,
        range: std::ops::RangeInclusive<i64>,
        default: i64,
    ) -> Result<i64, ApiError> {
        Ok(self.optional_number(name, range)?.unwrap_or(default))
    }

    /// The same where there is no default.
    ///
    /// # Errors
    ///
    /// Refuses everything else.
    pub fn optional_number(
        &self,
        name: &'static str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.0.get(name) else {
            return Ok(None);
        };
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (from, to) = (range.start(), range.end());
            refused(name, format!("{name} is a whole number from {from} to {to}"))
        })
    }

    /// A date of this range, as `YYYY-MM-DD`.
    ///
    /// # Errors
    ///
    /// Refuses everything else.
    pub fn optional_date(
        &self,
        name: &'static str,
        range: std::ops::RangeInclusive<NaiveDate>,
    ) -> Result<Option<NaiveDate>, ApiError> {
        let Some(text) = self.0.get(name) else {
            return Ok(None);
        };
        let date = text.parse().ok().filter(|date| range.contains(date));
        date.map(Some).ok_or_else(|| {
            let (from, to) = (range.start(), range.end());
            refused(name, format!("{name} is a date from {from} to {to}"))
        })
    }

    /// What came with this name.
    pub fn text(&self, name: &'static str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// One of these words; the first of them is the default.
    ///
    /// # Errors
    ///
    /// Refuses other words.
    pub fn choice(&self, name: &'static str, words: &[&'static str]) -> Result<&'static str, ApiError> {
        let given = self.0.get(name);
        let word = words.iter().find(|word| given.is_none_or(|given| given == *word));
        word.copied().ok_or_else(|| refused(name, format!("{name} is one of {}", words.join(", "))))
    }

    /// True or false, in the words that the old API took as well.
    ///
    /// # Errors
    ///
    /// Refuses other words.
    pub fn flag(&self, name: &'static str, default: bool) -> Result<bool, ApiError> {
        let Some(text) = self.0.get(name) else {
            return Ok(default);
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
            _ => Err(refused(name, format!("{name} is true or false"))),
        }
    }
}

/// A parameter that breaks a rule.
pub fn refused(name: &str, msg: String) -> ApiError {
    ApiError::Invalid { kind: "validation_error", loc: vec!["query".to_owned(), name.to_owned()], msg }
}
