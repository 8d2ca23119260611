//! The data files that a scenario names: read once, their hashes kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::scenario::data::{DataError, DataPath};

/// The folder of a scenario, the hashes of the files that were read from it, and what was wrong with others.
#[derive(Debug)]
pub struct DataFiles {
    folder: PathBuf,
    hashes: BTreeMap<String, blake3::Hash>,
    errors: Vec<DataError>,
}

impl DataFiles {
    /// Nothing read yet from `folder`.
    #[must_use]
    pub fn of(folder: &Path) -> DataFiles {
        DataFiles { folder: folder.to_owned(), hashes: BTreeMap::new(), errors: Vec::new() }
    }

    /// Reads the file `given` with `load`, whose second result is the hash of the bytes.
    pub fn read<T>(
        &mut self,
        given: &str,
        load: impl FnOnce(&DataPath) -> Result<(T, blake3::Hash), DataError>,
    ) -> Option<T> {
        match DataPath::resolve(&self.folder, given).and_then(|path| load(&path)) {
            Ok((value, hash)) => {
                self.hashes.insert(given.to_owned(), hash);
                Some(value)
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// The files read, each with the hash of its bytes.
    #[must_use]
    pub fn hashes(&self) -> &BTreeMap<String, blake3::Hash> {
        &self.hashes
    }

    /// What was wrong with files.
    #[must_use]
    pub fn into_errors(self) -> Vec<DataError> {
        self.errors
    }
}
