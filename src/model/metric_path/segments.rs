//! A metric path cut at its points: names in quotes and arguments in brackets stay whole.

use crate::model::MetricError;

/// A word, a name or a call: what stands between two points of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The word or name, without quotes.
    pub(super) text: String,
    /// What stands in brackets after it, cut at commas; `None` without brackets.
    pub(super) arguments: Option<Vec<String>>,
    /// First byte of the segment in the path.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
}

/// The segments of `path`.
pub(super) fn cut(path: &str) -> Result<Vec<Segment>, MetricError> {
    let mut rest = Rest { path, at: 0 };
    let mut segments = Vec::new();
    loop {
        segments.push(rest.segment()?);
        match rest.next() {
            None => return Ok(segments),
            Some('.') => {}
            Some(found) => {
                return Err(rest.wrong(
                    &format!("`{found}` cannot stand here"),
                    "points separate the words of a path, and names with blanks or signs stand in quotes: \
                     station.\"order sync\".wait.mean",
                ));
            }
        }
    }
}

struct Rest<'p> {
    path: &'p str,
    at: usize,
}

impl Rest<'_> {
    fn peek(&self) -> Option<char> {
        self.path[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.at += found.len_utf8();
        Some(found)
    }

    fn wrong(&self, what: &str, help: &str) -> MetricError {
        let before: String = self.path.chars().take(200).collect();
        MetricError { message: format!("{what} in the metric path `{before}`"), help: help.to_owned() }
    }

    fn segment(&mut self) -> Result<Segment, MetricError> {
        let start = self.at;
        let text = match self.peek() {
            Some('"' | '\'') => self.quoted()?,
            _ => self.bare(),
        };
        if text.is_empty() {
            return Err(self.wrong("a word is missing", "for example: orders.time_to_dispatch.p95"));
        }
        let arguments = if self.peek() == Some('(') { Some(self.arguments()?) } else { None };
        Ok(Segment { text, arguments, start, end: self.at })
    }

    fn bare(&mut self) -> String {
        let rest = &self.path[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn quoted(&mut self) -> Result<String, MetricError> {
        let quote = self.next().expect("the caller has seen the quote");
        let rest = &self.path[self.at..];
        let Some(end) = rest.find(quote) else {
            return Err(
                self.wrong(&format!("a closing {quote} is missing"), "for example: sla.\"next day\".attainment")
            );
        };
        self.at += end + quote.len_utf8();
        Ok(rest[..end].to_owned())
    }

    fn arguments(&mut self) -> Result<Vec<String>, MetricError> {
        self.next();
        let mut arguments = Vec::new();
        loop {
            while self.peek() == Some(' ') {
                self.next();
            }
            let argument = if let Some('"' | '\'') = self.peek() {
                self.quoted()?
            } else {
                let rest = &self.path[self.at..];
                let end = rest.find([',', ')']).unwrap_or(rest.len());
                self.at += end;
                rest[..end].trim().to_owned()
            };
            arguments.push(argument);
            while self.peek() == Some(' ') {
                self.next();
            }
            match self.next() {
                Some(',') => {}
                Some(')') => return Ok(arguments),
                _ => return Err(self.wrong("a closing ) is missing", "for example: station.pick.wait.quantile(0.95)")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_brackets_keep_points_and_commas_together() {
        let texts = |path: &str| -> Vec<(String, Option<Vec<String>>)> {
            cut(path).unwrap().into_iter().map(|segment| (segment.text, segment.arguments)).collect()
        };
        let word = |text: &str| (text.to_owned(), None);
        assert_eq!(texts("a.'b. c'.\"d\""), [word("a"), word("b. c"), word("d")]);
        let call = ("q".to_owned(), Some(vec!["0.95".to_owned(), "x, y".to_owned()]));
        assert_eq!(texts("a.q( 0.95 , 'x, y' ).b"), [word("a"), call, word("b")]);
    }

    #[test]
    fn broken_paths_say_what_is_missing() {
        for (path, message) in [
            ("", "a word is missing"),
            ("a..b", "a word is missing"),
            ("a.", "a word is missing"),
            ("a.\"b", "a closing \" is missing"),
            ("a.q(3", "a closing ) is missing"),
            ("a b", "` ` cannot stand here"),
            ("a.\"b\"c", "`c` cannot stand here"),
        ] {
            let error = cut(path).unwrap_err();
            assert!(error.message.starts_with(message), "{path}: {error}");
        }
    }
}
