//! What holds work up: groups, full stations, rate limits, failures, impatience, outages.

use crate::quantity::Probability;
use crate::scenario::file::distribution::DurationValue;
use crate::scenario::file::moment::MomentValue;
use crate::scenario::names::Name;
use crate::scenario::reader::AtLeastOne;
use crate::scenario::units::rate::RateOf;
use crate::scenario::units::{FromText, Positive};
use crate::time::SimDuration;

/// When a cart sets out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartsWhen {
    /// With any number of orders.
    Any,
    /// Full, or so long after its first order came.
    Full(Option<SimDuration>),
}

impl FromText for StartsWhen {
    const NOUN: &'static str = "a rule for setting out";
    const EXAMPLE: &'static str = "full or 20m";
    const MORE: &'static [&'static str] = &["full", "any"];
    const PATTERN: &'static str = "^(any|full( or .+)?)$";

    fn parse(text: &str) -> Result<StartsWhen, String> {
        match text.trim() {
            "any" => Ok(StartsWhen::Any),
            "full" => Ok(StartsWhen::Full(None)),
            other => match other.strip_prefix("full or ") {
                Some(after) => SimDuration::parse(after).map(|after| StartsWhen::Full(Some(after))),
                None => Err("it is neither \"any\", nor \"full\", nor \"full or\" and a time".to_owned()),
            },
        }
    }
}

crate::file_table! {
    /// A tour with several orders, whose work adds up; all of them leave together.
    pub struct CartTable = "cart" {
        /// Most orders of a tour.
        required orders: AtLeastOne, example "10";
        /// When it sets out.
        required starts_when: StartsWhen, example "\"full or 20m\"";
    }
}

crate::file_words! {
    /// How long a batch takes.
    pub enum BatchTakes = "work of a batch" {
        /// As long as one item, however many it holds.
        Once = "once",
        /// As long as its items one after the other.
        Each = "each",
    }
}

crate::file_table! {
    /// Several items worked as one.
    pub struct BatchTable = "batch" {
        /// Fewest items to start with.
        default min: AtLeastOne = AtLeastOne::of(1);
        /// Most items.
        required max: AtLeastOne, example "40";
        /// Start with fewer than `min` so long after the first came; never without it.
        optional after: Positive<SimDuration>, example "\"20m\"";
        /// How long it takes.
        default takes: BatchTakes = BatchTakes::Once;
    }
}

crate::file_words! {
    /// What becomes of an item that finds no place.
    pub enum TurnAwayWord = "word for a full station" {
        /// It leaves, lost; an order is cancelled.
        TurnAway = "turn away",
    }
}

crate::file_table! {
    /// Items that find no place go elsewhere.
    pub struct OverflowTable = "overflow" {
        /// Where to.
        required to: Name, example "\"overflow dock\"";
    }
}

crate::file_table! {
    /// Items that find no place try again.
    pub struct TryAgainTable = "new attempt" {
        /// After how long.
        required try_again_after: DurationValue, example "{ exponential = \"2m\" }";
        /// Chance to try again after each refusal but the first.
        default persist: Probability = Probability::ALWAYS;
    }
}

crate::file_choice! {
    /// What becomes of an item that finds the station full.
    pub enum WhenFullValue {
        /// It leaves.
        text TurnAway(TurnAwayWord),
        /// It goes elsewhere.
        table "to" Overflow(OverflowTable),
        /// It tries again.
        table "try_again_after" TryAgain(TryAgainTable),
    }
}

crate::file_words! {
    /// What becomes of an item that finds the bucket empty.
    pub enum WhenEmptyWord = "word for an empty bucket" {
        /// It waits its turn.
        Wait = "wait",
        /// It leaves, lost.
        TurnAway = "turn away",
    }
}

crate::file_table! {
    /// A token bucket; each piece of work takes one token.
    pub struct BucketTable = "rate limit" {
        /// Tokens that come in a time.
        required refill: RateOf, example "\"20/s\"";
        /// Tokens it holds; it is full at the start.
        required burst: AtLeastOne, example "400";
        /// What becomes of an item that finds it empty.
        default when_empty: WhenEmptyWord = WhenEmptyWord::Wait;
    }
}

