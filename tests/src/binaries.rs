//! The real binaries, built once.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The path of a binary of the workspace. The first call builds all of them: Cargo builds those of other packages for no test.
///
/// # Panics
/// If they do not build.
pub fn binary(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(build).join(name)
}

fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("tests lie in `deps` beside the binaries")
        .to_owned();
    let target = folder.parent().expect("a profile lies in the target folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--workspace", "--bins", "--target-dir"]).arg(target);
    let status = cargo.current_dir(crate::root()).status().expect("cargo runs");
    assert!(status.success(), "the binaries do not build");
    folder
}
