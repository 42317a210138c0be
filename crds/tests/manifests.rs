//! The chart's copies of the definitions.
use std::{fs, path::Path};

#[test]
fn the_chart_ships_what_the_types_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../charts/habit-tracker/templates/crds");
    for manifest in crds::manifest::manifests().unwrap() {
        let committed = fs::read_to_string(folder.join(&manifest.file_name)).unwrap_or_default();
        assert!(committed == manifest.yaml, "{} is stale: run `cargo run -p crds --bin crdgen`", manifest.file_name);
    }
}

#[test]
fn a_definition_outlives_its_chart() {
    for manifest in crds::manifest::manifests().unwrap() {
        assert!(manifest.yaml.contains("helm.sh/resource-policy: keep"), "{}", manifest.file_name);
    }
}
