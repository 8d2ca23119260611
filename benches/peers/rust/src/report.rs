//! The command line and the line of JSON that every compiled program shares.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::Answer;

/// One run of a workload from a seed.
pub type Run = fn(u64) -> Answer;

/// Reads `mm1|day [runs] [threads] [first seed]`, runs, and prints one line of JSON.
pub fn main(program: &str, version: &str, mm1: Run, day: Run) {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| words.get(place).map_or(Some(1), |word| word.parse::<u64>().ok().filter(|&n| n > 0));
    let workload = words.first().map_or("", String::as_str);
    let (Some(run), Some(runs), Some(threads), Some(seed)) = (
        match workload {
            "mm1" => Some(mm1),
            "day" => Some(day),
            _ => None,
        },
        number(1),
        number(2),
        number(3),
    ) else {
        eprintln!("usage: {program} mm1|day [runs] [threads] [first seed]");
        std::process::exit(2);
    };

    let start = Instant::now();
    let answers = replicate(run, runs, threads, seed);
    let seconds = start.elapsed().as_secs_f64();

    let orders: u64 = answers.iter().map(|answer| answer.orders).sum();
    let events: u64 = answers.iter().map(|answer| answer.events).sum();
    let late: u64 = answers.iter().map(|answer| answer.late).sum();
    let mean_time_s = answers.iter().map(|answer| answer.mean_time_s).sum::<f64>() / runs as f64;
    println!(
        "{{\"workload\":\"{workload}\",\"program\":\"{program}\",\"version\":\"{version}\",\"runs\":{runs},\
         \"threads\":{threads},\"events\":{events},\"orders\":{orders},\"seconds\":{seconds:.6},\
         \"mean_time_s\":{mean_time_s:.4},\"late_share\":{:.6}}}",
        late as f64 / orders as f64
    );
}

/// `runs` runs with seeds from `first_seed` on; each thread takes the next seed when it is free.
fn replicate(run: Run, runs: u64, threads: u64, first_seed: u64) -> Vec<Answer> {
    let next = AtomicU64::new(0);
    let work = || {
        std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&taken| taken < runs))
            .map(|taken| run(first_seed + taken))
            .collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a run does not panic")).collect()
    })
}
