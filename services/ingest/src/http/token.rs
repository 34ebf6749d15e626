//! The bearer token.

use axum::http::{HeaderMap, header};
use siaga_runtime::config::Secret;
use subtle::ConstantTimeEq;

use super::answer::Problem;

/// Compares in a time that tells nothing of how much is right.
pub(super) fn check(headers: &HeaderMap, expected: &Secret) -> Result<(), Problem> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = given.and_then(|text| text.split_once(' ')).ok_or(Problem::Unauthorized)?;
    let is_right = token.trim().as_bytes().ct_eq(expected.expose().as_bytes());
    if scheme.eq_ignore_ascii_case("bearer") && bool::from(is_right) {
        Ok(())
    } else {
        Err(Problem::Unauthorized)
    }
}
