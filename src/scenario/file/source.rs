//! Where orders and other work come from.

use super::distribution::{DurationValue, ShapeWord};
use super::moment::MomentValue;
use super::route::NextValue;
use crate::quantity::{Factor, Probability};
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, Whole};
use crate::scenario::units::days::ByWeekday;
use crate::scenario::units::rate::{FlowOf, RateOf};
use crate::scenario::units::{Amount, Positive};
use crate::time::SimDuration;
use std::collections::BTreeMap;

crate::file_words! {
    /// What a source brings.
    pub enum KindWord = "kind" {
        /// Customers' orders: counted, promised, judged.
        Order = "order",
        /// Other work for the same people.
        Work = "work",
    }
}

crate::file_words! {
    /// How the arrivals lie around their rate.
    pub enum ProcessWord = "process" {
        /// At random.
        Poisson = "poisson",
        /// Evenly spaced: for reckoning by hand.
        Even = "even",
    }
}

crate::file_words! {
    /// What becomes of recorded orders that were cancelled in the end.
    pub enum CancelledWord = "word for cancelled orders" {
        /// They are left out.
        Skip = "skip",
        /// They are worked on like all others.
        Keep = "keep",
    }
}

crate::file_choice! {
    /// A part of a day's orders.
    pub enum HourValue {
        /// In per cent; all of them add up to 100%.
        text Share(Probability),
        /// In proportion to the others.
        number Weight(Amount),
    }
}

crate::file_choice! {
    /// How a day's orders spread over its hours.
    pub enum HourlyValue {
        /// A CSV file with the columns `hour` and `share`.
        text File(String),
        /// One for each of equal steps from midnight, 24 for hours.
        list Shares(Vec<HourValue>),
    }
}

crate::file_choice! {
    /// How a weekday differs from the average day.
    pub enum WeekdayValue {
        /// Its share of the week's orders.
        text Share(Probability),
        /// A factor on the average day.
        number Factor(Factor),
    }
}

crate::file_table! {
    /// A rate that swings evenly around its mean.
    pub struct CycleTable = "swinging rate" {
        /// The mean.
        required mean: RateOf, example "\"60/h\"";
        /// How far it goes up and down, at most as far as the mean.
        required swing: FlowOf, example "\"40/h\"";
        /// From one top to the next; the run starts at the mean, going up.
        required period: Positive<SimDuration>, example "\"24h\"";
    }
}

crate::file_choice! {
    /// How many arrive in an hour.
    pub enum RateValue {
        /// Always the same.
        text Steady(FlowOf),
        /// It swings.
        table Cycle(CycleTable),
    }
}

crate::file_table! {
    /// A rate from an instant on.
    pub struct RateStepTable = "rate step" {
        /// From when on.
        required at: MomentValue, example "\"5h\"";
        /// How many arrive in an hour.
        required rate: FlowOf, example "\"20/h\"";
    }
}

crate::file_table! {
    /// A spread of a factor of mean 1.
    pub struct FactorSpreadTable = "spread of a factor" {
        /// Coefficient of variation.
        required cv: Factor, example "0.12";
        /// The form of the distribution.
        default shape: ShapeWord = ShapeWord::Gamma;
    }
}

crate::file_table! {
    /// Some factors with their shares; they average to 1.
    pub struct FactorValuesTable = "list of factors" {
        /// The factors.
        list values: Factor, example "[0.8, 1.3]";
        /// How often each; without them all are equally likely.
        list shares: Probability, example "[\"60%\", \"40%\"]";
    }
}

crate::file_choice! {
    /// A random factor of mean 1.
    pub enum FactorValue {
        /// By coefficient of variation.
        table "cv" Spread(FactorSpreadTable),
        /// Some values.
        table "values" Values(FactorValuesTable),
    }
}

crate::file_table! {
    /// How much busier or quieter days and hours are than planned, at random; on average the plan holds.
    pub struct BusynessTable = "busyness" {
        /// Coefficient of variation of days (gamma).
        optional day_cv: Factor, example "0.12";
        /// Coefficient of variation of hours within their day (gamma).
        optional hour_cv: Factor, example "0.15";
        /// The factor of days, in another form.
        optional day: FactorValue, example "{ values = [0.8, 1.3], shares = [\"60%\", \"40%\"] }";
        /// The factor of hours, in another form.
        optional hour: FactorValue, example "{ cv = 0.15 }";
        /// The source with which this one is busy together.
        optional with: Name, example "\"web shop\"";
    }
}

