use super::*;
use crate::experiment::fixture;
use crate::model::{
    Backoff, Breakdown, Change, Intensity, IntensityStep, ModelParts, Patience, RecordedArrival, Retry, RouteLeg,
    SourceId, StationId,
};
use crate::time::SimTime;

/// The fixture without anything that is drawn.
fn plain() -> ModelParts {
    let mut parts = fixture::parts();
    parts.diversions.clear();
    parts.contacts.clear();
    // Somebody must come to the desk.
    parts.stations[1].route = Route::always(Fate::To(StationId(2)));
    let steps = vec![IntensityStep { from: SimTime::ZERO, per_hour: 40.0 }];
    parts.sources[0].arrivals = Arrivals::Even(Intensity::Steps(steps));
    parts
}

fn said(change: impl Fn(&mut ModelParts)) -> bool {
    let mut parts = plain();
    change(&mut parts);
    Model::assemble(parts).unwrap().is_deterministic()
}

#[test]
fn a_model_in_which_nothing_is_drawn() {
    assert!(said(|_| ()));
    let row = RecordedArrival { at: SimTime(7), lines: 2, units: 3, priority: None };
    assert!(said(|parts| parts.sources[0].arrivals = Arrivals::Recorded(vec![row.clone()])));
    let hour = Distribution::constant(3_600.0).unwrap();
    assert!(said(|parts| parts.sources[0].arrivals = Arrivals::Renewal(hour.clone())));
}

/// What is drawn, and how it comes into the model without chance.
type Chance = (&'static str, Box<dyn Fn(&mut ModelParts)>);

fn assert_seen(chances: Vec<Chance>) {
    for (what, change) in chances {
        let mut parts = plain();
        change(&mut parts);
        match Model::assemble(parts) {
            Ok(model) => assert!(!model.is_deterministic(), "{what}"),
            Err(errors) => panic!("{what}: {errors:?}"),
        }
    }
}

fn second() -> Distribution {
    Distribution::exponential(1.0).unwrap()
}

#[test]
fn chance_in_demand_is_seen() {
    assert_seen(vec![
        ("arrivals", Box::new(|parts| parts.sources = fixture::parts().sources)),
        ("gaps", Box::new(move |parts| parts.sources[0].arrivals = Arrivals::Renewal(second()))),
        (
            "copies of recorded orders",
            Box::new(|parts| {
                let row = RecordedArrival { at: SimTime(7), lines: 1, units: 1, priority: None };
                parts.sources[0].arrivals = Arrivals::Recorded(vec![row]);
                parts.sources[0].factors.uplift = 1.5;
            }),
        ),
        ("lines", Box::new(|parts| parts.sources[0].lines = CountMix::Shares(vec![(1, 0.5), (2, 0.5)]))),
        ("units", Box::new(|parts| parts.sources[0].units = CountMix::OneOrGeometric { single: 0.5, beyond_two: 1.0 })),
    ]);
}

#[test]
fn chance_in_the_operation_is_seen() {
    let whole = fixture::parts();
    assert_seen(vec![
        ("service", Box::new(move |parts| parts.stations[1].takes = ServiceTime::distributed(&second()))),
        (
            "service of one source",
            Box::new(move |parts| {
                parts.stations[1].takes_of = vec![(SourceId(0), ServiceTime::distributed(&second()))];
            }),
        ),
        (
            "ways",
            Box::new(|parts| {
                let leg = |to| RouteLeg { share: 0.5, lines: None, sources: Vec::new(), to };
                parts.stations[1].route.legs = vec![leg(Fate::Done), leg(Fate::To(StationId(2)))];
            }),
        ),
        (
            "retries",
            Box::new(|parts| {
                let backoff = Backoff { delays: vec![crate::time::SimDuration::from_hours(1)], jitter: false };
                parts.stations[0].retry = Some(Retry { chance: 0.5, attempts: 2, backoff, then: Fate::Cancelled });
            }),
        ),
        (
            "patience",
            Box::new(move |parts| {
                parts.stations[0].patience = Some(Patience { lasts: second(), then: Fate::Cancelled });
            }),
        ),
        (
            "breakdowns",
            Box::new(move |parts| parts.stations[0].breakdown = Some(Breakdown { up: second(), down: second() })),
        ),
        (
            "new attempts",
            Box::new(move |parts| {
                parts.stations[0].capacity = Some(5);
                parts.stations[0].when_full = WhenFull::TryAgain { after: second(), persist: 0.5 };
            }),
        ),
        ("a station without a limit", Box::new(|parts| parts.stations[0].staff = Staff::Unlimited)),
        (
            "absence",
            Box::new(|parts| {
                if let Roster::Shifts { spans, .. } = &mut parts.pools[1].roster {
                    spans[0].absent = 0.1;
                }
            }),
        ),
        ("exceptions", Box::new(move |parts| parts.diversions.clone_from(&whole.diversions))),
        (
            "changed failures",
            Box::new(|parts| {
                let to = ChangedValue::FailureChance(StationId(0), 0.2);
                parts.changes.push(Change { at: SimTime(5), to });
            }),
        ),
        (
            "changed demand",
            Box::new(|parts| {
                parts.changes.push(Change { at: SimTime(5), to: ChangedValue::Uplift(SourceId(0), 0.5) });
            }),
        ),
    ]);
}
