//! Commands of the noun `base`.

pub(crate) use super::exchange::{export, import_cancel, progress};

use crate::Engine;
use crate::bases::blocking;
use ::base::csv::Dialect;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::base::{
    Base, BaseCopyArgs, BaseCreateArgs, BaseRef, BaseUndoArgs, BaseUndone, BaseUpdateArgs, FilePreview, ImportFileArgs,
    Imported, PreviewColumn, PreviewFileArgs,
};
use model::draft::PastedFile;
use model::setting::Nothing;
use model::{BaseId, Error, Result, Timestamp};
use std::path::{Path, PathBuf};
use store::base::registry::{self, Entry};
use store::base::{BaseFile, ImportOptions, Source, look, remove_file};

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
    let (tables, error) = match engine.read_base(&entry.id, BaseFile::tables).await {
        Ok(tables) => (tables, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let updated_at = entry.updated_at.max(written_at(&path));
    Base {
        id: entry.id,
        name: entry.name,
        color: entry.color,
        path: path.display().to_string(),
        updated_at,
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

/// `base.remove`: a file inside the profile goes; one elsewhere is only taken off the list.
pub(crate) async fn remove(engine: &Engine, args: BaseRef) -> Result<Nothing> {
    let id = args.id.clone();
    let entry = engine.store().write(move |w| registry::remove(w, &id)).await?;
    engine.close_base(&args.id).await;
    if Path::new(&entry.path).is_relative() {
        let path = entry.file(engine.store().profile());
        blocking(move || {
            remove_file(&path);
            Ok(())
        })
        .await?;
    }
    Ok(Nothing {})
}

/// `base.preview_file`
pub(crate) async fn preview_file(_engine: &Engine, args: PreviewFileArgs) -> Result<FilePreview> {
    let file = Given::new(args.path, args.bytes)?;
    let dialect = Dialect::chosen(args.delimiter.as_deref(), args.encoding.as_deref(), args.header)?;
    blocking(move || {
        let found = look(file.source(), &dialect, &mut |_| true)?;
        let plan = found.tables.into_iter().next().ok_or_else(|| Error::invalid("This file holds no records."))?;
        let columns = plan.columns.into_iter().map(|c| PreviewColumn { name: c.name, kind: c.kind }).collect();
        let text = found.text.as_ref();
        Ok(FilePreview {
            name: file.name,
            delimiter: text.map(|t| char::from(t.delimiter).to_string()).unwrap_or_default(),
            encoding: text.map(|t| t.encoding.name().to_owned()).unwrap_or_default(),
            header: text.is_none_or(|t| t.header),
            columns,
            rows: plan.first,
            total: u32::try_from(plan.total).unwrap_or(u32::MAX),
        })
    })
    .await
}

/// `base.import_file`
pub(crate) async fn import_file(engine: &Engine, args: ImportFileArgs) -> Result<Imported> {
    let file = Given::new(args.path, args.bytes)?;
    let name = args.name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| file.name.clone());
    let options = ImportOptions {
        table: name.clone(),
        dialect: Dialect::chosen(args.delimiter.as_deref(), args.encoding.as_deref(), args.header)?,
        types: args.types,
    };
    let stop = engine.stopping().clone();
    let mut go_on = move |_| !stop.is_cancelled();
    let (base, report) = if let Some(id) = args.base {
        let report = engine.write_base(&id, move |base| base.import_file(file.source(), &options, &mut go_on)).await?;
        (id, report)
    } else {
        let language = language(engine).await?;
        let name = engine.store().read(move |r| registry::free_name(r, &name)).await?;
        let (id, path, relative) = place(engine);
        let (clock, new) = (engine.store().clock(), id.clone());
        let (base, report) = blocking(move || {
            BaseFile::create_from_file(&path, &new, &language, clock, file.source(), &options, &mut go_on)
        })
        .await?;
        enlist(engine, base, name, relative).await?;
        (id, report)
    };
    Ok(Imported { base, tables: report.tables, records: report.records, misfits: report.misfits })
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
fn place(engine: &Engine) -> (BaseId, PathBuf, String) {
    let id = BaseFile::new_id(&*engine.store().clock());
    let relative = format!("bases/{id}.base");
    (id, engine.store().profile().join(&relative), relative)
}

/// Puts a new base on the list; where that fails its file goes.
async fn enlist(engine: &Engine, base: BaseFile, name: String, relative: String) -> Result<()> {
    let (id, path) = (base.id().clone(), base.path().to_path_buf());
    if let Err(error) = engine.store().write(move |w| registry::insert(w, &id, &name, &relative)).await {
        drop(base);
        remove_file(&path);
        return Err(error);
    }
    engine.opened(base).await;
    Ok(())
}

/// The language in which a new base sorts.
async fn language(engine: &Engine) -> Result<String> {
    Ok(engine.store().read(|r| store::setting::get(r)).await?.language)
}

/// A file as a command was given it.
struct Given {
    name: String,
    path: PathBuf,
    bytes: Option<Vec<u8>>,
}

impl Given {
    fn new(path: String, bytes: Option<PastedFile>) -> Result<Self> {
        let (path, bytes) = match bytes {
            None if path.trim().is_empty() => return Err(Error::invalid("No file was chosen.")),
            None => (PathBuf::from(path), None),
            Some(file) => {
                let bytes = STANDARD
                    .decode(file.base64.trim())
                    .map_err(|e| Error::invalid("The file did not arrive whole.").detail(e))?;
                (PathBuf::from(file.filename), Some(bytes))
            }
        };
        let name = path.file_stem().map_or_else(|| "Table 1".to_owned(), |n| n.to_string_lossy().into_owned());
        Ok(Self { name, path, bytes })
    }

    fn source(&self) -> Source<'_> {
        self.bytes.as_deref().map_or(Source::File(&self.path), Source::Bytes)
    }
}
