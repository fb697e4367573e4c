//! Commands of the noun `account`.

use crate::Engine;
use crate::command::unbuilt;
use model::Result;

/// `account.list`
pub(crate) async fn list(_engine: &Engine, _args: model::setting::Nothing) -> Result<Vec<model::account::Account>> {
    unbuilt()
}

/// `account.get`
pub(crate) async fn get(_engine: &Engine, _args: model::account::AccountRef) -> Result<model::account::Account> {
    unbuilt()
}

/// `account.discover`
pub(crate) async fn discover(_engine: &Engine, _args: model::account::DiscoverArgs) -> Result<model::account::Discovery> {
    unbuilt()
}

/// `account.add_imap`
pub(crate) async fn add_imap(_engine: &Engine, _args: model::account::AddImapArgs) -> Result<model::account::Account> {
    unbuilt()
}

/// `account.add_sandbox`
pub(crate) async fn add_sandbox(_engine: &Engine, _args: model::account::AddSandboxArgs) -> Result<model::account::Account> {
    unbuilt()
}

/// `account.update`
pub(crate) async fn update(_engine: &Engine, _args: model::account::AccountUpdateArgs) -> Result<model::account::Account> {
    unbuilt()
}

/// `account.reauthorize`
pub(crate) async fn reauthorize(_engine: &Engine, _args: model::account::ReauthorizeArgs) -> Result<model::account::Account> {
    unbuilt()
}

/// `account.remove`
pub(crate) async fn remove(_engine: &Engine, _args: model::account::AccountRef) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `account.probe`
pub(crate) async fn probe(_engine: &Engine, _args: model::account::AccountRef) -> Result<model::account::ProbeReport> {
    unbuilt()
}

/// `account.test_mail`
pub(crate) async fn test_mail(_engine: &Engine, _args: model::account::TestMailArgs) -> Result<model::account::TestMailResult> {
    unbuilt()
}

/// `account.sync`
pub(crate) async fn sync(_engine: &Engine, _args: model::account::AccountScope) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `account.stop_sync`
pub(crate) async fn stop_sync(_engine: &Engine, _args: model::account::AccountScope) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `account.resync`
pub(crate) async fn resync(_engine: &Engine, _args: model::account::AccountRef) -> Result<model::setting::Nothing> {
    unbuilt()
}

/// `account.log`
pub(crate) async fn log(_engine: &Engine, _args: model::account::AccountRef) -> Result<Vec<model::account::SyncLogEntry>> {
    unbuilt()
}
