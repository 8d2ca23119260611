//! Days and hours of more (or fewer) orders, and mailings that bring them.

use super::moment::MomentValue;
use super::source::HourlyValue;
use crate::quantity::{Factor, Probability};
use crate::scenario::names::Name;
use crate::scenario::units::days::ByDate;
use crate::scenario::units::share::Percent;
use crate::scenario::units::{Amount, Positive};
use crate::time::SimDuration;

crate::file_words! {
    /// Whether the orders of a mailing are part of what the days bring anyway.
    pub enum CountedWord = "way of counting" {
        /// The days' orders already contain them: the total stays, they come after the mailing instead.
        Inside = "inside the uplift",
        /// They come on top of the days' orders.
        OnTop = "on top",
    }
}

crate::file_words! {
    /// How people answer, by the kind of mailing.
    pub enum ResponseWord = "kind of mailing" {
        /// 23 % within an hour, 63 % within six.
        Email = "email",
        /// 37 % within a quarter of an hour.
        Sms = "sms",
        /// A limited drop: 45 % within a quarter of an hour.
        Drop = "drop",
    }
}

crate::file_table! {
    /// A part of the answers.
    pub struct ResponsePart = "part of the answers" {
        /// Its share; the shares add up to 100%.
        required share: Probability, example "\"60%\"";
        /// Time in which half of it has come.
        required half_life: Positive<SimDuration>, example "\"90m\"";
    }
}

crate::file_choice! {
    /// How the answers to a mailing spread over time.
    pub enum ResponseValue {
        /// As usual for its kind.
        text Usual(ResponseWord),
        /// In parts.
        list Parts(Vec<ResponsePart>),
    }
}

crate::file_table! {
    /// A campaign: uplifted days, an uplifted window of time, or a mailing.
    pub struct CampaignTable = "campaign" {
        /// What it is called.
        required name: Name, example "\"Black Friday\"";
        /// The sources it moves; without them all sources of orders that have a rate.
        list sources: Name, example "[\"web shop\"]";
        /// Factor on the orders of each of these days.
        optional days: ByDate<Factor>, example "{ 2026-11-27 = 3.5, 2026-11-28 = 2.0 }";
        /// Start of an uplifted window.
        optional from: MomentValue, example "2026-11-27T18:00:00";
        /// End of the window.
        optional to: MomentValue, example "2026-11-27T22:00:00";
        /// Factor on the orders of the window.
        optional uplift: Factor, example "1.5";
        /// How much of it takes place: a factor of the days or the window becomes 1 + scale × (factor − 1), and a mailing
        /// brings scale × its orders.
        default scale: Factor = Factor::ONE;
        /// How the orders of its days spread over the hours.
        optional hourly: HourlyValue, example "\"data/black-friday-hours.csv\"";
        /// How far off the plan may be, one standard deviation of the days' orders.
        optional forecast_error: Percent, example "\"25%\"";
        /// When a mailing is sent.
        optional sent: MomentValue, example "2026-11-27T07:30:00";
        /// Orders it brings in all.
        optional orders: Amount, example "344";
        /// Whether they are part of what the days bring anyway; must be said.
        optional counted: CountedWord, example "\"inside the uplift\"";
        /// How the answers spread over time.
        optional response: ResponseValue, example "\"email\"";
    }
}
