//! Commands of the noun `correspondent`.

use crate::Engine;
use model::message::{Address, CompleteArgs};
use model::{Error, Result};

/// `correspondent.complete`
pub(crate) async fn complete(engine: &Engine, args: CompleteArgs) -> Result<Vec<Address>> {
    if !(1..=50).contains(&args.limit) {
        return Err(Error::invalid("The limit is between 1 and 50."));
    }
    engine.store().read(move |r| store::correspondent::complete(r, &args.text, args.limit)).await
}
