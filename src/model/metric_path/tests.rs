use super::*;
use crate::calendar::Holidays;
use crate::model::{
    Count, DiversionId, Instant, Level, LevelScope, LevelStatistic, OrderMoment, PoolId, SlaId, SourceId, Spell,
    StationId, TallyStatistic, VisitShare, Whose,
};
use crate::time::{SimDuration, SimTime};

const NAMES: MetricNames<'static> = MetricNames {
    sources: &["web", "class1"],
    stations: &["pick", "order sync"],
    pools: &["floor"],
    slas: &["dispatched as promised"],
    diversions: &["short pick"],
    calendar: None,
};
const PICK: StationId = StationId(0);

fn metric(path: &str) -> Metric {
    let (metric, over_runs) = parse(path, &NAMES).unwrap_or_else(|error| panic!("{path}: {error}\n{}", error.help));
    assert_eq!(over_runs, OverRuns::Mean, "{path}");
    metric
}

fn refusal(path: &str) -> String {
    let error = parse(path, &NAMES).expect_err(path);
    format!("{}\n{}", error.message, error.help)
}

#[test]
fn every_statistic_of_a_spell() {
    let wait =
        |statistic| Metric::Visit { station: PICK, spell: Spell::Wait, whose: Whose::Served, source: None, statistic };
    for (text, statistic) in [
        ("mean", TallyStatistic::Mean),
        ("sd", TallyStatistic::StandardDeviation),
        ("p95", TallyStatistic::Quantile(0.95)),
        ("p5", TallyStatistic::Quantile(0.05)),
        ("quantile(0.999)", TallyStatistic::Quantile(0.999)),
        ("quantile(95%)", TallyStatistic::Quantile(0.95)),
        ("share_over(15m)", TallyStatistic::ShareOver(SimDuration(900_000_000))),
        ("max", TallyStatistic::Max),
        ("count", TallyStatistic::Count),
    ] {
        assert_eq!(metric(&format!("station.pick.wait.{text}")), wait(statistic), "{text}");
    }
}

#[test]
fn every_spell_and_whose() {
    let visit =
        |spell, whose, source| Metric::Visit { station: PICK, spell, whose, source, statistic: TallyStatistic::Mean };
    for (text, spell) in
        [("wait", Spell::Wait), ("idle", Spell::Idle), ("service", Spell::Service), ("visit", Spell::Visit)]
    {
        assert_eq!(metric(&format!("station.pick.{text}.mean")), visit(spell, Whose::Served, None));
    }
    assert_eq!(metric("station.pick.wait.abandoned.mean"), visit(Spell::Wait, Whose::Abandoned, None));
    assert_eq!(metric("station.pick.wait.served.mean"), visit(Spell::Wait, Whose::Served, None));
    let class1 = Some(SourceId(1));
    assert_eq!(metric("station.pick.wait.from(\"class1\").mean"), visit(Spell::Wait, Whose::Served, class1));
    assert_eq!(metric("station.'pick'.idle.all.from(class1).mean"), visit(Spell::Idle, Whose::All, class1));
}

#[test]
fn every_level_over_time() {
    let level = |scope, level, statistic| Metric::Level { scope, level, statistic };
    let pick = LevelScope::Station(PICK);
    for (text, kind) in
        [("queue", Level::Queue), ("busy", Level::Busy), ("present", Level::Present), ("orbit", Level::Orbit)]
    {
        assert_eq!(metric(&format!("station.pick.{text}.mean")), level(pick, kind, LevelStatistic::Mean));
    }
    let five = Instant(SimTime(18_000_000_000));
    let (period, phase) = (SimDuration::from_hours(24), SimDuration::from_hours(3));
    for (text, statistic) in [
        ("max", LevelStatistic::Max),
        ("integral", LevelStatistic::Integral),
        ("at(5h)", LevelStatistic::At(five)),
        ("all_busy_at(5h)", LevelStatistic::AllBusyAt(five)),
        ("at_every(24h, 3h)", LevelStatistic::AtEvery { phase, period }),
        ("at_every(24h)", LevelStatistic::AtEvery { phase: SimDuration::ZERO, period }),
        ("zero_at_every(24h,3h)", LevelStatistic::ZeroAtEvery { phase, period }),
        ("share_at_zero", LevelStatistic::ShareAtZero),
    ] {
        assert_eq!(metric(&format!("station.pick.busy.{text}")), level(pick, Level::Busy, statistic), "{text}");
    }
    let web = LevelScope::Source(SourceId(0));
    assert_eq!(metric("source.web.in_system.mean"), level(web, Level::Present, LevelStatistic::Mean));
    assert_eq!(metric("orders.in_system.max"), level(LevelScope::Orders, Level::Present, LevelStatistic::Max));
    assert!(refusal("station.pick.queue.all_busy_at(5h)").contains("means nothing here"));
}

