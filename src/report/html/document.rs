//! The page as data: sections of paragraphs, tables and figures. The template writes it and escapes every text.

use crate::experiment::results::Verdict;
use crate::report::charts::Drawing;
use crate::report::figures;
use crate::statistics::estimate::Estimate;
use askama::Template;

/// The whole page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Document<'a> {
    pub(super) title: &'a str,
    pub(super) front: Front,
    pub(super) sections: Vec<Section>,
    pub(super) dark_theme: String,
    pub(super) version: &'static str,
}

/// Page one.
pub(super) struct Front {
    pub(super) question: Option<String>,
    pub(super) badge: Badge,
    /// The answer, then what belongs to it.
    pub(super) sentences: Vec<String>,
    /// What must be known before believing any of it.
    pub(super) caution: Vec<String>,
    pub(super) tables: Vec<Table>,
    /// How to read the tables, and what is not in them.
    pub(super) notes: Vec<String>,
    pub(super) figures: Vec<Figure>,
    /// What belongs to the figures.
    pub(super) told: Vec<String>,
    /// What is to be decided by when; empty unless asked for.
    pub(super) decisions: Vec<String>,
}

/// The verdict at a glance: a sign and a word, so that colour adds nothing.
pub(super) struct Badge {
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
}

/// A section with its anchor.
pub(super) struct Section {
    pub(super) id: &'static str,
    /// Short, for the list of contents.
    pub(super) heading: &'static str,
    pub(super) parts: Vec<Part>,
}

/// What a section is made of.
pub(super) enum Part {
    /// What was found, in one sentence.
    Finding(String),
    Paragraph(String),
    List(Vec<String>),
    Table(Table),
    /// A table that is opened when wanted.
    Details(Table),
    Figure(Box<Figure>),
    Command(String),
}

/// A table; the first cell of a row names it.
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The head of a column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) numeric: bool,
}

/// A cell: its text says everything, its tone repeats it.
pub(super) struct Cell {
    pub(super) text: String,
    /// What belongs to it, in brackets: the interval of a number.
    pub(super) aside: Option<String>,
    pub(super) tone: Tone,
}

/// A chart with its title, its description for those who cannot see it, and its data.
pub(super) struct Figure {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) drawing: Drawing,
    /// How to read it.
    pub(super) note: String,
    /// `None` where the next figure's table holds the numbers of both, or the table stands in the open.
    pub(super) data: Option<Table>,
}

/// How a text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Good,
    Bad,
    Open,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Open => "open",
        }
    }

    pub(super) fn of(verdict: Verdict) -> Tone {
        match verdict {
            Verdict::Kept => Tone::Good,
            Verdict::Breached => Tone::Bad,
            Verdict::Inconclusive => Tone::Open,
        }
    }
}

impl Table {
    /// A table whose first `words` columns are words, the others numbers; the first one names its row, whatever it is.
    pub(super) fn new(caption: impl Into<String>, words: usize, names: &[&str]) -> Table {
        let column = |(k, name): (usize, &&str)| Column { name: (*name).to_owned(), numeric: k >= words.max(1) };
        Table { caption: caption.into(), columns: names.iter().enumerate().map(column).collect(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let row: Vec<Cell> = cells.into_iter().collect();
        debug_assert_eq!(row.len(), self.columns.len(), "{}", self.caption);
        self.rows.push(row);
    }

    /// Leaves out the columns in which `empty` stands in every row.
    pub(super) fn without_empty(mut self, empty: &str) -> Table {
        let kept: Vec<bool> =
            (0..self.columns.len()).map(|k| k == 0 || self.rows.iter().any(|row| row[k].text != empty)).collect();
        let mut at = kept.iter();
        self.columns.retain(|_| at.next().copied().unwrap_or(true));
        for row in &mut self.rows {
            let mut at = kept.iter();
            row.retain(|_| at.next().copied().unwrap_or(true));
        }
        self
    }
}

impl Cell {
    pub(super) fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell { text: text.into(), aside: None, tone }
    }

    /// A number with its interval; one that reads like the number itself is left out.
    pub(super) fn estimate(estimate: &Estimate, write: fn(f64) -> String) -> Cell {
        let text = figures::value(estimate, write);
        let ends = estimate.low.zip(estimate.high).map(|(low, high)| (write(low), write(high)));
        let unlike = ends.filter(|(low, high)| *low != text || *high != text);
        let aside = unlike.map(|(low, high)| format!("({low} to {high})"));
        Cell { text, aside, tone: Tone::Plain }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::toned(text, Tone::Plain)
    }
}
