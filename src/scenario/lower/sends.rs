//! Mailings: which source they bring orders of, and which source of the model they become.

use crate::model::SourceId;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::campaign::CampaignTable;
use crate::scenario::file::source::{KindWord, RateValue, SourceTable};

/// The source whose orders a mailing brings: the one it names, or the only one that takes part in campaigns. `None` for
/// other campaigns, and where there is no such source.
pub(super) fn source_of_send(file: &ScenarioFile, campaign: &CampaignTable) -> Option<usize> {
    campaign.sent.as_ref()?;
    let fitting: Vec<usize> = match &campaign.sources[..] {
        [] => (0..file.source.len()).filter(|k| takes_part_in_campaigns(&file.source[*k])).collect(),
        [name] => {
            let named = |table: &SourceTable| table.name.as_str() == name.as_str();
            (0..file.source.len()).filter(|k| named(&file.source[*k])).collect()
        }
        _ => return None,
    };
    if let [only] = fitting[..] { Some(only) } else { None }
}

/// Whether campaigns that name no source move this one: it brings orders and has a rate that can be multiplied.
pub(super) fn takes_part_in_campaigns(source: &SourceTable) -> bool {
    let steady = source.rate.as_ref().is_some_and(|rate| matches!(rate.value, RateValue::Steady(_)));
    let has_curve = source.orders_per_day.is_some() || !source.rate_steps.is_empty() || steady;
    has_curve && source.kind.value == KindWord::Order
}

/// Sources by table, each with its sends, which follow all tables in the order of the campaigns.
pub(super) fn source_ids(file: &ScenarioFile) -> Vec<Vec<SourceId>> {
    let mut ids: Vec<Vec<SourceId>> = (0..file.source.len()).map(|k| vec![SourceId::at(k)]).collect();
    let sends = file.campaign.iter().filter_map(|campaign| source_of_send(file, campaign));
    for (k, source) in sends.enumerate() {
        ids[source].push(SourceId::at(file.source.len() + k));
    }
    ids
}
