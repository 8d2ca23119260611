//! Planned changes: `pool.floor.extra_heads`, `station.pick.equipment`, `exceptions.factor`, ...

use super::Lowering;
use crate::model::{
    Change, ChangedValue, PoolId, Release, ReleaseTimes, SourceId, Staff, Station, StationId, metric_path,
};
use crate::quantity::Probability;
use crate::scenario::diagnostic::Place;
use crate::scenario::file::change::{ChangeTable, NewValue};
use crate::scenario::reader::Spanned;
use crate::scenario::suggest::did_you_mean;
use crate::scenario::units::FromText;
use crate::scenario::units::rate::RateOf;
use crate::time::SimDuration;

/// What can be changed, each with a valid value.
const PATHS: [(&str, &str, &str); 12] = [
    ("pool", "extra_heads", "4"),
    ("station", "extra_heads", "1"),
    ("station", "equipment", "8"),
    ("station", "speed", "1.2"),
    ("station", "out_of_order", "true"),
    ("station", "rate_limit", "\"20/s\""),
    ("station", "release.at_most", "500"),
    ("station", "release.every", "\"30m\""),
    ("station", "retry.chance", "\"5%\""),
    ("desk", "extra_heads", "1"),
    ("source", "uplift", "1.5"),
    ("exceptions", "factor", "2"),
];

/// What a change is about.
enum Target {
    Pool(PoolId),
    Stations(Vec<StationId>),
    Sources(Vec<SourceId>),
    Exceptions,
}

