//! The tree of folders as a list of mailboxes.
//!
//! <https://learn.microsoft.com/graph/api/user-list-mailfolders>,
//! <https://learn.microsoft.com/graph/api/mailfolder-list-childfolders>.

use super::api::Api;
use super::fault::Fault;
use super::wire::{Folder, Page};
use crate::contract::RemoteMailbox;
use model::mailbox::MailboxRole;
use model::{Error, ErrorCode, Result};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const FIELDS: &str = "id,displayName,childFolderCount,totalItemCount,isHidden";
const PAGE: &str = "100";
/// More folders than this are a server that answers in circles.
const MOST: usize = 10_000;

/// Names that mean the same in every language.
/// <https://learn.microsoft.com/graph/api/resources/mailfolder#well-known-folder-names>
const WELL_KNOWN: [(&str, Option<MailboxRole>); 7] = [
    ("inbox", Some(MailboxRole::Inbox)),
    ("drafts", Some(MailboxRole::Drafts)),
    ("sentitems", Some(MailboxRole::Sent)),
    ("archive", Some(MailboxRole::Archive)),
    ("junkemail", Some(MailboxRole::Junk)),
    ("deleteditems", Some(MailboxRole::Trash)),
    // Letters on their way out stand here for a moment: nothing to show.
    ("outbox", None),
];

/// The folders with a meaning of their own.
#[derive(Clone, Debug, Default)]
pub struct WellKnown(Vec<(String, Option<MailboxRole>)>);

impl WellKnown {
    /// Asks for the ids of all of them.
    pub async fn ask(api: &Api, cancel: &CancellationToken) -> Result<Self, Fault> {
        let mut asking = JoinSet::new();
        for (name, role) in WELL_KNOWN {
            let (api, cancel) = (api.clone(), cancel.clone());
            let address = api.query(&["mailFolders", name], &[("$select", "id")]);
            asking.spawn(async move {
                match api.get::<Folder>(address, &cancel).await {
                    Ok(folder) => Ok(Some((folder.id, role))),
                    // Not every mailbox has an archive.
                    Err(Fault::Missing(_)) => Ok(None),
                    Err(fault) => Err(fault),
                }
            });
        }
        let mut found = Vec::new();
        while let Some(one) = asking.join_next().await {
            found.extend(one.map_err(|e| Fault::Broken(Error::internal(&e)))??);
        }
        Ok(Self(found))
    }

    #[allow(clippy::option_option, reason = "not well known, well known without a role, or with one")]
    fn of(&self, id: &str) -> Option<Option<MailboxRole>> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, role)| *role)
    }
}

/// All folders for people, parents before their children.
pub async fn list(api: &Api, well_known: &WellKnown, cancel: &CancellationToken) -> Result<Vec<RemoteMailbox>, Fault> {
    let mut found: Vec<RemoteMailbox> = Vec::new();
    let query = [("$select", FIELDS), ("$top", PAGE)];
    let mut waiting = vec![(String::new(), api.query(&["mailFolders"], &query))];
    while let Some((parent, address)) = waiting.pop() {
        let page: Page<Folder> = match api.get(address, cancel).await {
            Ok(page) => page,
            // Deleted since its parent was listed.
            Err(Fault::Missing(_)) if !parent.is_empty() => continue,
            Err(fault) => return Err(fault),
        };
        if let Some(next) = page.next {
            waiting.push((parent.clone(), api.link(&next).ok_or_else(elsewhere)?));
        }
        for folder in page.value {
            let search = folder.kind.as_deref().is_some_and(|kind| kind.ends_with("mailSearchFolder"));
            let role = well_known.of(&folder.id);
            if folder.is_hidden || search || role == Some(None) || found.iter().any(|have| have.key == folder.id) {
                continue;
            }
            if found.len() >= MOST {
                return Err(Fault::Broken(Error::new(ErrorCode::Protocol, "Microsoft lists folders without end.")));
            }
            // A slash separates names here, and may stand in one there.
            let name = folder.display_name.replace('/', "\u{2215}");
            let path = if parent.is_empty() { name } else { format!("{parent}/{name}") };
            if folder.child_folder_count > 0 {
                waiting.push((path.clone(), api.query(&["mailFolders", &folder.id, "childFolders"], &query)));
            }
            found.push(RemoteMailbox {
                key: folder.id,
                path,
                role: role.flatten(),
                selectable: true,
                messages: folder.total_item_count,
            });
        }
    }
    Ok(found)
}

/// A link that leads to another server than the one that gave it.
pub fn elsewhere() -> Fault {
    Fault::Broken(
        Error::new(ErrorCode::Protocol, "Microsoft's answer leads to another server, where the sign-in is not sent.")
            .remedy("Check the endpoints in Settings, Providers."),
    )
}
