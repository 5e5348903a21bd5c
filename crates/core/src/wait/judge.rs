//! Decides after each poll whether the wait for one resource has ended.

/// The result of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The states that the answer contains. There are several states if several elements of a list contain the field
    /// with the state.
    State(Vec<String>),
    /// The resource does not exist.
    Gone,
}

/// Describes how a poll relates to the last action on the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// The settle time is not over, so the poll can return a state from before the action.
    Early,
    /// The action has just created the resource, so a poll can still report that the resource does not exist.
    New,
    /// The client knows no action on the resource, or the settle time after the action is over.
    Settled,
}

/// The decision after a poll.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The wait for this resource has succeeded.
    Done,
    /// The state is a failure.
    Failed(String),
    /// The resource does not exist, although the wait needs the resource.
    Lost,
    /// The wait polls again.
    On,
}

/// The states that end a wait.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    /// The states that end the wait with success. Empty if the wait succeeds only when the resource does not exist any
    /// more.
    pub success: Vec<String>,
    pub failure: Vec<String>,
    /// The documented states of success and failure, such as RUNNING. These states last until the next action. So a
    /// lasting state in a poll after an action can be from before the action.
    pub lasting: Vec<String>,
    pub gone_is_success: bool,
}

/// The states of one resource that the polls have found.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// The first state that a poll found.
    first: Option<String>,
    /// `true` if a poll found a state that differs from `first`, or a state that is not in `lasting`.
    has_changed: bool,
    /// The last state that a poll found. A poll sets `None` if the resource does not exist, or if the answer contains
    /// no state. A poll with a temporary error does not change this value.
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
        // If one of several states is a failure, this state decides. If no state is a failure, the first state that is
        // not a success decides.
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
            // A resource can have a failure state before its deletion. So if `success` is empty, the first state does
            // not count as a failure.
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

    /// Returns the decision for each poll. In each poll except the last poll, the state can be from before the action.
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
    fn a_lasting_state_counts_after_another_state_or_after_the_settle_time() {
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
    fn an_awaited_state_that_does_not_last_counts_at_once() {
        let restarting = goal(&["RESTARTING"], false);
        let polls = [state("RUNNING"), state("RESTARTING"), state("X")];
        assert_eq!(verdicts(&restarting, &polls)[1], Verdict::Done);
        assert_eq!(verdicts(&restarting, &polls[1..])[0], Verdict::Done);
    }

    #[test]
    fn the_goal_decides_about_missing_resources_and_failures() {
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
    fn the_state_of_a_new_resource_counts_at_once() {
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
