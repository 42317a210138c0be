//! Writes the definitions of the custom resources into the chart, or into the folder that is named.
use std::{error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(chart_folder, PathBuf::from);
    fs::create_dir_all(&folder)?;
    for manifest in crds::manifest::manifests()? {
        fs::write(folder.join(manifest.file_name), manifest.yaml)?;
    }
    Ok(())
}

fn chart_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../charts/habit-tracker/templates/crds")
}
