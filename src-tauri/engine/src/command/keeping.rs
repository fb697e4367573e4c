//! Commands about what was: history, comments, trash, snapshots; and base files from elsewhere.

use super::base::{get, place};
use crate::Engine;
use crate::bases::blocking;
use model::base::{Base, BaseRef, ReadOnly};
use model::exchange::OpenArgs;
use model::history::{
    HistoryArgs, HistoryPage, Snapshot, SnapshotListArgs, SnapshotMakeArgs, SnapshotRef, SnapshotRestoreArgs,
    TrashedBase,
};
use model::setting::Nothing;
use model::{Error, Noun, Result, say};
use std::path::{Path, PathBuf};
use store::base::{BaseFile, registry, shelf};

/// `base.history`
pub(crate) async fn history(engine: &Engine, args: HistoryArgs) -> Result<HistoryPage> {
    engine.read_base(&args.base.clone(), move |base| base.history(&args)).await
}

/// `base.remove`: a file inside the profile goes into its trash; one elsewhere is only taken off the list.
pub(crate) async fn remove(engine: &Engine, args: BaseRef) -> Result<Nothing> {
    let id = args.id.clone();
    let entry = engine.store().write(move |w| registry::remove(w, &id)).await?;
    engine.close_base(&args.id).await;
    if Path::new(&entry.path).is_relative() {
        let (profile, now) = (engine.store().profile().to_path_buf(), engine.store().clock().now());
        blocking(move || if entry.file(&profile).exists() { shelf::discard(&profile, &entry, now) } else { Ok(()) })
            .await?;
    }
    Ok(Nothing {})
}

/// `base.trash`
pub(crate) async fn trash(engine: &Engine, _args: Nothing) -> Result<Vec<TrashedBase>> {
    let profile = engine.store().profile().to_path_buf();
    blocking(move || Ok(shelf::discarded(&profile))).await
}

/// `base.restore`
pub(crate) async fn restore(engine: &Engine, args: BaseRef) -> Result<Base> {
    let profile = engine.store().profile().to_path_buf();
    let relative = format!("bases/{}.base", args.id);
    let (id, target) = (args.id.clone(), profile.join(&relative));
    let (name, color) = blocking(move || shelf::take_back(&profile, &id, &target)).await?;
    let id = args.id.clone();
    engine
        .store()
        .write(move |w| {
            let name = registry::free_name(w, &name)?;
            registry::insert(w, &id, &name, &relative)?;
            registry::update(w, &id, None, Some(&color))
        })
        .await?;
    get(engine, args).await
}

/// `base.purge`
pub(crate) async fn purge(engine: &Engine, args: BaseRef) -> Result<Nothing> {
    let profile = engine.store().profile().to_path_buf();
    let id = args.id.clone();
    blocking(move || shelf::purge(&profile, &id)).await?;
    tell(engine, &args).await?;
    Ok(Nothing {})
}

/// The trash is no table: its change is told by hand.
async fn tell(engine: &Engine, base: &BaseRef) -> Result<()> {
    let id = base.id.clone();
    engine
        .store()
        .write(move |w| {
            w.changed(Noun::Base, Some(&id));
            Ok(())
        })
        .await
}

/// `base.open`: a file known already under another path is a copy, and gets an id of its own, unless
/// the other path is gone: then the base has moved.
pub(crate) async fn open(engine: &Engine, args: OpenArgs) -> Result<Base> {
    let path = PathBuf::from(&args.path);
    if !path.is_absolute() {
        return Err(Error::invalid("Choose a base's file."));
    }
    let path = path.canonicalize().map_err(|e| {
        Error::not_found(say!("There is no file {path}.", path = path.display()))
            .remedy("Choose a base's file.")
            .detail(e)
    })?;
    let clock = engine.store().clock();
    let (asked, found) = (path.clone(), clock.clone());
    let (id, read_only) = blocking(move || {
        let base = BaseFile::open(&asked, found)?;
        Ok((base.id().clone(), base.read_only()))
    })
    .await?;
    let profile = engine.store().profile().to_path_buf();
    let known = engine.store().read(|r| registry::list(r)).await?;
    let same = known.iter().find(|e| e.file(&profile).canonicalize().is_ok_and(|p| p == path));
    if let Some(entry) = same {
        return get(engine, BaseRef { id: entry.id.clone() }).await;
    }
    let stored = path.display().to_string();
    let id = match known.iter().find(|e| e.id == id) {
        Some(entry) if !entry.file(&profile).exists() => {
            let moved = id.clone();
            engine.store().write(move |w| registry::moved(w, &moved, &stored)).await?;
            return get(engine, BaseRef { id }).await;
        }
        // The same file given away once, in two places: neither can have changed.
        Some(entry) if read_only == Some(ReadOnly::Shared) => {
            return get(engine, BaseRef { id: entry.id.clone() }).await;
        }
        Some(_) => {
            let new = BaseFile::new_id(&*clock);
            let (file, given) = (path.clone(), new.clone());
            blocking(move || BaseFile::give_id(&file, &given)).await?;
            new
        }
        None => id,
    };
    let name = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let new = id.clone();
    engine
        .store()
        .write(move |w| {
            let name = registry::free_name(w, &name)?;
            registry::insert(w, &new, &name, &stored)
        })
        .await?;
    get(engine, BaseRef { id }).await
}

/// Commands of the noun `snapshot`.
pub(crate) mod snapshot {
    use super::{
        Base, BaseRef, Engine, Nothing, Noun, Result, Snapshot, SnapshotListArgs, SnapshotMakeArgs, SnapshotRef,
        SnapshotRestoreArgs, blocking, get, place, registry, shelf, tell,
    };

    /// `snapshot.list`
    pub(crate) async fn list(engine: &Engine, args: SnapshotListArgs) -> Result<Vec<Snapshot>> {
        let profile = engine.store().profile().to_path_buf();
        blocking(move || shelf::list_snapshots(&profile, &args.base)).await
    }

    /// `snapshot.make`
    pub(crate) async fn make(engine: &Engine, args: SnapshotMakeArgs) -> Result<Snapshot> {
        let (profile, clock) = (engine.store().profile().to_path_buf(), engine.store().clock());
        let name = args.name.unwrap_or_default();
        let made =
            engine.read_base(&args.base, move |base| shelf::make_snapshot(&profile, base, &name, &*clock)).await?;
        tell(engine, &BaseRef { id: args.base }).await?;
        Ok(made)
    }

    /// `snapshot.restore`
    pub(crate) async fn restore(engine: &Engine, args: SnapshotRestoreArgs) -> Result<Base> {
        let name = engine.store().read(move |r| registry::check_name(r, &args.as_new_name, None)).await?;
        let (id, path, relative) = place(engine);
        let (profile, new) = (engine.store().profile().to_path_buf(), id.clone());
        blocking(move || shelf::restore_snapshot(&profile, &args.base, &args.id, &path, &new)).await?;
        let new = id.clone();
        engine.store().write(move |w| registry::insert(w, &new, &name, &relative)).await?;
        get(engine, BaseRef { id }).await
    }

    /// `snapshot.remove`
    pub(crate) async fn remove(engine: &Engine, args: SnapshotRef) -> Result<Nothing> {
        let profile = engine.store().profile().to_path_buf();
        let base = args.base.clone();
        blocking(move || shelf::remove_snapshot(&profile, &args.base, &args.id)).await?;
        engine
            .store()
            .write(move |w| {
                w.changed(Noun::Base, Some(&base));
                Ok(())
            })
            .await?;
        Ok(Nothing {})
    }
}
