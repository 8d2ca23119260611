//! What is wrong with a scenario: where, what, and what would be right.

use std::fmt;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, SourceCode, SpanContents};
use serde_json::{Value as Json, json};

/// A text that diagnostics point into: a file, or one `--set` of the command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// What the user calls it: the file as it was named, or `--set #1`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A range of bytes in a source.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    source: Arc<Source>,
    start: usize,
    end: usize,
}

impl Place {
    /// Bytes `start..end` of `source`, drawn in to whole characters inside the text.
    #[must_use]
    pub fn new(source: &Arc<Source>, start: usize, end: usize) -> Place {
        let within = |at: usize| {
            let mut at = at.min(source.text.len());
            while !source.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = within(start);
        Place { source: Arc::clone(source), start, end: within(end).max(start) }
    }

    /// The text this place is in.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The text at this place.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source.text[self.start..self.end]
    }

    /// Line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.source.text[..self.start].matches('\n').count() + 1
    }

    /// Column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        let line_start = self.source.text[..self.start].rfind('\n').map_or(0, |newline| newline + 1);
        self.source.text[line_start..self.start].chars().count() + 1
    }

    /// Length in characters.
    #[must_use]
    pub fn length(&self) -> usize {
        self.text().chars().count()
    }

    /// First byte of the place in its text.
    #[must_use]
    pub fn start(&self) -> usize {
        self.start
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source.name, self.line(), self.column())
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}+{}", self.length())
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be simulated.
    Error,
    /// It can, but the user probably means something else.
    Warning,
}

impl Severity {
    /// The word in machine output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One thing to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// Stable name of the kind of finding, such as `unknown-key`: scripts may match on it.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The few words under the underlined text.
    pub label: String,
    /// What would be right: a did-you-mean, a valid example.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at `place`.
    #[must_use]
    pub fn error(code: &'static str, place: &Place, message: impl Into<String>) -> Diagnostic {
        let (place, message) = (place.clone(), message.into());
        Diagnostic { place, severity: Severity::Error, code, message, label: String::new(), help: None }
    }

    /// A warning at `place`.
    #[must_use]
    pub fn warning(code: &'static str, place: &Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, place, message) }
    }

    /// The same with words under the underlined text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// The same with what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Machine form: `file, line, column, length, severity, code, message, help`; lengths and columns in characters.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "file": self.place.source.name,
            "line": self.place.line(),
            "column": self.place.column(),
            "length": self.place.length(),
            "severity": self.severity.word(),
            "code": self.code,
            "message": self.message,
            "help": self.help,
        })
    }

    /// Text form: severity and code, `file:line:column`, the line with the place underlined, and the help.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        // Both themes draw with the same characters, so that colour adds nothing but colour.
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(120)
            .with_wrap_lines(false)
            .with_context_lines(1)
            .without_syntax_highlighting();
        let mut text = String::new();
        match handler.render_report(&mut text, &Underlined(self)) {
            Ok(()) => text,
            // Writing to a String cannot fail, and places lie inside their text: the plain line loses nothing but looks.
            Err(fmt::Error) => format!("{self}\n"),
        }
    }

    fn order(&self) -> (&str, usize, usize, Severity, &'static str) {
        (&self.place.source.name, self.place.start, self.place.end, self.severity, self.code)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]: {}", self.place, self.severity.word(), self.code, self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({})", help.replace('\n', "; ")))
    }
}

/// Findings in the order of file and place; as an error type it is never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// The findings, sorted; `None` when there are none.
    #[must_use]
    pub fn collect(mut found: Vec<Diagnostic>) -> Option<Diagnostics> {
        found.sort_by(|a, b| a.order().cmp(&b.order()));
        found.dedup();
        if found.is_empty() { None } else { Some(Diagnostics(found)) }
    }

    /// All of them, by file and place.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// How many are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// All of them as text for a person, with a closing line that counts them.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        self.render_with(0, colour)
    }

    /// The same, where the closing line also counts `others`, errors that were told before.
    #[must_use]
    pub fn render_with(&self, others: usize, colour: bool) -> String {
        let text: String = self.0.iter().map(|found| found.render(colour) + "\n").collect();
        text + &counted(self.errors() + others, self.0.len() - self.errors()) + "\n"
    }

    /// All of them for a machine, in the same order.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::Array(self.0.iter().map(Diagnostic::to_json).collect())
    }
}

/// "2 errors, 1 warning".
#[must_use]
pub fn counted(errors: usize, warnings: usize) -> String {
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let counts = [(errors, "error"), (warnings, "warning")].into_iter().filter(|(n, _)| *n > 0);
    counts.map(|(n, noun)| count(n, noun)).collect::<Vec<_>>().join(", ")
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Diagnostics {
        Diagnostics(vec![one])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, found) in self.0.iter().enumerate() {
            write!(f, "{}{found}", if i == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// A diagnostic as the drawing library wants to see it.
struct Underlined<'a>(&'a Diagnostic);

impl fmt::Debug for Underlined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl fmt::Display for Underlined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Underlined<'_> {}

impl miette::Diagnostic for Underlined<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.0.severity.word(), self.0.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.0.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.0.place.source.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = if self.0.label.is_empty() { "here" } else { &self.0.label };
        let place = &self.0.place;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(label.to_owned()), place.start, place.end - place.start))))
    }
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, context_lines_before, context_lines_after)?;
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line(),
            inner.column(),
            inner.line_count(),
        )))
    }
}
