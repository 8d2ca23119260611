//! Errors of overrides that nobody typed as such: they point into what was typed instead.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Diagnostics, Place, Source};
use super::load::LoadError;
use super::overrides;

/// What somebody typed, of which an override was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The option, such as `--limit`.
    pub option: String,
    /// What was typed after it.
    pub text: String,
    /// The byte at which the override begins in it; `None`: it is not part of it, and errors point to the whole text.
    pub at: Option<usize>,
}

impl Diagnostics {
    /// The same findings; those in an override point into what `typed` says of it, given its number, from 1, and the place
    /// in it that is found fault with. `None`: it was typed as an override.
    #[must_use]
    pub fn as_typed(self, typed: impl Fn(usize, &Place) -> Option<Typed>) -> Diagnostics {
        let found = self.iter().cloned().map(|found| {
            let place = typed_place(&found.place, &typed).unwrap_or(found.place);
            Diagnostic { place, ..found }
        });
        Diagnostics::collect(found.collect()).expect("as many as there were")
    }
}

impl Typed {
    /// That something is wrong with the whole of what was typed, and what would be right.
    #[must_use]
    pub fn refused(&self, code: &'static str, message: &str, help: &str) -> LoadError {
        let source = Arc::new(Source { name: self.option.clone(), text: self.text.clone() });
        let place = Place::new(&source, 0, self.text.len());
        let diagnostics = Diagnostic::error(code, &place, message).help(help).into();
        LoadError::Invalid { diagnostics, data: Vec::new() }
    }
}

fn typed_place(place: &Place, typed: impl Fn(usize, &Place) -> Option<Typed>) -> Option<Place> {
    let Typed { option, text, at } = typed(overrides::number(place.source())?, place)?;
    let (start, end) = match at {
        Some(at) => (at + place.start(), at + place.start() + place.text().len()),
        None => (0, text.len()),
    };
    Some(Place::new(&Arc::new(Source { name: option, text }), start, end))
}

impl LoadError {
    /// The same error, pointing into what was typed: see [`Diagnostics::as_typed`].
    #[must_use]
    pub fn as_typed(self, typed: impl Fn(usize, &Place) -> Option<Typed>) -> LoadError {
        match self {
            LoadError::Invalid { diagnostics, data } => {
                LoadError::Invalid { diagnostics: diagnostics.as_typed(typed), data }
            }
            other => other,
        }
    }
}
