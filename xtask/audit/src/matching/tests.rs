use super::likeness;

#[test]
fn paths_match_by_template_and_version() {
    assert_eq!(likeness("/v2/{a}/b", "/v2/{a}/b"), Some(3));
    assert_eq!(likeness("/v2/{a}/b", "/v2/{c}/b"), Some(2));
    assert_eq!(likeness("/v2/{a}/b", "/{a}/b"), Some(0));
    assert_eq!(likeness("/v2/{a}/b", "/v1.0/{a}/b"), None);
    assert_eq!(likeness("/v2/{a}/b", "/v2/a/b"), None);
    assert_eq!(likeness("/v3-ext/b", "/v3/b"), None);
}
