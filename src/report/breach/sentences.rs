//! What breach points say, sentence by sentence, and the text for people.

use super::{BreachReport, Question, grid_evaluations, of_run, telling};
use crate::experiment::Results;
use crate::experiment::breach::{Breach, CurvePoint, Outcome, Range, Risk, Spread};
use crate::experiment::results::Blamed;
use crate::report::figures;
use crate::report::text::{Page, wrapped};
use crate::statistics::estimate::Estimate;
use std::fmt::Write as _;

/// The text for people.
#[must_use]
pub fn text(report: &BreachReport<'_>) -> String {
    let mut page = format!("{}\n", report.model.title);
    for (question, breach) in report.answers() {
        page.push('\n');
        for line in told(&question, breach) {
            for line in wrapped(&line) {
                page.push_str(&line);
                page.push('\n');
            }
        }
        page.push_str(&curve_table(&question, breach));
    }
    for caution in report.cautions() {
        page.push('\n');
        wrapped(caution).iter().for_each(|line| page.push_str(&format!("{line}\n")));
    }
    page
}

/// What was found, sentence by sentence.
pub(in crate::report) fn told(question: &Question<'_>, breach: &Breach) -> Vec<String> {
    let mut lines = vec![headline(question, breach)];
    lines.extend(question.risk.map(|risk| risk_told(question.name, risk)));
    lines.extend(broken_by(question, breach));
    lines.extend(own(question, breach));
    let functional = question.functional;
    let confidence = figures::share(breach.point.confidence);
    let reps = figures::replications(breach.point.samples);
    let mut how = if breach.cut_short {
        format!("Stopped early: judged {functional}, {confidence} interval from {reps} at the loads looked at so far.")
    } else if breach.point.samples < 2 {
        "Nothing is drawn: one run at each load, and no interval.".to_owned()
    } else {
        format!("Judged {functional}, {confidence} interval from {reps}")
    };
    if breach.point.samples >= 2 && !breach.cut_short {
        let work = figures::count(breach.evaluations);
        let _ = match grid_evaluations(question.range, breach) {
            Some(grid) => {
                write!(how, "; {work} evaluations' worth of work, a grid as fine needs {}.", figures::count(grid))
            }
            None => write!(how, "; {work} evaluations' worth of work."),
        };
    }
    lines.push(how);
    if breach.limited {
        lines.push("Runs reached a limit at some values: there nothing is called kept (see [limits]).".to_owned());
    }
    if let Some(reached) = breach.precision.filter(|reached| *reached > question.precision * 1.15 && !breach.cut_short)
    {
        lines.push(format!(
            "The interval is ±{} wide, not ±{}: more replications would narrow it (--reps).",
            figures::share(reached),
            figures::share(question.precision)
        ));
    }
    lines
}

pub(in crate::report) fn headline(question: &Question<'_>, breach: &Breach) -> String {
    let Question { name, path, range, .. } = *question;
    let (low, high) = (question.load(Some(range.low)), question.load(Some(range.high)));
    let interval = match (breach.point.low, breach.point.high) {
        (None, None) => String::new(),
        (from, to) => format!(" ({} to {})", bound(question, from, "below", &low), bound(question, to, "above", &high)),
    };
    match breach.outcome {
        Outcome::Breaks if breach.falling => {
            format!("'{name}' holds up to {path} = {}{interval}.", question.load(breach.point.value))
        }
        Outcome::Breaks => format!("'{name}' needs {path} = {}{interval} at least.", question.load(breach.point.value)),
        Outcome::Holds => format!("'{name}' holds wherever it was looked at: {path} from {low} to {high}{interval}."),
        Outcome::Broken => format!("'{name}' is broken already at every {path} from {low} to {high}{interval}."),
        Outcome::NotMonotone => format!(
            "'{name}' has no single breach point: along {path} it is surely broken at one value and surely kept beyond it. \
             In doubt{}.",
            if interval.is_empty() { " is the whole range".to_owned() } else { interval }
        ),
        Outcome::Unknown if breach.cut_short => {
            format!(
                "It is not known yet where '{name}' breaks along {path}: nothing was sure when the search was stopped."
            )
        }
        Outcome::Unknown => format!(
            "It cannot be told where '{name}' breaks: at an end of {path} from {low} to {high} there was too little to judge it."
        ),
    }
}

fn bound(question: &Question<'_>, end: Option<f64>, beyond: &str, limit: &str) -> String {
    end.map_or_else(|| format!("{beyond} {limit}"), |end| question.load(Some(end)))
}

pub(in crate::report) fn broken_by(question: &Question<'_>, breach: &Breach) -> Option<String> {
    let Blamed { station, cause } = breach.broken_by.as_ref()?;
    let place = station.as_ref().map_or_else(String::new, |station| format!(" at '{station}'"));
    let when = breach.first_breach.and_then(|first| first.median).map_or_else(String::new, |at| {
        let when = match question.calendar {
            Some(calendar) => calendar.short_deadline(at),
            None => format!("{} from the start", figures::duration(at.seconds())),
        };
        format!(", in the middle run first at {when}")
    });
    Some(format!("Just beyond it breaks by {cause}{place}{when}."))
}

