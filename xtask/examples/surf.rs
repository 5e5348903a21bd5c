#![allow(missing_docs)]
fn main() {
    print!("{}", xtask::surface::surface(std::path::Path::new(&std::env::args().nth(1).unwrap())).unwrap());
}