crate::file_words! {
    /// A plan of a Shopify shop.
    pub enum ShopifyPlan = "Shopify plan" {
        /// Standard: Basic and Grow.
        Standard = "standard",
        /// Advanced.
        Advanced = "advanced",
        /// Plus.
        Plus = "plus",
        /// Enterprise (Commerce Components).
        Enterprise = "enterprise",
    }
}

crate::file_words! {
    /// An interface of Shopify.
    pub enum ShopifyApi = "Shopify interface" {
        /// Counted in cost points.
        GraphQl = "graphql",
        /// Counted in requests.
        Rest = "rest",
    }
}

crate::file_table! {
    /// The rate limit of a Shopify plan.
    pub struct ShopifyTable = "Shopify rate limit" {
        /// The plan.
        required shopify_plan: ShopifyPlan, example "\"plus\"";
        /// The interface.
        default api: ShopifyApi = ShopifyApi::GraphQl;
        /// What one piece of work costs: points (graphql; 10 without it) or requests (rest; 1 without it).
        optional cost: AtLeastOne, example "10";
        /// What becomes of an item that finds the bucket empty.
        default when_empty: WhenEmptyWord = WhenEmptyWord::Wait;
    }
}

crate::file_choice! {
    /// A token bucket in front of the work.
    pub enum RateLimitValue {
        /// By its numbers.
        table "refill" Bucket(BucketTable),
        /// By a plan.
        table "shopify_plan" Shopify(ShopifyTable),
    }
}

crate::file_choice! {
    /// Time before the next attempt.
    pub enum BackoffValue {
        /// After the first failure; doubled after each further one.
        text Doubling(SimDuration),
        /// After each failure; the last stands for all later ones.
        list Listed(Vec<SimDuration>),
    }
}

crate::file_table! {
    /// Attempts that fail are repeated.
    pub struct RetryTable = "retry policy" {
        /// Chance that an attempt fails.
        required chance: Probability, example "\"1%\"";
        /// Attempts in all.
        required attempts: AtLeastOne, example "5";
        /// Time before the next attempt.
        required backoff: BackoffValue, example "\"2s\"";
        /// No pause is longer.
        optional cap: Positive<SimDuration>, example "\"300s\"";
        /// Whether each pause is drawn evenly from zero to the stated one.
        default jitter: bool = false;
        /// Where an item goes whose last attempt failed: a station, "done" or "cancel".
        required then: Name, example "\"integration error\"";
    }
}

crate::file_table! {
    /// How long an item waits, and what it does then.
    pub struct PatienceTable = "patience" {
        /// How long it waits.
        required lasts: DurationValue, example "\"10m\"";
        /// Where it goes then: a station, "done" or "cancel".
        required then: Name, example "\"cancel\"";
    }
}

crate::file_choice! {
    /// How long an item waits before it gives up.
    pub enum PatienceValue {
        /// Always the same; then it leaves, lost.
        text Always(DurationValue),
        /// With what it does then.
        table "lasts" Then(PatienceTable),
        /// It varies; then it leaves, lost.
        table Varies(DurationValue),
    }
}

crate::file_table! {
    /// A planned outage.
    pub struct OutageTable = "outage" {
        /// Its beginning.
        required from: MomentValue, example "2026-11-27T02:00:00";
        /// Its end.
        required to: MomentValue, example "2026-11-27T03:30:00";
    }
}

crate::file_words! {
    /// What an outage does to the work in hand.
    pub enum OutageWord = "outage policy" {
        /// It stops and is resumed afterwards.
        Pause = "pause",
        /// It is finished; only new work waits.
        Finish = "finish",
    }
}

crate::file_table! {
    /// Random outages of single servers, busy or not.
    pub struct BreakdownTable = "breakdown" {
        /// How long a server works.
        required up: DurationValue, example "{ exponential = \"40h\" }";
        /// How long it is out of order.
        required down: DurationValue, example "{ exponential = \"2h\" }";
    }
}
