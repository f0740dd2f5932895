//! The program.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::print_stderr, reason = "the last word of a program that fails")]
fn main() -> ExitCode {
    match openilp_api::cli::run(openilp_api::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("openilp: {error:#}");
            ExitCode::FAILURE
        }
    }
}
