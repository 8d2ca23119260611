//! A small operation and hand-made records of it, for the tests of what follows the engine.

use crate::calendar::{Calendar, Holidays};
use crate::model::{
    Arrivals, Busyness, ClockStart, ClockStop, Contact, ContactCause, CountMix, CountedOn, CountedUnit, Day,
    Discipline, Diversion, DiversionEnd, DiversionId, DiversionKind, EquipmentKind, Excludes, Factors, Fate, Horizon,
    HorizonKind, Intensity, IntensityStep, ItemKind, Judge, Layer, Limits, Measure, Metric, Model, ModelParts,
    OutagePolicy, OverRuns, Pool, PoolId, Promise, Release, Roster, Route, ServiceTime, ShiftSpan, Sla, SlaClock,
    Source, Spell, Staff, Station, StationId, StepDown, Strikes, TallyStatistic, WhenFull, Whose, Window, WorkUnit,
};
use crate::observation::{
    Cause, ContactsRecord, DayRecord, DiversionRecord, EquipmentRecord, LedgerCell, MeasureValue, OrdersRecord,
    PoolRecord, RECORD_VERSION, ReplicationRecord, RunEnd, SlaRecord, SourceRecord, StationRecord, Tally, TallyRecord,
    TimelineRecord, WindowRecord,
};
use crate::random::Distribution;
use crate::time::{SimDuration, SimTime, TICKS_PER_HOUR};
use jiff::civil::date;

/// Thursday to Sunday; Friday and Saturday are judged.
const DAYS: u64 = 4;

pub(crate) fn hours(hours: u64) -> SimTime {
    SimTime(hours * TICKS_PER_HOUR)
}

/// Sync, pick with a shared floor, and a stock desk for short picks; one SLA of two daily windows.
pub(crate) fn model() -> Model {
    Model::assemble(parts()).expect("the fixture is a valid model")
}

pub(crate) fn parts() -> ModelParts {
    let thursday = date(2026, 11, 26);
    let calendar = Calendar::new("Europe/London", thursday, Holidays::default()).expect("London is a zone");
    let days = calendar
        .days(SimTime::ZERO, hours(24 * DAYS))
        .enumerate()
        .map(|(k, day)| Day { date: day.date, start: day.start, end: day.end, judged: k == 1 || k == 2 })
        .collect();
    ModelParts {
        title: "Black Friday".to_owned(),
        calendar: Some(calendar),
        horizon: Horizon { kind: HorizonKind::Calendar, from: hours(24), until: hours(72), end: hours(24 * DAYS) },
        days,
        campaigns: Vec::new(),
        sources: vec![source()],
        stations: vec![
            station("order sync", Layer::Integration, 0, Fate::To(StationId(1))),
            Station {
                equipment: Some(4),
                equipment_kinds: vec![EquipmentKind { name: "carts".to_owned(), count: 4 }],
                ..station("pick", Layer::Warehouse, 1, Fate::Done)
            },
            station("stock desk", Layer::Exceptions, 2, Fate::Done),
        ],
        pools: vec![
            pool("order sync", false, 0, Roster::constant(2)),
            pool("floor", true, 1, shifts()),
            pool("stock desk", false, 2, Roster::constant(1)),
        ],
        diversions: vec![diversion()],
        exception_factor: 1.0,
        contacts: vec![contact()],
        follow_ups: Vec::new(),
        slas: vec![sla()],
        changes: Vec::new(),
        levers: Vec::new(),
        measures: vec![Measure {
            name: "long picks".to_owned(),
            path: "station.pick.wait.p95".to_owned(),
            metric: Metric::Visit {
                station: StationId(1),
                spell: Spell::Wait,
                whose: Whose::Served,
                source: None,
                statistic: TallyStatistic::Quantile(0.95),
            },
            over_runs: OverRuns::Mean,
            expected: None,
        }],
        limits: Limits::default(),
    }
}

fn source() -> Source {
    Source {
        name: "web shop".to_owned(),
        draws_as: "web shop".to_owned(),
        kind: ItemKind::Order,
        arrivals: Arrivals::Poisson(Intensity::Steps(vec![IntensityStep { from: SimTime::ZERO, per_hour: 40.0 }])),
        factors: Factors { uplift: 1.0, busyness: Busyness::default() },
        lines: CountMix::Fixed(1),
        units: CountMix::Fixed(1),
        priority: 0,
        route: Route::always(Fate::To(StationId(0))),
        initial: 0,
    }
}

