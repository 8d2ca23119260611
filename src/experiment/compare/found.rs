//! What a comparison finds.

use super::Terms;
use super::best::BestSet;
use super::contrast::Contrast;

/// One scenario of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What it is called in the comparison.
    pub name: String,
    /// What the scenario calls itself.
    pub title: String,
    /// Digest of the scenario.
    pub hash: String,
}

/// A base and its variants, compared.
#[derive(Clone, Debug)]
pub struct ComparisonResults {
    /// What it rests on.
    pub terms: Terms,
    /// Replications of each scenario that were compared.
    pub replications: u64,
    /// The base.
    pub base: Identity,
    /// The variants, in the order given.
    pub variants: Vec<VariantResult>,
    /// Those that may be the best; `None` with fewer than three scenarios, or without an SLA that all of them have.
    pub best: Option<BestSet>,
    /// Whether replications are missing or reached a limit.
    pub partial: bool,
    /// Verdicts whose p-values are adjusted together.
    pub family: usize,
}

/// One variant against the base.
#[derive(Clone, Debug)]
pub struct VariantResult {
    /// The variant.
    pub identity: Identity,
    /// What it says differently from the base, value by value.
    pub differs: Vec<Differing>,
    /// Attainment of each SLA that both have.
    pub slas: Vec<Contrast>,
    /// Total cost of a run; `None` when one of them has none.
    pub cost: Option<Contrast>,
    /// Waits, judged one by one.
    pub exploratory: Vec<Contrast>,
    /// SLAs of the base alone.
    pub only_in_base: Vec<String>,
    /// SLAs of the variant alone.
    pub only_in_variant: Vec<String>,
    /// SLAs that both have under one name, with another meaning or target.
    pub defined_differently: Vec<String>,
}

impl VariantResult {
    /// The verdicts that count: every SLA and the cost.
    pub fn judged(&self) -> impl Iterator<Item = &Contrast> {
        self.slas.iter().chain(&self.cost)
    }
}

/// A value that is not the same in a variant and in the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Where it stands: `pool.floor.shifts.0.heads`.
    pub path: String,
    /// What the base says, as TOML; `None`: nothing.
    pub base: Option<String>,
    /// What the variant says; `None`: nothing.
    pub variant: Option<String>,
}
