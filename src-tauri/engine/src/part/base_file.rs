//! Files of cells as the window reads them: whole, in pieces, or as a small picture.
//!
//! Look next: [`super::range`] for what of a file is asked for, [`super::thumbnail`] for small pictures.

use super::range::{Wanted, wanted};
use super::{Part, file, thumbnail};
use crate::Engine;
use model::{BaseId, Result};

/// So many bytes tell what a file is.
const HEAD_BYTES: u64 = 64;

/// A file of a cell, or the part of it that a `Range` header asks for.
pub(super) async fn answer(
    engine: &Engine,
    base: &BaseId,
    hash: String,
    name: &str,
    range: Option<&str>,
) -> Result<Part> {
    let range = range.map(str::to_owned);
    let (size, wanted, head, bytes) = engine
        .read_base(base, move |base| {
            let size = base.file_bytes(&hash)?;
            let wanted = wanted(range.as_deref(), size);
            Ok(match wanted.clone() {
                Wanted::Whole => (size, wanted, Vec::new(), base.file(&hash)?),
                Wanted::Nothing => (size, wanted, Vec::new(), Vec::new()),
                Wanted::Bytes(range) => {
                    let head = base.file_piece(&hash, 0, HEAD_BYTES)?;
                    (size, wanted, head, base.file_piece(&hash, range.start, range.end - range.start)?)
                }
            })
        })
        .await?;
    let mut part = match &wanted {
        Wanted::Whole => file("", name, bytes),
        Wanted::Nothing | Wanted::Bytes(_) => Part { bytes, ..file("", name, head) },
    };
    part.headers.push(("Accept-Ranges".into(), "bytes".into()));
    let of = match wanted {
        Wanted::Whole => return Ok(part),
        Wanted::Nothing => {
            part.status = 416;
            format!("bytes */{size}")
        }
        Wanted::Bytes(range) => {
            part.status = 206;
            format!("bytes {}-{}/{size}", range.start, range.end - 1)
        }
    };
    part.headers.push(("Content-Range".into(), of));
    Ok(part)
}

/// A small picture of a file.
pub(super) async fn small(engine: &Engine, base: &BaseId, hash: &str, edge: thumbnail::Edge) -> Result<Part> {
    let bytes = thumbnail::of(engine, base, hash, edge).await?;
    let mut part = file("", "", bytes);
    // The same address always means the same picture; the window may keep it while it scrolls.
    for (_, value) in part.headers.iter_mut().filter(|(name, _)| name == "Cache-Control") {
        *value = "private, max-age=31536000, immutable".into();
    }
    Ok(part)
}
