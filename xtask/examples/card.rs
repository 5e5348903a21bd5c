#![allow(missing_docs)]
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let d = xtask::source::load(std::path::Path::new("."), &a[1]).unwrap();
    print!("{}", xtask::card::card(&d.value, &a[2]).unwrap());
}
