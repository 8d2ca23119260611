//! What holds work up at a station: groups, full stations, rate limits, impatience, outages.

use super::{Lowering, shopify, whole};
use crate::model::{
    Batch, Breakdown, Fate, Outage, OutagePolicy, Patience, RateLimit, Retry, Station, WhenFull, WhenLimited,
};
use crate::scenario::file::distribution::DurationValue;
use crate::scenario::file::station::StationTable;
use crate::scenario::file::station::limits::{
    BatchTakes, BreakdownTable, OutageWord, PatienceValue, RateLimitValue, ShopifyTable, StartsWhen, WhenEmptyWord,
    WhenFullValue,
};
use crate::scenario::reader::Spanned;

/// What holds work up at a station.
pub(super) struct StationLimits {
    capacity: Option<u32>,
    when_full: WhenFull,
    rate_limit: Option<RateLimit>,
    batch: Option<Batch>,
    retry: Option<Retry>,
    patience: Option<Patience>,
    outages: Vec<Outage>,
    outage_policy: OutagePolicy,
    breakdown: Option<Breakdown>,
}

impl StationLimits {
    /// Gives them to `station`.
    pub(super) fn give(self, station: &mut Station) {
        station.capacity = self.capacity;
        station.when_full = self.when_full;
        station.rate_limit = self.rate_limit;
        station.batch = self.batch;
        station.retry = self.retry;
        station.patience = self.patience;
        station.outages = self.outages;
        station.outage_policy = self.outage_policy;
        station.breakdown = self.breakdown;
    }
}