fn station(name: &str, layer: Layer, pool: u16, then: Fate) -> Station {
    Station {
        name: name.to_owned(),
        draws_as: name.to_owned(),
        layer,
        owner: None,
        unit: WorkUnit::Order,
        staff: Staff::Pool(PoolId(pool)),
        equipment: None,
        equipment_kinds: Vec::new(),
        takes: ServiceTime::constant(120.0),
        takes_of: Vec::new(),
        release: Release::AtOnce,
        discipline: Discipline::Fifo,
        capacity: None,
        when_full: WhenFull::TurnAway(Fate::Cancelled),
        rate_limit: None,
        batch: None,
        retry: None,
        patience: None,
        outages: Vec::new(),
        outage_policy: OutagePolicy::Pause,
        breakdown: None,
        route: Route::always(then),
    }
}

fn pool(name: &str, shared: bool, station: u16, roster: Roster) -> Pool {
    Pool {
        name: name.to_owned(),
        shared,
        roster,
        step_down: StepDown::Return,
        order_of_work: vec![StationId(station)],
        cost_per_hour: shared.then_some(14.5),
    }
}

/// Twelve heads from 8 to 16 with a break at noon, every day; on Friday six more from 16 to 20.
fn shifts() -> Roster {
    let span = |day: u64, from, to, heads, shift_day| ShiftSpan {
        from: hours(24 * day + from),
        to: hours(24 * day + to),
        heads,
        absent: 0.0,
        shift_day,
        pay: 1.0,
        speed: 1.0,
    };
    let mut spans: Vec<ShiftSpan> =
        (0..DAYS).flat_map(|day| [span(day, 8, 12, 12, day), span(day, 13, 16, 12, day)]).collect();
    spans.insert(4, span(1, 16, 20, 6, 100));
    Roster::Shifts { spans, stream: "floor".to_owned() }
}

fn diversion() -> Diversion {
    Diversion {
        name: "short pick".to_owned(),
        draws_as: "short pick".to_owned(),
        kind: DiversionKind::Exception,
        strikes: Strikes::After(vec![StationId(1)]),
        chance: 0.01,
        per_line: false,
        by_hour: Vec::new(),
        desk: StationId(2),
        takes: ServiceTime::constant(600.0),
        owner: None,
        ends: vec![(1.0, DiversionEnd::GoesOn)],
        clock: SlaClock::Runs,
    }
}

fn contact() -> Contact {
    Contact {
        name: "where is my short pick".to_owned(),
        cause: ContactCause::Struck { by: DiversionId(0), chance: 0.5 },
        to: Fate::Done,
        takes: ServiceTime::constant(60.0),
        settled: 1.0,
        writes_again_after: Distribution::constant(3_600.0).expect("an hour is a time"),
        at_most: 3,
    }
}

fn sla() -> Sla {
    Sla {
        name: "dispatched as promised".to_owned(),
        definition: "An order placed by 14:00 is dispatched the same day.".to_owned(),
        starts: ClockStart::Created,
        stops: ClockStop::Dispatched,
        promise: Promise::Within(SimDuration::from_hours(10)),
        delay: None,
        target: 0.95,
        unit: CountedUnit::Order,
        counted_on: CountedOn::Due,
        window: Window::between(vec![hours(24), hours(48), hours(72)]),
        min_orders: 20,
        suspension: None,
        judge: Judge::Pooled,
        sources: Vec::new(),
        excludes: Excludes::default(),
    }
}

