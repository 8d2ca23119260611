//! How likely a campaign is to bring more than the breach point: its plan is a forecast, and forecasts err.
//!
//! Assumption: the orders that come are the planned ones times a lognormal factor whose median is 1, so that more than
//! planned is as likely as less, and whose coefficient of variation is the stated forecast error (a plan cannot bring less
//! than nothing, and errors of demand multiply). All campaigns that are varied together err together.

use super::found::{Breach, Outcome};
use super::search::Range;
use crate::model::{Campaign, Model};
use crate::statistics::distributions::normal_cdf;
use crate::statistics::estimate::Estimate;

/// What of the demand is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The scale of all campaigns.
    CampaignScale,
    /// The uplift of all sources.
    Uplift,
}

/// The chance that the peak lies beyond a breach point.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// The campaign: of those with a forecast error the one with the highest peak.
    pub campaign: String,
    /// Its forecast error, one standard deviation over the plan.
    pub forecast_error: f64,
    /// The breach point as a multiple of the orders that the campaign's peak is planned to bring.
    pub times_planned: Estimate,
    /// The chance that more than that comes. Where nothing breaks (or everything does) within the range, only a bound
    /// is known.
    pub chance: Estimate,
}

impl Demand {
    /// How likely the campaigns of `model` are to exceed the breach point; `None` without a stated forecast error, and
    /// where there is no point above which more is worse.
    #[must_use]
    pub fn risk(self, model: &Model, breach: &Breach, range: Range) -> Option<Risk> {
        let planned = |campaign: &&Campaign| campaign.forecast_error.is_some_and(|error| error > 0.0);
        let peak = |campaign: &Campaign| campaign.peak.map_or(0.0, |peak| 1.0 + campaign.scale * (peak - 1.0));
        let campaign = model.campaigns.iter().filter(planned);
        let campaign = campaign.reduce(|most, next| if peak(next) > peak(most) { next } else { most })?;
        let error = campaign.forecast_error?;
        let times = |load: f64| self.times_planned(model, campaign, load);
        if !breach.falling || times(range.high)? <= times(range.low)? {
            return None;
        }
        let beyond = |load: f64| Some(chance_beyond(times(load)?, error));
        let point = &breach.point;
        let chance = |value, low, high| Estimate { value, low, high, ..*point };
        let chance = match breach.outcome {
            Outcome::Breaks => {
                chance(point.value.and_then(beyond), point.high.and_then(beyond), point.low.and_then(beyond))
            }
            Outcome::Holds => chance(None, None, beyond(point.low.unwrap_or(range.high))),
            Outcome::Broken => chance(None, beyond(point.high.unwrap_or(range.low)), None),
            Outcome::NotMonotone | Outcome::Unknown => return None,
        };
        let times_planned = Estimate {
            value: point.value.and_then(times),
            low: point.low.and_then(times),
            high: point.high.and_then(times),
            ..*point
        };
        Some(Risk { campaign: campaign.name.clone(), forecast_error: error, times_planned, chance })
    }

    /// The orders at the campaign's peak at this load, over those planned.
    fn times_planned(self, model: &Model, campaign: &Campaign, load: f64) -> Option<f64> {
        let times = match (self, campaign.peak) {
            (Demand::CampaignScale, Some(peak)) => {
                let at = |scale: f64| (1.0 + scale * (peak - 1.0)).max(0.0);
                at(load) / at(campaign.scale)
            }
            (Demand::CampaignScale, None) => load / campaign.scale,
            (Demand::Uplift, _) => load / model.sources[campaign.sources.first()?.index()].factors.uplift,
        };
        times.is_finite().then_some(times)
    }
}

