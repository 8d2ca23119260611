//! What holds orders up, what would help, and what is to blame: the words and tables that every report shares.

use super::figures::{self, UNKNOWN};
use super::text::{Page, cells};
use crate::experiment::Results;
use crate::experiment::bottlenecks::BottleneckResult;
use crate::experiment::whatif::{CounterfactualResult, Effect, EffectVerdict, MarginalResult, TRIED, Why};
use crate::statistics::estimate::Estimate;
use comfy_table::Cell;
use serde_json::{Value, json};

/// Stations that are shown; results.json has all.
pub(super) const MOST_SHOWN: usize = 6;

/// How to get what was not asked for.
pub(super) const ASK_WHY: &str =
    "What would help, and what is to blame, is not looked into here: run it again with --with why.";

/// How to get that and the headroom.
const ASK_BOTH: &str = "What would help, what is to blame and how much more it could take is not looked into here: run it \
                        again with --with why,headroom.";

/// That counterfactuals are no accounts.
pub(super) const DO_NOT_ADD_UP: &str =
    "These effects overlap, so they do not add up, neither to the late orders nor to the ledger's hours.";

/// The station at the top, in one sentence.
pub(super) fn headline(results: &Results) -> Option<String> {
    let first = results.bottlenecks.first()?;
    let name = &first.station;
    let mut text = match (first.share_of_lateness.value, first.share_of_time.value) {
        (Some(share), _) if share > 0.0 => format!(
            "'{name}' holds orders up most: {} of all hours late ({} in a run)",
            figures::share(share),
            figures::value(&first.late_hours, figures::hours)
        ),
        (_, Some(share)) if share > 0.0 => {
            format!("'{name}' is the bottleneck for most of the time: {} of it", figures::share(share))
        }
        _ => {
            let used = first.utilisation.as_ref()?;
            format!(
                "Nothing holds orders up; '{name}' is busiest ({}: {})",
                used.of,
                figures::value(&used.share, figures::share)
            )
        }
    };
    match first.confirmed {
        Some(true) => text.push_str(", and more capacity there means fewer late orders"),
        Some(false) => text.push_str(", but more capacity there alone is not shown to mean fewer late orders"),
        None => {}
    }
    text.push('.');
    Some(text)
}

/// How the ranking is made.
pub(super) fn how_ranked(results: &Results) -> String {
    let first = results.slas.first().map(|sla| format!(" of '{}'", sla.name)).unwrap_or_default();
    format!(
        "Ranked by their share of all hours late{first}; then by the share of the time at which more work was ready there \
         than could be started, for longer than anywhere else; then by what is used most."
    )
}

/// "98.1 % (people of 'floor')".
pub(super) fn used(one: &BottleneckResult) -> String {
    one.utilisation.as_ref().map_or_else(
        || UNKNOWN.to_owned(),
        |used| format!("{} ({})", figures::value(&used.share, figures::share), used.of),
    )
}

/// "yes", "not shown" or unknown.
pub(super) fn confirmed(one: &BottleneckResult) -> &'static str {
    match one.confirmed {
        Some(true) => "yes",
        Some(false) => "not shown",
        None => UNKNOWN,
    }
}

/// "-42.3 (-48.1 to -36.5)", in orders of a run; with what it amounts to where that is not plain.
pub(super) fn change(effect: &Effect) -> String {
    let text = figures::interval(&effect.change, signed);
    match effect.verdict {
        EffectVerdict::Fewer | EffectVerdict::More => text,
        EffectVerdict::NotShown if text == "0" => text,
        EffectVerdict::NotShown => format!("{text}, not shown"),
        EffectVerdict::Unknown => UNKNOWN.to_owned(),
    }
}

fn signed(number: f64) -> String {
    let text = figures::count(number);
    if number > 0.0 && text != "0" { format!("+{text}") } else { text }
}

/// What helps most, in one sentence.
pub(super) fn helps_most(why: &Why) -> String {
    let best = why.marginal_capacity.iter().find(|one| verdict(&one.effects) == Some(EffectVerdict::Fewer));
    let Some(best) = best else {
        return match why.marginal_capacity.len() {
            0 => "No order is late, so no capacity was added to see what it does.".to_owned(),
            count => format!("None of the {count} additions that were tried is shown to mean fewer late orders."),
        };
    };
    let fewer = best.effects.first().map_or_else(String::new, |effect| {
        let Estimate { value, low, high, .. } = effect.change.scaled(-1.0);
        let ends = low.zip(high).filter(|(low, high)| low < high);
        let ends = ends.map(|(low, high)| format!(" ({} to {})", figures::count(low), figures::count(high)));
        let value = value.map_or_else(|| UNKNOWN.to_owned(), figures::count);
        format!("{value}{} fewer late orders of '{}' in a run", ends.unwrap_or_default(), effect.sla)
    });
    format!("Of what was tried, this helps most: {}: {fewer}.", best.what)
}

fn verdict(effects: &[Effect]) -> Option<EffectVerdict> {
    effects.first().map(|effect| effect.verdict)
}

/// Which were tried.
pub(super) fn tried(results: &Results, why: &Why) -> String {
    let names: Vec<String> = results.bottlenecks.iter().take(TRIED).map(|one| format!("'{}'", one.station)).collect();
    let count = why.marginal_capacity.len();
    format!(
        "Tried, one by one and on the same random numbers: people, hours, equipment and rate limits at {}, and every wave and \
         collection ({count} in all); p-values adjusted together.",
        names.join(", ")
    )
}

