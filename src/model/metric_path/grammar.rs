//! The grammar of metric paths, rule by rule.

use super::MetricNames;
use super::cursor::{Cursor, Step};
use crate::model::{
    Count, DiversionId, Level, LevelScope, LevelStatistic, Metric, OrderMoment, OverRuns, PoolId, SlaId, SourceId,
    Spell, StationId, TallyStatistic, VisitShare, Whose,
};

const SCOPES: [&str; 10] =
    ["station", "source", "orders", "pool", "sla", "exception", "hold", "contacts", "scorecard", "cost"];
const SUFFIXES: [&str; 4] = ["sd_over_runs", "variance_over_runs", "quantile_over_runs", "share_of_runs_over"];
const STATION: [&str; 30] = [
    "wait",
    "idle",
    "service",
    "visit",
    "queue",
    "busy",
    "present",
    "orbit",
    "utilisation",
    "availability",
    "attempts",
    "delayed_share",
    "found_all_busy_share",
    "abandoned_share",
    "turned_away_share",
    "first_turned_away_share",
    "gave_up_share",
    "first_succeeded_share",
    "full_batches_share",
    "left_behind",
    "nobody_left_behind_share",
    "bucket_full_share",
    "batch_size",
    "release_size",
    "arrivals",
    "completed",
    "abandoned",
    "turned_away",
    "batches",
    "order",
];
const TALLY: [&str; 10] = ["mean", "sd", "p50", "p90", "p95", "p99", "quantile", "share_over", "max", "count"];

pub(super) fn read(path: &str, names: &MetricNames<'_>) -> Step<(Metric, OverRuns)> {
    let mut cursor = Cursor::new(path.trim(), names)?;
    let metric = scope(&mut cursor)?;
    let over_runs = over_runs(&mut cursor)?;
    cursor.end(&SUFFIXES)?;
    Ok((metric, over_runs))
}

fn scope(cursor: &mut Cursor<'_>) -> Step<Metric> {
    let names = cursor.names;
    let word = cursor.word(&SCOPES, "orders.time_to_dispatch.p95")?;
    cursor.plain()?;
    Ok(match word {
        "station" => {
            let station = StationId::at(cursor.name("station", names.stations, "wait.mean")?);
            return station_metric(cursor, station);
        }
        "source" => {
            let source = SourceId::at(cursor.name("source", names.sources, "created")?);
            return source_metric(cursor, source);
        }
        "orders" => return orders_metric(cursor),
        "pool" => {
            let pool = PoolId::at(cursor.name("pool", names.pools, "utilisation")?);
            cursor.word(&["utilisation"], "utilisation")?;
            cursor.plain()?;
            Metric::PoolUtilisation(pool)
        }
        "sla" => {
            let sla = SlaId::at(cursor.name("SLA", names.slas, "attainment")?);
            let word = cursor.word(&["attainment", "kept", "late", "late_hours"], "attainment")?;
            cursor.plain()?;
            match word {
                "attainment" => Metric::Attainment(sla),
                "kept" => Metric::Kept(sla),
                "late" => Metric::Late(sla),
                _ => Metric::LateHours(sla),
            }
        }
        "exception" | "hold" => {
            let diversion = DiversionId::at(cursor.name(word, names.diversions, "resolution.p90")?);
            let word = cursor.word(&["count", "resolution"], "resolution.p90")?;
            cursor.plain()?;
            if word == "count" { Metric::Struck(diversion) } else { Metric::Resolution(diversion, tally(cursor)?) }
        }
        "contacts" => {
            cursor.word(&["count"], "count")?;
            cursor.plain()?;
            return count(cursor, Count::Contacts);
        }
        "scorecard" => return scorecard(cursor),
        _ => {
            cursor.word(&["labour"], "labour")?;
            cursor.plain()?;
            Metric::LabourCost
        }
    })
}

