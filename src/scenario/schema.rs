//! The JSON Schema (draft-07) of the file, from the same declarations that read it.

use std::collections::BTreeMap;

pub use serde_json::Value as Json;
use serde_json::{Map, json};

use super::reader::FromToml;
use super::table::{Field, Presence};

/// Named schemas that others refer to.
#[derive(Debug, Default)]
pub struct Definitions(BTreeMap<&'static str, Json>);

impl Definitions {
    /// A reference to the definition `name`, which `make` builds the first time it is asked for.
    pub fn refer(&mut self, name: &'static str, make: impl FnOnce(&mut Definitions) -> Json) -> Json {
        if !self.0.contains_key(name) {
            // Holds the place, so that a table that contains itself ends.
            self.0.insert(name, Json::Null);
            let schema = make(self);
            self.0.insert(name, schema);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }
}

/// The schema of a whole file whose root is `T`.
#[must_use]
pub fn schema_of<T: FromToml>(title: &str) -> Json {
    let mut definitions = Definitions::default();
    let root = T::schema(&mut definitions);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "allOf": [root],
        "definitions": definitions.0,
    })
}

/// The schema of a table with these fields and no others.
#[must_use]
pub fn schema_of_fields(doc: &str, fields: &[Field], definitions: &mut Definitions) -> Json {
    let mut properties = Map::new();
    for field in fields {
        let value = (field.schema)(definitions);
        // Beside a `$ref`, draft-07 ignores every other key: the reference goes into an `allOf`.
        let mut described = json!({ "description": trimmed(field.doc), "allOf": [value] });
        if let Some(default) = field.default.and_then(as_json) {
            described["default"] = default;
        }
        properties.insert(field.key.to_owned(), described);
    }
    let required: Vec<&str> =
        fields.iter().filter(|field| field.presence == Presence::Required).map(|field| field.key).collect();
    json!({
        "type": "object",
        "description": trimmed(doc),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A doc comment as running text.
#[must_use]
pub fn trimmed(doc: &str) -> String {
    doc.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A TOML value as JSON; dates have no counterpart and give `None`.
fn as_json(value: &str) -> Option<Json> {
    toml::from_str::<Json>(&format!("value = {value}")).ok()?.get_mut("value").map(Json::take)
}
