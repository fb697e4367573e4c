//! The addresses a person may send as.
//!
//! Source: <https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs>

use super::api::ACT;
use super::quota::cost;
use super::wire::SendAsList;
use super::{GmailAccess, Pace, api_of};
use model::Result;
use tokio_util::sync::CancellationToken;

/// An address that Gmail lets its owner send as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The address.
    pub email: String,
    /// The name shown with it; empty where Gmail shows the account's.
    pub name: String,
    /// Where answers go, where that is another address.
    pub reply_to: Option<String>,
    /// Chosen in Gmail for new letters.
    pub default: bool,
    /// The account's own address.
    pub primary: bool,
}

/// The addresses of an account, its own first; those that wait for their owner's word are left out.
///
/// # Errors
/// As [`crate::Remote`] gives them.
pub async fn aliases(access: &GmailAccess, cancel: &CancellationToken) -> Result<Vec<Alias>> {
    let api = api_of(access, &Pace::of(&access.api))?;
    let list: SendAsList = api.get(cost::SEND_AS_LIST, "/settings/sendAs", &[], ACT, cancel).await?;
    let mut found: Vec<Alias> = list
        .send_as
        .into_iter()
        .filter(|one| {
            let status = one.verification_status.as_deref().unwrap_or("accepted");
            !one.email.is_empty() && (one.is_primary || status != "pending")
        })
        .map(|one| Alias {
            reply_to: Some(one.reply_to_address).filter(|to| !to.is_empty() && !to.eq_ignore_ascii_case(&one.email)),
            email: one.email,
            name: one.display_name,
            default: one.is_default,
            primary: one.is_primary,
        })
        .collect();
    found.sort_by_key(|alias| !alias.primary);
    Ok(found)
}