impl Lowering<'_> {
    /// The planned changes in order of time; `stations` are those of the file, `None` where one failed.
    pub(super) fn changes(&mut self, stations: &[Option<Station>]) -> Option<Vec<Change>> {
        let file = self.file;
        let all: Vec<Option<Vec<Change>>> = file.change.iter().map(|table| self.change(table, stations)).collect();
        let mut all = all.into_iter().collect::<Option<Vec<_>>>()?.concat();
        all.sort_by_key(|change| change.at);
        Some(all)
    }

    fn change(&mut self, table: &ChangeTable, stations: &[Option<Station>]) -> Option<Vec<Change>> {
        let at = self.time.moment(&table.at, self.sink);
        let (target, what) = self.target(&table.what)?;
        let values = self.values(&target, what, &table.to, &table.what.place, stations)?;
        let at = at?;
        Some(values.into_iter().map(|to| Change { at, to }).collect())
    }

    /// The item and the quantity that `what` names.
    fn target(&mut self, what: &Spanned<String>) -> Option<(Target, &'static str)> {
        let words = match metric_path::words(what) {
            Ok(words) => words,
            Err(error) => {
                self.wrong("bad-path", &what.place, error.message, "not a path", &error.help);
                return None;
            }
        };
        let kinds = ["pool", "station", "desk", "source", "exceptions"];
        let kind = words.first().map_or("", String::as_str);
        if !kinds.contains(&kind) {
            let help = did_you_mean(kind, "paths begin with", &kinds).unwrap_or_default();
            let message = format!("a change cannot be about `{kind}`");
            self.wrong(
                "bad-path",
                &what.place,
                message,
                "not a path",
                &format!("{help}\nfor example: pool.floor.extra_heads"),
            );
            return None;
        }
        let (name, rest) = match (kind, &words[1..]) {
            ("exceptions", rest) => (None, rest.join(".")),
            (_, [name, rest @ ..]) => (Some(name), rest.join(".")),
            (_, []) => (None, String::new()),
        };
        let known: Vec<&str> = PATHS.iter().filter(|(of, _, _)| *of == kind).map(|(_, key, _)| *key).collect();
        let Some(key) = known.iter().find(|key| **key == rest) else {
            let help = did_you_mean(&rest, &format!("what of {kind} can change"), &known).unwrap_or_default();
            let message = format!("`{rest}` of {kind} cannot change during the run");
            self.wrong("bad-path", &what.place, message, "not a path", &help);
            return None;
        };
        let name = match name {
            Some(name) => Some(self.name_from_key(name, &what.place)?),
            None => None,
        };
        let target = match (kind, name) {
            ("pool", Some(name)) => Target::Pool(self.pool_of(&name)?),
            ("source", Some(name)) => {
                let index = self.names.sources.find(&name, self.sink)?;
                Target::Sources(self.names.source_ids[index].clone())
            }
            ("station" | "desk", Some(name)) => {
                let index = self.names.stations.find(&name, self.sink)?;
                match (*key, self.own_pools[index]) {
                    ("extra_heads", Some(own)) => Target::Pool(own),
                    _ => Target::Stations(self.names.station_ids[index].clone()),
                }
            }
            _ => Target::Exceptions,
        };
        Some((target, key))
    }

    fn values(
        &mut self,
        target: &Target,
        what: &str,
        to: &Spanned<NewValue>,
        place: &Place,
        stations: &[Option<Station>],
    ) -> Option<Vec<ChangedValue>> {
        match target {
            Target::Pool(pool) => Some(vec![ChangedValue::ExtraHeads(*pool, self.heads(to)?)]),
            Target::Exceptions => Some(vec![ChangedValue::ExceptionFactor(self.factor(to, what, true)?)]),
            Target::Sources(sources) => {
                let factor = self.factor(to, what, true)?;
                Some(sources.iter().map(|source| ChangedValue::Uplift(*source, factor)).collect())
            }
            Target::Stations(ids) => {
                let mut values = Vec::new();
                for id in ids {
                    self.can_change(stations[id.index()].as_ref()?, what, place)?;
                    values.push(self.station_value(*id, what, to)?);
                }
                Some(values)
            }
        }
    }

    /// Reports a change of something that `station` does not have.
    fn can_change(&mut self, station: &Station, what: &str, place: &Place) -> Option<()> {
        let lacks = match what {
            "extra_heads" => match station.staff {
                Staff::Pool(_) => "people of its own: change the heads of its pool",
                Staff::Unlimited => "a number of servers: it starts everything at once",
            },
            "rate_limit" if station.rate_limit.is_none() => "a rate limit",
            "retry.chance" if station.retry.is_none() => "a retry policy",
            "release.at_most" if !matches!(station.release, Release::Timed { .. }) => "a release at certain times",
            "release.every" if !matches!(station.release, Release::Timed { times: ReleaseTimes::Every { .. }, .. }) => {
                "a release at equal distances, day and night"
            }
            _ => return Some(()),
        };
        let message = format!("`{what}` cannot change: \"{}\" does not have {lacks}", station.name);
        let help = "give the station what is to change, or remove this change";
        self.wrong("bad-path", place, message, "nothing to change", help);
        None
    }

    fn station_value(&mut self, id: StationId, what: &str, to: &Spanned<NewValue>) -> Option<ChangedValue> {
        match what {
            "equipment" => Some(ChangedValue::Equipment(id, self.count(to, what)?)),
            "speed" => Some(ChangedValue::Speed(id, self.factor(to, what, false)?)),
            "rate_limit" => {
                let rate: RateOf = self.quantity(to, what)?;
                Some(ChangedValue::RateLimit(id, rate.rate.per_second()))
            }
            "release.every" => {
                let every: SimDuration = self.quantity(to, what)?;
                if every == SimDuration::ZERO {
                    return self.bad_value(to, what);
                }
                Some(ChangedValue::ReleaseEvery(id, every))
            }
            "retry.chance" => {
                let chance: Probability = self.quantity(to, what)?;
                Some(ChangedValue::FailureChance(id, chance.get()))
            }
            "release.at_most" => match &to.value {
                NewValue::Text(text) if text == "all" => Some(ChangedValue::ReleaseAtMost(id, None)),
                _ => Some(ChangedValue::ReleaseAtMost(id, Some(self.count(to, what)?))),
            },
            _ => match to.value {
                NewValue::Flag(flag) => Some(ChangedValue::Outage(id, flag)),
                _ => self.bad_value(to, what),
            },
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a whole number that fits has been made sure of")]
    fn heads(&mut self, to: &Spanned<NewValue>) -> Option<i32> {
        match to.value {
            NewValue::Number(heads) if heads.abs() <= 1e6 && heads.fract() == 0.0 => Some(heads as i32),
            _ => self.bad_value(to, "extra_heads"),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 that fits has been made sure of"
    )]
    fn count(&mut self, to: &Spanned<NewValue>, what: &str) -> Option<u32> {
        match to.value {
            NewValue::Number(count) if (1.0..=1e9).contains(&count) && count.fract() == 0.0 => Some(count as u32),
            _ => self.bad_value(to, what),
        }
    }

    fn factor(&mut self, to: &Spanned<NewValue>, what: &str, may_be_zero: bool) -> Option<f64> {
        match to.value {
            NewValue::Number(factor) if factor > 0.0 || (may_be_zero && factor >= 0.0) => Some(factor),
            _ => self.bad_value(to, what),
        }
    }

    fn quantity<T: FromText>(&mut self, to: &Spanned<NewValue>, what: &str) -> Option<T> {
        let NewValue::Text(text) = &to.value else { return self.bad_value(to, what) };
        match T::parse(text) {
            Ok(quantity) => Some(quantity),
            Err(reason) => {
                let message = format!("\"{text}\" is not {}: {reason}", T::NOUN);
                self.wrong("bad-quantity", &to.place, message, "not possible here", &example(what));
                None
            }
        }
    }

    fn bad_value<T>(&mut self, to: &Spanned<NewValue>, what: &str) -> Option<T> {
        let message = format!("this cannot be the new value of `{what}`");
        self.wrong("bad-value", &to.place, message, "not possible here", &example(what));
        None
    }
}

fn example(what: &str) -> String {
    let known = PATHS.iter().find(|(_, key, _)| *key == what);
    known.map_or_else(String::new, |(_, _, value)| format!("for example: to = {value}"))
}
