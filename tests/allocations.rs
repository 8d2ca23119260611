//! A replication takes memory for what is in flight, not for how long it lasts.
//!
//! A test of its own process: it counts what the allocator is asked for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use peaksim::engine::{NobodyWatches, Plan, Workspace, simulate_in};
use peaksim::model::Model;
use peaksim::scenario::Scenario;
use std::path::Path;
use std::sync::atomic::AtomicBool;

#[global_allocator]
static COUNTED: dhat::Alloc = dhat::Alloc;

/// A line with much in it that waits: a shared pool, waves, carts, equipment, a rate limit, a hold, an exception, contacts
/// and an SLA. Orders come evenly and nothing is left to chance, so that as many are in flight at the most however long it
/// lasts.
fn line(days: u32) -> Model {
    let text = format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"{}h\"\nthen = \"drain\"\n\
         [[source]]\nname = \"web\"\nbetween = \"3m\"\nnext = \"sync\"\n\n\
         [[station]]\nname = \"sync\"\nlayer = \"integration\"\nservers = 2\ntakes = \"20s\"\nnext = \"pick\"\n\
         rate_limit = {{ refill = \"60/min\", burst = 10 }}\n\
         [[station]]\nname = \"pick\"\npool = \"floor\"\ntakes = {{ fixed = \"1m\", per_line = \"1m\" }}\nnext = \"pack\"\n\
         release = {{ every = \"1h\" }}\ncart = {{ orders = 4, starts_when = \"full or 20m\" }}\n\
         [[station]]\nname = \"pack\"\npool = \"floor\"\ntakes = \"2m\"\nequipment = {{ benches = 3 }}\nnext = \"ship\"\n\
         [[station]]\nname = \"ship\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n\
         [[pool]]\nname = \"floor\"\nheads = 5\norder_of_work = [\"pack\", \"pick\"]\n\
         [[desk]]\nname = \"desk\"\nowner = \"somebody\"\npeople = 3\ntakes = \"2m\"\n\
         [[hold]]\nname = \"review\"\nshare = \"100%\"\nowner = \"desk\"\nends = {{ release = \"100%\" }}\n\
         [[exceptions.class]]\nname = \"short pick\"\nat = \"pick\"\nchance = \"100%\"\nowner = \"desk\"\nthen = \"goes on\"\n\
         [[station]]\nname = \"support\"\nlayer = \"support\"\nservers = 2\ntakes = \"3m\"\nnext = \"done\"\n\
         [[contact]]\nname = \"question\"\ncause = {{ share = \"100%\" }}\nto = \"support\"\ntakes = \"3m\"\n\
         [[sla]]\nname = \"two hours\"\nwithin = \"2h\"\ntarget = \"90%\"\n",
        days * 24
    );
    Scenario::from_text(&text, Path::new("."), &[]).unwrap_or_else(|error| panic!("{error}")).model
}

/// Blocks that one replication asks for, in memory that others have used before.
fn blocks(model: &Model, space: &mut Workspace) -> (u64, u64) {
    let plan = Plan::new(model).unwrap();
    let stop = AtomicBool::new(false);
    let mut one = |replication| simulate_in(space, &plan, 1, replication, &stop, &mut NobodyWatches).unwrap();
    one(0);
    let before = dhat::HeapStats::get().total_blocks;
    let record = one(0);
    (dhat::HeapStats::get().total_blocks - before, record.orders.arrived)
}

#[test]
fn twice_as_long_a_run_takes_no_more_memory() {
    let _counting = dhat::Profiler::builder().testing().build();
    let mut space = Workspace::new();
    let (short, few) = blocks(&line(20), &mut space);
    let (long, many) = blocks(&line(40), &mut space);
    assert!(many > few + 9_000, "{few} and {many} orders");
    assert_eq!(long, short, "blocks for {many} orders, and for {few}");
}