fn station_metric(cursor: &mut Cursor<'_>, station: StationId) -> Step<Metric> {
    let word = cursor.word(&STATION, "wait.mean")?;
    if word == "order" {
        return order_at_station(cursor, station);
    }
    cursor.plain()?;
    let level = |level| (LevelScope::Station(station), level);
    let share = |share| Ok(Metric::VisitShare { station, share });
    match word {
        "wait" => visit(cursor, station, Spell::Wait),
        "idle" => visit(cursor, station, Spell::Idle),
        "service" => visit(cursor, station, Spell::Service),
        "visit" => visit(cursor, station, Spell::Visit),
        "queue" => over_time(cursor, level(Level::Queue)),
        "busy" => over_time(cursor, level(Level::Busy)),
        "present" => over_time(cursor, level(Level::Present)),
        "orbit" => over_time(cursor, level(Level::Orbit)),
        "availability" => Ok(Metric::Availability(station)),
        "attempts" => Ok(Metric::AttemptsPerItem(station)),
        "delayed_share" => share(VisitShare::Delayed),
        "found_all_busy_share" => share(VisitShare::FindAllBusy),
        "abandoned_share" => share(VisitShare::Abandoned),
        "turned_away_share" => share(VisitShare::TurnedAway),
        "first_turned_away_share" => share(VisitShare::FirstTurnedAway),
        "gave_up_share" => share(VisitShare::GaveUp),
        "first_succeeded_share" => share(VisitShare::FirstSucceeded),
        "full_batches_share" => Ok(Metric::FullBatches(station)),
        "left_behind" => {
            cursor.word(&["mean"], "mean")?;
            cursor.plain()?;
            Ok(Metric::LeftBehind(station))
        }
        "nobody_left_behind_share" => Ok(Metric::NobodyLeftBehind(station)),
        "bucket_full_share" => Ok(Metric::BucketFull(station)),
        "batch_size" | "release_size" => {
            let statistic = match cursor.word(&["mean", "sd"], "mean")? {
                "mean" => TallyStatistic::Mean,
                _ => TallyStatistic::StandardDeviation,
            };
            cursor.plain()?;
            Ok(Metric::GroupSize { station, batch: word == "batch_size", statistic })
        }
        "arrivals" => count(cursor, Count::Arrivals(station)),
        "completed" => count(cursor, Count::Completed(station)),
        "abandoned" => count(cursor, Count::Abandoned(station)),
        "turned_away" => count(cursor, Count::TurnedAway(station)),
        "batches" => count(cursor, Count::Batches(station)),
        _ => Ok(Metric::Utilisation(station)),
    }
}

fn order_at_station(cursor: &mut Cursor<'_>, station: StationId) -> Step<Metric> {
    let order = cursor.rank("order(3).wait")?;
    let what = match cursor.word(&["wait", "start", "end"], "wait")? {
        "wait" => OrderMoment::Wait,
        "start" => OrderMoment::Start,
        _ => OrderMoment::End,
    };
    cursor.plain()?;
    Ok(Metric::OneOrder { station: Some(station), what, order })
}

fn source_metric(cursor: &mut Cursor<'_>, source: SourceId) -> Step<Metric> {
    let word = cursor.word(&["created", "abandoned_share", "time_in_system", "in_system"], "created")?;
    cursor.plain()?;
    match word {
        "created" => count(cursor, Count::Created(source)),
        "abandoned_share" => Ok(Metric::AbandonedShare(source)),
        "time_in_system" => {
            Ok(Metric::TimeInSystem { source: Some(source), dispatched: false, statistic: tally(cursor)? })
        }
        _ => over_time(cursor, (LevelScope::Source(source), Level::Present)),
    }
}

fn orders_metric(cursor: &mut Cursor<'_>) -> Step<Metric> {
    let known = [
        "arrived",
        "dispatched",
        "cancelled",
        "open_at_end",
        "time_in_system",
        "time_to_dispatch",
        "in_system",
        "makespan",
        "tickets_per_100",
        "order",
    ];
    let word = cursor.word(&known, "time_to_dispatch.p95")?;
    if word == "order" {
        let order = cursor.rank("order(3).end")?;
        cursor.word(&["end"], "end")?;
        cursor.plain()?;
        return Ok(Metric::OneOrder { station: None, what: OrderMoment::End, order });
    }
    cursor.plain()?;
    match word {
        "arrived" => count(cursor, Count::Orders),
        "dispatched" => count(cursor, Count::Dispatched),
        "cancelled" => count(cursor, Count::Cancelled),
        "open_at_end" => Ok(Metric::Count { count: Count::OpenAtEnd, by: None, per_hour: false }),
        "time_in_system" | "time_to_dispatch" => {
            let dispatched = word == "time_to_dispatch";
            Ok(Metric::TimeInSystem { source: None, dispatched, statistic: tally(cursor)? })
        }
        "in_system" => over_time(cursor, (LevelScope::Orders, Level::Present)),
        "makespan" => Ok(Metric::Makespan),
        _ => Ok(Metric::TicketsPer100),
    }
}

fn scorecard(cursor: &mut Cursor<'_>) -> Step<Metric> {
    let known = [
        "order_sync_success_rate",
        "dispatch_sla_attainment",
        "tickets_per_100_orders",
        "inventory_discrepancy_rate",
        "exception_resolution_time",
    ];
    let word = cursor.word(&known, "order_sync_success_rate")?;
    cursor.plain()?;
    match word {
        "order_sync_success_rate" => Ok(Metric::SyncSuccess),
        "tickets_per_100_orders" => Ok(Metric::TicketsPer100),
        "dispatch_sla_attainment" if cursor.names.slas.is_empty() => {
            Err(cursor.refuse("the scenario has no SLA".to_owned(), "describe one under [[sla]]"))
        }
        "dispatch_sla_attainment" => Ok(Metric::Attainment(SlaId::at(0))),
        "exception_resolution_time" => Err(cursor.refuse(
            "the time over all exceptions together is not in this version".to_owned(),
            "name one class, for example: exception.\"short pick\".resolution.p90",
        )),
        _ => Err(cursor.refuse(
            "the inventory discrepancy rate is not in this version".to_owned(),
            "for example: scorecard.order_sync_success_rate",
        )),
    }
}

