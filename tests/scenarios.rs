//! Every scenario in `tests/scenarios` prints what the file beside it says. `GUERDON_BLESS=1` writes those files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use guerdon::scenario;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Reads files of the folder by their bare names, so that the output does not depend on where the repository is.
fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(folder().join(path))
}

fn scenarios() -> Vec<PathBuf> {
    let files = fs::read_dir(folder()).expect("the folder of scenarios").filter_map(Result::ok);
    let files = files.map(|file| file.path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "scenario")).collect();
    files.sort();
    files
}

#[test]
fn scenarios_print_what_is_written_beside_them() {
    let mut wrong = Vec::new();
    let files = scenarios();
    assert!(files.len() >= 14, "only {} scenarios", files.len());
    for file in files {
        let name = file.file_name().unwrap();
        let outcome = scenario::run(Path::new(name), &read);
        let actual = format!("{}exit code {}\n", outcome.text, outcome.code);
        let golden = file.with_extension("out");
        if std::env::var_os("GUERDON_BLESS").is_some() {
            fs::write(&golden, &actual).unwrap();
        }
        if fs::read_to_string(&golden).unwrap_or_default() != actual {
            wrong.push(format!(
                "{} prints something else than {}:\n{actual}",
                name.display(),
                golden.display()
            ));
        }
        let expected = match name.to_str().unwrap() {
            "failing.scenario" => 1,
            "malformed.scenario" => 2,
            _ => 0,
        };
        if outcome.code != expected {
            wrong.push(format!(
                "{} ends with {}, not {expected}:\n{}",
                name.display(),
                outcome.code,
                outcome.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\nGUERDON_BLESS=1 accepts the new outputs", wrong.join("\n"));
}

#[test]
fn the_same_scenario_prints_the_same_text() {
    for file in scenarios() {
        let name = Path::new(file.file_name().unwrap());
        assert_eq!(scenario::run(name, &read), scenario::run(name, &read));
    }
}

/// The examples of `docs/scenarios.md`; those without a programme are played after the first one's.
#[test]
fn the_examples_of_the_manual_hold() {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scenarios.md");
    let manual = fs::read_to_string(manual).expect("docs/scenarios.md");
    let mut blocks = manual.split("```").skip(1).step_by(2);
    let scenarios: Vec<&str> =
        blocks.by_ref().filter_map(|block| block.strip_prefix("scenario\n")).collect();
    let first = scenarios.first().expect("a first example");
    let (setting, _) = first.split_once("2026-").expect("a first time");
    for example in &scenarios {
        let example = if example.contains("programme ") {
            (*example).to_owned()
        } else {
            format!("{setting}{example}")
        };
        let outcome = scenario::run(Path::new("manual.scenario"), &|_| Ok(example.clone()));
        assert_eq!(outcome.code, 0, "{example}\n{}", outcome.text);
    }
    let printed = scenario::run(Path::new("manual.scenario"), &|_| Ok((*first).to_owned())).text;
    assert!(
        manual.contains(&format!("```text\n{printed}```")),
        "the manual shows another output than:\n{printed}"
    );
}
