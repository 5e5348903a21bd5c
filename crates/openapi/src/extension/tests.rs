use serde_json::json;

use super::*;

#[test]
fn both_styles_of_pagination_are_read_and_an_invalid_pagination_is_refused() {
    let offset = json!({"style": "offset", "limit": "limit", "offset": "start", "start": 1, "items": "tasks"});
    let pagination = parse_extension::<Pagination>(&offset).unwrap();
    let style = PageStyle::Offset {
        offset: "start".into(),
        start: 1,
    };
    assert_eq!((pagination.style, pagination.total), (style, None));
    let marker = json!({"style": "marker", "marker": "marker", "next": "page.next", "items": "a.b", "total": "n"});
    let pagination = parse_extension::<Pagination>(&marker).unwrap();
    let style = PageStyle::Marker {
        marker: "marker".into(),
        next: "page.next".into(),
    };
    assert_eq!((pagination.style, pagination.limit), (style, None));
    assert_eq!(
        parse_extension::<Pagination>(&json!({"style": "page"})),
        None
    );
}

#[test]
fn a_waiter_is_read_and_invalid_sources_of_values_are_refused() {
    let value = json!({"operation": "list_backups", "ids": {"instance_id": "parameter.instance_id"}, "list": "backups",
            "key": {"backup_id": "answer.backup_id"}, "field": "status", "success": ["succeed"], "failure": ["failed"],
            "gone": "failure", "interval": 5});
    let waiter: Waiter = parse_extension(&value).unwrap();
    let key = [("backup_id".to_owned(), "answer.backup_id".to_owned())];
    assert_eq!(waiter.key, BTreeMap::from(key));
    assert_eq!(
        (waiter.gone, waiter.interval),
        (Some(Gone::Failure), Some(5))
    );
    for bad in ["id", "answer.", "body.id", ""] {
        assert_eq!(ValueSource::parse(bad), None, "{bad}");
    }
}
