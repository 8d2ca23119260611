//! Who works at a station: a pool, its own servers, or nobody.

use super::pools::step_down;
use super::{Lowering, whole};
use crate::model::{EquipmentKind, PoolId, Roster, Staff, StaffStep, StepDown};
use crate::scenario::file::moment::MomentValue;
use crate::scenario::file::station::{EquipmentValue, ServersValue, StaffingStep, StationTable};
use crate::scenario::names::Name;
use crate::scenario::reader::Spanned;
use crate::time::{SimDuration, SimTime};

/// The most steps of staffing in a run.
const MOST_STEPS: u64 = 1_000_000;

impl Lowering<'_> {
    /// Who works at the station at `place` of the file.
    pub(super) fn staff(&mut self, place: usize, table: &StationTable) -> Option<Staff> {
        let given = [
            table.servers.as_ref().map(|key| &key.place),
            table.staffing.first().map(|step| &step.place),
            table.pool.as_ref().map(|key| &key.place),
        ];
        let mut given = given.into_iter().flatten();
        if given.next().is_none() {
            let help = "add, for example: pool = \"floor\", or: servers = 4, or: servers = \"unlimited\"";
            let message = format!("nobody works at \"{}\"", table.name.as_str());
            self.wrong("missing-key", &table.place, message, "`pool` or `servers` is missing", help);
            return None;
        }
        if let Some(second) = given.next() {
            let message = "only one of `servers`, `staffing` and `pool` can say who works here";
            self.wrong("needless-key", second, message, "which one holds?", "keep one of them");
            return None;
        }
        if let (Some(repeats), true) = (&table.staffing_repeats, table.staffing.is_empty()) {
            let help = "add, for example: staffing = [{ at = \"0h\", servers = 4 }, { at = \"8h\", servers = 0 }]";
            self.wrong("missing-key", &repeats.place, "there is no `staffing` to repeat", "what repeats?", help);
            return None;
        }
        if let Some(pool) = &table.pool {
            if let Some(policy) = &table.step_down {
                let message = "the people of a pool have the pool's step-down policy";
                self.wrong("needless-key", &policy.place, message, "not here", "write it under the [[pool]]");
            }
            return self.pool_of(pool).map(Staff::Pool);
        }
        let policy = table.step_down.as_ref().map_or(StepDown::Finish, |word| step_down(word.value));
        let roster = match &table.servers {
            Some(servers) => match servers.value {
                ServersValue::Unlimited(_) => return Some(Staff::Unlimited),
                ServersValue::Fixed(count) => Roster::constant(whole(count)),
            },
            None => Roster::Steps(self.steps(table)?),
        };
        Some(Staff::Pool(self.own_pool(place, table.name.as_str(), roster, policy)))
    }

    /// The shared pool called `name`.
    pub(super) fn pool_of(&mut self, name: &Spanned<Name>) -> Option<PoolId> {
        self.names.pools.find(name, self.sink).map(PoolId::at)
    }

    fn steps(&mut self, table: &StationTable) -> Option<Vec<StaffStep>> {
        let period = table.staffing_repeats.as_ref().map(|period| (period.get(), &period.place));
        let mut steps = Vec::new();
        for step in &table.staffing {
            let from = self.step_from(step, period.is_some());
            steps.push(from.map(|from| StaffStep { from, heads: whole(step.servers.value) }));
        }
        let steps: Vec<StaffStep> = steps.into_iter().collect::<Option<_>>()?;
        for (pair, written) in steps.windows(2).zip(&table.staffing[1..]) {
            if pair[1].from <= pair[0].from {
                let message = "this step does not come after the one before it";
                self.wrong("out-of-order", &written.at.place, message, "too early", "list the steps in order of time");
                return None;
            }
        }
        if steps.iter().all(|step| step.heads == 0) {
            let message = format!("nobody ever works at \"{}\"", table.name.as_str());
            let help = "give at least one step some servers: staffing = [{ at = \"0h\", servers = 4 }, { at = \"8h\", servers = 0 }]";
            self.wrong("out-of-range", &table.staffing[0].servers.place, message, "zero servers throughout", help);
            return None;
        }
        let Some((period, place)) = period else { return Some(steps) };
        let end = self.time.horizon.end.min(SimTime::MAX);
        let last = steps.last().map_or(SimTime::ZERO, |step| step.from);
        if last.0 >= period.0 || end.0 / period.0 * steps.len() as u64 > MOST_STEPS {
            let message = "the steps do not fit into the time after which they repeat";
            let help = "all steps lie before `staffing_repeats`, which gives at most 1,000,000 steps in a run";
            self.wrong("out-of-range", place, message, "too short", help);
            return None;
        }
        Some(repeated(&steps, period, end))
    }

    /// A step's instant: with a period it is the time since the period began.
    fn step_from(&mut self, step: &StaffingStep, repeats: bool) -> Option<SimTime> {
        match step.at.value {
            MomentValue::After(span) if repeats => Some(SimTime::ZERO + span),
            _ => self.time.moment(&step.at, self.sink),
        }
    }
}

fn repeated(steps: &[StaffStep], period: SimDuration, end: SimTime) -> Vec<StaffStep> {
    let mut all = Vec::new();
    let mut begins = SimDuration::ZERO;
    while begins.0 < end.0 {
        all.extend(steps.iter().map(|step| StaffStep { from: step.from + begins, heads: step.heads }));
        begins += period;
    }
    all
}

/// Every kind of equipment by name; a bare number counts "equipment".
pub(super) fn equipment(written: Option<&EquipmentValue>) -> Vec<EquipmentKind> {
    let kind = |name: &str, count| EquipmentKind { name: name.to_owned(), count: whole(count) };
    match written {
        None => Vec::new(),
        Some(EquipmentValue::Kind(count)) => vec![kind("equipment", *count)],
        Some(EquipmentValue::Kinds(kinds)) => kinds.iter().map(|(name, count)| kind(name, count.value)).collect(),
    }
}