impl Lowering<'_> {
    /// The limits that `table` states.
    pub(super) fn limits(&mut self, table: &StationTable) -> Option<StationLimits> {
        let batch = self.batch(table);
        let when_full = self.when_full(table);
        let rate_limit = self.optional(table.rate_limit.as_ref(), Lowering::rate_limit);
        let retry = self.optional(table.retry.as_ref(), |work, policy| work.retry(&policy.value));
        let patience = self.optional(table.patience.as_ref(), Lowering::patience);
        let outages = self.outages(table);
        let breakdown = self.optional(table.breakdown.as_ref(), |work, breakdown| {
            work.servers_that_are_always_there(table, breakdown);
            let (up, down) = (work.duration(&breakdown.up), work.duration(&breakdown.down));
            Some(Breakdown { up: up?, down: down? })
        });
        Some(StationLimits {
            capacity: table.capacity.as_deref().copied().map(whole),
            when_full: when_full?,
            rate_limit: rate_limit?,
            batch: batch?,
            retry: retry?,
            patience: patience?,
            outages: outages?,
            outage_policy: match table.outage_policy.value {
                OutageWord::Pause => OutagePolicy::Pause,
                OutageWord::Finish => OutagePolicy::Finish,
            },
            breakdown: breakdown?,
        })
    }

    /// Breakdowns strike single servers by number. People come and go: which of them would be out of order?
    fn servers_that_are_always_there(&mut self, table: &StationTable, breakdown: &Spanned<BreakdownTable>) {
        if table.pool.is_some() || !table.staffing.is_empty() {
            let message = "`breakdown` strikes servers that are always there, but here people come and go";
            let help = "state `servers = 4` for machines; people who stay away are the pool's `absent`";
            self.wrong("breakdown-of-people", &breakdown.place, message, "of whom?", help);
        }
    }

    fn batch(&mut self, table: &StationTable) -> Option<Option<Batch>> {
        match (&table.cart, &table.batch) {
            (None, None) => Some(None),
            (Some(cart), None) => {
                let max = whole(cart.orders.value);
                let (min, after) = match cart.starts_when.value {
                    StartsWhen::Any => (1, None),
                    StartsWhen::Full(after) => (max, after),
                };
                Some(Some(Batch { min, max, after, adds_up: true }))
            }
            (None, Some(batch)) => {
                let (min, max) = (whole(batch.min.value), whole(batch.max.value));
                if max < min {
                    let message = format!("a batch holds at most {max} items, but needs at least {min} to start");
                    let help = format!("for example: min = {max}, max = {min}");
                    self.wrong("out-of-order", &batch.max.place, message, "less than `min`", &help);
                    return None;
                }
                let adds_up = batch.takes.value == BatchTakes::Each;
                Some(Some(Batch { min, max, after: batch.after.as_ref().map(|after| after.get()), adds_up }))
            }
            (Some(_), Some(batch)) => {
                let message = "`cart` and `batch` both say what is worked together";
                self.wrong("needless-key", &batch.place, message, "which one holds?", "keep one of them");
                None
            }
        }
    }

    fn when_full(&mut self, table: &StationTable) -> Option<WhenFull> {
        let Some(written) = &table.when_full else { return Some(WhenFull::TurnAway(Fate::Cancelled)) };
        if table.capacity.is_none() {
            let help = "add, for example: capacity = 200";
            let message = "`when_full` says what happens at a full station, but it has room for everything";
            self.wrong("missing-key", &written.place, message, "full at how many?", help);
        }
        match &written.value {
            WhenFullValue::TurnAway(_) => Some(WhenFull::TurnAway(Fate::Cancelled)),
            WhenFullValue::Overflow(table) => self.fate(&table.to).map(WhenFull::TurnAway),
            WhenFullValue::TryAgain(table) => {
                let after = self.duration(&table.try_again_after)?;
                Some(WhenFull::TryAgain { after, persist: table.persist.get() })
            }
        }
    }

    fn rate_limit(&mut self, written: &Spanned<RateLimitValue>) -> Option<RateLimit> {
        let when = |word| match word {
            WhenEmptyWord::Wait => WhenLimited::Wait,
            WhenEmptyWord::TurnAway => WhenLimited::TurnAway,
        };
        match &written.value {
            RateLimitValue::Bucket(table) => Some(RateLimit {
                per_second: table.refill.rate.per_second(),
                burst: whole(table.burst.value),
                when_empty: when(table.when_empty.value),
            }),
            RateLimitValue::Shopify(table) => self.shopify(table, when(table.when_empty.value)),
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bucket holds at most 40,000 points")]
    fn shopify(&mut self, table: &ShopifyTable, when_empty: WhenLimited) -> Option<RateLimit> {
        let bucket = shopify::bucket(table.shopify_plan.value, table.api.value);
        let cost = table.cost.as_ref().map_or(bucket.usual_cost, |cost| f64::from(whole(cost.value)));
        let burst = libm::floor(bucket.holds / cost) as u32;
        if let (0, Some(cost)) = (burst, &table.cost) {
            let message = format!("one piece of work costs more than the bucket holds ({} points)", bucket.holds);
            self.wrong("out-of-range", &cost.place, message, "it would never start", "cost = 10");
            return None;
        }
        Some(RateLimit { per_second: bucket.per_second / cost, burst, when_empty })
    }

    fn patience(&mut self, written: &Spanned<PatienceValue>) -> Option<Patience> {
        let mut leaves = |time: &DurationValue| {
            let lasts = self.duration(&Spanned { value: time.clone(), place: written.place.clone() })?;
            Some(Patience { lasts, then: Fate::Cancelled })
        };
        match &written.value {
            PatienceValue::Always(time) | PatienceValue::Varies(time) => leaves(time),
            PatienceValue::Then(table) => {
                let (lasts, then) = (self.duration(&table.lasts), self.fate(&table.then));
                Some(Patience { lasts: lasts?, then: then? })
            }
        }
    }

    fn outages(&mut self, table: &StationTable) -> Option<Vec<Outage>> {
        let mut outages = Vec::new();
        let mut failed = false;
        for written in &table.outages {
            let from = self.time.moment(&written.from, self.sink);
            let to = self.time.moment(&written.to, self.sink);
            let (Some(from), Some(to)) = (from, to) else {
                failed = true;
                continue;
            };
            if to <= from {
                let message = "the outage ends before it begins";
                self.wrong(
                    "out-of-order",
                    &written.to.place,
                    message,
                    "not later than `from`",
                    "an outage ends after it begins: write a later `to`",
                );
                failed = true;
            }
            outages.push((Outage { from, to }, &written.place));
        }
        outages.sort_by_key(|(outage, _)| outage.from);
        for pair in outages.windows(2) {
            if pair[0].0.to > pair[1].0.from {
                let message = "this outage begins before the one before it has ended";
                self.wrong("overlap", pair[1].1, message, "overlaps", "make one outage of the two");
                failed = true;
            }
        }
        (!failed).then(|| outages.into_iter().map(|(outage, _)| outage).collect())
    }
}
