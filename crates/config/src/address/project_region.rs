//! Finds the region in the name of a project.

/// Returns the region at the start of a project's name.
///
/// Each region has a project with the name of the region (`eu-de`). A project that a user creates has this name with a
/// suffix (`eu-de_team`). If the project's name does not begin like the name of a region, the result is `None`.
pub(crate) fn region_of_project(project: &str) -> Option<&str> {
    let region = project.split('_').next()?;
    let (area, rest) = region.split_once('-')?;
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let rest_fits = rest.starts_with(|c: char| c.is_ascii_lowercase())
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    (area.len() == 2 && lower(area) && rest_fits).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_found_only_at_the_start_of_a_project_name() {
        for (project, expected) in [
            ("eu-de", "eu-de"),
            ("eu-de_team-1_x", "eu-de"),
            ("my-kualalumpur-1", "my-kualalumpur-1"),
        ] {
            assert_eq!(region_of_project(project), Some(expected));
        }
        for project in [
            "",
            "team",
            "MyProject",
            "my project-1",
            "eu-",
            "Eu-de",
            "team-eu_eu-de",
        ] {
            assert_eq!(region_of_project(project), None, "{project}");
        }
    }
}
