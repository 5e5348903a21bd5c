use super::blank_lines;

#[test]
fn items_and_methods_have_blank_lines_between_them() {
    let source = "use a;\nuse b;\nstruct A {\n    b: u8,\n}\nimpl A {\n    fn a() {\n    }\n    fn b() {\n    }\n}\n";
    let spaced = "use a;\nuse b;\n\nstruct A {\n    b: u8,\n}\n\nimpl A {\n    fn a() {\n    }\n\n    fn b() {\n    }\n}\n";
    assert_eq!(blank_lines(source), spaced);
}
