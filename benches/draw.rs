//! The cost of a draw: the key's bits alone; bits and value together, a block of orders at a time and each draw
//! waiting for the last.

use criterion::{Criterion, criterion_group, criterion_main};
use peaksim::random::{Distribution, PoissonCounts, Sampler, StreamKey};
use std::hint::black_box;

const DRAWS: u64 = 1000;

fn draws(criterion: &mut Criterion) {
    let key = StreamKey::new(1, 0, "bench");
    criterion.bench_function("1000 keyed bits", |b| {
        b.iter(|| (0..DRAWS).fold(0, |sum, i| sum ^ key.bits(black_box(i), 0)));
    });
    let distributions = [
        ("exponential", Distribution::exponential(900.0)),
        ("lognormal", Distribution::log_normal_mean_cv(90.0, 0.5)),
        ("gamma", Distribution::gamma(2.5, 24.0)),
        ("triangular", Distribution::triangular(1.0, 2.0, 5.0)),
        ("empirical", Distribution::empirical((0..1000).map(f64::from).collect())),
    ];
    for (name, distribution) in distributions {
        let distribution = distribution.expect("the parameters above are right");
        criterion.bench_function(&format!("{name}: build"), |b| b.iter(|| Sampler::new(black_box(&distribution))));
        let sampler = Sampler::new(&distribution);
        criterion.bench_function(&format!("{name}: 1000 draws"), |b| {
            let mut values = [0.0; 1000];
            b.iter(|| {
                for (i, value) in (0..).zip(&mut values) {
                    *value = sampler.value(key.bits(i, 0));
                }
                black_box(&mut values);
            });
        });
        criterion.bench_function(&format!("{name}: 1000 draws in a chain"), |b| {
            b.iter(|| (0..DRAWS).fold(0, |entity, i| sampler.value(key.bits(entity, i)).to_bits()));
        });
    }
    let counts = PoissonCounts::new();
    for index in [0, 5, 9] {
        criterion.bench_function(&format!("Poisson of mean {}: 1000 counts", PoissonCounts::mean(index)), |b| {
            b.iter(|| (0..DRAWS).fold(0, |sum, i| sum + counts.count(index, key.bits(black_box(i), 0))));
        });
    }
}

criterion_group!(benches, draws);
criterion_main!(benches);
