//! Pools of people, and what they take up first.

use super::shifts::Presence;
use super::{Lowering, whole};
use crate::model::{Pool, PoolId, Roster, StationId, StepDown};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::pool::PoolTable;
use crate::scenario::file::station::StepDownWord;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::suggest::did_you_mean;
use crate::scenario::units::money::{Money, PaidPer};

impl Lowering<'_> {
    /// Lowers the `[[pool]]` tables.
    pub(super) fn shared_pools(&mut self) {
        for (k, table) in self.file.pool.iter().enumerate() {
            let pool = self.pool(k, table);
            self.pools.push(pool);
        }
        self.one_currency();
    }

    fn pool(&mut self, k: usize, table: &PoolTable) -> Option<Pool> {
        let roster = self.roster(table);
        let order_of_work = self.order_of_work(k, table);
        let cost = self.optional(table.cost.as_ref(), Lowering::pay_per_hour);
        Some(Pool {
            name: table.name.as_str().to_owned(),
            shared: true,
            roster: roster?,
            step_down: step_down(table.step_down.value),
            order_of_work: order_of_work?,
            cost_per_hour: cost?,
        })
    }

    fn roster(&mut self, table: &PoolTable) -> Option<Roster> {
        match (&table.heads, &table.shifts[..]) {
            (Some(heads), []) => {
                if table.absent.get() > 0.0 {
                    let message = "absence is drawn for each shift, but these people are always there";
                    self.wrong(
                        "needless-key",
                        &table.absent.place,
                        message,
                        "no shifts",
                        "write `shifts`, not `heads`",
                    );
                    return None;
                }
                Some(Roster::constant(whole(heads.value)))
            }
            (None, []) => {
                let help =
                    "add, for example: shifts = [{ days = \"mon-fri\", from = \"08:00\", to = \"16:30\", heads = 12 }]";
                self.wrong("missing-key", &table.place, "the pool has nobody", "`shifts` is missing", help);
                None
            }
            (Some(heads), _) => {
                let message = "`heads` and `shifts` both say who is there";
                self.wrong("needless-key", &heads.place, message, "which one holds?", "keep one of them");
                None
            }
            (None, shifts) => {
                let mut spans = Vec::new();
                for (index, shift) in shifts.iter().enumerate() {
                    spans.push(self.spans(&Presence {
                        days: shift.days.as_ref(),
                        from: &shift.from,
                        to: &shift.to,
                        breaks: &shift.breaks,
                        place: &shift.place,
                        index,
                        heads: whole(shift.heads.value),
                        absent: shift.absent.as_deref().copied().unwrap_or(table.absent.value).get(),
                        pay: shift.overtime.as_ref().map_or(1.0, |factor| factor.get().get()),
                        speed: shift.speed.as_ref().map_or(1.0, |factor| factor.get().get()),
                    }));
                }
                let mut spans = spans.into_iter().collect::<Option<Vec<_>>>()?.concat();
                spans.sort_by_key(|span| (span.from, span.shift_day));
                Some(Roster::Shifts { spans, stream: table.name.as_str().to_owned() })
            }
        }
    }

    /// The stations of pool `k`, first taken up first.
    fn order_of_work(&mut self, k: usize, table: &PoolTable) -> Option<Vec<StationId>> {
        let users = self.users(k);
        let ids = |place: usize| self.names.station_ids[place].iter().copied();
        if table.order_of_work.is_empty() {
            return Some(users.iter().flat_map(|(place, _)| ids(*place)).collect());
        }
        let mut order = Vec::new();
        let mut errors: Vec<Diagnostic> = Vec::new();
        let mut lookups = Sink::new();
        for name in &table.order_of_work {
            let Some(place) = self.names.stations.find(name, &mut lookups) else { continue };
            let wrong =
                |message: String, label: &str| Diagnostic::error("order-of-work", &name.place, message).label(label);
            if users.iter().all(|(user, _)| *user != place) {
                let message =
                    format!("\"{}\" does not take its people from \"{}\"", name.as_str(), table.name.as_str());
                let known: Vec<&str> = users.iter().map(|(_, name)| *name).collect();
                let help = did_you_mean("", "stations that do", &known)
                    .unwrap_or_else(|| format!("write under that [[station]]: pool = \"{}\"", table.name.as_str()));
                errors.push(wrong(message, "not a station of this pool").help(help));
            } else if ids(place).any(|id| order.contains(&id)) {
                let message = format!("\"{}\" stands twice in the order of work", name.as_str());
                errors.push(wrong(message, "twice").help("keep the first: what stands first is taken up first"));
            } else {
                order.extend(ids(place));
            }
        }
        let missing: Vec<&str> = users
            .iter()
            .filter(|(place, _)| ids(*place).all(|id| !order.contains(&id)))
            .map(|(_, name)| *name)
            .collect();
        let found = lookups.finish().err();
        if let (Some(first), true, true) = (table.order_of_work.first(), found.is_none(), errors.is_empty())
            && !missing.is_empty()
        {
            let message = format!("the order of work leaves out \"{}\"", missing.join("\", \""));
            let found = Diagnostic::error("order-of-work", &first.place, message).label("incomplete");
            errors.push(found.help("list every station of the pool, or leave `order_of_work` out"));
        }
        let failed = found.is_some() || !errors.is_empty();
        found.iter().flat_map(|found| found.iter()).cloned().chain(errors).for_each(|error| self.sink.push(error));
        (!failed).then_some(order)
    }

    /// The places that take their people from pool `k`, with their names.
    fn users(&self, k: usize) -> Vec<(usize, &str)> {
        let file = self.file;
        let first_desk = file.station.len() + file.collection.len();
        let stations = file.station.iter().enumerate().map(|(place, table)| (place, &table.pool, &table.name));
        let desks = file.desk.iter().enumerate().map(|(d, table)| (first_desk + d, &table.pool, &table.name));
        stations
            .chain(desks)
            .filter(|(_, pool, _)| pool.as_ref().is_some_and(|pool| self.names.pools.index(pool.as_str()) == Some(k)))
            .map(|(place, _, name)| (place, name.as_str()))
            .collect()
    }

    /// Adds the own servers of the place at `index` and says which pool they are.
    pub(super) fn own_pool(&mut self, index: usize, name: &str, roster: Roster, step_down: StepDown) -> PoolId {
        let id = PoolId::at(self.pools.len());
        let order_of_work = self.names.station_ids[index].clone();
        let name = name.to_owned();
        self.pools.push(Some(Pool { name, shared: false, roster, step_down, order_of_work, cost_per_hour: None }));
        self.own_pools[index] = Some(id);
        id
    }

    /// Pay per hour.
    pub(super) fn pay_per_hour(&mut self, cost: &Spanned<Money>) -> Option<f64> {
        if cost.per == Some(PaidPer::Hour) {
            return Some(cost.amount);
        }
        let help = "write, for example: cost = \"14.50 GBP/h\"";
        self.wrong("wrong-unit", &cost.place, "people are paid by the hour", "not per hour", help);
        None
    }

    fn one_currency(&mut self) {
        let pools = self.file.pool.iter().filter_map(|table| table.cost.as_ref());
        let costs: Vec<&Spanned<Money>> = pools.chain(self.file.desk.iter().filter_map(|t| t.cost.as_ref())).collect();
        if let Some(other) = costs.iter().find(|cost| cost.currency != costs[0].currency) {
            let message = format!("{} stands beside {}: amounts are added up", other.currency, costs[0].currency);
            let help = format!("write all amounts in {}", costs[0].currency);
            self.wrong("mixed-currencies", &other.place, message, "another currency", &help);
        }
    }
}

/// The policy as the model knows it.
pub(super) fn step_down(word: StepDownWord) -> StepDown {
    match word {
        StepDownWord::Return => StepDown::Return,
        StepDownWord::Finish => StepDown::Finish,
        StepDownWord::CrewChange => StepDown::CrewChange,
    }
}