/// The ceilings, in one sentence each.
pub(super) fn ceilings(results: &Results) -> Vec<String> {
    let told = |sla: &crate::experiment::results::SlaResult| {
        let ceiling = sla.ceiling.as_ref()?;
        let target = figures::share(sla.target);
        let below = ceiling.high.or(ceiling.value).is_some_and(|high| high < sla.target);
        let end =
            if below { format!(": no number of people there reaches the target of {target}") } else { String::new() };
        Some(format!(
            "The ceiling of '{}', with unlimited floor staff, is {}{end}.",
            sla.name,
            figures::interval(ceiling, figures::share)
        ))
    };
    results.slas.iter().filter_map(told).collect()
}

/// The heads of the columns that hold an effect each.
pub(super) fn effect_columns(results: &Results) -> Vec<String> {
    match results.slas.as_slice() {
        [_] => vec!["late orders".to_owned()],
        slas => slas.iter().map(|sla| format!("late, '{}'", sla.name)).collect(),
    }
}

/// "+31 h".
pub(super) fn person_hours(one: &MarginalResult) -> String {
    one.person_hours.map_or_else(|| UNKNOWN.to_owned(), |hours| format!("+{}", figures::hours(hours)))
}

/// The part of the text report.
pub(super) fn text(page: &mut Page, results: &Results) {
    let header = ["station", "hours late", "of all late", "of the time", "used most", "confirmed"];
    let shown = results.bottlenecks.iter().take(MOST_SHOWN);
    let rows = shown.map(|one| {
        cells([
            one.station.clone(),
            figures::value(&one.late_hours, figures::hours),
            figures::value(&one.share_of_lateness, figures::share),
            figures::value(&one.share_of_time, figures::share),
            used(one),
            confirmed(one).to_owned(),
        ])
    });
    let columns = if results.why.is_some() { header.len() } else { header.len() - 1 };
    let rows: Vec<Vec<Cell>> = rows.map(|row| row.into_iter().take(columns).collect()).collect();
    let any = !rows.is_empty();
    page.table("Bottlenecks (mean of a run)", &header[..columns], 1, rows);
    if any {
        page.paragraph(&how_ranked(results));
    }
    let Some(why) = &results.why else {
        if any && !results.slas.is_empty() {
            page.paragraph(if results.headroom.is_none() { ASK_BOTH } else { ASK_WHY });
        }
        return;
    };
    let effects = effect_columns(results);
    let mut header = vec!["a little more", "person-hours"];
    header.extend(effects.iter().map(String::as_str));
    let rows = why
        .marginal_capacity
        .iter()
        .map(|one| cells([one.what.clone(), person_hours(one)].into_iter().chain(one.effects.iter().map(change))));
    page.table("What a little more capacity does (change in a run)", &header, 1, rows.collect());
    if !results.slas.is_empty() {
        page.paragraph(&helps_most(why));
        page.paragraph(&tried(results, why));
    }
    let mut header = vec!["with"];
    header.extend(effects.iter().map(String::as_str));
    let row = |one: &CounterfactualResult| {
        cells([one.removal.name().to_owned()].into_iter().chain(one.effects.iter().map(change)))
    };
    page.table("If a cause were away (change in a run)", &header, 1, why.counterfactuals.iter().map(row).collect());
    if !why.counterfactuals.is_empty() {
        page.paragraph(DO_NOT_ADD_UP);
    }
    ceilings(results).iter().for_each(|sentence| page.paragraph(sentence));
}

/// The keys of results.json, in order.
pub(super) fn values(results: &Results, estimate: fn(&Estimate) -> Value) -> [(&'static str, Value); 3] {
    let bottleneck = |one: &BottleneckResult| {
        json!({
            "station": one.station,
            "layer": one.layer,
            "pool": one.pool,
            "late_hours": estimate(&one.late_hours),
            "share_of_lateness": estimate(&one.share_of_lateness),
            "share_of_time": estimate(&one.share_of_time),
            "utilisation": one.utilisation.as_ref().map(|used| json!({ "of": used.of, "share": estimate(&used.share) })),
            "confirmed": one.confirmed,
        })
    };
    let effect = |effect: &Effect| {
        json!({
            "sla": effect.sla,
            "late_orders": estimate(&effect.late_orders),
            "change": estimate(&effect.change),
            "attainment": estimate(&effect.attainment),
            "p_adjusted": effect.p_adjusted,
            "verdict": effect.verdict.name(),
        })
    };
    let effects = |all: &[Effect]| all.iter().map(effect).collect::<Vec<_>>();
    let marginal = |one: &MarginalResult| {
        json!({
            "addition": one.addition.kind(),
            "at": one.at,
            "what": one.what,
            "person_hours": one.person_hours,
            "effects": effects(&one.effects),
        })
    };
    let counterfactual =
        |one: &CounterfactualResult| json!({ "without": one.removal.name(), "effects": effects(&one.effects) });
    let asked = results.why.as_ref();
    [
        ("bottlenecks", results.bottlenecks.iter().map(bottleneck).collect()),
        ("marginal_capacity", asked.map(|why| why.marginal_capacity.iter().map(marginal).collect::<Value>()).into()),
        ("counterfactuals", asked.map(|why| why.counterfactuals.iter().map(counterfactual).collect::<Value>()).into()),
    ]
}
