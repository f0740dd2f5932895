//! How OpenILP is asked: routes, guards, OpenAPI, problems, OneRoster and state surfaces, command line.

pub mod auth;
pub mod oneroster;
pub mod synthetic;

pub mod answer;
pub mod app;
pub mod body;
pub mod cli;
pub mod config;
pub mod cursor;
pub mod database;
pub mod guard;
pub mod history;
pub mod noun;
pub mod openapi;
pub mod plain;
pub mod problem;
pub mod routes;
pub mod server;
pub mod state;
pub mod telemetry;

pub mod activity;
pub mod agreement;
pub mod appointment;
pub mod assignment;
pub mod benchmark;
pub mod change;
pub mod client;
pub mod district;
pub mod goal;
pub mod guardian_link;
pub mod identity_link;
pub mod ilp_file;
pub mod issuer;
pub mod me;
pub mod progress_record;
pub mod proposal;
pub mod reflection;
pub mod roster_import;
pub mod roster;
pub mod service;
pub mod setup;
pub mod student;
