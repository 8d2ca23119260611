//! What a sweep found, in sentences.

use super::{Design, Subject, SweepReport, lines};
use crate::experiment::results::{Undecided, Verdict};
use crate::experiment::sweep::{CellResult, Setting};
use crate::report::figures;
use crate::report::verdict::open_because;

/// A value as people write it.
pub(in crate::report) fn shown(setting: &Setting) -> String {
    match setting.plain() {
        Some(number) => figures::number(number),
        None => setting.text.trim_matches(['"', '\'']).to_owned(),
    }
}

/// "source.*.uplift = 1.5, station.pick.servers = 3"
fn place(report: &SweepReport, cell: &CellResult) -> String {
    let pair = |(path, setting)| format!("{path} = {}", shown(setting));
    report.axes.iter().zip(&cell.settings).map(pair).collect::<Vec<_>>().join(", ")
}

/// The cells with the lowest and the highest value, and these.
fn ends(report: &SweepReport, subject: Subject) -> Option<[(&CellResult, f64); 2]> {
    let known = report.cells.iter().filter_map(|cell| Some((cell, subject.of(cell).value?)));
    let order = |a: &(&CellResult, f64), b: &(&CellResult, f64)| a.1.total_cmp(&b.1);
    Some([known.clone().min_by(order)?, known.max_by(order)?])
}

/// What was found of a subject, in one sentence.
pub(in crate::report) fn headline(report: &SweepReport, subject: Subject) -> String {
    let (name, write) = (report.name(subject), report.writer(subject));
    let Some([(low, least), (high, most)]) = ends(report, subject) else {
        return format!("No cell tells anything of {name}.");
    };
    let (all, cells) = (report.cells.len(), counted(report.cells.len()));
    let extremes = |first: &str, second: &str| {
        format!(
            "{first} with {} ({}), {second} with {} ({})",
            place(report, high),
            write(most),
            place(report, low),
            write(least)
        )
    };
    if let Subject::Metric(_) = subject {
        if least.total_cmp(&most).is_eq() {
            return format!("{name} is {} in every cell.", write(least));
        }
        return format!(
            "{name} runs from {} (with {}) to {} (with {}).",
            write(least),
            place(report, low),
            write(most),
            place(report, high)
        );
    }
    let count = |of| report.cells.iter().filter(|cell| subject.verdict(cell) == Some(of)).count();
    let (kept, broken, open) = (count(Verdict::Kept), count(Verdict::Breached), count(Verdict::Inconclusive));
    if let ([path], [(_, line)]) = (report.axes.as_slice(), lines(report).as_slice())
        && report.design == Design::Grid
        && let Some(words) = along_words(subject, line, write)
    {
        return format!("{name} is {words}, along {path}.");
    }
    match (kept, broken) {
        (kept, _) if kept == all => {
            format!("{name} is kept in all {cells}, most narrowly with {} ({}).", place(report, low), write(least))
        }
        (_, broken) if broken == all => {
            format!("{name} is broken in all {cells}, least so with {} ({}).", place(report, high), write(most))
        }
        _ => {
            let open = if open > 0 { format!(", {open} cannot be told") } else { String::new() };
            let extremes = extremes("best", "worst");
            format!("{name} is kept in {kept} of {cells} and broken in {broken}{open}: {extremes}.")
        }
    }
}

/// Where a subject is kept along the first axis, line by line; nothing without a promise, or with one line only.
pub(in crate::report) fn along(report: &SweepReport, subject: Subject) -> Vec<String> {
    if matches!(subject, Subject::Metric(_)) || report.design != Design::Grid || report.axes.len() < 2 {
        return Vec::new();
    }
    let write = report.writer(subject);
    let sentence = |(name, line): &(String, Vec<&CellResult>)| {
        let name = if report.axes.len() == 2 { format!("{} = {name}", report.axes[1]) } else { name.clone() };
        along_words(subject, line, write).map(|words| format!("With {name}: {words}, along {}.", report.axes[0]))
    };
    lines(report).iter().filter_map(sentence).collect()
}

/// "kept up to 1.5 (99.1 %) and broken from 2 on (82 %)"; `None` where the verdicts go to and fro.
fn along_words(subject: Subject, line: &[&CellResult], write: fn(f64) -> String) -> Option<String> {
    let rank = |cell: &CellResult| match subject.verdict(cell) {
        Some(Verdict::Kept) => 0,
        Some(Verdict::Breached) => 2,
        _ => 1,
    };
    let ranks: Vec<i32> = line.iter().map(|cell| rank(cell)).collect();
    let (falls, rises) = (ranks.is_sorted(), ranks.is_sorted_by(|a, b| a >= b));
    let at = |k: usize| {
        let value = subject.of(line[k]).value.map_or_else(|| figures::UNKNOWN.to_owned(), write);
        format!("{} ({value})", shown(&line[k].settings[0]))
    };
    let is = |of: i32| ranks.iter().position(|rank| *rank == of).zip(ranks.iter().rposition(|rank| *rank == of));
    match (is(0), is(2)) {
        _ if !falls && !rises => None,
        (None, None) => Some("neither surely kept nor surely broken anywhere".to_owned()),
        (Some(_), None) if is(1).is_none() => Some("kept throughout".to_owned()),
        (None, Some(_)) if is(1).is_none() => Some("broken throughout".to_owned()),
        (kept, broken) => {
            let kept = kept.map(|(first, last)| {
                if falls { format!("kept up to {}", at(last)) } else { format!("kept from {} on", at(first)) }
            });
            let broken = broken.map(|(first, last)| {
                if falls { format!("broken from {} on", at(first)) } else { format!("broken up to {}", at(last)) }
            });
            Some([kept, broken].into_iter().flatten().collect::<Vec<_>>().join(" and "))
        }
    }
}

