//! The program.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match openilp_api::cli::run(openilp_api::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            openilp_api::cli::say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