crate::file_table! {
    /// Lines of an order by average and share of the ones.
    pub struct AverageLinesTable = "average of lines" {
        /// Lines of an order on average.
        required average: Amount, example "1.8";
        /// Share of orders with one line.
        required single_line: Probability, example "\"55%\"";
    }
}

crate::file_table! {
    /// Units of a line by average and share of the ones.
    pub struct AverageUnitsTable = "average of units" {
        /// Units of a line on average.
        required average: Amount, example "1.2";
        /// Share of lines with one unit.
        required single_unit: Probability, example "\"85%\"";
    }
}

crate::file_table! {
    /// Numbers with their shares.
    pub struct CountSharesTable = "table of shares" {
        /// Each number with its share; they add up to 100%.
        required shares: BTreeMap<String, Probability>, example "{ \"1\" = \"55%\", \"2\" = \"25%\", \"3\" = \"20%\" }";
    }
}

crate::file_choice! {
    /// Lines of an order.
    pub enum LinesValue {
        /// Always so many.
        number Always(AtLeastOne),
        /// By average.
        table "average" Average(AverageLinesTable),
        /// By shares.
        table "shares" Shares(CountSharesTable),
    }
}

crate::file_choice! {
    /// Units of a line.
    pub enum UnitsValue {
        /// Always so many.
        number Always(AtLeastOne),
        /// By average.
        table "average" Average(AverageUnitsTable),
        /// By shares.
        table "shares" Shares(CountSharesTable),
    }
}

crate::file_table! {
    /// A web shop, a marketplace, a wholesale feed, or other work for the same people.
    pub struct SourceTable = "source" {
        /// What it is called; no two sources share a name.
        required name: Name, example "\"web shop\"";
        /// What it brings.
        default kind: KindWord = KindWord::Order;
        /// Orders a day, on average over seven days and before any campaign.
        optional orders_per_day: Amount, example "560";
        /// How a day's orders spread over its hours: 24 shares, or a CSV file; without it evenly.
        optional hourly: HourlyValue, example "\"data/hourly.csv\"";
        /// How weekdays differ: factors (scaled to average to 1) or shares of the week.
        optional weekday: ByWeekday<WeekdayValue>, example "{ mon-fri = 1.1, sat = 0.8, sun = 0.7 }";
        /// Instead of `orders_per_day`: a rate.
        optional rate: RateValue, example "\"30/h\"";
        /// Instead: a rate that changes at stated times; nothing arrives before the first.
        list rate_steps: RateStepTable;
        /// How arrivals lie around their rate.
        optional process: ProcessWord, example "\"poisson\"";
        /// Instead of a rate: independent times between arrivals.
        optional between: DurationValue, example "{ exponential = \"2m\" }";
        /// Instead of a rate: exact arrivals.
        list arrivals: MomentValue, example "[\"0m\", \"1m\", \"5m\"]";
        /// Priority of each of `arrivals`.
        list priorities: Whole<0, 255>, example "[0, 1, 0]";
        /// Instead of a rate: a CSV file of recorded orders, plain or Shopify's export.
        optional replay: String, example "\"data/orders.csv\"";
        /// With `replay`: what becomes of orders that were cancelled in the end; without it they are left out.
        optional cancelled: CancelledWord, example "\"skip\"";
        /// The load lever: 1 is the plan.
        default uplift: Factor = Factor::ONE;
        /// Random busyness of days and hours.
        optional busyness: BusynessTable, example "{ day_cv = 0.12, hour_cv = 0.15 }";
        /// Lines of an order; without it one.
        optional lines: LinesValue, example "{ average = 1.8, single_line = \"55%\" }";
        /// Units of a line; without it one.
        optional units: UnitsValue, example "{ average = 1.2, single_unit = \"85%\" }";
        /// Class at stations that work by priority: the lower goes first.
        default priority: Whole<0, 255> = Whole::of(0);
        /// Where its orders go first.
        required next: NextValue, example "\"pick\"";
        /// Orders that already wait there when the run begins.
        default initial: Whole<0, 10_000_000> = Whole::of(0);
        /// The source whose random draws this one shares, when it was renamed or cloned.
        optional draws_as: Name, example "\"web shop\"";
    }
}
