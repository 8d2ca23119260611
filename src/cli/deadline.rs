//! `--deadline 60s`: the best answer that there is by then.

use super::outcome::Failure;
use super::signals::Interruption;
use peaksim::model::metric_path::span;
use peaksim::time::SimDuration;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A time after which nothing more is begun.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    /// As typed, and when; `None` without one, or when it lies beyond what a clock can tell.
    set: Option<(String, Instant)>,
}

/// A span of real time, with the text it was typed as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    text: String,
    span: SimDuration,
}

/// Reads `60s` or `1h 30m`.
pub(crate) fn allowed(text: &str) -> Result<Allowed, String> {
    Ok(Allowed { text: text.trim().to_owned(), span: span(text)? })
}

impl Deadline {
    /// From now on, where there is one.
    pub(crate) fn of(allowed: Option<&Allowed>) -> Deadline {
        let at = |allowed: &Allowed| now().checked_add(Duration::from_micros(allowed.span.0));
        Deadline { set: allowed.and_then(|allowed| Some((allowed.text.clone(), at(allowed)?))) }
    }

    /// Whether it has passed.
    pub(crate) fn has_passed(&self) -> bool {
        self.set.as_ref().is_some_and(|(_, at)| now() >= *at)
    }

    /// Raises the flag that replications look at, once it has passed. To be asked again and again.
    pub(crate) fn stop_when_passed(&self, interruption: &Interruption) {
        if self.has_passed() {
            interruption.flag().store(true, Ordering::Relaxed);
        }
    }

    /// Why less was done than asked for: "Interrupted", or "Deadline of 60s reached".
    pub(crate) fn why(&self, interruption: &Interruption) -> String {
        match &self.set {
            Some((text, _)) if interruption.status().is_none() => format!("Deadline of {text} reached"),
            _ => "Interrupted".to_owned(),
        }
    }

    /// That there is nothing to report, since it was stopped too early.
    pub(crate) fn nothing(&self, interruption: &Interruption) -> Failure {
        match (interruption.status(), &self.set) {
            (None, Some((text, _))) => Failure::too_late(text),
            (status, _) => Failure::interrupted(status.unwrap_or(super::outcome::ExitStatus::Interrupted)),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how much is done by then is marked, and what is done does not depend on it"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_far_off_has_not_passed_and_one_beyond_is_refused() {
        let far = allowed("29w").unwrap();
        assert!(!Deadline::of(Some(&far)).has_passed());
        assert!(Deadline::of(Some(&allowed("0s").unwrap())).has_passed());
        assert!(!Deadline::of(None).has_passed());
        for text in ["99999999w", &format!("{}s", "9".repeat(400)), "204d"] {
            assert!(allowed(text).unwrap_err().contains("longer than 203 days"), "{text}");
        }
        for text in ["", "soon", "-1s", "5"] {
            assert!(allowed(text).is_err(), "{text}");
        }
    }
}
