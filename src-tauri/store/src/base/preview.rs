//! What a formula would yield, before there is a column of it.

use super::error::sql;
use super::list::load_cells;
use super::schema::meaning;
use super::{BaseFile, meta};
use base::Cell;
use base::column::{Behaviour, computed_as};
use base::formula::{Record, located};
use model::base::{FormulaPreview, FormulaSample, PreviewFormulaArgs};
use model::{RecordId, Result};

/// Records shown where none is named.
const SAMPLES: u32 = 5;

impl BaseFile {
    /// Reads a formula and calculates it for some records; a mistake is part of the answer.
    pub fn preview_formula(&self, args: &PreviewFormulaArgs) -> Result<FormulaPreview> {
        let context = self.context();
        self.read_snapshot(|c| {
            let def = meta::def(c, args.table, &context)?;
            let fields: Vec<&base::Field> = def.columns.iter().map(|c| &c.field).collect();
            let program = match located(&args.formula, &fields) {
                Ok(program) => program,
                Err((error, at)) => {
                    let at = u32::try_from(at).ok();
                    return Ok(FormulaPreview { result: None, samples: Vec::new(), error: Some(error), at });
                }
            };
            let ids: Vec<i64> = match args.record {
                Some(record) => vec![record.0],
                None => c
                    .prepare_cached(&format!("SELECT id FROM t{} ORDER BY id LIMIT ?1", args.table))
                    .and_then(|mut s| s.query_map([SAMPLES], |r| r.get(0))?.collect())
                    .map_err(sql)?,
            };
            let result = base::formula::result(program.result, &serde_json::json!({}));
            let shows = computed_as(&result, &context);
            let places: Vec<usize> =
                program.inputs.iter().filter_map(|id| def.columns.iter().position(|c| c.field.id == *id)).collect();
            let inputs: Vec<Box<dyn Behaviour>> = places
                .iter()
                .filter_map(|at| Some(meaning(def.columns.get(*at)?, def.table.columns.get(*at)?, &context)))
                .collect();
            let behaviours: Vec<&dyn Behaviour> = inputs.iter().map(|b| &**b).collect();
            let samples = load_cells(c, &def, &ids)?
                .into_iter()
                .map(|(id, cells)| {
                    let given: Vec<Cell> =
                        places.iter().map(|at| cells.get(*at).cloned().unwrap_or_default()).collect();
                    // A failure of what it reads is its own.
                    let failed = given.iter().find(|c| matches!(c, Cell::Json(map) if map.get("error").is_some()));
                    let cell = failed.cloned().unwrap_or_else(|| {
                        program.evaluate(&Record { fields: &behaviours, cells: &given, context: &context }).into()
                    });
                    FormulaSample { record: RecordId(id), text: shows.show(&cell) }
                })
                .collect();
            Ok(FormulaPreview { result: Some(result), samples, error: None, at: None })
        })
    }
}
