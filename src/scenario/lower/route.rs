//! Ways from one station to the next.

use std::collections::BTreeSet;

use super::ItemNames;
use crate::model::{Route, RouteLeg, SourceId};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::route::{NextValue, WayTable};
use crate::scenario::names::Name;
use crate::scenario::reader::{Sink, Spanned};

/// The route that `written` describes; `None` after an error.
pub fn route(written: &Spanned<NextValue>, names: &ItemNames, sink: &mut Sink) -> Option<Route> {
    let legs = match &written.value {
        NextValue::To(name) => {
            let name = Spanned { value: name.clone(), place: written.place.clone() };
            target(&name, names, sink)?
        }
        NextValue::Ways(ways) => {
            let legs: Vec<Option<Vec<RouteLeg>>> = ways.iter().map(|way| way_legs(way, names, sink)).collect();
            legs.into_iter().collect::<Option<Vec<_>>>()?.concat()
        }
    };
    check_shares(&legs, names, &written.place, sink).then_some(Route { legs })
}

/// Where an order goes that is sent to `name`: a station, a collection, a desk or out.
pub fn target(name: &Spanned<Name>, names: &ItemNames, sink: &mut Sink) -> Option<Vec<RouteLeg>> {
    names.entry(name, sink).map(<[RouteLeg]>::to_vec)
}

fn way_legs(way: &WayTable, names: &ItemNames, sink: &mut Sink) -> Option<Vec<RouteLeg>> {
    let legs = target(&way.to, names, sink);
    let found: Vec<Option<usize>> = way.sources.iter().map(|name| names.sources.find(name, sink)).collect();
    let found: Vec<usize> = found.into_iter().collect::<Option<_>>()?;
    let sources: Vec<SourceId> = found.into_iter().flat_map(|index| names.source_ids[index].clone()).collect();
    let lines = way.lines.as_ref().map(|range| (range.low, range.high));
    Some(legs?.into_iter().filter_map(|leg| narrowed(leg, way.share.get(), lines, &sources)).collect())
}

/// `leg` for a share of the orders, and only for some of them; `None` when none is left.
fn narrowed(leg: RouteLeg, share: f64, lines: Option<(u32, u32)>, sources: &[SourceId]) -> Option<RouteLeg> {
    let lines = match (leg.lines, lines) {
        (Some(inner), Some(outer)) => Some((inner.0.max(outer.0), inner.1.min(outer.1))),
        (inner, outer) => inner.or(outer),
    };
    let both: Vec<SourceId> = if leg.sources.is_empty() {
        sources.to_vec()
    } else {
        leg.sources.iter().copied().filter(|id| sources.is_empty() || sources.contains(id)).collect()
    };
    let nobody = both.is_empty() && !(leg.sources.is_empty() && sources.is_empty());
    let nothing = lines.is_some_and(|(low, high)| low > high);
    (!nobody && !nothing).then_some(RouteLeg { share: leg.share * share, lines, sources: both, to: leg.to })
}

/// Whether, for every number of lines and every source, the shares of the open ways add up to 1.
fn check_shares(legs: &[RouteLeg], names: &ItemNames, place: &Place, sink: &mut Sink) -> bool {
    let mut counts: BTreeSet<u32> = BTreeSet::from([1]);
    for (low, high) in legs.iter().filter_map(|leg| leg.lines) {
        counts.extend([low, high.saturating_add(1)]);
    }
    let mut sources: Vec<Option<SourceId>> = vec![None];
    if legs.iter().any(|leg| !leg.sources.is_empty()) {
        sources = names.source_ids.iter().filter_map(|ids| ids.first().copied()).map(Some).collect();
    }
    for count in counts {
        for source in &sources {
            let open = legs.iter().filter(|leg| {
                leg.lines.is_none_or(|(low, high)| (low..=high).contains(&count))
                    && (leg.sources.is_empty() || source.is_some_and(|id| leg.sources.contains(&id)))
            });
            let sum: f64 = open.map(|leg| leg.share).sum();
            if (sum - 1.0).abs() > 1e-6 {
                let plural = if count == 1 { "" } else { "s" };
                let per_cent = libm::round(sum * 1e6) / 1e4;
                let message =
                    format!("the ways open to orders of {count} line{plural} add up to {per_cent}%, not 100%");
                let help = "give each way its `share`; where ways differ by lines, say so on each: lines = \"1\", lines = \"2+\"";
                sink.push(Diagnostic::error("shares-not-one", place, message).label("not 100%").help(help));
                return false;
            }
        }
    }
    true
}
