//! What holds an order up.

/// Why a stretch of an order's life passed. The order of the list is the precedence when several hold at once: the
/// first that holds names the interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cause {
    /// It was being worked on.
    Service,
    /// The station was out of order.
    Outage,
    /// Nobody was on shift.
    OffShift,
    /// The rate limit let nobody through.
    RateLimit,
    /// A batch or cart was being filled.
    BatchForming,
    /// Everybody on shift was busy.
    NoPerson,
    /// A person was free, but no bench, cart or thread.
    NoEquipment,
    /// It waited for the next poll or wave.
    AwaitRelease,
    /// It waited for the carrier's collection.
    AwaitCollection,
    /// It was ready when a poll, wave or collection took others and left it behind.
    LeftBehind,
    /// It waited between two attempts.
    Backoff,
    /// It waited for its other lines.
    Siblings,
    /// Its work was interrupted.
    Interrupted,
    /// It was promised so that it was late on arrival.
    Promise,
    /// It was done, but the scan or status that stops the clock had not come.
    StatusDelay,
}

impl Cause {
    /// All causes, in order of precedence.
    pub const ALL: [Cause; 15] = [
        Cause::Service,
        Cause::Outage,
        Cause::OffShift,
        Cause::RateLimit,
        Cause::BatchForming,
        Cause::NoPerson,
        Cause::NoEquipment,
        Cause::AwaitRelease,
        Cause::AwaitCollection,
        Cause::LeftBehind,
        Cause::Backoff,
        Cause::Siblings,
        Cause::Interrupted,
        Cause::Promise,
        Cause::StatusDelay,
    ];

    /// How reports and results name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Cause::Service => "service",
            Cause::Outage => "outage",
            Cause::OffShift => "nobody on shift",
            Cause::RateLimit => "rate limit",
            Cause::BatchForming => "batch forming",
            Cause::NoPerson => "no person free",
            Cause::NoEquipment => "no equipment free",
            Cause::AwaitRelease => "waiting for release",
            Cause::AwaitCollection => "waiting for collection",
            Cause::LeftBehind => "left behind",
            Cause::Backoff => "backoff",
            Cause::Siblings => "waiting for other lines",
            Cause::Interrupted => "interrupted",
            Cause::Promise => "promise",
            Cause::StatusDelay => "scan or status delay",
        }
    }

    /// Whether the interval was spent on a gate: a poll, a wave or a collection.
    #[must_use]
    pub fn is_gate(self) -> bool {
        matches!(self, Cause::AwaitRelease | Cause::AwaitCollection | Cause::LeftBehind)
    }

    /// The cause with this number, its place in [`Cause::ALL`].
    #[must_use]
    pub fn from_index(index: u8) -> Option<Cause> {
        Cause::ALL.get(usize::from(index)).copied()
    }
}
