//! What the documents promise of the whole, held to the files: samples, directions, one place for each thing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use guerdon::{
    engine::TEMPLATE,
    openapi,
    template::{Route, routes},
};
use guerdon_tests::{root, samples};
use serde_json::Value;
use toml::Table;

/// What each crate of this workspace may depend on, of the crates of this workspace.
const DIRECTIONS: [(&str, &[&str]); 17] = [
    ("guerdon-domain", &[]),
    ("guerdon-commerce", &["guerdon-domain"]),
    ("guerdon-store", &["guerdon-domain"]),
    ("guerdon-verifier", &["guerdon-domain"]),
    ("guerdon-archive", &[]),
    ("guerdon-paper", &[]),
    ("guerdon-words", &["guerdon-domain"]),
    ("guerdon-edge", &["guerdon-commerce", "guerdon-domain", "guerdon-store"]),
    ("earn", &["guerdon-commerce", "guerdon-domain", "guerdon-edge", "guerdon-store"]),
    ("instant-win", &["guerdon-domain", "guerdon-edge", "guerdon-store"]),
    ("portal", &["guerdon-domain", "guerdon-edge", "guerdon-store", "guerdon-words"]),
    (
        "raffle-draw",
        &["guerdon-archive", "guerdon-domain", "guerdon-edge", "guerdon-store", "guerdon-verifier"],
    ),
    (
        "statement",
        &[
            "guerdon-archive",
            "guerdon-domain",
            "guerdon-edge",
            "guerdon-paper",
            "guerdon-store",
            "guerdon-words",
        ],
    ),
    ("redeem", &["guerdon-domain", "guerdon-edge", "guerdon-store"]),
    ("upkeep", &["guerdon-edge", "guerdon-store"]),
    (
        "guerdon",
        &[
            "earn",
            "instant-win",
            "portal",
            "raffle-draw",
            "redeem",
            "statement",
            "upkeep",
            "guerdon-archive",
            "guerdon-commerce",
            "guerdon-domain",
            "guerdon-edge",
            "guerdon-store",
            "guerdon-verifier",
            "guerdon-words",
        ],
    ),
    (
        "guerdon-tests",
        &[
            "earn",
            "instant-win",
            "portal",
            "raffle-draw",
            "redeem",
            "statement",
            "upkeep",
            "guerdon",
            "guerdon-archive",
            "guerdon-domain",
            "guerdon-edge",
            "guerdon-store",
            "guerdon-verifier",
        ],
    ),
];

/// How the code puts the key of a message together, and for what; in place of the braces comes a literal of the code.
const BUILT: [(&str, &str); 4] = [
    ("{key}-unnamed", "an order that is not known: shared/words/src/describe.rs"),
    ("consent-{name}", "what a member may agree to: functions/portal/src/profile.rs"),
    ("consent-{name}-hint", "what that means: functions/portal/src/profile.rs"),
    ("statement-column-{column}", "the head of a statement: functions/statement/src/letter.rs"),
];

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder with an extension, by their paths from the root.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut open = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// All Rust files but the tests of the whole.
fn sources() -> Vec<PathBuf> {
    ["functions", "shared", "cli"].into_iter().flat_map(|folder| files(folder, "rs")).collect()
}

/// A source without its tests at the foot, and without comments.
fn code(path: &Path) -> String {
    let source = read(path);
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn is_test(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.contains("/tests/") || name.ends_with("/tests.rs")
}

fn template_routes() -> Vec<Route> {
    routes(TEMPLATE).unwrap()
}

fn manifest(path: &Path) -> Table {
    read(path).parse().unwrap()
}

#[test]
fn every_function_and_route_has_a_sample() {
    let functions: BTreeSet<String> = fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    let names = samples::names();
    for name in &names {
        assert!(
            functions.contains(samples::function(name)),
            "events/{name}.json is of no function"
        );
    }
    let samples: Vec<(String, Value)> =
        names.iter().map(|name| (name.clone(), samples::sample(name))).collect();
    for function in &functions {
        assert!(
            names.iter().any(|name| samples::function(name) == function),
            "events/ has no sample of {function}"
        );
    }
    for Route { function, method, path } in template_routes() {
        let key = format!("{method} {path}");
        let found = samples.iter().any(|(name, event)| {
            event["routeKey"] == *key && name.starts_with(&format!("{function}-"))
        });
        assert!(found, "events/ has no sample of {key}");
    }
}

#[test]
fn the_local_routers_have_the_routes_of_the_template() {
    let expected: BTreeMap<String, String> =
        // What takes all that follows is `{name+}` to API Gateway, and `{*name}` to cargo-lambda.
        template_routes()
            .into_iter()
            .map(|route| match route.path.strip_suffix("+}") {
                Some(path) => (path.replace('{', "{*") + "}", route.function),
                None => (route.path, route.function),
            })
            .collect();
    let manifest = manifest(Path::new("Cargo.toml"));
    let router = &manifest["workspace"]["metadata"]["lambda"]["watch"]["router"];
    let router = router
        .as_table()
        .unwrap()
        .iter()
        .map(|(path, function)| (path.clone(), function.as_str().unwrap().to_owned()));
    assert_eq!(router.collect::<BTreeMap<_, _>>(), expected, "cargo lambda watch");

    let template: BTreeSet<(String, String)> = template_routes()
        .into_iter()
        .map(|route| (route.method.to_lowercase(), route.path.replace("+}", "}")))
        .collect();
    let document = openapi::document();
    let paths = document["paths"].as_object().unwrap();
    let documented = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
    });
    assert_eq!(documented.collect::<BTreeSet<_>>(), template, "openapi.json");
    let guide = read("docs/api.md");
    for (method, path) in &template {
        assert!(
            guide.contains(&format!("{} {path}", method.to_uppercase())),
            "docs/api.md lacks {method} {path}"
        );
    }
}

