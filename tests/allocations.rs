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

/// What one replication asks the allocator for in a workspace that others have used before.
#[derive(Debug)]
struct Asked {
    blocks: u64,
    /// The most that it held at one time, beyond what the workspace held before.
    peak_bytes: usize,
    /// Of the record's timeline, which has a step for so much time however few are in flight.
    steps: usize,
    orders: u64,
    events: u64,
}

fn asked(model: &Model, space: &mut Workspace) -> Asked {
    let plan = Plan::new(model).unwrap();
    let stop = AtomicBool::new(false);
    // What lives when counting begins is not counted, nor is its end.
    let _counting = dhat::Profiler::builder().testing().build();
    let record = simulate_in(space, &plan, 1, 0, &stop, &mut NobodyWatches).unwrap();
    let dhat::HeapStats { total_blocks: blocks, max_bytes: peak_bytes, .. } = dhat::HeapStats::get();
    let steps = record.timeline.queue.first().map_or(0, Vec::len);
    Asked { blocks, peak_bytes, steps, orders: record.orders.arrived, events: record.events }
}

fn warm(model: &Model, space: &mut Workspace) {
    let plan = Plan::new(model).unwrap();
    simulate_in(space, &plan, 1, 0, &AtomicBool::new(false), &mut NobodyWatches).unwrap();
}

fn twice_as_long_a_run_takes_no_more_memory() {
    let (short, long) = (line(20), line(40));
    let mut space = Workspace::new();
    // Only the short run has used it: what grows with the horizon would have to grow in the long one.
    warm(&short, &mut space);
    let (short, long) = (asked(&short, &mut space), asked(&long, &mut space));
    assert!(long.orders > short.orders + 9_000, "{} and {} orders", short.orders, long.orders);
    assert!(
        long.blocks <= short.blocks,
        "{} blocks for {} orders, and {} for {}",
        long.blocks,
        long.orders,
        short.blocks,
        short.orders
    );
    // A step of the timeline takes eight bytes of each station.
    let timeline = long.steps.saturating_sub(short.steps) * 8 * 7;
    assert!(long.peak_bytes <= short.peak_bytes + timeline, "{} bytes, and {}", long.peak_bytes, short.peak_bytes);
}

fn a_used_workspace_is_hardly_asked_for_more() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["benches/scenarios/fulfilment-day", "scenarios/black-friday", "scenarios/stress-test"] {
        let scenario = Scenario::load(&root.join(file).with_extension("toml"), &[]).unwrap();
        let mut space = Workspace::new();
        warm(&scenario.model, &mut space);
        let found = asked(&scenario.model, &mut space);
        // What a run begins with and what its record holds, of hundreds of thousands of events.
        assert!(found.events > 100_000 && found.blocks < 3_000, "{file}: {found:?}");
    }
}

/// One test: both count what the whole process asks for.
#[test]
fn memory_follows_what_is_in_flight() {
    twice_as_long_a_run_takes_no_more_memory();
    a_used_workspace_is_hardly_asked_for_more();
}
