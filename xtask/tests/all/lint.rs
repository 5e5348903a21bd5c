//! Tests the rules of lint: with documents that break a rule, and with similar documents that follow the rule.
//!
//! The base document breaks no rule. Each case replaces one string of the base document: once with a bad string, and
//! once with a good string.

use crate::cases;

use std::collections::BTreeSet;

use cases::{Case, base, cases, text_of};
use lint::{lint, rules};
use transcript::{Document, Finding};

fn judge(files: &[(String, String)]) -> Vec<Finding> {
    let files = files
        .iter()
        .map(|(name, text)| (format!("openapi/demo/{name}"), text.clone().into_bytes()));
    match Document::from_files("demo", files.collect()) {
        Ok(document) => lint(&document),
        Err(findings) => findings,
    }
}

/// Returns the base document with one replacement. The replaced string must occur exactly once.
fn changed(case: &Case, to: &str) -> Vec<(String, String)> {
    let mut files = base();
    let text = text_of(&mut files, case.file);
    assert_eq!(
        text.matches(case.from).count(),
        1,
        "`{}` must occur exactly once in {}",
        case.from,
        case.file
    );
    *text = text.replace(case.from, to);
    files
}

#[test]
fn the_base_breaks_no_rule() {
    assert_eq!(judge(&base()), []);
}

#[test]
fn the_bad_string_of_each_case_causes_a_finding_of_the_rule() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|case| missed(case).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn missed(case: &Case) -> Result<(), String> {
    let name = format!("{} `{}`", case.rule, case.bad);
    let findings = judge(&changed(case, case.bad));
    let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let found: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == case.rule)
        .collect();
    if found.is_empty() {
        return Err(format!("{name}: not found in {all:#?}"));
    }
    let (_, before) = base()
        .into_iter()
        .find(|(name, _)| name == case.file)
        .unwrap();
    let first = before[..before.find(case.from).unwrap()]
        .matches('\n')
        .count()
        + 1;
    let lines = first..=first + case.bad.matches('\n').count();
    let inside = |finding: &&Finding| {
        finding.place.file.ends_with(case.file) && lines.contains(&finding.place.line)
    };
    match case.near && !found.iter().any(inside) {
        true => Err(format!("{name}: not in lines {lines:?} but {all:#?}")),
        false => Ok(()),
    }
}

#[test]
fn the_good_string_of_each_case_breaks_no_rule() {
    let judged = cases()
        .into_iter()
        .map(|case| (judge(&changed(&case, case.good)), case));
    let wrong = judged.filter(|(findings, _)| !findings.is_empty());
    let wrong: Vec<String> = wrong
        .map(|(findings, case)| format!("{} `{}`: {findings:#?}", case.rule, case.good))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_name_of_a_chapter_must_be_kebab_case_and_become_an_unused_module_name() {
    for (stem, right) in [
        ("devices", true),
        ("user-devices", true),
        ("Devices", false),
        ("user_devices", false),
        ("shared", false),
        ("enums", false),
        ("each-type", false),
        ("each-operation", false),
        ("type", false),
    ] {
        let mut files = base();
        for (name, text) in &mut files {
            *text = text
                .replace("name: devices\n", &format!("name: {stem}\n"))
                .replace("[devices]", &format!("[{stem}]"));
            *name = name.replace("devices.yaml", &format!("{stem}.yaml"));
        }
        let rules: Vec<_> = judge(&files).iter().map(|finding| finding.rule).collect();
        assert_eq!(
            rules,
            if right { vec![] } else { vec!["chapter-name"] },
            "{stem}"
        );
    }
}

#[test]
fn every_rule_has_a_test_a_unique_name_a_summary_and_a_reason() {
    let known: BTreeSet<_> = rules().iter().map(|rule| rule.name).collect();
    assert_eq!(known.len(), rules().len());
    let tested: BTreeSet<_> = cases().iter().map(|case| case.rule).collect();
    // These rules have no case, but separate tests in this file, in `source.rs` or in `cli.rs`.
    let elsewhere = BTreeSet::from(["chapter-name", "erratum", "erratum-row", "unreadable-file"]);
    assert_eq!(
        known.difference(&tested).copied().collect::<BTreeSet<_>>(),
        elsewhere
    );
    assert!(tested.is_subset(&known));
    for rule in rules() {
        assert!(
            !rule.summary.is_empty() && !rule.reason.is_empty(),
            "{}",
            rule.name
        );
    }
}

#[test]
fn findings_are_sorted_by_position() {
    let mut files = base();
    for (_, text) in &mut files {
        *text = text.replace("description: ", "descripton: ");
    }
    let findings = judge(&files);
    assert!(findings.len() > 20);
    assert!(findings.is_sorted_by(|left, right| left.place <= right.place));
}

#[test]
fn unquoted_values_in_an_enum_of_strings_are_one_finding() {
    for (bad, rule) in [
        ("[1, 3]", Some("enum-values")),
        ("[true, ~]", Some("wrong-type")),
        ("[true, '1']", Some("enum-values")),
        ("['1', '3']", None),
    ] {
        let mut files = base();
        let devices = text_of(&mut files, "devices.yaml");
        *devices = devices
            .replace(
                "\n        labels:\n",
                "\n        mode:\n          allOf:\n            - $ref: '#/components/schemas/Mode'\n          description: The mode.\n        labels:\n",
            )
            .replacen("                id: 7\n", "                id: 7\n                mode: '1'\n", 1)
            .replace(
                "    DeviceStatus:\n",
                &format!("    Mode:\n      type: string\n      description: A mode.\n      enum: {bad}\n      x-enum-varnames: [One, Three]\n      x-enum-descriptions: [One., Three.]\n    DeviceStatus:\n"),
            );
        let findings = judge(&files);
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, Vec::from_iter(rule), "{bad}: {findings:#?}");
    }
}
