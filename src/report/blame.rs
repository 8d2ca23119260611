//! What lateness is put down to, in words.

use crate::experiment::results::Blamed;

/// What lateness is put down to, as it stands after "come from".
pub(super) fn reason(blamed: &Blamed) -> String {
    let what = in_words(blamed.cause);
    match &blamed.station {
        Some(station) => format!("{what} at '{station}'"),
        None => what.to_owned(),
    }
}

fn in_words(cause: &'static str) -> &'static str {
    match cause {
        "service" => "the work itself",
        "outage" => "an outage",
        "nobody on shift" => "waiting for a shift to begin",
        "rate limit" => "waiting for the rate limit",
        "batch forming" => "waiting for a batch to fill",
        "no person free" => "waiting for a free person",
        "no equipment free" => "waiting for free equipment",
        "waiting for release" => "waiting for the next release",
        "waiting for collection" => "waiting for the collection",
        "left behind" => "being left behind",
        "backoff" => "waiting before another attempt",
        "waiting for other lines" => "waiting for the order’s other lines",
        "interrupted" => "interrupted work",
        "promise" => "promises that could no longer be kept on arrival",
        "scan or status delay" => "scans and statuses that came late",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use crate::observation::Cause;

    #[test]
    fn every_cause_has_words_for_a_title() {
        let same = |cause: &Cause| cause.name() == in_words(cause.name());
        assert!(!Cause::ALL.iter().any(same));
    }
}
