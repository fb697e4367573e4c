//! Small pictures of the pictures in cells, so that a screen of them decodes thousands of pixels, not millions.
//!
//! Owns: making them, and the folder `cache/thumbnails` of the profile, where each is a file named by the
//! hash of what it was made from. An empty file says that none can be made.
//! Refuses: contents that are no PNG, JPEG, GIF or WebP, and those that would take too much memory.

use super::blocking;
use crate::Engine;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, metadata::Orientation};
use model::{BaseId, Error, Result};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use tokio::sync::Semaphore;

/// Longest edge of a small picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// 256 px, for a cell of a grid.
    Cell,
    /// 512 px, for a card.
    Card,
}

impl Edge {
    fn pixels(self) -> u32 {
        match self {
            Self::Cell => 256,
            Self::Card => 512,
        }
    }
}

/// A file larger than this gets no small picture.
const SOURCE_BYTES_MAX: u64 = 96 << 20;
/// Pixels of a picture at most: those of the largest cameras.
const PIXELS_MAX: u64 = 64_000_000;
/// Memory of one picture at most.
const DECODED_BYTES_MAX: u64 = 256 << 20;
/// Pictures decoded at the same time.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
const JPEG_QUALITY: u8 = 82;
/// The folder is brought below this when it is swept, bytes.
const CACHE_BYTES_MAX: u64 = 128 << 20;

/// The small picture of a file in a base.
///
/// # Errors
/// `NotFound` where the base has no such file, or none can be made.
pub(super) async fn of(engine: &Engine, base: &BaseId, hash: &str, edge: Edge) -> Result<Vec<u8>> {
    let named = hash.to_owned();
    let size = engine.read_base(base, move |base| base.file_bytes(&named)).await?;
    if size > SOURCE_BYTES_MAX {
        return Err(none());
    }
    // A hash that the base knows is one: it may be part of a path.
    let path = folder(engine.store().profile()).join(format!("{}-{}", hash.to_lowercase(), edge.pixels()));
    if let Some(kept) = kept(&path).await? {
        return if kept.is_empty() { Err(none()) } else { Ok(kept) };
    }
    let _one_of_few = AT_ONCE.acquire().await.map_err(|e| Error::internal(&e))?;
    // Several ask for the same picture where it stands twice on the screen.
    if let Some(kept) = kept(&path).await? {
        return if kept.is_empty() { Err(none()) } else { Ok(kept) };
    }
    let named = hash.to_owned();
    let bytes = engine.read_base(base, move |base| base.file(&named)).await?;
    // A decoder that gives up on a hostile picture ends its own thread's work alone.
    let made = blocking(move || small(&bytes, edge.pixels())).await.unwrap_or_default();
    let keep = made.clone().unwrap_or_default();
    blocking(move || {
        if let Err(error) = put(&path, &keep) {
            tracing::info!(%error, "a small picture can't be kept");
        }
    })
    .await?;
    made.ok_or_else(none)
}

fn none() -> Error {
    Error::not_found("There is no small picture of this file.")
}

fn folder(profile: &Path) -> PathBuf {
    profile.join("cache").join("thumbnails")
}

async fn kept(path: &Path) -> Result<Option<Vec<u8>>> {
    let path = path.to_owned();
    blocking(move || std::fs::read(path).ok()).await
}

/// Whole or not at all: another program may be reading.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)?;
    let new = folder.join(format!("{}.new", ulid::Ulid::new()));
    std::fs::write(&new, bytes)?;
    std::fs::rename(&new, path)
}

/// Makes a small picture; `None` where it can't or shouldn't be made.
fn small(bytes: &[u8], edge: u32) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    if !matches!(reader.format()?, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > DECODED_BYTES_MAX {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if width > edge || height > edge {
        picture = picture.thumbnail(edge, edge);
    }
    picture.apply_orientation(orientation);
    let mut out = Cursor::new(Vec::new());
    if picture.color().has_alpha() {
        DynamicImage::from(picture.into_rgba8()).write_to(&mut out, ImageFormat::Png).ok()?;
    } else {
        picture.into_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).ok()?;
    }
    Some(out.into_inner())
}

