//! Stores the times of our program and of the peer (other code that does the same work) in each turn. Computes medians
//! and ratios.

use std::time::Duration;

/// The times of each turn: our time, and the time of the peer if there is one.
#[derive(Default)]
pub struct Times(Vec<(Duration, Option<Duration>)>);

/// Our time divided by the time of the peer, over all turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    pub median: f64,
    /// The first and the third quartile, or `None` if there is only one ratio.
    pub quartiles: Option<(f64, f64)>,
}

impl Times {
    /// Adds the times of a turn.
    pub fn push(&mut self, ours: Duration, peer: Option<Duration>) {
        self.0.push((ours, peer));
    }

    /// Returns the median of our times, or zero if nothing was measured.
    pub fn ours(&self) -> Duration {
        let times = self.0.iter().map(|(ours, _)| ours.as_secs_f64());
        median(times.collect()).unwrap_or_default()
    }

    /// Returns the median of the peer's times, or `None` if no turn has a time of the peer.
    pub fn peer(&self) -> Option<Duration> {
        let times = self.0.iter().filter_map(|(_, peer)| *peer);
        median(times.map(|time| time.as_secs_f64()).collect())
    }

    /// Returns the ratio, or `None` if no turn has a time of the peer. The ratio of each turn is computed separately,
    /// because the speed of a machine can change between turns.
    pub fn ratio(&self) -> Option<Ratio> {
        let of = |(ours, peer): &(Duration, Option<Duration>)| {
            peer.map(|peer| ours.as_secs_f64() / peer.as_secs_f64())
        };
        let ratios: Vec<f64> = self.0.iter().filter_map(of).collect();
        let [first, median, third] = [0.25, 0.5, 0.75].map(|part| quantile(&ratios, part));
        Some(Ratio {
            median: median?,
            quartiles: first.zip(third).filter(|_| ratios.len() > 1),
        })
    }
}

fn median(seconds: Vec<f64>) -> Option<Duration> {
    quantile(&seconds, 0.5).map(Duration::from_secs_f64)
}

/// Returns the quantile of the values, or `None` if there is no value. For example, `part` is 0.5 for the median. The
/// function interpolates between two neighbouring values.
fn quantile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = part * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    Some(sorted[below] + (sorted[above] - sorted[below]) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(turns: &[(u64, u64)]) -> Times {
        let mut times = Times::default();
        for (ours, peer) in turns {
            times.push(
                Duration::from_millis(*ours),
                Some(Duration::from_millis(*peer)),
            );
        }
        times
    }

    #[test]
    fn a_change_of_speed_does_not_change_the_ratio() {
        let times = times(&[(10, 20), (30, 60), (12, 24), (11, 22), (50, 20)]);
        let expected = Ratio {
            median: 0.5,
            quartiles: Some((0.5, 0.5)),
        };
        assert_eq!(times.ratio(), Some(expected));
        assert_eq!(times.ours(), Duration::from_millis(12));
        assert_eq!(times.peer(), Some(Duration::from_millis(22)));
    }

    #[test]
    fn the_median_of_an_even_number_of_turns_is_the_mean_of_the_middle_two() {
        let times = times(&[(1, 2), (3, 2), (5, 2), (7, 2)]);
        assert_eq!(times.ours(), Duration::from_millis(4));
        let ratio = times.ratio().map(|ratio| (ratio.median, ratio.quartiles));
        assert_eq!(ratio, Some((2.0, Some((1.25, 2.75)))));
    }

    #[test]
    fn one_turn_has_no_quartiles_and_zero_turns_have_no_ratio() {
        let ratio = times(&[(1, 2)]).ratio();
        assert_eq!(
            ratio.map(|ratio| (ratio.median, ratio.quartiles)),
            Some((0.5, None))
        );
        assert_eq!(Times::default().ratio(), None);
        let mut alone = Times::default();
        alone.push(Duration::from_secs(1), None);
        assert_eq!((alone.ratio(), alone.peer()), (None, None));
    }
}
