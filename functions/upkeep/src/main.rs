//! Shim.
fn main() {}