#[test]
fn one_word_finds_a_function() {
    let folders = fs::read_dir(root().join("functions")).unwrap();
    for name in folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()) {
        let manifest = manifest(&Path::new("functions").join(&name).join("Cargo.toml"));
        assert_eq!(manifest["package"]["name"].as_str(), Some(name.as_str()), "the crate");
        let capital = |word: &str| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        };
        let resource: String = name.split('-').map(capital).collect();
        assert!(
            TEMPLATE.contains(&format!("\n  {resource}Function:\n")),
            "{resource}Function in the template"
        );
        assert!(
            TEMPLATE.contains(&format!("Binary: {name} ")),
            "the binary {name} in the template"
        );
    }
}

#[test]
fn crates_depend_one_way() {
    let manifests = ["functions", "shared", "cli", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder, "toml"));
    let allowed: BTreeMap<&str, &[&str]> = DIRECTIONS.into();
    let mut seen = BTreeSet::new();
    for path in manifests.filter(|path| path.ends_with("Cargo.toml")) {
        let manifest = manifest(&path);
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        let may = allowed
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{name} has no place among the crates"));
        let dependencies = manifest
            .get("dependencies")
            .and_then(|table| table.as_table())
            .cloned()
            .unwrap_or_default();
        for dependency in
            dependencies.keys().filter(|dependency| allowed.contains_key(dependency.as_str()))
        {
            assert!(may.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
        if name == "guerdon-domain" {
            let outside =
                ["aws", "lambda", "tokio", "getrandom", "rand", "reqwest", "hyper", "tracing"];
            for dependency in dependencies.keys() {
                assert!(
                    !outside.iter().any(|word| dependency.starts_with(word)),
                    "the domain must not know {dependency}"
                );
            }
        }
        seen.insert(name);
    }
    assert_eq!(seen, allowed.keys().map(|name| (*name).to_owned()).collect());
}

#[test]
fn one_file_reads_the_environment() {
    let reads = |path: &PathBuf| !is_test(path) && code(path).contains("env::var");
    let found: Vec<PathBuf> = sources().into_iter().filter(reads).collect();
    assert_eq!(found, [PathBuf::from("shared/edge/src/config.rs")]);
}

#[test]
fn one_file_spells_keys() {
    let spells = [
        "\"MEMBER#",
        "\"OP#",
        "\"GRANT#",
        "\"STOCK#",
        "\"POOL#",
        "\"CODE#",
        "\"VERSION#",
        "\"LEADERS",
        "\"PARKED\"",
        "\"PROGRAMME\"",
    ];
    for path in
        sources().into_iter().filter(|path| !is_test(path) && !path.ends_with("store/src/keys.rs"))
    {
        let code = code(&path);
        for spelling in spells {
            assert!(!code.contains(spelling), "{} spells the key {spelling}", path.display());
        }
    }
}

#[test]
fn every_message_is_said_somewhere() {
    let code: String =
        sources().iter().filter(|path| !is_test(path)).map(|path| code(path)).collect();
    let literals: BTreeSet<&str> = code.split('"').collect();
    for (built, place) in BUILT {
        assert!(literals.contains(built), "no code builds {built} any more ({place})");
    }
    let is_built = |key: &str| {
        BUILT.iter().any(|(built, _)| {
            let (before, rest) = built.split_once('{').unwrap();
            let (_, after) = rest.split_once('}').unwrap();
            let part = key.strip_prefix(before).and_then(|key| key.strip_suffix(after));
            part.is_some_and(|part| literals.contains(part))
        })
    };
    let english = read("shared/words/languages/en.ftl");
    let messages = english.lines().filter_map(|line| line.split_once(" = "));
    let keys = messages
        .map(|(key, _)| key)
        .filter(|key| key.starts_with(|first: char| first.is_ascii_lowercase()));
    let is_said = |key: &str| {
        literals.contains(key) || is_built(key) || english.contains(&format!("{{ {key} }}"))
    };
    let unsaid: Vec<&str> = keys.filter(|key| !is_said(key)).collect();
    assert!(unsaid.is_empty(), "en.ftl: nothing says {unsaid:?}");
}

#[test]
fn nothing_is_left_undone() {
    for path in
        sources().into_iter().chain(files("tests", "rs")).filter(|path| !path.ends_with("tidy.rs"))
    {
        let source = read(&path);
        assert!(
            source.starts_with("//!"),
            "{}: the first line says what the file is for",
            path.display()
        );
        for word in
            ["todo!", "unimplemented!", "dbg!(", "#[ignore", "thread::sleep", "FIXME", "TODO"]
        {
            assert!(!source.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn only_the_local_stack_knows_the_local_secrets() {
    for path in sources()
        .into_iter()
        .filter(|path| path.starts_with("functions") || path.starts_with("shared"))
    {
        let code = code(&path);
        let here = path.ends_with("edge/src/config.rs");
        assert!(
            here || !code.contains("\"local-secret\""),
            "{} knows the local secret",
            path.display()
        );
    }
    for text in [read("events/README.md"), read(".ci/lambda-watch")] {
        assert!(text.contains(samples::SHOPIFY_SECRET) && text.contains(samples::STANDARD_SECRET));
    }
}
