//! A mistake in peaksim: said kindly, with what to report; exit code 70.

use super::outcome::{ExitStatus, Failure};
use super::terminal;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};

/// Replaces the message that a panic prints. With `RUST_BACKTRACE` set, the usual one comes on top.
pub(crate) fn install() {
    let usual = panic::take_hook();
    let told = AtomicBool::new(false);
    panic::set_hook(Box::new(move |info| {
        // Replications run side by side and tend to fail side by side: one message is enough.
        if !told.swap(true, Ordering::Relaxed) {
            terminal::tell(&message(&what(info)));
            if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
                usual(info);
            }
        }
    }));
}

/// Runs a command; a panic becomes a failure.
pub(crate) fn caught(command: impl FnOnce() -> Result<ExitStatus, Failure>) -> Result<ExitStatus, Failure> {
    panic::catch_unwind(AssertUnwindSafe(command))
        .unwrap_or_else(|_| Err(Failure::internal("a mistake in peaksim, described on standard error")))
}

fn what(info: &PanicHookInfo<'_>) -> String {
    let text = info.payload_as_str().unwrap_or("no description");
    info.location().map_or_else(|| text.to_owned(), |place| format!("{text} ({}:{})", place.file(), place.line()))
}

fn message(what: &str) -> String {
    format!(
        "\nThis is a mistake in peaksim, not in your scenario.\n\
         \n    {}\n\
         \nPlease report it with the line above, the scenario, the command line and the version,\n\
         peaksim {}. With RUST_BACKTRACE=1 it says more.\n",
        what.replace('\n', "\n    "),
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_exit_70() {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(|_| {}));
        let result = caught(|| panic!("a broken invariant"));
        panic::set_hook(hook);
        assert_eq!(result.unwrap_err().status(), ExitStatus::Internal);
    }

    #[test]
    fn the_message_says_what_to_report() {
        let text = message("index out of bounds\nthe len is 3 (src/engine/flow.rs:12)");
        assert!(text.contains("not in your scenario") && text.contains("flow.rs:12)"), "{text}");
        assert!(text.contains(env!("CARGO_PKG_VERSION")) && text.contains("report"), "{text}");
    }
}
