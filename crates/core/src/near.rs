//! Finds names that are similar to a mistyped name.

/// The largest number of wrong, missing or additional characters in a similar name. Two swapped characters count as one
/// wrong character if they are neighbours.
const MOST: usize = 2;

/// Returns at most three of `names` that differ from `meant` by at most [`MOST`] characters. The most similar name
/// comes first.
pub(crate) fn near<'a>(names: impl IntoIterator<Item = &'a str>, meant: &str) -> Vec<&'a str> {
    let distance = |name: &str| strsim::osa_distance(name, meant);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= MOST)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Returns the first of `names` that can be a misspelling of `service`. Names of up to four letters, such as `dcs`,
/// `dds` and `dms`, are too similar for a guess. For such a `service`, this function ignores only case and hyphens.
pub(crate) fn near_service<'a>(
    names: impl IntoIterator<Item = &'a str>,
    service: &str,
) -> Option<&'a str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace('-', "");
    let wanted = plain(service);
    names.into_iter().find(|name| {
        let name = plain(name);
        name == wanted || (wanted.len() > 4 && strsim::osa_distance(&name, &wanted) <= MOST)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_returns_the_most_similar_names_first() {
        let regions = ["cn-north-1", "eu-nl", "eu-de", "eu-ch2", "eu-de"];
        assert_eq!(near(regions, "eu-dee"), ["eu-de"]);
        assert_eq!(near(regions, "eu-dl"), ["eu-de", "eu-nl"]);
        assert_eq!(near(regions, "cn-nroth-1"), ["cn-north-1"]);
        assert!(near(regions, "mars-1").is_empty());
    }

    #[test]
    fn near_service_accepts_wrong_letters_only_in_long_names() {
        for name in ["romalink", "ROMA-LINK", "roma-lnik", "roma-lin"] {
            assert_eq!(near_service([name], "roma-link"), Some(name));
        }
        assert_eq!(near_service(["dds", "Dcs"], "dcs"), Some("Dcs"));
        assert_eq!(near_service(["dds", "roma"], "dcs"), None);
        assert_eq!(near_service(["roma"], "roma-link"), None);
    }
}
