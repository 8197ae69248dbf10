//! End to end: the real binaries under a Lambda runtime API, and the local stack over HTTP, each over a real engine.

mod end_to_end {
    mod bad_input;
    mod binary;
    mod failures;
    mod local;
    mod openapi;
    mod parked;
    mod refusals;
    mod samples;
}
