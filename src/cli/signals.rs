//! Ctrl-C and SIGTERM: the first asks the run to stop and report, the second ends it at once.

use super::outcome::ExitStatus;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether the run was asked to stop, and by what.
#[derive(Clone, Debug)]
pub(crate) struct Interruption {
    asked: Arc<AtomicBool>,
    by: Arc<AtomicUsize>,
}

impl Interruption {
    /// Listens from now on.
    pub(crate) fn listen() -> io::Result<Interruption> {
        let found = Interruption { asked: Arc::default(), by: Arc::default() };
        for (signal, status) in [(SIGINT, ExitStatus::Interrupted), (SIGTERM, ExitStatus::Terminated)] {
            // In this order: the first signal finds the flag down and raises it, the second finds it up.
            flag::register_conditional_shutdown(signal, i32::from(status as u8), Arc::clone(&found.asked))?;
            flag::register_usize(signal, Arc::clone(&found.by), status as usize)?;
            flag::register(signal, Arc::clone(&found.asked))?;
        }
        Ok(found)
    }

    /// The flag that replications look at.
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.asked
    }

    /// What it was asked by, as the code to end with; `None`: by no signal, though a deadline may have raised the flag.
    pub(crate) fn status(&self) -> Option<ExitStatus> {
        match self.by.load(Ordering::Relaxed) {
            0 => None,
            by if by == ExitStatus::Terminated as usize => Some(ExitStatus::Terminated),
            _ => Some(ExitStatus::Interrupted),
        }
    }
}
