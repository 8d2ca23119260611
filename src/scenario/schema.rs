//! The JSON Schema (draft-07) of the file, from the same declarations that read it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

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
        if field.presence != Presence::Required {
            described["default"] = field.default.map_or(Json::Null, |text| Json::String(text.to_owned()));
            if field.default.is_none()
                && let Some(object) = described.as_object_mut()
            {
                object.remove("default");
            }
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