/// Takes out the oldest small pictures until the rest is small enough.
pub(crate) fn sweep(profile: &Path) -> std::io::Result<()> {
    sweep_to(profile, CACHE_BYTES_MAX)
}

fn sweep_to(profile: &Path, most: u64) -> std::io::Result<()> {
    let folder = folder(profile);
    if !folder.exists() {
        return Ok(());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        files.push((data.modified()?, data.len(), entry.path()));
    }
    let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    files.sort();
    for (_, length, path) in files {
        if bytes <= most {
            break;
        }
        std::fs::remove_file(path)?;
        bytes -= length;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let picture = DynamicImage::from(RgbaImage::from_pixel(width, height, Rgba([200, 30, 60, alpha])));
        let picture = if alpha == 255 { DynamicImage::from(picture.into_rgb8()) } else { picture };
        picture.write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    fn size(bytes: &[u8]) -> (u32, u32) {
        let picture = image::load_from_memory(bytes).unwrap();
        (picture.width(), picture.height())
    }

    /// A PNG that says it has so many pixels and then has none.
    fn boasting(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(1, 1, 255);
        let header: Vec<u8> = [&b"IHDR"[..], &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        bytes.splice(12..29, header.iter().copied());
        let sum = crc(&header).to_be_bytes();
        bytes.splice(29..33, sum);
        bytes
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        })
    }

    #[test]
    fn a_picture_becomes_as_small_as_asked_for_in_its_own_proportions() {
        assert_eq!(size(&small(&png(1024, 256, 255), 256).unwrap()), (256, 64));
        assert_eq!(size(&small(&png(40, 30, 255), 256).unwrap()), (40, 30));
        assert_eq!(size(&small(&png(3000, 2, 255), 256).unwrap()), (256, 1));
    }

    #[test]
    fn what_is_seen_through_stays_so_and_the_rest_is_a_photo() {
        assert_eq!(image::guess_format(&small(&png(300, 300, 128), 256).unwrap()).unwrap(), ImageFormat::Png);
        assert_eq!(image::guess_format(&small(&png(300, 300, 255), 256).unwrap()).unwrap(), ImageFormat::Jpeg);
    }

    #[test]
    fn a_photo_taken_sideways_stands_upright() {
        let mut out = Cursor::new(Vec::new());
        let wide = image::load_from_memory(&png(64, 32, 255)).unwrap();
        wide.write_to(&mut out, ImageFormat::Jpeg).unwrap();
        let mut bytes = out.into_inner();
        // Exif with the one tag that says: turned by a quarter.
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let length = (exif.len() as u16 + 2).to_be_bytes();
        bytes.splice(2..2, [&[0xff, 0xe1], &length[..], exif].concat());
        assert_eq!(size(&small(&bytes, 256).unwrap()), (32, 64));
    }

    #[test]
    fn a_picture_that_boasts_of_too_many_pixels_is_refused_before_it_takes_any_memory() {
        assert!(small(&boasting(60_000, 60_000), 256).is_none());
        assert!(small(&boasting(8_001, 8_000), 256).is_none());
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"BM", b"", b"\x89PNG\r\n\x1a\nbroken"] {
            assert!(small(other, 256).is_none(), "{other:?}");
        }
    }

    #[test]
    fn the_oldest_small_pictures_go_first() {
        let profile = tempfile::tempdir().unwrap();
        let at = |name: &str| folder(profile.path()).join(name);
        for (age, name) in ["c", "a", "b"].iter().enumerate() {
            put(&at(name), &[0; 10]).unwrap();
            let when = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000 + age as u64);
            std::fs::File::options().write(true).open(at(name)).unwrap().set_modified(when).unwrap();
        }
        sweep_to(profile.path(), 20).unwrap();
        assert_eq!([at("a"), at("b"), at("c")].map(|p| p.exists()), [true, true, false]);
    }
}
