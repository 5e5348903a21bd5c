use super::{FieldType, is_type};

fn array(kind: FieldType) -> FieldType {
    FieldType::Array(Box::new(kind))
}

#[test]
fn types_in_table_cells_are_parsed() {
    let object = |name: &str| FieldType::Object(Some(name.to_owned()));
    for (text, kind) in [
        ("String", FieldType::String),
        ("Long", FieldType::Long),
        ("boolean", FieldType::Boolean),
        ("Float", FieldType::Number),
        ("Object", FieldType::Object(None)),
        ("Map<String,String>", FieldType::Map),
        ("ProductReferer object", object("ProductReferer")),
        ("Array of strings", array(FieldType::String)),
        ("Array of integers", array(FieldType::Integer)),
        ("Array of Objects", array(FieldType::Object(None))),
        ("Array of Statuses objects", array(object("Statuses"))),
        ("List<String>", array(FieldType::String)),
        ("Array", array(FieldType::Unknown)),
        ("Array of Array of strings", array(array(FieldType::String))),
        ("AnyType", FieldType::Unknown),
        ("", FieldType::Unknown),
    ] {
        assert_eq!(FieldType::parse(text), kind, "{text}");
    }
}

#[test]
fn a_sentence_is_not_a_type() {
    assert!(is_type("Array of strings") && is_type("Authentication object"));
    assert!(!is_type("Tag.") && !is_type("Name of the object that was created by the user object"));
}
