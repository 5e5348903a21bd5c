use super::{fold, is_keyword, is_pascal, is_plural, is_snake, snake};

#[test]
fn names_are_checked_and_converted() {
    assert!(
        is_snake("show_device2")
            && !is_snake("showDevice")
            && !is_snake("_x")
            && !is_snake("a__b")
            && !is_snake("2a")
    );
    assert!(is_pascal("Ipv6") && !is_pascal("device") && !is_pascal("A_B") && !is_pascal(""));
    assert!(is_keyword("type") && !is_keyword("kind"));
    assert_eq!(
        (snake("policiesOnly"), snake("X-Auth-Token"), snake("a_b")),
        ("policies_only".into(), "x_auth_token".into(), "a_b".into())
    );
    assert_eq!(fold("ListDevices"), fold("list_devices"));
    assert!(is_plural("Devices") && !is_plural("DeviceStatus") && !is_plural("Address"));
}
