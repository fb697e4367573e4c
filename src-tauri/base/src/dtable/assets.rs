//! Files of cells in a `.dtable`: their addresses, and the hashes of what the archive has of them.

use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// A cell of files, each with the hash of its content where the archive has it.
pub(super) fn with_hashes(value: Json, files: &HashMap<String, String>) -> Json {
    match value {
        Json::Array(list) => list.into_iter().map(|file| with_hashes(file, files)).collect(),
        Json::String(url) => match path_of(&url).and_then(|path| Some((files.get(&path)?, path))) {
            Some((hash, path)) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                json!({ "name": name, "url": url, "hash": hash })
            }
            None => Json::String(url),
        },
        Json::Object(mut map) => {
            let url = map.get("url").or_else(|| map.get("sign_image_url")).and_then(Json::as_str);
            if let Some(hash) = url.and_then(path_of).and_then(|path| files.get(&path)) {
                map.insert("hash".into(), json!(hash));
            }
            Json::Object(map)
        }
        other => other,
    }
}

/// Where in the archive the file of an address is.
fn path_of(url: &str) -> Option<String> {
    let path = match url.strip_prefix("file://dtable-bundle/") {
        Some(path) => path.to_owned(),
        None => format!("asset/custom/{}", url.strip_prefix("custom-asset://")?),
    };
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
