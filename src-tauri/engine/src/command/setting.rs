//! Commands of the noun `setting`.

use crate::Engine;
use model::setting::{Nothing, OWN_NAME_MAX, Settings};
use model::{Error, Result, say};

/// `setting.get`
pub(crate) async fn get(engine: &Engine, _args: Nothing) -> Result<Settings> {
    engine.store().read(|r| store::setting::get(r)).await
}

/// `setting.put`
pub(crate) async fn put(engine: &Engine, mut args: Settings) -> Result<Settings> {
    if !["", "en", "de", "uk", "pl", "ru"].contains(&args.language.as_str()) {
        return Err(Error::invalid("This language is not one of en, de, uk, pl, ru."));
    }
    if args.undo_seconds != 0 && !(5..=60).contains(&args.undo_seconds) {
        return Err(Error::invalid("The time to undo a letter is 0 or 5 to 60 seconds."));
    }
    args.own_name = args.own_name.trim().to_owned();
    if args.own_name.chars().count() > OWN_NAME_MAX || args.own_name.chars().any(char::is_control) {
        return Err(Error::invalid(say!(
            "Your name in bases has at most {max} characters on one line.",
            max = OWN_NAME_MAX
        )));
    }
    let stored = args.clone();
    engine.store().write(move |w| store::setting::put(w, &stored)).await?;
    Ok(args)
}
