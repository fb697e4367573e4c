//! An account's way to the outside: its adapter, with its secret opened for it.

use crate::Engine;
use crate::sandbox::{SandboxRemote, SandboxSubmit};
use model::account::{Account, AccountKind, ServerSettings};
use model::{AccountId, Error, ErrorCode, Result, say};
use remote::gmail::{GmailAccess, GmailRemote, GmailSubmit};
use remote::graph::{GraphAccess, GraphRemote, GraphSubmit};
use remote::imap::ImapRemote;
use remote::smtp::SmtpSubmit;
use remote::{Access, Remote, Secret, SignIn, Submit};
use std::sync::Arc;

impl Engine {
    /// The mailboxes of an account on its server.
    ///
    /// # Errors
    /// `NotFound` where the account is gone; `Locked` where its secrets can't be read; `SignIn` where
    /// none is stored.
    pub async fn remote(&self, account: AccountId) -> Result<Arc<dyn Remote>> {
        let account = self.account(account).await?;
        match account.kind {
            AccountKind::Imap => Ok(Arc::new(ImapRemote::new(self.imap_access(&account).await?))),
            AccountKind::Sandbox => Ok(Arc::new(SandboxRemote::new(self, account.id))),
            AccountKind::Gmail => Ok(Arc::new(GmailRemote::new(self.gmail_access(&account).await?))),
            AccountKind::Microsoft => Ok(Arc::new(GraphRemote::new(self.graph_access(&account).await?))),
        }
    }

    /// The account's way for letters.
    ///
    /// # Errors
    /// As [`Engine::remote`].
    pub async fn submitter(&self, account: AccountId) -> Result<Arc<dyn Submit>> {
        let account = self.account(account).await?;
        match account.kind {
            AccountKind::Imap => Ok(Arc::new(SmtpSubmit::new(self.smtp_access(&account).await?))),
            AccountKind::Sandbox => Ok(Arc::new(SandboxSubmit::new(self, account.id))),
            AccountKind::Gmail => Ok(Arc::new(GmailSubmit::new(self.gmail_access(&account).await?))),
            AccountKind::Microsoft => Ok(Arc::new(GraphSubmit::new(self.graph_access(&account).await?))),
        }
    }

    pub(crate) async fn account(&self, id: AccountId) -> Result<Account> {
        self.store().read(move |r| store::account::get(r, id)).await
    }

    /// A Gmail mailbox with its tokens.
    pub(crate) async fn gmail_access(&self, account: &Account) -> Result<GmailAccess> {
        let tokens = self.keeper(account).await?;
        let server = tokens.provider().imap.clone().filter(|_| account.bulk_imap);
        let imap = server.map(|server| Access {
            server: ServerSettings { username: account.email.clone(), ..server },
            sign_in: SignIn::Token(tokens.clone()),
            ca_pem: None,
        });
        Ok(GmailAccess { api: tokens.provider().api.clone(), email: account.email.clone(), tokens, imap })
    }

    /// A mailbox at Microsoft with its tokens.
    pub(crate) async fn graph_access(&self, account: &Account) -> Result<GraphAccess> {
        let tokens = self.keeper(account).await?;
        let mailbox = self.signed_in(account.id).await?.and_then(|s| s.shared_mailbox);
        Ok(GraphAccess { api: tokens.provider().api.clone(), email: account.email.clone(), tokens, mailbox })
    }

    pub(crate) async fn imap_access(&self, account: &Account) -> Result<Access> {
        let server = account.imap.clone().ok_or_else(|| no_server(account))?;
        self.access(account, server, "password").await
    }

    pub(crate) async fn smtp_access(&self, account: &Account) -> Result<Access> {
        let server = account.smtp.clone().ok_or_else(|| no_server(account))?;
        self.access(account, server, "smtp_password").await
    }

    async fn access(&self, account: &Account, server: ServerSettings, field: &'static str) -> Result<Access> {
        let id = account.id;
        let sign_in = match account.provider {
            Some(_) => SignIn::Token(self.keeper(account).await?),
            None => SignIn::Password(self.password(account, field).await?),
        };
        let ca_pem = self.store().read(move |r| store::account::ca_pem(r, id)).await?;
        Ok(Access { server, sign_in, ca_pem })
    }

    async fn password(&self, account: &Account, field: &'static str) -> Result<Secret> {
        let owner = store::account::owner(account.id);
        let mut secret = self.secret(&owner, field).await?;
        if secret.is_none() && field != "password" {
            secret = self.secret(&owner, "password").await?;
        }
        secret.ok_or_else(|| {
            Error::new(ErrorCode::SignIn, say!("No password is stored for {email}.", email = account.email))
                .remedy("Sign in again in the account's settings.")
        })
    }
}

fn no_server(account: &Account) -> Error {
    Error::new(ErrorCode::Conflict, say!("{email} has no server for this.", email = account.email))
        .remedy("Enter one in the account's settings.")
}
