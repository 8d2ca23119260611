//! Traffic equations: how often each station is visited, and the load that follows.
//!
//! Source: J. R. Jackson 1957. The rates hold for any service times and queues, as long as every station keeps up.

/// Rate of visits to each station: the solution of v_j = external_j + Σ_i v_i routing\[i\]\[j\].
///
/// `external[j]` is the rate of first arrivals at station j; `routing[i][j]` the share of those who finish at i that go
/// to j next. What a row leaves to 1 leaves the network.
///
/// # Errors
/// When the routing is not a square of shares that fits `external`, or a loop has no way out.
pub fn visit_rates(external: &[f64], routing: &[Vec<f64>]) -> Result<Vec<f64>, BadTraffic> {
    check(external, routing)?;
    let n = external.len();
    // (I - routing transposed) v = external, one row per station, the right side last.
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|to| {
            let kept = (0..n).map(|from| if from == to { 1.0 - routing[from][to] } else { -routing[from][to] });
            kept.chain([external[to]]).collect()
        })
        .collect();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()));
        let pivot = pivot.filter(|row| rows[*row][column].abs() > 1e-12).ok_or(BadTraffic::NoWayOut)?;
        rows.swap(column, pivot);
        let (done, below) = rows.split_at_mut(column + 1);
        let pivot_row = &done[column];
        for row in below {
            let factor = row[column] / pivot_row[column];
            row.iter_mut().zip(pivot_row).skip(column).for_each(|(cell, above)| *cell -= factor * above);
        }
    }
    let mut visits = vec![0.0; n];
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| rows[row][column] * visits[column]).sum();
        // Rates are not negative; rounding alone must not make one so.
        visits[row] = ((rows[row][n] - known) / rows[row][row]).max(0.0);
    }
    Ok(visits)
}

/// Offered load of each station in erlangs, the mean number of servers its visits keep busy: rate × mean service.
/// Stations beyond the shorter list are left out.
#[must_use]
pub fn offered_loads(visit_rates: &[f64], mean_services: &[f64]) -> Vec<f64> {
    visit_rates.iter().zip(mean_services).map(|(rate, service)| rate * service).collect()
}

/// Why traffic equations have no sensible solution.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BadTraffic {
    /// A list has the wrong length.
    #[error("the routing has {found} entries in row {row} instead of one for each of the {stations} stations")]
    NotSquare {
        /// Row of the routing; the number of stations when rows are missing or too many.
        row: usize,
        /// Entries found.
        found: usize,
        /// Entries wanted.
        stations: usize,
    },
    /// A rate is negative or not a number.
    #[error("the external rate of station {station} is {rate}; it must be a finite number of at least 0")]
    BadRate {
        /// The station.
        station: usize,
        /// Its rate.
        rate: f64,
    },
    /// A row holds something else than shares.
    #[error("the shares that leave station {station} must lie between 0 and 1 and add up to at most 1")]
    BadShares {
        /// The station.
        station: usize,
    },
    /// Some stations send everything round in a circle for ever.
    #[error("some stations route everything in a circle: a share above 0 must leave")]
    NoWayOut,
}

fn check(external: &[f64], routing: &[Vec<f64>]) -> Result<(), BadTraffic> {
    let stations = external.len();
    if routing.len() != stations {
        return Err(BadTraffic::NotSquare { row: stations, found: routing.len(), stations });
    }
    for (station, rate) in external.iter().enumerate() {
        if !(*rate >= 0.0 && rate.is_finite()) {
            return Err(BadTraffic::BadRate { station, rate: *rate });
        }
    }
    for (station, row) in routing.iter().enumerate() {
        if row.len() != stations {
            return Err(BadTraffic::NotSquare { row: station, found: row.len(), stations });
        }
        let shares = row.iter().all(|share| (0.0..=1.0).contains(share));
        if !shares || row.iter().sum::<f64>() > 1.0 + 1e-9 {
            return Err(BadTraffic::BadShares { station });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::super::erlang::Mmc;
    use super::*;

    #[test]
    fn rework_matches_the_exact_case() {
        let visits = visit_rates(&[0.7], &[vec![0.15]]).unwrap(); // jackson-feedback
        assert_close(visits[0], 0.8235294117647058, "visits");
        assert_close(Mmc::new(visits[0], 1.0, 1).unwrap().mean_in_system(), 4.666666666666665, "mean in station");
    }

    #[test]
    fn a_network_matches_the_exact_case() {
        // jackson-fulfil: pay, pick, pack, check, fix
        let routing = [
            vec![0.0, 1.0, 0.0, 0.0, 0.0],
            vec![0.0, 0.0, 0.92, 0.0, 0.08],
            vec![0.0, 0.0, 0.0, 1.0, 0.0],
            vec![0.0, 0.0, 0.1, 0.0, 0.0],
            vec![0.0, 1.0, 0.0, 0.0, 0.0],
        ];
        let visits = visit_rates(&[5.0, 0.0, 0.0, 0.0, 0.0], &routing).unwrap();
        let services = [0.25, 2.0, 1.0, 0.2, 5.0];
        let servers = [2, 12, 6, 2, 3];
        let exact_visits = [5.0, 5.434782608695652, 5.555555555555556, 5.555555555555556, 0.43478260869565216];
        let exact_present =
            [2.051282051282051, 17.201255927722606, 15.606006557995133, 1.6071428571428572, 3.5659764556417315];
        let exact_utilisation = [0.625, 0.9057971014492754, 0.925925925925926, 0.5555555555555556, 0.7246376811594203];
        let loads = offered_loads(&visits, &services);
        let mut present = 0.0;
        for station in 0..5 {
            assert_close(visits[station], exact_visits[station], "visits");
            assert_close(loads[station] / servers[station] as f64, exact_utilisation[station], "utilisation");
            let queue = Mmc::new(visits[station], services[station], servers[station]).unwrap();
            assert_close(queue.mean_in_system(), exact_present[station], "mean in station");
            present += queue.mean_in_system();
        }
        assert_close(present / 5.0, 8.006332769956874, "mean sojourn");
    }

    #[test]
    fn a_pivot_of_zero_is_not_the_end() {
        // Station 0 sends all to 1 and 1 nearly all back.
        let visits = visit_rates(&[1.0, 0.0], &[vec![0.0, 1.0], vec![0.75, 0.0]]).unwrap();
        assert_close(visits[0], 4.0, "first");
        assert_close(visits[1], 4.0, "second");
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(visit_rates(&[1.0, 0.0], &[vec![0.0, 1.0], vec![1.0, 0.0]]), Err(BadTraffic::NoWayOut));
        assert_eq!(visit_rates(&[1.0], &[vec![1.1]]), Err(BadTraffic::BadShares { station: 0 }));
        assert_eq!(visit_rates(&[1.0], &[]), Err(BadTraffic::NotSquare { row: 1, found: 0, stations: 1 }));
        assert!(matches!(visit_rates(&[f64::NAN], &[vec![0.0]]), Err(BadTraffic::BadRate { station: 0, .. })));
    }
}
