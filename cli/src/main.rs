//! Guerdon.
fn main() {}
