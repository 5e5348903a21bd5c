//! The meaning of a poll for a wait.

/// The result of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The state. If several fields form it, all values.
    State(Vec<String>),
    /// The thing does not exist.
    Gone,
}

/// The time between an action and a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// The state may be from before the action.
    Early,
    /// The action has made the thing, which some parts of the service may not know yet.
    New,
    /// No action was recent.
    Settled,
}

/// The consequence of a poll.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The wait has succeeded.
    Done,
    /// The state is a failure.
    Failed(String),
    /// The thing does not exist, but it should.
    Lost,
    /// Poll again.
    On,
}

/// The states that a wait is for.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    /// None if the wait is for the end of the thing.
    pub success: Vec<String>,
    pub failure: Vec<String>,
    /// The documented states that last. Such a state can be from before an action.
    pub lasting: Vec<String>,
    pub gone_is_success: bool,
}

/// The states that a wait has seen of one thing.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// The state of the first poll.
    first: Option<String>,
    /// The state has changed since then, or it was a state that does not last.
    has_changed: bool,
    /// The last state. None if the thing did not exist, or its answer had no state.
    pub last: Option<String>,
}

impl Judge {
    pub fn judge(&mut self, goal: &Goal, found: &Found, age: Age) -> Verdict {
        let states = match found {
            Found::State(states) => states,
            Found::Gone => {
                self.last = None;
                return match self.first {
                    _ if goal.gone_is_success => Verdict::Done,
                    None if age != Age::Settled => Verdict::On,
                    _ => Verdict::Lost,
                };
            }
        };
        // If there are several states, the one that decides.
        let state = states
            .iter()
            .find(|state| goal.failure.contains(state))
            .or_else(|| states.iter().find(|state| !goal.success.contains(state)))
            .or(states.first())
            .cloned()
            .unwrap_or_default();
        let is_first = self.first.is_none();
        let first = self.first.get_or_insert_with(|| state.clone());
        let is_lasting = goal.lasting.contains(&state);
        self.has_changed |= !is_lasting || *first != state;
        let is_old = age == Age::Early && !self.has_changed;
        let ends_here = goal.success.is_empty();
        let verdict = if is_old {
            Verdict::On
        } else if goal.success.contains(&state) {
            Verdict::Done
        } else if goal.failure.contains(&state) && !(ends_here && (is_first || *first == state)) {
            // A thing that is being deleted may have failed before.
            Verdict::Failed(state.clone())
        } else {
            Verdict::On
        };
        self.last = Some(state);
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(success: &[&str], gone_is_success: bool) -> Goal {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        Goal {
            success: texts(success),
            failure: texts(&["ERROR"]),
            lasting: texts(&["RUNNING", "ERROR"]),
            gone_is_success,
        }
    }

    fn state(text: &str) -> Found {
        Found::State(vec![text.to_owned()])
    }

    /// The verdicts of polls. The last poll has a settled state.
    fn verdicts(goal: &Goal, polls: &[Found]) -> Vec<Verdict> {
        let mut judge = Judge::default();
        let last = polls.len() - 1;
        let each = polls.iter().enumerate();
        each.map(|(number, found)| {
            let age = match number == last {
                true => Age::Settled,
                false => Age::Early,
            };
            judge.judge(goal, found, age)
        })
        .collect()
    }

    #[test]
    fn a_state_from_before_counts_only_once_it_has_settled() {
        use Verdict::{Done, Failed, On};
        let running = goal(&["RUNNING"], false);
        let seen = |states: &[&str]| {
            let polls: Vec<Found> = states.iter().map(|text| state(text)).collect();
            verdicts(&running, &polls)
        };
        assert_eq!(seen(&["RUNNING", "RUNNING"]), [On, Done]);
        assert_eq!(seen(&["RUNNING", "RESTARTING", "RUNNING", "X"])[2], Done);
        assert_eq!(seen(&["RESTARTING", "RUNNING", "X"])[1], Done);
        assert_eq!(seen(&["ERROR", "ERROR"]), [On, Failed("ERROR".into())]);
        assert_eq!(seen(&["ERROR", "RUNNING", "X"])[1], Done);
        assert_eq!(seen(&["RUNNING", "ERROR", "X"])[1], Failed("ERROR".into()));
    }

    #[test]
    fn an_awaited_state_that_does_not_last_is_not_from_before() {
        let restarting = goal(&["RESTARTING"], false);
        let polls = [state("RUNNING"), state("RESTARTING"), state("X")];
        assert_eq!(verdicts(&restarting, &polls)[1], Verdict::Done);
        assert_eq!(verdicts(&restarting, &polls[1..])[0], Verdict::Done);
    }

    #[test]
    fn a_missing_thing_is_the_goal_or_an_error() {
        use Verdict::{Done, Failed, Lost, On};
        let deletion = goal(&[], true);
        assert_eq!(
            verdicts(&deletion, &[state("RUNNING"), Found::Gone]),
            [On, Done]
        );
        assert_eq!(
            verdicts(&deletion, &[state("ERROR"), state("ERROR")]),
            [On, On]
        );
        let failed = verdicts(&deletion, &[state("RUNNING"), state("ERROR")]);
        assert_eq!(failed, [On, Failed("ERROR".into())]);
        let creation = goal(&["RUNNING"], false);
        assert_eq!(verdicts(&creation, &[Found::Gone, state("X")]), [On, On]);
        assert_eq!(verdicts(&creation, &[Found::Gone]), [Lost]);
        assert_eq!(
            verdicts(&creation, &[state("CREATING"), Found::Gone, Found::Gone])[1],
            Lost
        );
    }

    #[test]
    fn a_new_thing_has_no_state_from_before() {
        let running = goal(&["RUNNING"], false);
        let mut judge = Judge::default();
        assert_eq!(judge.judge(&running, &Found::Gone, Age::New), Verdict::On);
        assert_eq!(
            judge.judge(&running, &state("RUNNING"), Age::New),
            Verdict::Done
        );
        assert_eq!(judge.judge(&running, &Found::Gone, Age::New), Verdict::Lost);
        let mut judge = Judge::default();
        let failed = Verdict::Failed("ERROR".into());
        assert_eq!(judge.judge(&running, &state("ERROR"), Age::New), failed);
    }

    #[test]
    fn the_worst_of_several_states_decides() {
        let running = goal(&["RUNNING"], false);
        let several = |states: &[&str]| {
            let found = Found::State(states.iter().map(|text| (*text).to_owned()).collect());
            verdicts(&running, &[found]).remove(0)
        };
        assert_eq!(several(&["RUNNING", "RUNNING"]), Verdict::Done);
        assert_eq!(several(&["RUNNING", "CREATING"]), Verdict::On);
        assert_eq!(
            several(&["RUNNING", "CREATING", "ERROR"]),
            Verdict::Failed("ERROR".into())
        );
    }
}
