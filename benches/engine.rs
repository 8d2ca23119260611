//! The cost of the engine's parts: the pending services, the timers, a visit to a station, a whole day.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use peaksim::engine::{
    Happening, NobodyWatches, Phase, Plan, Services, Timer, Timers, Workspace, key, rank_of, simulate_in, time_of,
};
use peaksim::model::Model;
use peaksim::random::{Distribution, Sampler, StreamKey};
use peaksim::scenario::Scenario;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

const HOLDS: u64 = 1000;

/// Takes the first event and puts one of the same server back, later by an exponential time.
fn pending_services(criterion: &mut Criterion) {
    let draws = StreamKey::new(1, 0, "bench");
    let later = Sampler::new(&Distribution::exponential(1e6).expect("a mean above zero"));
    let mut group = criterion.benchmark_group("hold: first event out, a later one in");
    group.throughput(Throughput::Elements(HOLDS));
    for servers in [8_u32, 278, 4_096] {
        let mut services = Services::new(servers as usize);
        for server in 0..servers {
            services.set(server, key(u64::from(server), Phase::Completion, server));
        }
        let mut number = 0;
        group.bench_function(format!("services, {servers} servers"), |b| {
            b.iter(|| {
                for _ in 0..HOLDS {
                    let first = services.first();
                    let server = rank_of(first);
                    number += 1;
                    let after = to_ticks(later.value(draws.bits(number, 0)));
                    services.set(server, key(time_of(first) % (1 << 40) + after, Phase::Completion, server));
                }
            });
        });
        let mut timers = Timers::default();
        for timer in 0..servers {
            timers.add(Timer { key: key(u64::from(timer), Phase::Return, 0), tie: 0, what: Happening::Served(timer) });
        }
        group.bench_function(format!("timers, {servers} pending"), |b| {
            b.iter(|| {
                for _ in 0..HOLDS {
                    let Some((first, what)) = timers.take() else { break };
                    number += 1;
                    let after = to_ticks(later.value(draws.bits(number, 0)));
                    let key = key(time_of(first) % (1 << 40) + after, Phase::Return, 0);
                    timers.add(Timer { key, tie: number, what });
                }
            });
        });
    }
    group.finish();
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a duration of seconds in microseconds")]
fn to_ticks(duration: f64) -> u64 {
    duration as u64
}

fn model(text: &str) -> Model {
    Scenario::from_text(text, Path::new("."), &[]).expect("a good scenario").model
}

fn visits(criterion: &mut Criterion) {
    let single = |keys: &str| {
        model(&format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"500h\"\nthen = \"drain\"\n\
             [[source]]\nname = \"web\"\nrate = \"20/h\"\nnext = \"s\"\n\
             [[station]]\nname = \"s\"\ntakes = {{ exponential = \"2m15s\" }}\nnext = \"done\"\n{keys}\n"
        ))
    };
    let mut group = criterion.benchmark_group("a visit to a station");
    for (name, keys) in [
        ("plain", "servers = 1"),
        ("by priority", "servers = 1\ndiscipline = \"priority\""),
        ("with equipment", "servers = 2\nequipment = { benches = 1 }"),
        ("behind a poll", "servers = 1\nrelease = { poll = \"15m\" }"),
        ("with patience", "servers = 1\npatience = { exponential = \"1h\" }"),
    ] {
        let model = single(keys);
        replication(&mut group, name, &model, 10_000);
    }
    group.finish();
}

fn days(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a whole day");
    group.sample_size(20);
    for (file, orders) in [("benches/scenarios/fulfilment-day.toml", 100_000), ("scenarios/flash-sale-drop.toml", 1)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let model = Scenario::load(&path, &[]).expect("a shipped scenario").model;
        replication(&mut group, file, &model, orders);
    }
    group.finish();
}

/// One replication after the other in the same memory; `elements` is what the throughput counts.
fn replication(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    name: &str,
    model: &Model,
    elements: u64,
) {
    let plan = Plan::new(model).expect("a valid model");
    let (stop, mut space, mut index) = (AtomicBool::new(false), Workspace::new(), 0);
    group.throughput(Throughput::Elements(elements));
    group.bench_function(name, |b| {
        b.iter_batched(
            || {
                index += 1;
                index
            },
            |index| black_box(simulate_in(&mut space, &plan, 1, index, &stop, &mut NobodyWatches)),
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, pending_services, visits, days);
criterion_main!(benches);
