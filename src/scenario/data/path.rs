//! Where a scenario's data files may lie: in its own folder and the folders below it, nowhere else.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::error::{DataError, DataErrorKind};
use super::intake::SIZE_LIMIT;

/// The longest path that a message repeats, in characters.
const LONGEST_SHOWN: usize = 200;

/// A data file that exists, is an ordinary file and lies in the scenario's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPath {
    shown: String,
    location: PathBuf,
}

impl DataPath {
    /// Finds the data file `given` from the scenario's folder (an empty `folder` is the current one).
    ///
    /// `..` and symbolic links are followed before judging, so a link that leads out is refused as well.
    ///
    /// # Errors
    /// An empty or absolute path, one that leads outside the folder, a missing file, anything that is not an ordinary
    /// file (a pipe would block for ever), and a file above the size limit.
    pub fn resolve(folder: &Path, given: &str) -> Result<DataPath, DataError> {
        let shown: String = given.chars().take(LONGEST_SHOWN).flat_map(char::escape_debug).collect();
        DataPath::locate(folder, given)
            .map(|location| DataPath { shown: shown.clone(), location })
            .map_err(|kind| DataError { file: shown, row: None, column: None, kind })
    }

    /// The path as the scenario names it, fit for a message.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Opens the file for reading.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(&self) -> Result<File, DataError> {
        File::open(&self.location).map_err(|error| DataError {
            file: self.shown.clone(),
            row: None,
            column: None,
            kind: DataErrorKind::Unreadable { why: error.to_string() },
        })
    }

    fn locate(folder: &Path, given: &str) -> Result<PathBuf, DataErrorKind> {
        if given.trim().is_empty() {
            return Err(DataErrorKind::NoPath);
        }
        if starts_at_a_root(given) {
            return Err(DataErrorKind::AbsolutePath);
        }
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let within = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => DataErrorKind::Missing { folder: folder.display().to_string() },
            _ => DataErrorKind::Unreadable { why: error.to_string() },
        };
        let home = fs::canonicalize(folder).map_err(within)?;
        // Judged by name before the disk is asked, so that no message tells whether a file elsewhere exists.
        let named = normalised(&home, given).filter(|path| path.starts_with(&home));
        let location = fs::canonicalize(named.ok_or(DataErrorKind::OutsideFolder)?).map_err(within)?;
        if !location.starts_with(&home) {
            return Err(DataErrorKind::OutsideFolder);
        }
        let facts = fs::metadata(&location).map_err(within)?;
        if !facts.is_file() {
            return Err(DataErrorKind::NotAFile);
        }
        if facts.len() > SIZE_LIMIT {
            return Err(DataErrorKind::TooLarge { mebibytes: SIZE_LIMIT >> 20 });
        }
        Ok(location)
    }
}

/// Whether the path is absolute on any common system: a scenario must mean the same everywhere.
fn starts_at_a_root(given: &str) -> bool {
    let drive = given.as_bytes().get(1) == Some(&b':') && given.as_bytes()[0].is_ascii_alphabetic();
    drive || given.starts_with(['/', '\\']) || Path::new(given).is_absolute()
}

/// `home` joined with `given`, with `.` and `..` taken out; none when a root hides in the middle.
fn normalised(home: &Path, given: &str) -> Option<PathBuf> {
    let mut path = home.to_path_buf();
    for component in Path::new(given).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(folder: &Path, given: &str) -> DataErrorKind {
        DataPath::resolve(folder, given).unwrap_err().kind
    }

    /// A folder `s` with `data/a.csv` in it, beside a file `outside.csv` and a folder `s2`.
    fn folders() -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir_all(top.path().join("s/data")).unwrap();
        fs::create_dir_all(top.path().join("s2")).unwrap();
        for file in ["s/data/a.csv", "outside.csv", "s2/b.csv"] {
            fs::write(top.path().join(file), "timestamp\n").unwrap();
        }
        top
    }

    #[test]
    fn files_in_the_folder_are_found() {
        let top = folders();
        let folder = top.path().join("s");
        for given in ["data/a.csv", "./data/a.csv", "data/../data/a.csv", "../s/data/a.csv"] {
            let path = DataPath::resolve(&folder, given).unwrap();
            assert_eq!(path.shown(), given);
            path.open().unwrap();
        }
    }

    #[test]
    fn paths_outside_the_folder_are_refused() {
        let top = folders();
        let folder = top.path().join("s");
        for given in
            ["../outside.csv", "../s2/b.csv", "data/../../outside.csv", "../nothing.csv", "../../../../x", ".."]
        {
            assert_eq!(kind(&folder, given), DataErrorKind::OutsideFolder, "{given}");
        }
        for given in ["/etc/hosts", "C:\\orders.csv", "c:orders.csv", "\\\\server\\orders.csv"] {
            assert_eq!(kind(&folder, given), DataErrorKind::AbsolutePath, "{given}");
        }
        assert_eq!(kind(&folder, "  "), DataErrorKind::NoPath);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_before_judging() {
        let top = folders();
        let folder = top.path().join("s");
        std::os::unix::fs::symlink(top.path().join("outside.csv"), folder.join("out.csv")).unwrap();
        std::os::unix::fs::symlink(top.path().join("s2"), folder.join("data/s2")).unwrap();
        std::os::unix::fs::symlink("data/a.csv", folder.join("in.csv")).unwrap();
        assert_eq!(kind(&folder, "out.csv"), DataErrorKind::OutsideFolder);
        assert_eq!(kind(&folder, "data/s2/b.csv"), DataErrorKind::OutsideFolder);
        DataPath::resolve(&folder, "in.csv").unwrap();
    }

    #[test]
    fn missing_files_and_folders_are_named() {
        let top = folders();
        let error = DataPath::resolve(&top.path().join("s"), "data/orders.csv").unwrap_err();
        assert!(matches!(error.kind, DataErrorKind::Missing { .. }));
        let text = error.to_string();
        assert!(text.starts_with("data/orders.csv: no such file; looked for it in"), "{text}");
        assert_eq!(kind(&top.path().join("s"), "data"), DataErrorKind::NotAFile);
        assert!(matches!(kind(&top.path().join("s"), "a\0b"), DataErrorKind::Unreadable { .. }));
    }

    #[test]
    fn a_file_above_the_limit_is_refused_unread() {
        let top = folders();
        let file = File::create(top.path().join("s/big.csv")).unwrap();
        file.set_len(SIZE_LIMIT + 1).unwrap(); // sparse: takes no room on the disk
        assert_eq!(kind(&top.path().join("s"), "big.csv"), DataErrorKind::TooLarge { mebibytes: 256 });
    }
}
