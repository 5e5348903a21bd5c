use super::is_code;

#[test]
fn an_error_code_is_a_number_with_an_optional_prefix() {
    for code in ["DCS.4002", "ROMA.00110002", "111400002"] {
        assert!(is_code(code), "{code}");
    }
    for code in ["", ".", "DCS.", ".4002", "dcs.4002", "DCS. 4855", "DCS.4x"] {
        assert!(!is_code(code), "{code}");
    }
}