/// What breaks a promise where it is broken, with the number of cells.
pub(in crate::report) fn telling(report: &SweepReport, subject: Subject) -> Option<String> {
    let Subject::Sla(k) = subject else { return None };
    let mut blamed: Vec<(String, usize)> = Vec::new();
    let broken = report.cells.iter().filter(|cell| cell.slas[k].verdict == Verdict::Breached);
    for of in broken.filter_map(|cell| cell.slas[k].broken_by.as_ref()) {
        let name = match &of.station {
            Some(station) => format!("'{station}', {}", of.cause),
            None => of.cause.to_owned(),
        };
        match blamed.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => blamed.push((name, 1)),
        }
    }
    blamed.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let parts: Vec<String> = blamed.into_iter().map(|(name, count)| format!("{name} ({})", counted(count))).collect();
    (!parts.is_empty())
        .then(|| format!("Where it is broken, most of the lateness is put down to {}.", parts.join("; ")))
}

/// What the cells rest on.
pub(in crate::report) fn how(report: &SweepReport) -> Vec<String> {
    let cells = counted(report.cells.len());
    let design = match report.design {
        Design::Grid if report.axes.len() == 1 => format!("{cells}, one for each value of {}", report.axes[0]),
        Design::Grid => format!("{cells}, every combination of {}", report.axes.join(" and ")),
        Design::Latin => {
            format!("{cells}, a Latin hypercube over {}: one in each stratum of each", report.axes.join(" and "))
        }
    };
    let mut found = vec![format!(
        "{design}; {} each with the same draws, seed {}, {} intervals of the mean over runs; scenario {}; peaksim {}.",
        figures::replications(report.replications),
        report.seed,
        figures::share(report.confidence),
        report.hash,
        env!("CARGO_PKG_VERSION")
    )];
    if !report.slas.is_empty() {
        found.push(
            "✓ kept, ✗ broken, ? too little to tell: each cell judged on the interval of its worst window; the share is that \
             of all windows."
                .to_owned(),
        );
    }
    found
}

fn counted(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}

/// Why an SLA cannot be told in some cells, a sentence for each reason that is not that of the whole sweep.
fn open(report: &SweepReport, k: usize) -> Vec<String> {
    let reasons = report.cells.iter().filter_map(|cell| cell.slas[k].undecided);
    let alike: Vec<Option<u64>> = reasons
        .clone()
        .filter_map(|why| if let Undecided::TooAlike { needed } = why { Some(needed) } else { None })
        .collect();
    // What would decide the cell that needs most decides them all.
    let most = Undecided::TooAlike {
        needed: alike.iter().copied().collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max()),
    };
    let count = |of: Undecided| reasons.clone().filter(|why| *why == of).count();
    let straddles = Undecided::Straddles { needed: None };
    [(Undecided::NoSamples, count(Undecided::NoSamples)), (most, alike.len()), (straddles, count(straddles))]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(why, count)| {
            let all = counted(report.cells.len());
            format!("Whether '{}' is kept cannot be told in {count} of {all}: {}.", report.slas[k], open_because(why))
        })
        .collect()
}

/// What must be known before believing the rest.
pub(in crate::report) fn notes(report: &SweepReport) -> Vec<String> {
    let mut found = Vec::new();
    if report.is_cut_short() {
        let counts = || report.cells.iter().map(|cell| cell.replications);
        let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        found.push(format!(
            "Stopped early: the cells rest on their first {fewest} to {most} of {} replications.",
            report.replications
        ));
    }
    let limited = report.cells.iter().filter(|cell| cell.limited).count();
    if limited > 0 {
        found.push(format!(
            "In {limited} of {} a replication reached a limit of the scenario: what came after that is not in the \
             results, and no promise is called kept there.",
            counted(report.cells.len())
        ));
    }
    if report.replications == 1 && !report.slas.is_empty() {
        found.push("One replication has no interval, so no promise is judged: run at least two.".to_owned());
    }
    found.extend((0..report.slas.len()).flat_map(|k| open(report, k)));
    // The first cell that says so says it for all.
    let mut told: Vec<&String> = Vec::new();
    for text in report.cells.iter().flat_map(|cell| &cell.too_few) {
        if !told.contains(&text) {
            told.push(text);
        }
    }
    found.extend(told.into_iter().take(report.metrics.len()).cloned());
    found
}
