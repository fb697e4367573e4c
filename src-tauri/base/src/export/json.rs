//! Tables as one JSON document: `{"tables": [{"name", "columns": [{"name", "type"}], "records": [{"id", "cells"}]}]}`.

use super::{OutColumn, Sink, plain, unwritten};
use crate::Cell;
use model::{Phrase, RecordId, Result};
use serde_json::{Map, Value as Json, json};
use std::io::Write;

/// A JSON file.
pub struct Document<W: Write> {
    to: W,
    tables: usize,
    records: usize,
}

impl<W: Write> Document<W> {
    /// Into this.
    pub fn new(mut to: W) -> Result<Self> {
        to.write_all(b"{\"tables\":[").map_err(unwritten)?;
        Ok(Self { to, tables: 0, records: 0 })
    }

    fn put(&mut self, text: &str) -> Result<()> {
        self.to.write_all(text.as_bytes()).map_err(unwritten)
    }
}

impl<W: Write> Sink for Document<W> {
    fn table(&mut self, name: &str, columns: &[OutColumn<'_>]) -> Result<()> {
        self.put(if self.tables > 0 { "\n]},\n" } else { "\n" })?;
        self.tables += 1;
        self.records = 0;
        let columns: Vec<Json> =
            columns.iter().map(|c| json!({ "name": c.field.name, "type": c.field.kind })).collect();
        let name = Json::from(name);
        self.put(&format!("{{\"name\":{name},\"columns\":{},\"records\":[", Json::from(columns)))
    }

    fn record(&mut self, id: RecordId, columns: &[OutColumn<'_>], cells: &[Cell]) -> Result<()> {
        let filled = columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        let cells: Map<String, Json> = filled.map(|(c, cell)| (c.field.name.clone(), plain(c.field, cell))).collect();
        self.put(if self.records > 0 { ",\n" } else { "\n" })?;
        self.records += 1;
        self.put(&json!({ "id": id, "cells": cells }).to_string())
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Phrase>> {
        self.put(if self.tables > 0 { "\n]}\n]}\n" } else { "]}\n" })?;
        self.to.flush().map_err(unwritten)?;
        Ok(Vec::new())
    }
}
