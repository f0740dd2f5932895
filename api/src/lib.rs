pub mod auth;
pub mod oneroster;
