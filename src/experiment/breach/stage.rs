//! All looks with the same replications, and what their curve says.

use super::found::CurvePoint;
use super::judged::Judged;
use super::look::Look;
use super::root::Point;

/// Which crossing of a subject: that of its margin, that up to which it is surely kept, that from which it is surely broken.
pub(in crate::experiment) const POINT: usize = 0;
pub(in crate::experiment) const UNFAVOURABLE: usize = 1;
pub(in crate::experiment) const FAVOURABLE: usize = 2;
pub(in crate::experiment) const ALL: [usize; 3] = [POINT, UNFAVOURABLE, FAVOURABLE];

/// How closely the first looks find a crossing before the pilot begins, relative to its place.
pub(in crate::experiment) const HOMED: f64 = 0.08;
/// Width of a bracket in half-widths of the interval: over so much the curve is taken as straight.
pub(in crate::experiment) const STRAIGHT: f64 = 1.2;

/// All looks with the same replications, in order of load.
#[derive(Debug)]
pub(in crate::experiment) struct Stage {
    pub(in crate::experiment) replications: std::ops::Range<u64>,
    pub(in crate::experiment) looks: Vec<Look>,
}

/// A crossing between two looks.
struct Rough {
    at: f64,
    /// How far its interval would reach with the half-width of either look.
    reaches: (f64, f64),
    /// Where it lies between them.
    share: f64,
    /// How far they are apart.
    width: f64,
}

impl Stage {
    /// One of the margins of a subject, in order of load.
    pub(in crate::experiment) fn margins(&self, subject: usize, which: usize) -> Vec<Point> {
        let of = |(at, judged): (f64, &Judged)| match which {
            UNFAVOURABLE => Point { at, margin: judged.ends.0, broken: !judged.is_surely_kept() },
            FAVOURABLE => Point { at, margin: judged.ends.1, broken: judged.is_surely_broken() },
            _ => Point { at, margin: Some(judged.margin), broken: judged.is_broken() },
        };
        self.judged(subject).map(of).collect()
    }

    pub(in crate::experiment) fn judged(&self, subject: usize) -> impl DoubleEndedIterator<Item = (f64, &Judged)> {
        self.looks.iter().filter_map(move |look| Some((look.at, look.judged[subject].as_ref()?)))
    }

    /// The crossing by a straight line between the two looks around it.
    pub(in crate::experiment) fn place(&self, subject: usize) -> Option<f64> {
        let [(a, one), (b, other)] = self.around(subject)?;
        Some(a + (b - a) * (one.margin / (one.margin - other.margin)))
    }

    /// The first two looks of which one is broken and the other is not.
    pub(in crate::experiment) fn around(&self, subject: usize) -> Option<[(f64, &Judged); 2]> {
        let looks: Vec<_> = self.judged(subject).collect();
        let pair = looks.windows(2).find(|pair| pair[0].1.is_broken() != pair[1].1.is_broken())?;
        Some([pair[0], pair[1]])
    }

    /// The crossing and how far its interval reaches, from the two looks around it: the slope between them and the wider
    /// half-width of their margins.
    pub(in crate::experiment) fn rough(&self, subject: usize) -> Option<(f64, f64)> {
        let Rough { at, reaches, .. } = self.rough_crossing(subject)?;
        // The wider of the two: the interval reaches to either side.
        Some((at, reaches.0.max(reaches.1)))
    }

    /// The crossing and how far its interval reaches down and up, by straight lines: margins are less sure on the side
    /// where more is broken.
    pub(in crate::experiment) fn rough_ends(&self, subject: usize) -> Option<(f64, (f64, f64))> {
        let Rough { at, reaches, share, width } = self.rough_crossing(subject)?;
        let here = reaches.0 + share * (reaches.1 - reaches.0);
        // An end lies where it is as far from the crossing as the interval reaches there.
        let widens = ((reaches.1 - reaches.0) / width).clamp(-0.5, 0.5);
        Some((at, (here / (1.0 + widens), here / (1.0 - widens))))
    }