/// Friday keeps less than its target, more or less by replication; Saturday keeps everything.
pub(crate) fn record(replication: u64) -> ReplicationRecord {
    let late = 90 + 7 * (replication % 5);
    let due = 1_000 + 10 * (replication % 3);
    ReplicationRecord {
        version: RECORD_VERSION,
        replication,
        end: RunEnd::Finished,
        ended_at: hours(80).0,
        events: 10_000 + replication,
        orders: OrdersRecord {
            arrived: due + 400,
            dispatched: due + 398,
            cancelled: 1,
            open_at_end: 1,
            time_to_dispatch: tally((1..=40).map(|k| k * 900_000_000 + replication)),
            created_in_all: 2_000,
        },
        sources: vec![SourceRecord { created: due + 400, ..SourceRecord::default() }],
        stations: vec![
            station_record(due, 5, Some(172_800.0 * 2.0)),
            StationRecord {
                equipment: Some(EquipmentRecord { there_seconds: 4.0 * 14.0 * 3_600.0, waited_seconds: 9_000.0 }),
                ..station_record(due, 1_800 + 60 * (replication % 4), None)
            },
            StationRecord { window_seconds: 172_800.0, ..StationRecord::default() },
        ],
        pools: vec![pool_record(96.0), pool_record(192.0), pool_record(48.0)],
        slas: vec![sla_record(late, due)],
        days: vec![
            DayRecord { intake: 300, due: 0, dispatched: 280, overdue_at_close: 0, holds_open: 1 },
            DayRecord { intake: due, due, dispatched: due - late, overdue_at_close: late, holds_open: 3 },
            DayRecord { intake: 400, due: 400, dispatched: 400 + late, overdue_at_close: 0, holds_open: 1 },
            DayRecord::default(),
        ],
        diversions: vec![DiversionRecord {
            count: 10,
            open_at_end: 0,
            resolution: tally((1..=10).map(|k| k * 600_000_000)),
        }],
        contacts: ContactsRecord { made: 14, chasers: 2, by_kind: vec![14] },
        timeline: timeline(replication),
        measures: vec![MeasureValue { numerator: 5_000.0, denominator: 1.0, squares: 0.0 }],
    }
}

pub(crate) fn records(count: u64) -> Vec<ReplicationRecord> {
    (0..count).map(record).collect()
}

fn tally(ticks: impl Iterator<Item = u64>) -> TallyRecord {
    let mut tally = Tally::default();
    ticks.for_each(|spell| tally.observe(spell));
    TallyRecord::from(&tally)
}

fn station_record(visits: u64, wait: u64, present_seconds: Option<f64>) -> StationRecord {
    StationRecord {
        arrivals: visits,
        completed: visits,
        wait: tally((1..=20).map(|k| k * wait * 100_000)),
        service: tally((0..20).map(|_| 120_000_000)),
        queue_mean: wait as f64 / 60.0,
        queue_max: wait,
        busy_seconds: visits as f64 * 120.0,
        present_seconds,
        oldest_waiting: wait as f64 * 2.0,
        window_seconds: 172_800.0,
        ..StationRecord::default()
    }
}

fn pool_record(scheduled_hours: f64) -> PoolRecord {
    PoolRecord {
        scheduled_hours,
        present_hours: scheduled_hours * 0.95,
        busy_hours: scheduled_hours * 0.5,
        overtime_hours: 12.0,
        cost: Some(scheduled_hours * 14.5),
        ..PoolRecord::default()
    }
}

fn sla_record(late: u64, due: u64) -> SlaRecord {
    let cell = |station, cause: Cause, late_hours| LedgerCell { station, cause: cause as u8, late_hours };
    let window = |due, late| WindowRecord { due, late, suspended: false };
    SlaRecord {
        windows: vec![window(due, late), window(400, 0)],
        due: due + 400,
        late,
        excluded: 0,
        late_hours: late as f64 * 3.0,
        oldest_late: Some(late as f64 * 100.0),
        breached: true,
        first_breach: Some(hours(40 + late % 5).0),
        last_miss: Some(hours(50).0),
        still_missing: false,
        time_to_dispatch: None,
        ledger: vec![
            cell(Some(0), Cause::RateLimit, late as f64 * 0.5),
            cell(Some(1), Cause::NoPerson, late as f64 * 2.25),
            cell(None, Cause::Promise, late as f64 * 0.25),
        ],
    }
}

/// Hourly steps from Friday on; every other run ends an hour earlier.
fn timeline(replication: u64) -> TimelineRecord {
    let steps = 56 - replication % 2;
    let pick = (0..steps).map(|k| u32::try_from(k * (replication % 10)).expect("small")).collect();
    let idle = || vec![0; usize::try_from(steps).expect("small")];
    let busy = |heads| vec![heads; usize::try_from(steps).expect("small")];
    TimelineRecord {
        from: hours(24).0,
        step: TICKS_PER_HOUR,
        queue: vec![idle(), pick, idle()],
        busy: vec![busy(0.5), busy(3.0), busy(0.0)],
    }
}