#[test]
fn every_share_and_single_number_of_a_station() {
    let share = |share| Metric::VisitShare { station: PICK, share };
    for (text, expected) in [
        ("delayed_share", share(VisitShare::Delayed)),
        ("found_all_busy_share", share(VisitShare::FindAllBusy)),
        ("abandoned_share", share(VisitShare::Abandoned)),
        ("turned_away_share", share(VisitShare::TurnedAway)),
        ("first_turned_away_share", share(VisitShare::FirstTurnedAway)),
        ("gave_up_share", share(VisitShare::GaveUp)),
        ("first_succeeded_share", share(VisitShare::FirstSucceeded)),
        ("utilisation", Metric::Utilisation(PICK)),
        ("availability", Metric::Availability(PICK)),
        ("attempts", Metric::AttemptsPerItem(PICK)),
        ("full_batches_share", Metric::FullBatches(PICK)),
        ("left_behind.mean", Metric::LeftBehind(PICK)),
        ("nobody_left_behind_share", Metric::NobodyLeftBehind(PICK)),
        ("bucket_full_share", Metric::BucketFull(PICK)),
        ("batch_size.mean", Metric::GroupSize { station: PICK, batch: true, statistic: TallyStatistic::Mean }),
        (
            "release_size.sd",
            Metric::GroupSize { station: PICK, batch: false, statistic: TallyStatistic::StandardDeviation },
        ),
    ] {
        assert_eq!(metric(&format!("station.pick.{text}")), expected, "{text}");
    }
    assert_eq!(metric("station.\"order sync\".utilisation"), Metric::Utilisation(StationId(1)));
}

#[test]
fn every_count() {
    let count = |count, by, per_hour| Metric::Count { count, by, per_hour };
    for (text, of) in [
        ("station.pick.arrivals", Count::Arrivals(PICK)),
        ("station.pick.completed", Count::Completed(PICK)),
        ("station.pick.abandoned", Count::Abandoned(PICK)),
        ("station.pick.turned_away", Count::TurnedAway(PICK)),
        ("station.pick.batches", Count::Batches(PICK)),
        ("source.web.created", Count::Created(SourceId(0))),
        ("orders.arrived", Count::Orders),
        ("orders.dispatched", Count::Dispatched),
        ("orders.cancelled", Count::Cancelled),
        ("contacts.count", Count::Contacts),
    ] {
        assert_eq!(metric(text), count(of, None, false));
        assert_eq!(metric(&format!("{text}.per_hour")), count(of, None, true));
        let five = Some(Instant(SimTime(18_000_000_000)));
        assert_eq!(metric(&format!("{text}.by(5h)")), count(of, five, false));
    }
    assert_eq!(metric("orders.open_at_end"), count(Count::OpenAtEnd, None, false));
    assert!(refusal("orders.arrived.by(5h).per_hour").contains("either"));
}

#[test]
fn every_other_number() {
    let in_system =
        |source, dispatched| Metric::TimeInSystem { source, dispatched, statistic: TallyStatistic::Quantile(0.95) };
    let (sla, short) = (SlaId(0), DiversionId(0));
    for (text, expected) in [
        ("source.web.abandoned_share", Metric::AbandonedShare(SourceId(0))),
        ("source.web.time_in_system.p95", in_system(Some(SourceId(0)), false)),
        ("orders.time_in_system.p95", in_system(None, false)),
        ("orders.time_to_dispatch.p95", in_system(None, true)),
        ("orders.makespan", Metric::Makespan),
        ("orders.tickets_per_100", Metric::TicketsPer100),
        ("pool.floor.utilisation", Metric::PoolUtilisation(PoolId(0))),
        ("sla.'dispatched as promised'.attainment", Metric::Attainment(sla)),
        ("sla.\"dispatched as promised\".kept", Metric::Kept(sla)),
        ("sla.\"dispatched as promised\".late", Metric::Late(sla)),
        ("sla.\"dispatched as promised\".late_hours", Metric::LateHours(sla)),
        ("exception.\"short pick\".count", Metric::Struck(short)),
        ("exception.\"short pick\".resolution.mean", Metric::Resolution(short, TallyStatistic::Mean)),
        ("hold.\"short pick\".count", Metric::Struck(short)),
        ("scorecard.order_sync_success_rate", Metric::SyncSuccess),
        ("scorecard.dispatch_sla_attainment", Metric::Attainment(sla)),
        ("scorecard.tickets_per_100_orders", Metric::TicketsPer100),
        ("cost.labour", Metric::LabourCost),
        ("orders.order(3).end", Metric::OneOrder { station: None, what: OrderMoment::End, order: 3 }),
        ("station.pick.order(3).wait", Metric::OneOrder { station: Some(PICK), what: OrderMoment::Wait, order: 3 }),
        ("station.pick.order(3).start", Metric::OneOrder { station: Some(PICK), what: OrderMoment::Start, order: 3 }),
        ("station.pick.order(1).end", Metric::OneOrder { station: Some(PICK), what: OrderMoment::End, order: 1 }),
    ] {
        assert_eq!(metric(text), expected, "{text}");
    }
}

