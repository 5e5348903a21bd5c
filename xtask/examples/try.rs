#![allow(missing_docs)]
fn main() {
    let root = std::path::Path::new(".");
    for service in std::env::args().skip(1) {
        let document = xtask::source::load(root, &service).unwrap_or_else(|f| panic!("{f:?}"));
        let fp = xtask::fingerprint::of(document.files());
        let g = xtask::generate::generate(&service, &document.value, &fp).unwrap_or_else(|e| panic!("{e:?}"));
        for f in g.files {
            let p = root.join("crates").join(&service).join(&f.path);
            std::fs::create_dir_all(p.parent().unwrap()).unwrap();
            std::fs::write(p, f.content).unwrap();
            println!("{}", f.path);
        }
        println!("{:?}", g.lowered);
    }
}
