//! Draws that must never change: ten thousand of every kind of distribution (but the constant), each value to its last
//! bit, in `fixtures/draws`; a hash for every other shape stands in `draws.rs`.
//!
//! A change here changes every result of every scenario. When it is meant, write the files anew with
//! `PEAKSIM_DRAWS=write cargo test golden_draws`, and say so in the changelog.

use std::path::PathBuf;

use peaksim::random::{Sampler, StreamKey};

use super::examples;

const DRAWS: u64 = 10_000;
const VALUES_A_LINE: usize = 7;

/// File of the draws, and the example that they come from.
const KINDS: [(&str, &str); 10] = [
    ("exponential", "exponential"),
    ("lognormal", "lognormal, pick"),
    ("gamma", "gamma below 1"),
    ("erlang", "erlang"),
    ("weibull", "weibull below 1"),
    ("uniform", "uniform"),
    ("triangular", "triangular"),
    ("hyperexponential", "hyperexponential, cv 2"),
    ("empirical", "empirical"),
    ("discrete", "discrete"),
];

fn file(kind: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "draws", &format!("{kind}.txt")].iter().collect()
}

/// The bits of all draws of an example.
fn draws(example: &str) -> Vec<u64> {
    let (_, distribution) = examples().into_iter().find(|(name, _)| *name == example).expect("an example of this name");
    let sampler = Sampler::new(&distribution);
    let key = StreamKey::new(20_261_127, 3, "golden");
    (0..DRAWS).map(|draw| sampler.value(key.bits(draw, 1)).to_bits()).collect()
}

/// Bits of doubles as hexadecimal digits, trailing zeros left out: 1.0 is `3ff`.
fn written(draws: &[u64]) -> String {
    let digits = |bits: &u64| match format!("{bits:016x}").trim_end_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    };
    let line = |line: &[u64]| line.iter().map(digits).collect::<Vec<_>>().join(" ") + "\n";
    draws.chunks(VALUES_A_LINE).map(line).collect()
}

fn read(text: &str) -> Vec<u64> {
    let bits = |digits: &str| u64::from_str_radix(&format!("{digits:0<16}"), 16).expect("hexadecimal digits");
    text.split_whitespace().map(bits).collect()
}

#[test]
fn golden_draws_are_reproduced_to_the_last_bit() {
    if std::env::var("PEAKSIM_DRAWS").is_ok_and(|word| word == "write") {
        for (kind, example) in KINDS {
            std::fs::write(file(kind), written(&draws(example))).unwrap();
        }
    }
    for (kind, example) in KINDS {
        let stored = read(&std::fs::read_to_string(file(kind)).unwrap());
        let drawn = draws(example);
        assert_eq!(stored.len(), drawn.len(), "{kind}");
        for (draw, (stored, drawn)) in stored.iter().zip(&drawn).enumerate() {
            let [was, is] = [*stored, *drawn].map(f64::from_bits);
            assert_eq!(stored, drawn, "{kind}, draw {draw}: {is:e}, and it was {was:e}");
        }
    }
}

#[test]
fn values_are_read_as_they_were_written() {
    let values = [0.0, 1.0, -2.5, 12.5, 1.0 / 3.0, 5e-324, f64::MAX].map(f64::to_bits);
    assert_eq!(read(&written(&values)), values);
    assert_ne!(read(&written(&[1.0_f64.to_bits()])), [1.0_f64.to_bits() + 1]);
}
