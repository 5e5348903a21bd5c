use super::{named, rows};

#[test]
fn ids_are_found_in_comments() {
    assert_eq!(
        named("ERRATA A22, A23: not the answer of 2023"),
        ["A22", "A23"]
    );
    assert_eq!(
        named("The catalogue has codes of nine characters. ERRATA A42"),
        ["A42"]
    );
    assert_eq!(
        named("the example is from another page (ERRATA, Sources)"),
        [""; 0]
    );
}

#[test]
fn the_facts_of_a_row_are_read() {
    let list = "text\n| id | where | explains |\n|---|---|---|\n| E-1 | w | limit, type of `a`, `b`; example |\n| A2 | w |\n";
    let rows = rows(list);
    assert_eq!((rows[0].id, rows[0].line), ("E-1", 4));
    let names = vec!["a", "b"];
    let expected = [
        ("limit", names.clone()),
        ("type", names),
        ("example", vec![]),
    ];
    assert_eq!(rows[0].explains, expected);
    assert_eq!((rows[1].id, rows[1].explains.len()), ("A2", 0));
}
