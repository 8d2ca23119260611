//! Lines of orders and units of lines.

use crate::model::CountMix;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::source::{CountSharesTable, LinesValue, UnitsValue};
use crate::scenario::reader::{AtLeastOne, Sink, Spanned};

/// The lines that `written` describes, one where nothing is; `None` after an error.
pub(super) fn lines(written: Option<&Spanned<LinesValue>>, sink: &mut Sink) -> Option<CountMix> {
    let Some(written) = written else { return Some(CountMix::Fixed(1)) };
    match &written.value {
        LinesValue::Always(count) => Some(CountMix::Fixed(whole(*count))),
        LinesValue::Average(table) => {
            one_or_more(table.average.get(), table.single_line.get(), "single_line", &table.average.place, sink)
        }
        LinesValue::Shares(table) => shares(table, sink),
    }
}

/// The units that `written` describes, one where nothing is; `None` after an error.
pub(super) fn units(written: Option<&Spanned<UnitsValue>>, sink: &mut Sink) -> Option<CountMix> {
    let Some(written) = written else { return Some(CountMix::Fixed(1)) };
    match &written.value {
        UnitsValue::Always(count) => Some(CountMix::Fixed(whole(*count))),
        UnitsValue::Average(table) => {
            one_or_more(table.average.get(), table.single_unit.get(), "single_unit", &table.average.place, sink)
        }
        UnitsValue::Shares(table) => shares(table, sink),
    }
}

fn whole(count: AtLeastOne) -> u32 {
    u32::try_from(count.get()).unwrap_or(u32::MAX)
}

/// Ones with the given share, the others geometric from 2 on, together of the given average.
fn one_or_more(average: f64, single: f64, key: &str, place: &Place, sink: &mut Sink) -> Option<CountMix> {
    // Rounding in the input must not turn "two each" into less than two.
    const NEAR: f64 = 1e-9;
    let least = single + 2.0 * (1.0 - single);
    let others = 1.0 - single;
    if others <= 0.0 && (average - 1.0).abs() < NEAR {
        return Some(CountMix::Fixed(1));
    }
    if others <= 0.0 || average < least - NEAR {
        let share = libm::round(single * 1e4) / 1e2;
        let message = format!("an average of {average} does not go with {key} = \"{share}%\"");
        let help = if others <= 0.0 {
            "when all are single, the average is 1".to_owned()
        } else {
            format!("the others have at least 2: the average is then at least {}", libm::round(least * 1e4) / 1e4)
        };
        sink.push(Diagnostic::error("impossible-average", place, message).label("not possible").help(help));
        return None;
    }
    Some(CountMix::OneOrGeometric { single, beyond_two: ((average - single) / others - 2.0).max(0.0) })
}

fn shares(table: &CountSharesTable, sink: &mut Sink) -> Option<CountMix> {
    let mut found: Vec<(u32, f64)> = Vec::new();
    for (number, share) in &table.shares.value {
        let Some(count) = number.parse::<u32>().ok().filter(|count| *count > 0) else {
            let message = format!("`{number}` is not a whole number, 1 or more");
            let help = "for example: { \"1\" = \"55%\", \"2\" = \"45%\" }";
            sink.push(Diagnostic::error("bad-number", &table.shares.place, message).label("here").help(help));
            return None;
        };
        if share.get() > 0.0 {
            found.push((count, share.get()));
        }
    }
    found.sort_by_key(|(count, _)| *count);
    let sum: f64 = found.iter().map(|(_, share)| share).sum();
    if !adds_up(sum, "the shares", &table.shares.place, sink) {
        return None;
    }
    found.iter_mut().for_each(|(_, share)| *share /= sum);
    Some(CountMix::Shares(found))
}

/// Whether shares that add up to `sum` make a whole (within 0.1 %, for rounded ones); reported when not.
pub(super) fn adds_up(sum: f64, what: &str, place: &Place, sink: &mut Sink) -> bool {
    const ROUNDED: f64 = 1e-3;
    let whole = (sum - 1.0).abs() <= ROUNDED;
    if !whole {
        let message = format!("{what} add up to {}%, not 100%", libm::round(sum * 1e4) / 1e2);
        sink.push(
            Diagnostic::error("shares-not-one", place, message)
                .label("not 100%")
                .help("shares make a whole: let them add up to 100%"),
        );
    }
    whole
}
