//! Levers of which none keeps an SLA alone: one sentence for the SLAs of which the same is to be said.

use super::{given_away, heads, long, sentence, shown};
use crate::experiment::Results;
use crate::experiment::levers::{LeverResult, LeverSla};
use crate::experiment::results::SlaResult;
use crate::experiment::whatif::EffectVerdict;
use crate::report::{figures, why};

/// A lever that never keeps an SLA.
type Lost<'a> = (&'a LeverResult, &'a LeverSla, &'a SlaResult);

/// What is said of some SLAs.
struct Said {
    /// "Neither 'a' nor 'b'".
    levers: String,
    /// "Most does 'a', started at the earliest, Monday 30 November"; `None`: none is shown to do anything.
    most: Option<String>,
    /// The SLAs, and for each what that one does.
    slas: Vec<(String, String)>,
    /// What is to be said of its heads.
    heads: String,
}

/// The levers lost to each SLA, those of SLAs with the same to say as one sentence.
pub(super) fn sentences<'a>(results: &Results, lost: impl Iterator<Item = Vec<Lost<'a>>>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let mut said: Vec<Said> = Vec::new();
    for of_sla in lost {
        if let [(lever, of, sla)] = of_sla.as_slice() {
            told.push(sentence(results, lever, of, sla));
            continue;
        }
        let Some(next) = of(results, &of_sla) else { continue };
        match said.iter_mut().find(|known| known.levers == next.levers && known.most == next.most) {
            Some(known) => {
                known.slas.extend(next.slas);
                known.heads.push_str(&next.heads);
            }
            None => said.push(next),
        }
    }
    said.iter().map(in_words).chain(told).collect()
}

/// The levers that cannot keep an SLA, and the one that does most for it.
fn of(results: &Results, lost: &[Lost<'_>]) -> Option<Said> {
    let late = |of: &LeverSla| of.effect.change.value.unwrap_or(0.0);
    let best = lost.iter().reduce(|best, other| if late(other.1) < late(best.1) { other } else { best });
    let (lever, of, sla) = best?;
    let names: Vec<String> = lost.iter().map(|(lever, ..)| format!("'{}'", lever.name)).collect();
    let (last, first) = names.split_last()?;
    let declared = results.levers.as_ref().map_or(0, |levers| levers.each.len());
    let levers = match names.len() {
        all if all == declared && all > 2 => format!("None of the {all} levers"),
        _ => format!("Neither {} nor {last}", first.join(", ")),
    };
    let helps = of.effect.verdict == EffectVerdict::Fewer;
    let most = || format!("Most does '{}', started at the earliest, {}", lever.name, long(results, lever.earliest));
    let what = format!(
        "{} late orders in a run{}, and {}",
        figures::interval(&of.effect.change, why::signed),
        given_away(of),
        shown(of, sla)
    );
    let heads = if helps { heads(results, lever, of) } else { String::new() };
    Some(Said { levers, most: helps.then(most), slas: vec![(sla.name.clone(), what)], heads })
}

fn in_words(said: &Said) -> String {
    let Said { levers, most, slas, heads } = said;
    let names: Vec<String> = slas.iter().map(|(name, _)| format!("'{name}'")).collect();
    let keeps = format!("{levers} keeps {} alone, whenever it starts.", names.join(" or "));
    match (most, slas.as_slice()) {
        (None, _) => format!("{keeps} None of them is shown to mean fewer late orders."),
        (Some(most), [(_, what)]) => format!("{keeps} {most}: {what}.{heads}"),
        (Some(most), slas) => {
            let what: Vec<String> = slas.iter().map(|(name, what)| format!("for '{name}' {what}")).collect();
            format!("{keeps} {most}: {}.{heads}", what.join("; "))
        }
    }
}
