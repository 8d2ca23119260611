//! How holds and exceptions end.

use super::Lowering;
use crate::model::DiversionEnd;
use crate::scenario::diagnostic::Place;
use crate::scenario::file::exception::{EndValue, EndsValue};
use crate::scenario::file::route::CANCEL;
use crate::scenario::lower::names::rounded;
use crate::scenario::names::Name;
use crate::scenario::reader::Spanned;

impl Lowering<'_> {
    /// The ends written as `ends`, or the single one written as `then`; `home` is the station that "split off" and
    /// "re-ship" start from when they name none.
    pub(super) fn ends(
        &mut self,
        then: Option<&Spanned<EndValue>>,
        ends: Option<&Spanned<EndsValue>>,
        home: Option<&Spanned<Name>>,
    ) -> Option<Vec<(f64, DiversionEnd)>> {
        let ends = match (then, ends) {
            (Some(_), Some(ends)) => {
                let message = "`then` and `ends` both say what becomes of the order";
                self.wrong("needless-key", &ends.place, message, "which one holds?", "keep one of them");
                return None;
            }
            (Some(then), None) => return Some(vec![(1.0, self.end(then, home)?)]),
            (None, None) => return Some(vec![(1.0, DiversionEnd::GoesOn)]),
            (None, Some(ends)) => ends,
        };
        let mut found: Vec<Option<(f64, DiversionEnd)>> = Vec::new();
        match &ends.value {
            EndsValue::Shares(shares) => {
                for (word, share) in shares {
                    let name = self.name_from_key(word, &share.place);
                    let end = name.and_then(|name| self.word(&name, home));
                    found.push(end.map(|end| (share.get(), end)));
                }
            }
            EndsValue::Full(list) => {
                for table in list {
                    found.push(self.end(&table.then, home).map(|end| (table.share.get(), end)));
                }
            }
        }
        let mut found: Vec<(f64, DiversionEnd)> = found.into_iter().collect::<Option<_>>()?;
        self.add_up(&mut found, &ends.place)?;
        Some(found)
    }

    fn add_up(&mut self, ends: &mut [(f64, DiversionEnd)], place: &Place) -> Option<()> {
        let sum: f64 = ends.iter().map(|(share, _)| share).sum();
        if (sum - 1.0).abs() > 1e-9 {
            let message = format!("the ends add up to {}%, not 100%", rounded(sum * 100.0));
            self.wrong(
                "shares-not-one",
                place,
                message,
                "not 100%",
                "for example: ends = { release = \"82%\", cancel = \"18%\" }",
            );
            return None;
        }
        for (share, _) in ends.iter_mut() {
            *share /= sum;
        }
        Some(())
    }

    fn end(&mut self, written: &Spanned<EndValue>, home: Option<&Spanned<Name>>) -> Option<DiversionEnd> {
        match &written.value {
            EndValue::Word(name) => self.word(&Spanned { value: name.clone(), place: written.place.clone() }, home),
            EndValue::Split(table) => self.station_of(&table.split_off).map(DiversionEnd::SplitOff),
            EndValue::Reship(table) => self.station_of(&table.re_ship).map(DiversionEnd::Reship),
        }
    }

    fn word(&mut self, name: &Spanned<Name>, home: Option<&Spanned<Name>>) -> Option<DiversionEnd> {
        match name.as_str() {
            "goes on" | "release" => Some(DiversionEnd::GoesOn),
            CANCEL => Some(DiversionEnd::Cancel),
            word @ ("split off" | "re-ship") => {
                let Some(home) = home else {
                    let help = "name the station: then = { split_off = \"pick\" }";
                    self.wrong("missing-key", &name.place, "from which station?", "no station", help);
                    return None;
                };
                let station = self.station_of(home)?;
                Some(if word == "re-ship" { DiversionEnd::Reship(station) } else { DiversionEnd::SplitOff(station) })
            }
            _ => self.station_of(name).map(DiversionEnd::Enters),
        }
    }
}
