use super::sounds_secret;

#[test]
fn secrets_are_recognised_by_their_names() {
    for name in [
        "password",
        "newPassword",
        "X-Subject-Token",
        "securitytoken",
        "sk",
        "access_sk",
        "private_key",
        "appSecret",
        "pwd",
    ] {
        assert!(sounds_secret(name), "{name}");
    }
    for name in [
        "task",
        "disk_size",
        "ask",
        "user_name",
        "key",
        "pinned",
        "password_expires_at",
        "access",
    ] {
        assert!(!sounds_secret(name), "{name}");
    }
}
