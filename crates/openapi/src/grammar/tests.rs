use super::*;

#[test]
fn every_extension_has_a_meaning_and_every_meaning_an_extension() {
    let fields = KINDS.iter().flat_map(|kind| kind.fields());
    let mut keys: Vec<&str> = fields
        .map(|(key, ..)| *key)
        .filter(|key| key.starts_with("x-"))
        .collect();
    let mut explained: Vec<&str> = EXTENSIONS.iter().map(|(key, ..)| *key).collect();
    keys.sort_unstable();
    explained.sort_unstable();
    assert_eq!(keys, explained);
}