fn visit(cursor: &mut Cursor<'_>, station: StationId, spell: Spell) -> Step<Metric> {
    let whose = match cursor.peek() {
        Some("abandoned") => Whose::Abandoned,
        Some("all") => Whose::All,
        _ => Whose::Served,
    };
    for word in ["served", "abandoned", "all"] {
        if cursor.skip(word)? {
            break;
        }
    }
    let mut source = None;
    if cursor.peek() == Some("from") {
        cursor.word(&["from"], "mean")?;
        source = Some(SourceId::at(cursor.source_argument()?));
    }
    Ok(Metric::Visit { station, spell, whose, source, statistic: tally(cursor)? })
}

fn tally(cursor: &mut Cursor<'_>) -> Step<TallyStatistic> {
    // Every p with digits, not only the usual ones that help lists.
    if let Some(order) = cursor.peek().and_then(percentile) {
        cursor.step_plain()?;
        return Ok(TallyStatistic::Quantile(order));
    }
    let word = cursor.word(&TALLY, "mean")?;
    Ok(match word {
        "quantile" => return Ok(TallyStatistic::Quantile(cursor.share("quantile(0.95)")?)),
        "share_over" => return Ok(TallyStatistic::ShareOver(cursor.span("share_over(15m)")?)),
        word => {
            cursor.plain()?;
            match word {
                "mean" => TallyStatistic::Mean,
                "sd" => TallyStatistic::StandardDeviation,
                "max" => TallyStatistic::Max,
                _ => TallyStatistic::Count,
            }
        }
    })
}

/// `p95` is 0.95; two digits, from p01 to p99.
fn percentile(word: &str) -> Option<f64> {
    let digits = word.strip_prefix('p').filter(|digits| digits.len() <= 2)?;
    let per_cent: u8 = digits.parse().ok()?;
    (per_cent > 0).then(|| f64::from(per_cent) / 100.0)
}

fn over_time(cursor: &mut Cursor<'_>, (scope, level): (LevelScope, Level)) -> Step<Metric> {
    let busy = level == Level::Busy;
    let known: &[&'static str] = if busy {
        &["mean", "max", "integral", "at", "at_every", "zero_at_every", "share_at_zero", "all_busy_at"]
    } else {
        &["mean", "max", "integral", "at", "at_every", "zero_at_every", "share_at_zero"]
    };
    let word = cursor.word(known, "mean")?;
    let statistic = match word {
        "at" => LevelStatistic::At(cursor.instant("at(5h)")?),
        "all_busy_at" => LevelStatistic::AllBusyAt(cursor.instant("all_busy_at(5h)")?),
        "at_every" => {
            let (period, phase) = cursor.period_and_phase("at_every(24h, 3h)")?;
            LevelStatistic::AtEvery { phase, period }
        }
        "zero_at_every" => {
            let (period, phase) = cursor.period_and_phase("zero_at_every(24h, 3h)")?;
            LevelStatistic::ZeroAtEvery { phase, period }
        }
        word => {
            cursor.plain()?;
            match word {
                "mean" => LevelStatistic::Mean,
                "max" => LevelStatistic::Max,
                "integral" => LevelStatistic::Integral,
                _ => LevelStatistic::ShareAtZero,
            }
        }
    };
    Ok(Metric::Level { scope, level, statistic })
}

fn count(cursor: &mut Cursor<'_>, count: Count) -> Step<Metric> {
    let mut by = None;
    if cursor.peek() == Some("by") {
        cursor.word(&["by"], "by(5h)")?;
        by = Some(cursor.instant("by(5h)")?);
    }
    let per_hour = cursor.skip("per_hour")?;
    if by.is_some() && per_hour {
        let what = "a count by an instant has no rate per hour: the rate is that of the whole counted time".to_owned();
        return Err(cursor.refuse(what, "write either .by(5h) or .per_hour"));
    }
    Ok(Metric::Count { count, by, per_hour })
}

fn over_runs(cursor: &mut Cursor<'_>) -> Step<OverRuns> {
    let Some(word) = cursor.peek() else { return Ok(OverRuns::Mean) };
    if !SUFFIXES.contains(&word) {
        return Ok(OverRuns::Mean);
    }
    Ok(match cursor.word(&SUFFIXES, "sd_over_runs")? {
        "quantile_over_runs" => OverRuns::Quantile(cursor.share("quantile_over_runs(0.9)")?),
        "share_of_runs_over" => OverRuns::ShareOver(cursor.number("share_of_runs_over(20)")?),
        word => {
            cursor.plain()?;
            if word == "sd_over_runs" { OverRuns::StandardDeviation } else { OverRuns::Variance }
        }
    })
}
