//! Paths as a person would write them: `Option`, not `::std::option::Option`.

use syn::File;
use syn::visit_mut::{self, VisitMut};

/// Shortens the paths of types that the prelude or the module's imports name.
pub fn apply(file: &mut File) {
    Shorten.visit_file_mut(file);
}

struct Shorten;

const KNOWN: [&str; 5] = ["Option", "String", "Vec", "Box", "Secret"];

impl VisitMut for Shorten {
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        path.path.leading_colon = None;
        let segments = &path.path.segments;
        let known = segments
            .last()
            .is_some_and(|segment| KNOWN.iter().any(|name| segment.ident == name));
        let of_std = segments
            .first()
            .is_some_and(|s| s.ident == "std" || s.ident == "huaweicloud_core");
        if known && of_std {
            path.path.segments = segments.last().cloned().into_iter().collect();
        }
        visit_mut::visit_type_path_mut(self, path);
    }
}
