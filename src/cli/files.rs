//! Writing files so that nobody ever sees half of one.

use super::outcome::Failure;
use super::terminal;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file in the making. Its name shows the old content, or nothing, until it is published.
#[derive(Debug)]
pub(crate) struct Draft {
    path: PathBuf,
    to: Target,
}

#[derive(Debug)]
enum Target {
    /// Beside the target, to be renamed.
    Beside(NamedTempFile),
    /// A pipe or a device: there is nothing to rename, and a rename would remove it.
    Device(File),
}

impl Draft {
    /// A draft of the file at `path`; its folder is made if need be.
    pub(crate) fn new(path: &Path) -> Result<Draft, Failure> {
        Draft::open(path).map_err(|error| Failure::writing(path, &error))
    }

    fn open(path: &Path) -> io::Result<Draft> {
        let to = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
            Ok(found) if !found.is_file() => Target::Device(File::options().write(true).open(path)?),
            // What a link points at is replaced, not the link.
            Ok(_) => return Ok(Draft { path: path.to_owned(), to: Target::Beside(beside(&fs::canonicalize(path)?)?) }),
            Err(_) => Target::Beside(beside(path)?),
        };
        Ok(Draft { path: path.to_owned(), to })
    }

    /// That it could not be written.
    pub(crate) fn failure(&self, error: &io::Error) -> Failure {
        Failure::writing(&self.path, error)
    }

    /// Gives the draft its name.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        let Draft { path, to } = self;
        let published = match to {
            Target::Device(mut file) => file.flush(),
            Target::Beside(file) => {
                let target = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
                file.as_file().sync_all().and_then(|()| file.persist(target).map(drop).map_err(|error| error.error))
            }
        };
        published.map_err(|error| Failure::writing(&path, &error))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            Target::Beside(file) => file.write(bytes),
            Target::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            Target::Beside(file) => file.flush(),
            Target::Device(file) => file.flush(),
        }
    }
}

/// A temporary file in the folder of `path`: on the same disk, so that a rename is all it takes.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".peaksim-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the process's mask leaves of it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Writes all `files`, or none as far as the disk lets one know beforehand: names are given when every byte is written.
pub(crate) fn write(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let mut drafts = Vec::new();
    for (path, bytes) in files {
        let mut draft = Draft::new(path)?;
        draft.write_all(bytes).map_err(|error| Failure::writing(path, &error))?;
        drafts.push(draft);
    }
    drafts.into_iter().try_for_each(Draft::publish)
}

/// Writes `files`, each with its name, in `folder`, and says so.
pub(crate) fn write_in(folder: &Path, files: Vec<(&str, Vec<u8>)>) -> Result<(), Failure> {
    let files: Vec<_> = files.into_iter().map(|(name, bytes)| (folder.join(name), bytes)).collect();
    write(&files)?;
    terminal::tell(&format!("Written to {}\n", folder.display()));
    Ok(())
}

/// Makes `folder` and tries it, so that a long run does not end in a folder that cannot be written.
pub(crate) fn prepare(folder: &Path) -> Result<(), Failure> {
    beside(&folder.join("results.json")).map(drop).map_err(|error| Failure::writing(folder, &error))
}
