use super::*;
use crate::experiment::RunIdentity;
use crate::experiment::fixture::{model, records};

fn folded(count: u64) -> Results {
    let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked: count, confidence: 0.95 };
    Results::fold(&model(), &identity, &records(count))
}

#[test]
fn p() {
    println!("{}", report(&folded(8), false));
    println!("{}", report(&folded(8), true));
}
