//! Tests the log messages about the choice between several sources of credentials.

use crate::support;

use huaweicloud_config::Loader;

fn log_of(variables: &'static [(&'static str, &'static str)]) -> String {
    support::log_of(support::alone(Loader::new()).with_environment(move |name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    }))
}

#[test]
fn the_log_names_the_used_source_and_later_sources_with_settings() {
    let log = log_of(&[
        ("HW_ACCESS_KEY", "hunter2"),
        ("HW_SECRET_KEY", "hunter2"),
        ("OS_TOKEN", "hunter2"),
    ]);
    assert!(
        log.contains("the access key in HW_ACCESS_KEY")
            && log.contains("passed_over=\"the token in OS_TOKEN or OS_TOKEN_ID\""),
        "{log}"
    );
    assert!(!log.contains("hunter2"), "{log}");
    let log = log_of(&[("OS_TOKEN", "hunter2")]);
    assert!(
        log.contains("the token in OS_TOKEN") && !log.contains("passed_over"),
        "{log}"
    );
}
