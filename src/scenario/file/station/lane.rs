//! Which orders a lane serves.

use crate::scenario::file::route::LinesRange;

crate::file_words! {
    /// Orders by their lines.
    pub enum OrdersWord = "kind of orders" {
        /// Orders of one line.
        SingleLine = "single line",
        /// Orders of two lines and more.
        MultiLine = "multi line",
        /// Whatever the other lanes leave.
        EverythingElse = "everything else",
    }
}

crate::file_table! {
    /// Orders with so many lines.
    pub struct LinesTable = "range of lines" {
        /// How many.
        required lines: LinesRange, example "\"2-5\"";
    }
}

crate::file_choice! {
    /// The orders of a lane.
    pub enum LaneOrders {
        /// By a word.
        text Word(OrdersWord),
        /// By the number of lines.
        table Lines(LinesTable),
    }
}
