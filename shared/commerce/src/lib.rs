//! What shops send, in the domain's words.