    fn rough_crossing(&self, subject: usize) -> Option<Rough> {
        let [(a, one), (b, other)] = self.around(subject)?;
        let fall = one.margin - other.margin;
        let (reach, share) = ((b - a) / fall.abs(), one.margin / fall);
        // Few runs that are all alike do not tell how far they reach: then as far as those on the other side.
        let half = one.half_width().or(other.half_width())?;
        let reaches = (one.half_width().unwrap_or(half) * reach, other.half_width().unwrap_or(half) * reach);
        Some(Rough { at: a + (b - a) * share, reaches, share, width: b - a })
    }

    /// Whether it has looked there.
    pub(in crate::experiment) fn has_looked(&self, place: f64) -> bool {
        self.looks.iter().any(|look| look.at.total_cmp(&place).is_eq())
    }

    pub(in crate::experiment) fn count(&self) -> u64 {
        self.replications.end - self.replications.start
    }
}

/// Whether more is worse: the margin at the low end is not the smaller one.
pub(in crate::experiment) fn falls(stage: &Stage, subject: usize) -> bool {
    let margin = |judged: &Judged| judged.margin;
    let first = stage.judged(subject).next().map(|(_, judged)| margin(judged));
    let last = stage.judged(subject).next_back().map(|(_, judged)| margin(judged));
    first.zip(last).is_none_or(|(first, last)| first >= last)
}

/// Whether no load that is surely kept lies beyond one that is surely broken.
pub(in crate::experiment) fn is_monotone(stage: &Stage, subject: usize, falling: bool) -> bool {
    let surely_broken = stage.judged(subject).filter(|(_, judged)| judged.is_surely_broken()).map(|(at, _)| at);
    let surely_kept = stage.judged(subject).filter(|(_, judged)| judged.is_surely_kept()).map(|(at, _)| at);
    if falling {
        surely_broken.reduce(f64::min).zip(surely_kept.reduce(f64::max)).is_none_or(|(broken, kept)| kept < broken)
    } else {
        surely_broken.reduce(f64::max).zip(surely_kept.reduce(f64::min)).is_none_or(|(broken, kept)| broken < kept)
    }
}

/// From the last load before which everything is surely kept to the first after which everything is surely broken.
pub(in crate::experiment) fn hull(stage: &Stage, subject: usize, falling: bool) -> (Option<f64>, Option<f64>) {
    let looks: Vec<(f64, &Judged)> = stage.judged(subject).collect();
    // Few runs that are all alike are surely nothing, but cast no doubt either.
    let alike = |judged: &Judged| judged.shown.half_width() == Some(0.0);
    let kept = |(_, judged): &&(f64, &Judged)| judged.is_surely_kept() || alike(judged) && !judged.is_broken();
    let broken = |(_, judged): &&(f64, &Judged)| judged.is_surely_broken() || alike(judged) && judged.is_broken();
    let at = |look: &(f64, &Judged)| look.0;
    if falling {
        (looks.iter().take_while(kept).last().map(at), looks.iter().rev().take_while(broken).last().map(at))
    } else {
        (looks.iter().take_while(broken).last().map(at), looks.iter().rev().take_while(kept).last().map(at))
    }
}

/// Where one of the margins crosses 0 between two looks, by a straight line. Where one of them does not tell how far it is
/// kept, as far as the other vouches for: up to where it is surely kept, from where it is surely broken.
pub(in crate::experiment) fn crossing(stage: &Stage, subject: usize, which: usize, (kept, broken): (f64, f64)) -> f64 {
    let points = stage.margins(subject, which);
    let margin = |at: f64| points.iter().find(|point| point.at.total_cmp(&at).is_eq())?.margin;
    match (margin(kept), margin(broken)) {
        (Some(above), Some(below)) if above > below => kept + (broken - kept) * (above / (above - below)),
        (Some(_), Some(_)) => kept,
        _ if which == FAVOURABLE => broken,
        _ => kept,
    }
}

/// All looks in order of load; those of `judging` are what the finding rests on.
pub(in crate::experiment) fn curve(stages: &[&Stage], judging: &Stage, subject: usize) -> Vec<CurvePoint> {
    let looks = |stage: &&Stage| {
        let judges = stage.replications == judging.replications;
        let point = |(at, judged): (f64, &Judged)| CurvePoint { at, value: judged.shown, judges };
        stage.judged(subject).map(point).collect::<Vec<_>>()
    };
    let mut points: Vec<CurvePoint> = stages.iter().flat_map(looks).collect();
    points.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.value.samples.cmp(&b.value.samples)));
    points
}
