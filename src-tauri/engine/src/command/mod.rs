//! The door: dispatch of every command in `model::door`, and one file of handlers a noun.
//!
//! A handler is `async fn verb(engine: &Engine, args: Arguments) -> Result<Answer>`. The table of
//! commands is expanded into the dispatch here, so a command without a handler does not compile.

pub(crate) mod account;
pub(crate) mod base;
mod base_account;
pub(crate) mod bulk;
pub(crate) mod column;
pub(crate) mod comment;
pub(crate) mod correspondent;
pub(crate) mod draft;
mod exchange;
pub(crate) mod file;
pub(crate) mod identity;
mod keeping;
pub(crate) mod mailbox;
pub(crate) mod message;
pub(crate) mod operation;
pub(crate) mod profile;
pub(crate) mod provider;
pub(crate) mod record;
pub(crate) mod setting;
pub(crate) use keeping::snapshot;
pub(crate) mod submission;
pub(crate) mod table;
pub(crate) mod template;
pub(crate) mod thread;
pub(crate) mod view;

use crate::Engine;
use model::{Error, Result, say};
use serde_json::Value;

fn parse<T: serde::de::DeserializeOwned>(name: &str, args: Value) -> Result<T> {
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    serde_json::from_value(args).map_err(|e| {
        Error::invalid(say!("The arguments of {name} are not right.", name))
            .detail(e)
            .remedy("`tabella commands` lists what each command takes.")
    })
}

fn answer<T: serde::Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::internal(&e))
}

macro_rules! dispatch {
    ($($kind:ident $noun:ident.$verb:ident($args:ty) -> $result:ty [$($of:ident),*];)*) => {
        impl Engine {
            /// Calls a command by name with JSON arguments.
            ///
            /// # Errors
            /// `NotFound` where there is no such command, `Invalid` where the arguments do not fit,
            /// and whatever the command itself answers.
            pub async fn call(&self, name: &str, args: Value) -> Result<Value> {
                #[allow(clippy::wildcard_imports)]
                use model::*;
                match name {
                    $(concat!(stringify!($noun), ".", stringify!($verb)) => {
                        let args: $args = parse(name, args)?;
                        let result: $result = Box::pin(self::$noun::$verb(self, args)).await?;
                        answer(&result)
                    })*
                    _ => Err(Error::not_found(say!("There is no command {name}.", name))
                        .remedy("`tabella commands` lists them all.")),
                }
            }
        }
    };
}
model::for_each_command!(dispatch);
