//! The bytes of a data file on their way to the CSV reader: hashed, counted, checked to be text, line ends made equal.

use std::io::{self, Read};

/// The largest data file read, in bytes (256 MiB).
pub(super) const SIZE_LIMIT: u64 = 256 << 20;

/// Why the intake stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A NUL byte: not a text.
    NotText,
    /// More bytes than [`SIZE_LIMIT`].
    TooLarge,
}

/// A reader that turns CR LF and CR into LF and ends the last line, so that lines can be counted.
pub(super) struct Intake<'a> {
    source: Box<dyn Read + 'a>,
    hasher: blake3::Hasher,
    bytes: u64,
    last: Option<u8>,
    ended: bool,
    exhausted: bool,
    fault: Option<Fault>,
}

impl<'a> Intake<'a> {
    /// `mark` are bytes already taken from the source (a byte order mark), which belong to its hash.
    pub(super) fn new(mark: &[u8], source: Box<dyn Read + 'a>) -> Intake<'a> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(mark);
        Intake { source, hasher, bytes: mark.len() as u64, last: None, ended: false, exhausted: false, fault: None }
    }

    /// The hash of all bytes read, as they stand in the file.
    pub(super) fn hash(&self) -> blake3::Hash {
        self.hasher.finalize()
    }

    /// Whether the end was not only reached but also told: a complete last row never needs that.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Why reading failed, when it was not the system.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    fn stop(&mut self, fault: Fault) -> io::Error {
        self.fault = Some(fault);
        io::Error::new(io::ErrorKind::InvalidData, "not a readable data file")
    }

    /// Makes line ends equal in place and returns the new length.
    fn settle(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for place in 0..bytes.len() {
            let byte = bytes[place];
            let second_half_of_line_end = byte == b'\n' && self.last == Some(b'\r');
            self.last = Some(byte);
            if !second_half_of_line_end {
                bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl Read for Intake<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        while !self.ended {
            let taken = match self.source.read(out) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => result?,
            };
            if taken == 0 {
                self.ended = true;
                if !matches!(self.last, None | Some(b'\n' | b'\r')) {
                    out[0] = b'\n';
                    return Ok(1);
                }
                break;
            }
            self.bytes += taken as u64;
            if self.bytes > SIZE_LIMIT {
                return Err(self.stop(Fault::TooLarge));
            }
            if out[..taken].contains(&0) {
                return Err(self.stop(Fault::NotText));
            }
            self.hasher.update(&out[..taken]);
            let kept = self.settle(&mut out[..taken]);
            if kept > 0 {
                return Ok(kept);
            }
        }
        self.exhausted = true;
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time, as a slow pipe may.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(out.len()).min(1);
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn through(bytes: &[u8]) -> String {
        let mut whole = String::new();
        Intake::new(&[], Box::new(bytes)).read_to_string(&mut whole).unwrap();
        let mut dripped = String::new();
        Intake::new(&[], Box::new(Drip(bytes))).read_to_string(&mut dripped).unwrap();
        assert_eq!(whole, dripped);
        whole
    }

    #[test]
    fn line_ends_become_equal_and_the_last_line_ends() {
        assert_eq!(through(b"a\r\nb\rc\nd"), "a\nb\nc\nd\n");
        assert_eq!(through(b"a\r\n\r\nb\r\n"), "a\n\nb\n");
        assert_eq!(through(b""), "");
    }

    #[test]
    fn the_hash_is_that_of_the_file() {
        let mut intake = Intake::new(b"\xEF\xBB\xBF", Box::new(&b"a\r\nb"[..]));
        io::copy(&mut intake, &mut io::sink()).unwrap();
        assert_eq!(intake.hash(), blake3::hash(b"\xEF\xBB\xBFa\r\nb"));
    }

    #[test]
    fn a_nul_byte_and_too_many_bytes_stop_it() {
        let mut intake = Intake::new(&[], Box::new(&b"ab\0c"[..]));
        io::copy(&mut intake, &mut io::sink()).unwrap_err();
        assert_eq!(intake.fault(), Some(Fault::NotText));
        let mut intake = Intake::new(&[], Box::new(io::repeat(b'x')));
        intake.bytes = SIZE_LIMIT - 10; // as if nearly all had been read
        io::copy(&mut intake, &mut io::sink()).unwrap_err();
        assert_eq!(intake.fault(), Some(Fault::TooLarge));
    }
}