#[test]
fn every_way_over_runs() {
    for (suffix, expected) in [
        ("sd_over_runs", OverRuns::StandardDeviation),
        ("variance_over_runs", OverRuns::Variance),
        ("quantile_over_runs(0.9)", OverRuns::Quantile(0.9)),
        ("share_of_runs_over(20)", OverRuns::ShareOver(20.0)),
    ] {
        let (metric, over_runs) = parse(&format!("station.pick.arrivals.per_hour.{suffix}"), &NAMES).unwrap();
        assert_eq!(over_runs, expected);
        assert_eq!(metric, Metric::Count { count: Count::Arrivals(PICK), by: None, per_hour: true });
    }
}

#[test]
fn local_times_need_a_calendar() {
    let path = "station.pick.queue.at(2026-11-27T10:00)";
    assert!(refusal(path).contains("no calendar"));
    let calendar = Calendar::new("Europe/London", jiff::civil::date(2026, 11, 27), Holidays::none()).unwrap();
    let names = MetricNames { calendar: Some(&calendar), ..NAMES };
    let at = LevelStatistic::At(Instant(SimTime::ZERO + SimDuration::from_hours(10)));
    let expected = Metric::Level { scope: LevelScope::Station(PICK), level: Level::Queue, statistic: at };
    assert_eq!(parse(path, &names).unwrap().0, expected);
    let early = parse("station.pick.queue.at(2026-11-20T10:00)", &names).unwrap_err();
    assert!(early.message.contains("before the horizon"), "{early}");
}

#[test]
fn a_wrong_path_is_told_what_is_possible_there() {
    for (path, expected) in [
        ("stations.pick.wait.mean", "did you mean `station`?"),
        (
            "station.pikc.wait.mean",
            "did you mean `pick`? stations: `pick`, `order sync`\nfor example: station.pick.wait.mean",
        ),
        ("station.pick.wiat.mean", "did you mean `wait`?"),
        ("station.pick.wait", "ends too early\npossible here: `mean`"),
        ("station.pick.wait.median", "possible here: `mean`, `sd`, `p50`"),
        ("station", "which station?"),
        ("station.pick.wait.quantile", "needs 1 value in brackets"),
        ("station.pick.wait.quantile(2)", "not a share between 0 and 1 (in the metric path"),
        ("station.pick.wait.share_over(15)", "for example: station.pick.wait.share_over(15m)"),
        ("station.pick.wait.mean(3)", "takes nothing in brackets"),
        ("station.pick.wait.mean.p95", "`p95` means nothing after `station.pick.wait.mean`"),
        ("station.pick.wait.from(wbe).mean", "did you mean `web`?"),
        ("station.pick.queue.at(tomorrow)", "neither a span after the start"),
        ("station.pick.queue.at_every(0s)", "longer than zero"),
        ("pool.flor.utilisation", "did you mean `floor`?"),
        ("sla.x.attainment", "SLAs: `dispatched as promised`\nfor example: sla.\"dispatched as promised\".attainment"),
        ("orders.order(0).end", "not a whole number from 1"),
        ("scorecard.inventory_discrepancy_rate", "not in this version"),
        ("order sync", "cannot stand here"),
    ] {
        let found = refusal(path);
        assert!(found.contains(expected), "{path}: {found}");
    }
    let none = MetricNames::default();
    assert!(parse("pool.x.utilisation", &none).unwrap_err().help.contains("the scenario has no pool"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_path_or_an_error_with_help(
        text in "\\PC{0,40}|(station|source|orders|pool|sla)([.](pick|web|floor|wait|queue|\"a b\"|at|p95|mean|by|order)([(][0-9a-z%., -]{0,8}[)])?){0,5}"
    ) {
        if let Err(error) = parse(&text, &NAMES) {
            proptest::prop_assert!(!error.message.is_empty() && !error.help.is_empty());
        }
    }

    #[test]
    fn an_example_of_help_is_a_path_itself(
        word in "[a-z_]{1,12}",
        before in proptest::sample::select(vec!["", "station.", "station.pick.", "station.pick.wait.", "source.web.", "orders.", "sla.", "station.pick.queue."]),
    ) {
        if let Err(error) = parse(&format!("{before}{word}"), &NAMES)
            && let Some((_, example)) = error.help.split_once("for example: ")
        {
            proptest::prop_assert!(parse(example, &NAMES).is_ok(), "{}", example);
        }
    }
}
