//! The redeem function.
