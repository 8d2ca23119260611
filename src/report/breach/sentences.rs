//! What breach points say, sentence by sentence, and the text for people.

use super::{BreachReport, Question, grid_evaluations, of_run, telling};
use crate::experiment::Results;
use crate::experiment::breach::{Breach, CurvePoint, Outcome, Range, Risk, Spread};
use crate::report::blame::reason;
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

/// What was found, sentence by sentence: first what somebody repeats, last what it rests on.
pub(in crate::report) fn told(question: &Question<'_>, breach: &Breach) -> Vec<String> {
    let mut lines = vec![plain_headline(question, breach)];
    lines.extend(broken_by(question, breach));
    lines.extend(question.risk.map(|risk| risk_told(question.name, risk)));
    lines.extend(own(question, breach));
    lines.push(rests_on(question, breach));
    if breach.limited {
        lines.push("Runs reached a limit at some values: there nothing is called kept (see [limits]).".to_owned());
    }
    if let Some(reached) = breach.precision.filter(|reached| *reached > question.precision * 1.15 && !breach.cut_short)
    {
        lines.push(format!(
            "The interval is ±{}{} wide, not ±{}: more replications would narrow it (--reps).",
            figures::share(reached),
            relative_to(question, breach),
            figures::share(question.precision)
        ));
    }
    lines
}

/// The headline, what breaks it and when.
pub(in crate::report) fn opening(question: &Question<'_>, breach: &Breach) -> String {
    let causes = broken_by(question, breach).map(|causes| format!(" {causes}"));
    format!("{}{}", plain_headline(question, breach), causes.unwrap_or_default())
}

/// What a width is relative to, where that is not the point itself: near nothing everything is wide.
fn relative_to(question: &Question<'_>, breach: &Breach) -> &'static str {
    let size = breach.point.value.map_or(0.0, f64::abs);
    let Range { low, high, .. } = question.range;
    match question.path {
        "campaign.*.scale" if size < 1.0 => " of a whole campaign",
        "campaign.*.scale" => "",
        _ if size < 0.1 * (high - low) => " of a tenth of the range",
        _ => "",
    }
}

/// How it was judged, on how many runs, and what they cost.
fn rests_on(question: &Question<'_>, breach: &Breach) -> String {
    if breach.point.samples < 2 {
        return "Nothing is drawn: one run at each load, and no interval.".to_owned();
    }
    let place = match breach.outcome {
        Outcome::Breaks => {
            format!("{} = {}{}: judged", question.path, question.load(breach.point.value), between(question, breach))
        }
        _ => "Judged".to_owned(),
    };
    let confidence = figures::share(breach.point.confidence);
    let reps = figures::replications(breach.point.samples);
    let how = format!("{place} {}, {confidence} interval from {reps}", in_words(question.functional));
    if breach.cut_short {
        return format!("Stopped early. {how} at the loads looked at so far.");
    }
    let work = figures::count(breach.evaluations);
    match grid_evaluations(question.range, breach) {
        Some(grid) => {
            format!("{how}; {work} evaluations' worth of work, a grid as fine needs {}.", figures::count(grid))
        }
        None => format!("{how}; {work} evaluations' worth of work."),
    }
}

/// How a subject is judged, after "judged".
fn in_words(functional: &'static str) -> &'static str {
    match functional {
        "pooled" => "over all runs together",
        "runs" => "by the share of runs that break it",
        _ => "by the number itself",
    }
}

/// The interval in brackets, with a blank before it; empty without one.
fn between(question: &Question<'_>, breach: &Breach) -> String {
    let Range { low, high, .. } = question.range;
    let bound = |end: Option<f64>, beyond: &str, limit| match end {
        Some(_) => question.load(end),
        None => format!("{beyond} {}", question.load(Some(limit))),
    };
    match (breach.point.low, breach.point.high) {
        (None, None) => String::new(),
        (from, to) => format!(" ({} to {})", bound(from, "below", low), bound(to, "above", high)),
    }
}

/// The finding in the words of the file.
fn headline(question: &Question<'_>, breach: &Breach) -> String {
    let Question { name, path, range, .. } = *question;
    let (low, high) = (question.load(Some(range.low)), question.load(Some(range.high)));
    let interval = between(question, breach);
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

/// What breaks it, and when.
pub(in crate::report) fn broken_by(question: &Question<'_>, breach: &Breach) -> Option<String> {
    let reason = reason(breach.broken_by.as_ref()?);
    let runs = if breach.point.samples < 2 { "it is" } else { "in the middle run it is" };
    let when = breach.first_breach.and_then(|first| first.median).map_or_else(String::new, |at| {
        let when = match question.calendar {
            Some(calendar) => calendar.short_deadline(at),
            None => format!("{} from the start", figures::duration(at.seconds())),
        };
        format!("; {runs} first broken at {when}")
    });
    let place = match breach.outcome {
        Outcome::Breaks if breach.falling => "Just beyond that",
        Outcome::Breaks => "Just below that",
        _ => "Where it breaks",
    };
    Some(format!("{place}, most lateness comes from {reason}{when}."))
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

/// The curve at the places with most replications, at most a dozen of them, none of which reads like another.
fn curve_table(question: &Question<'_>, breach: &Breach) -> String {
    let what = question.path.rsplit('.').next().unwrap_or("");
    let mut table = format!("  {what:>12}  {:<36}  {:>12}\n", question.held, "runs");
    let mut told = telling(&breach.curve);
    told.sort_by(|a, b| a.at.total_cmp(&b.at).then((b.judges, b.value.samples).cmp(&(a.judges, a.value.samples))));
    told.dedup_by_key(|point| question.load(Some(point.at)));
    for point in thinned(&told) {
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
    let Some((planned, what)) = question.planned.filter(|planned| *planned > 0.0).zip(of_what(question.path)) else {
        return headline(question, breach);
    };
    let Question { name, range, .. } = *question;
    let times = |load: f64| format!("{:.2}×", load / planned);
    let Estimate { value, low, high, .. } = breach.point;
    let ends = match (low, high) {
        (None, None) => String::new(),
        (Some(low), Some(high)) if times(low) == times(high) => String::new(),
        (low, high) => format!(
            " ({} to {})",
            low.map_or_else(|| format!("below {}", times(range.low)), times),
            high.map_or_else(|| format!("above {}", times(range.high)), times)
        ),
    };
    match (breach.outcome, value) {
        (Outcome::Breaks, Some(at)) if breach.falling => format!("'{name}' holds up to {}{ends} {what}.", times(at)),
        (Outcome::Holds, _) => format!("'{name}' holds up to {} {what}, as far as was looked.", times(range.high)),
        (Outcome::Broken, _) => format!("'{name}' is broken already at {} {what}.", times(range.low)),
        _ => headline(question, breach),
    }
}

/// What a factor multiplies that is usually varied.
fn of_what(path: &str) -> Option<&'static str> {
    match path {
        "campaign.*.scale" => Some("the extra orders that the campaigns are planned to bring"),
        "source.*.uplift" => Some("the planned demand"),
        _ => None,
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
