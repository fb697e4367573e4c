//! Commands of the noun `base` about the accounts a base names.
//!
//! A name lives in the base's file and goes wherever the file goes; which account it is stands in the
//! profile alone.

use crate::Engine;
use model::base::BaseRef;
use model::exchange::{BaseAccount, BindAccountArgs, RenameAccountArgs, UnbindAccountArgs};
use model::{BaseId, Error, ErrorCode, Result, say};
use store::base::account as names;

/// `base.accounts`
pub(crate) async fn accounts(engine: &Engine, args: BaseRef) -> Result<Vec<BaseAccount>> {
    let list = engine.read_base(&args.id, store::base::BaseFile::account_names).await?;
    engine
        .store()
        .read(move |r| {
            list.into_iter()
                .map(|name| {
                    let account = names::bound(r, &args.id, &name)?.map(|id| store::account::get(r, id)).transpose()?;
                    Ok(BaseAccount {
                        name,
                        account: account.as_ref().map(|a| a.id),
                        kind: account.as_ref().map(|a| a.kind),
                        account_name: account.map(|a| a.name),
                    })
                })
                .collect()
        })
        .await
}

async fn one(engine: &Engine, base: &BaseId, name: &str) -> Result<BaseAccount> {
    let list = accounts(engine, BaseRef { id: base.clone() }).await?;
    list.into_iter()
        .find(|a| a.name.to_lowercase() == name.to_lowercase())
        .ok_or_else(|| Error::not_found(say!("This base has no account name “{name}”.", name)))
}

/// `base.bind_account`
pub(crate) async fn bind_account(engine: &Engine, args: BindAccountArgs) -> Result<BaseAccount> {
    if let Some(account) = args.account {
        // Asked first: a name is not made for an account that is not there.
        engine.store().read(move |r| store::account::get(r, account)).await?;
    }
    let wanted = args.name.clone();
    let name = match engine.write_base(&args.base, move |base| base.add_account_name(&wanted)).await {
        Ok(name) => name,
        Err(error) if error.code == ErrorCode::Conflict && !args.add => {
            one(engine, &args.base, args.name.trim()).await?.name
        }
        Err(error) => return Err(error),
    };
    let (base, bound) = (args.base.clone(), name.clone());
    engine.store().write(move |w| names::bind(w, &base, &bound, args.account)).await?;
    one(engine, &args.base, &name).await
}

/// `base.rename_account`
pub(crate) async fn rename_account(engine: &Engine, args: RenameAccountArgs) -> Result<BaseAccount> {
    let (old, wanted) = (args.name.clone(), args.new_name);
    let new = engine.write_base(&args.base, move |base| base.rename_account_name(&old, &wanted)).await?;
    let (base, named) = (args.base.clone(), new.clone());
    engine.store().write(move |w| names::rebind(w, &base, &args.name, &named)).await?;
    one(engine, &args.base, &new).await
}

/// `base.unbind_account`
pub(crate) async fn unbind_account(engine: &Engine, args: UnbindAccountArgs) -> Result<Vec<BaseAccount>> {
    let name = args.name.clone();
    engine.write_base(&args.base, move |base| base.remove_account_name(&name)).await?;
    let (base, name) = (args.base.clone(), args.name);
    engine.store().write(move |w| names::bind(w, &base, &name, None)).await?;
    accounts(engine, BaseRef { id: args.base }).await
}