/// Where single runs break: what an ordinary year may bring, beside what all years together do.
fn own(question: &Question<'_>, breach: &Breach) -> Option<String> {
    let own = breach.own?;
    let runs = own.replications;
    let Range { low, high, .. } = question.range;
    // Where more is better every run breaks at the low end, which tells nothing.
    let needs = !breach.falling && breach.outcome != Outcome::NotMonotone;
    let Spread { p10, median, p90 } = if needs { own.kept_from } else { own.first };
    if p10.is_none() && !needs {
        return Some(match own.breaking {
            0 => format!("No single run of {runs} breaks it."),
            few => format!("Of {runs} single runs {few} break{} it at all.", if few == 1 { "s" } else { "" }),
        });
    }
    let at = |value: Option<f64>| match value {
        None => format!("beyond {}", question.load(Some(high))),
        Some(value) if value <= low => format!("{} or less", question.load(value.into())),
        value => question.load(value),
    };
    let what = if needs { "need at least" } else { "break it first at" };
    let mut text = format!(
        "Single runs of {runs} {what} {} (one in ten), {} (half), {} (nine in ten).",
        at(p10),
        at(median),
        at(p90)
    );
    if own.recrossing > 0.0 {
        let again = if breach.falling { "keep it again" } else { "break it again" };
        let _ = write!(text, " {} of them {again} at a higher value.", figures::share(own.recrossing));
    }
    Some(text)
}

/// The curve at the places with most replications, at most a dozen of them.
fn curve_table(question: &Question<'_>, breach: &Breach) -> String {
    let what = question.path.rsplit('.').next().unwrap_or("");
    let mut table = format!("  {what:>12}  {:<36}  {:>12}\n", question.held, "runs");
    for point in thinned(&telling(&breach.curve)) {
        let _ = writeln!(
            table,
            "  {:>12}  {:<36}  {:>12}",
            question.load(Some(point.at)),
            figures::interval(&point.value, question.write),
            point.value.samples
        );
    }
    table
}

/// "'dispatched as promised' breaks at 1.31× the planned orders of 'Black Friday' ...: that is a 14 % chance".
pub(in crate::report) fn risk_told(name: &str, risk: &Risk) -> String {
    let times = |value: f64| format!("{value:.2}×");
    let error = figures::share(risk.forecast_error);
    let campaign = &risk.campaign;
    let bound = |word: &str, chance: f64| {
        format!(
            "With a forecast error of ±{error} of '{campaign}' the chance that '{name}' breaks is {}.",
            bounded(word, chance)
        )
    };
    match (risk.times_planned.value, risk.chance.value) {
        (Some(at), Some(chance)) => format!(
            "'{name}' breaks at {}{} the planned orders of '{campaign}': with a forecast error of ±{error} that is a \
             {}{} chance.",
            times(at),
            ends(&risk.times_planned, &times),
            percent(chance),
            ends(&risk.chance, &percent)
        ),
        _ => match (risk.chance.low, risk.chance.high) {
            (None, Some(most)) => bound("at most", most),
            (Some(least), _) => bound("at least", least),
            (None, None) => format!("How likely '{campaign}' is to break '{name}' cannot be told."),
        },
    }
}

/// The interval in brackets, unless both ends read the same.
fn ends(of: &Estimate, write: &dyn Fn(f64) -> String) -> String {
    match (of.low.map(write), of.high.map(write)) {
        (Some(low), Some(high)) if low != high => format!(" ({low} to {high})"),
        _ => String::new(),
    }
}

/// Whole per cents, and never 0 or 100 of them.
fn percent(chance: f64) -> String {
    match libm::round(chance * 100.0) {
        percent if percent < 1.0 => "<1 %".to_owned(),
        percent if percent > 99.0 => ">99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// "at most 14 %", "below 1 %".
fn bounded(word: &str, chance: f64) -> String {
    let percent = percent(chance);
    match percent.split_at(1) {
        ("<", rest) => format!("below {rest}"),
        (">", rest) => format!("above {rest}"),
        _ => format!("{word} {percent}"),
    }
}

/// The headline in a manager's words, where what is varied has some.
pub(in crate::report) fn plain_headline(question: &Question<'_>, breach: &Breach) -> String {
    // A factor is one of the plan only where the plan itself is at 1.
    let is_plan = question.planned.is_some_and(|planned| (planned - 1.0).abs() < 1e-9);
    let what = match question.path {
        "campaign.*.scale" if is_plan => "the extra orders that the campaigns are planned to bring",
        "source.*.uplift" if is_plan => "the planned demand",
        _ => return headline(question, breach),
    };
    let Question { name, range, .. } = *question;
    let times = |load: f64| format!("{load:.2}×");
    match (breach.outcome, breach.point.value) {
        (Outcome::Breaks, Some(at)) if breach.falling => {
            format!("'{name}' holds up to {}{} {what}.", times(at), ends(&breach.point, &times))
        }
        (Outcome::Holds, _) => format!("'{name}' holds up to {} {what}, as far as was looked.", times(range.high)),
        (Outcome::Broken, _) => format!("'{name}' is broken already at {} {what}.", times(range.low)),
        _ => headline(question, breach),
    }
}

/// How to get what was not asked for.
pub(in crate::report) const ASK_HEADROOM: &str =
    "How much more it could take is not looked into here: run it again with --with headroom.";

/// The part of the text report.
pub(in crate::report) fn part(page: &mut Page, results: &Results) {
    let answers = of_run(results);
    if !answers.is_empty() {
        page.heading("How much more it could take");
    }
    for (question, breach) in &answers {
        told(question, breach).iter().for_each(|sentence| page.paragraph(sentence));
    }
}

/// At most a dozen points, evenly chosen, the first and the last among them.
fn thinned(curve: &[CurvePoint]) -> Vec<CurvePoint> {
    let most = 12;
    if curve.len() <= most {
        return curve.to_vec();
    }
    (0..most).map(|k| curve[k * (curve.len() - 1) / (most - 1)]).collect()
}