/// The chance that a lognormal factor of median 1 and this coefficient of variation exceeds `times`.
fn chance_beyond(times: f64, error: f64) -> f64 {
    if times <= 0.0 {
        return 1.0;
    }
    let sigma = libm::log(1.0 + error * error).sqrt();
    normal_cdf(-libm::log(times) / sigma)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::parts;

    fn campaign(peak: Option<f64>, scale: f64) -> Campaign {
        Campaign {
            name: "Black Friday".to_owned(),
            from: crate::time::SimTime(0),
            to: crate::time::SimTime(1),
            sources: vec![crate::model::SourceId(0)],
            forecast_error: Some(0.25),
            peak,
            scale,
        }
    }

    fn breach(outcome: Outcome, point: (Option<f64>, Option<f64>, Option<f64>)) -> Breach {
        let (low, value, high) = point;
        Breach {
            subject: 0,
            outcome,
            point: Estimate { value, low, high, confidence: 0.95, samples: 100 },
            falling: true,
            monotone: true,
            curve: Vec::new(),
            own: None,
            plan_kept: None,
            broken_by: None,
            first_breach: None,
            limited: false,
            cut_short: false,
            evaluations: 1.0,
            precision: None,
        }
    }

    const RANGE: Range = Range { low: 0.5, high: 4.0, whole: false };

    fn model(campaigns: Vec<Campaign>) -> Model {
        Model::assemble(crate::model::ModelParts { campaigns, ..parts() }).unwrap()
    }

    fn near(found: Option<f64>, exact: f64) {
        assert!((found.unwrap() - exact).abs() < 1e-9, "{found:?} is not {exact}");
    }

    // By hand: s = sqrt(ln 1.0625) = 0.246221, 1 - Phi(ln(1.31) / s) = 1 - Phi(1.096687) = 0.136389.
    #[test]
    fn the_chance_is_that_of_the_lognormal_forecast() {
        let found = breach(Outcome::Breaks, (Some(1.27), Some(1.31), Some(1.35)));
        let risk = Demand::Uplift.risk(&model(vec![campaign(Some(3.5), 1.0)]), &found, RANGE).unwrap();
        near(risk.times_planned.value, 1.31);
        assert!((risk.chance.value.unwrap() - 0.136_389).abs() < 2e-6, "{risk:?}");
        assert!(risk.chance.low < risk.chance.value && risk.chance.value < risk.chance.high, "{risk:?}");
        near(Some(chance_beyond(1.0, 0.4)), 0.5);
        near(Some(chance_beyond(0.0, 0.4)), 1.0);
    }

    #[test]
    fn a_scale_is_turned_into_orders_of_the_peak() {
        // 1 + 1.2 (3.5 - 1) = 4 times an ordinary day, of 3.5 planned.
        let found = breach(Outcome::Breaks, (None, Some(1.2), None));
        let times = |campaigns| Demand::CampaignScale.risk(&model(campaigns), &found, RANGE).unwrap().times_planned;
        near(times(vec![campaign(Some(3.5), 1.0)]).value, 4.0 / 3.5);
        // The file's own scale is the plan; a mailing is scaled as it is.
        near(times(vec![campaign(Some(3.5), 0.8)]).value, 4.0 / 3.0);
        near(times(vec![campaign(None, 1.0)]).value, 1.2);
        // The highest peak counts, whatever the order.
        near(times(vec![campaign(Some(3.5), 1.0), campaign(Some(1.5), 1.0)]).value, 4.0 / 3.5);
        near(times(vec![campaign(Some(1.5), 1.0), campaign(Some(3.5), 1.0)]).value, 4.0 / 3.5);
    }

    #[test]
    fn without_a_point_there_is_a_bound_or_nothing() {
        let model = model(vec![campaign(Some(3.5), 1.0)]);
        let risk = |outcome, point| Demand::Uplift.risk(&model, &breach(outcome, point), RANGE);
        let holds = risk(Outcome::Holds, (None, None, None)).unwrap().chance;
        assert_eq!((holds.value, holds.low), (None, None));
        near(holds.high, chance_beyond(4.0, 0.25));
        let broken = risk(Outcome::Broken, (None, None, None)).unwrap().chance;
        near(broken.low, chance_beyond(0.5, 0.25));
        assert_eq!((broken.value, broken.high), (None, None));
        assert_eq!(risk(Outcome::Unknown, (None, None, None)), None);
        let unsaid = Campaign { forecast_error: None, ..campaign(Some(3.5), 1.0) };
        let found = breach(Outcome::Breaks, (None, Some(1.2), None));
        let model = Model::assemble(crate::model::ModelParts { campaigns: vec![unsaid], ..parts() }).unwrap();
        assert_eq!(Demand::Uplift.risk(&model, &found, RANGE), None);
    }
}
