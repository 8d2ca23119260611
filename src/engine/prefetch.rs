//! Asking the processor for memory some time before it is needed.
//!
//! Who waits in a long line has left the processor's caches. Stores to such memory are done one after the other, and
//! everything behind the first of them waits until its memory has come: a prefetch a few turns ahead took a fifth off
//! the fulfilment day (`benches/README.md`). There is no safe way to ask for one, so this is the one exception to the
//! rule that the crate has no unsafe code.

/// So many places behind the first in line, the memory of an item is sent for: by its turn it has come.
pub(super) const SENT_FOR_AHEAD: usize = 3;

/// Sends for the memory of `thing` without waiting for it. It changes nothing but when that memory comes.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(unsafe_code, reason = "a prefetch changes no state of the program; measured, see above")]
pub(super) fn prefetch<T>(thing: &T) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: the instruction belongs to every x86-64 processor (SSE). It neither reads into the program nor writes, and
    // faults at no address; this one is that of a live reference besides.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(thing).cast()) };
}

/// Elsewhere memory comes when it comes.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn prefetch<T>(_: &T) {}
