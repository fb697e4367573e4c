//! Commands of the noun `base`.

pub(crate) use super::base_account::{accounts, bind_account, rename_account, unbind_account};
pub(crate) use super::exchange::{export, import_cancel, import_file, preview_file, preview_import, progress};
pub(crate) use super::keeping::{history, open, purge, remove, restore, trash};

use crate::Engine;
use crate::bases::blocking;
use model::base::{Base, BaseCopyArgs, BaseCreateArgs, BaseRef, BaseUndoArgs, BaseUndone, BaseUpdateArgs};
use model::setting::Nothing;
use model::{BaseId, Result, Timestamp};
use std::path::{Path, PathBuf};
use store::base::registry::{self, Entry};
use store::base::{BaseFile, remove_file};

/// `base.list`
pub(crate) async fn list(engine: &Engine, _args: Nothing) -> Result<Vec<Base>> {
    let mut bases = Vec::new();
    for entry in engine.store().read(|r| registry::list(r)).await? {
        bases.push(described(engine, entry).await);
    }
    Ok(bases)
}

/// `base.get`
pub(crate) async fn get(engine: &Engine, args: BaseRef) -> Result<Base> {
    let entry = engine.store().read(move |r| registry::get(r, &args.id)).await?;
    Ok(described(engine, entry).await)
}

/// A base with its tables, or with the reason why it can't be opened.
async fn described(engine: &Engine, entry: Entry) -> Base {
    let path = entry.file(engine.store().profile());
    let look = |base: &BaseFile| Ok((base.tables()?, base.read_only()));
    let (tables, read_only, error) = match engine.read_base(&entry.id, look).await {
        Ok((tables, read_only)) => (tables, read_only, None),
        Err(error) => (Vec::new(), None, Some(error)),
    };
    let elsewhere = Path::new(&entry.path).is_absolute();
    let updated_at = entry.updated_at.max(written_at(&path));
    Base {
        id: entry.id,
        name: entry.name,
        color: entry.color,
        path: path.display().to_string(),
        elsewhere,
        updated_at,
        read_only,
        tables,
        error,
    }
}

/// When a base's file or its journal was written last.
fn written_at(path: &Path) -> Timestamp {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    [path.to_path_buf(), PathBuf::from(journal)]
        .iter()
        .filter_map(|p| std::fs::metadata(p).ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok())
        .map(|since| Timestamp(since.as_millis() as i64))
        .max()
        .unwrap_or_default()
}

/// `base.create`: a base with one table.
pub(crate) async fn create(engine: &Engine, args: BaseCreateArgs) -> Result<Base> {
    let name = engine.store().read(move |r| registry::check_name(r, &args.name, None)).await?;
    let language = language(engine).await?;
    let (id, path, file) = place(engine);
    let (clock, new) = (engine.store().clock(), id.clone());
    let base = blocking(move || {
        let base = BaseFile::create(&path, &new, &language, clock)?;
        base.create_table("Table 1")?;
        Ok(base)
    })
    .await?;
    enlist(engine, base, name, file).await?;
    get(engine, BaseRef { id }).await
}

/// `base.update`
pub(crate) async fn update(engine: &Engine, args: BaseUpdateArgs) -> Result<Base> {
    let id = args.id.clone();
    engine.store().write(move |w| registry::update(w, &args.id, args.name.as_deref(), args.color.as_deref())).await?;
    get(engine, BaseRef { id }).await
}

/// `base.copy`
pub(crate) async fn copy(engine: &Engine, args: BaseCopyArgs) -> Result<Base> {
    let name = engine.store().read(move |r| registry::check_name(r, &args.name, None)).await?;
    let (id, path, file) = place(engine);
    let (new, clock) = (id.clone(), engine.store().clock());
    let copy = engine
        .read_base(&args.id, move |base| {
            base.copy_to(&path, &new)?;
            BaseFile::open(&path, clock)
        })
        .await?;
    enlist(engine, copy, name, file).await?;
    get(engine, BaseRef { id }).await
}

/// `base.undo`
pub(crate) async fn undo(engine: &Engine, args: BaseUndoArgs) -> Result<BaseUndone> {
    engine.write_base(&args.base, BaseFile::undo).await
}

/// `base.redo`
pub(crate) async fn redo(engine: &Engine, args: BaseUndoArgs) -> Result<BaseUndone> {
    engine.write_base(&args.base, BaseFile::redo).await
}

/// A new base's id, its file, and that file as the list keeps it.
pub(super) fn place(engine: &Engine) -> (BaseId, PathBuf, String) {
    let id = BaseFile::new_id(&*engine.store().clock());
    let relative = format!("bases/{id}.base");
    (id, engine.store().profile().join(&relative), relative)
}

/// Puts a new base on the list; where that fails its file goes.
pub(super) async fn enlist(engine: &Engine, base: BaseFile, name: String, relative: String) -> Result<()> {
    let (id, path) = (base.id().clone(), base.path().to_path_buf());
    if let Err(error) = engine.store().write(move |w| registry::insert(w, &id, &name, &relative)).await {
        drop(base);
        remove_file(&path);
        return Err(error);
    }
    engine.opened(base).await?;
    Ok(())
}

/// The language in which a new base sorts.
pub(super) async fn language(engine: &Engine) -> Result<String> {
    Ok(engine.store().read(|r| store::setting::get(r)).await?.language)
}
