//! Rate limits of the Shopify Admin API, per app and shop, as published in November 2026.
//!
//! Sources: REST leak rates from <https://shopify.dev/docs/api/admin-rest/usage/rate-limits> (buckets of 40, 80 and 400
//! requests from a staff answer at <https://community.shopify.com/t/api-rate-limits-question/232461>; that of
//! Enterprise follows the same ratio). GraphQL restore rates from
//! <https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits>; buckets are 20 s of the restore rate, the ratio
//! of the last published pair (1,000 points at 50 points/s). Older figures of 50, 100 and 500 points/s are out of date.

use crate::scenario::file::station::limits::{ShopifyApi, ShopifyPlan};

/// A leaky bucket: what comes back in a second, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bucket {
    /// Requests (REST) or cost points (GraphQL) per second.
    pub(super) per_second: f64,
    /// Requests or points it holds.
    pub(super) holds: f64,
    /// Cost of one piece of work, where the file does not say: one request, or one mutation of 10 points.
    pub(super) usual_cost: f64,
}

/// The bucket of a plan.
pub(super) fn bucket(plan: ShopifyPlan, api: ShopifyApi) -> Bucket {
    let (rest, graphql) = match plan {
        ShopifyPlan::Standard => ((2.0, 40.0), 100.0),
        ShopifyPlan::Advanced => ((4.0, 80.0), 200.0),
        ShopifyPlan::Plus => ((20.0, 400.0), 1_000.0),
        ShopifyPlan::Enterprise => ((40.0, 800.0), 2_000.0),
    };
    match api {
        ShopifyApi::Rest => Bucket { per_second: rest.0, holds: rest.1, usual_cost: 1.0 },
        ShopifyApi::GraphQl => Bucket { per_second: graphql, holds: 20.0 * graphql, usual_cost: 10.0 },
    }
}
