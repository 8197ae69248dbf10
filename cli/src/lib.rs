//! The local stack and the operator's commands. `main.rs` only parses the command line.

pub mod commands;
pub mod demo;
pub mod engine;
pub mod inspect;
pub mod local;
pub mod openapi;
pub mod operator;
pub mod outbox;
pub mod replay;
pub mod scenario;
pub mod template;
