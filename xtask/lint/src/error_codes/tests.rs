use super::is_code;

#[test]
fn codes_are_an_area_and_a_number_or_a_number() {
    for code in ["DCS.4002", "ROMA.00110002", "111400002"] {
        assert!(is_code(code), "{code}");
    }
    for code in ["", ".", "DCS.", ".4002", "dcs.4002", "DCS. 4855", "DCS.4x"] {
        assert!(!is_code(code), "{code}");
    }
}
