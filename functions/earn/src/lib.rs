//! The earn function.
