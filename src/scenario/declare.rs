//! Declaring the file format: each table, choice and word is written down once, and that one declaration
//! gives the struct, its reader and its JSON Schema.

/// Declares a table of the file.
///
/// ```
/// use peaksim::scenario::reader::Count;
/// use peaksim::time::SimDuration;
///
/// peaksim::file_table! {
///     /// Where orders wait for work.
///     pub struct StationTable = "station" {
///         /// What it is called; no two stations share a name.
///         required name: String, example "\"pick\"";
///         /// How many can be served at once.
///         optional servers: Count;
///         /// What the clock adds to every order.
///         default pause: SimDuration = SimDuration::ZERO;
///         /// Where orders go from here.
///         list next: String;
///         /// A key that is a word of Rust.
///         optional action as "do": String;
///     }
///     later = ["lanes"];
/// }
/// ```
///
/// The struct has a public `place` (of the table) and one public field for each key:
/// `required` and `default` give `Spanned<T>`, `optional` gives `Option<Spanned<T>>`, `list` gives `Vec<Spanned<T>>`,
/// empty when the key is left out. Keys under `later` belong to the format and are refused by this version.
///
/// `struct … = "noun" in parts` declares a table that is read whatever is wrong in it, so that the rest can be checked:
/// `required` and `optional` then give [`Part<T>`](super::parts::Part), `list` gives [`Items<T>`](super::parts::Items),
/// and `default` gives the default where the value could not be read.
#[macro_export]
macro_rules! file_table {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident = $noun:literal in parts { $($fields:tt)* }
        $($later:tt)*
    ) => {
        $crate::file_table! { @parts $(#[doc = $doc])* $vis struct $name = $noun { $($fields)* } $($later)* }
    };
    (
        @$mode:ident
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident = $noun:literal {
            $(
                $(#[doc = $field_doc:literal])*
                $kind:ident $field:ident $(as $key:literal)? : $type:ty
                    $(= $default:expr)? $(, example $example:literal)?;
            )*
        }
        $(later = [$($later:literal),* $(,)?];)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        $vis struct $name {
            /// Where the table stands.
            pub place: $crate::scenario::diagnostic::Place,
            $( $(#[doc = $field_doc])* pub $field: $crate::file_field!(type $mode $kind $type), )*
        }

        impl $crate::scenario::table::FileTable for $name {
            const NOUN: &'static str = $noun;
            const DOC: &'static str = concat!($($doc, "\n"),*);
            const FIELDS: &'static [$crate::scenario::table::Field] = &[$(
                $crate::scenario::table::Field {
                    key: $crate::file_field!(key $field $($key)?),
                    doc: concat!($($field_doc, "\n"),*),
                    presence: $crate::file_field!(presence $kind),
                    default: $crate::file_field!(default_text $($default)?),
                    example: $crate::file_field!(example $kind $type $(, $example)?),
                    schema: $crate::file_field!(schema $kind $type),
                },
            )*];
            const LATER: &'static [&'static str] = &[$($($later),*)?];
            fn place(&self) -> &$crate::scenario::diagnostic::Place {
                &self.place
            }
        }

        impl $crate::scenario::reader::FromToml for $name {
            fn read(
                node: &$crate::scenario::node::Node,
                sink: &mut $crate::scenario::reader::Sink,
            ) -> Option<Self> {
                let table = $crate::scenario::table::open::<Self>(node, sink)?;
                let mut fields = <Self as $crate::scenario::table::FileTable>::FIELDS.iter();
                // Every field is read before any failure counts, so that all errors of the table are shown.
                $(
                    let field = fields.next().expect("as many fields as the declaration has");
                    let $field = $crate::file_field!(
                        read $mode $kind $type, table, node, field, sink $(, $default)?
                    );
                )*
                Some($name { place: node.place.clone(), $($field: $crate::file_field!(take $mode $field)),* })
            }
            fn expected() -> String {
                let table = $crate::scenario::table::example_table(<Self as $crate::scenario::table::FileTable>::FIELDS);
                format!("{} such as {table}", $crate::scenario::table::with_article($noun))
            }
            fn example() -> String {
                $crate::scenario::table::example_table(<Self as $crate::scenario::table::FileTable>::FIELDS)
            }
            fn schema(definitions: &mut $crate::scenario::schema::Definitions) -> serde_json::Value {
                definitions.refer(stringify!($name), |definitions| {
                    $crate::scenario::schema::schema_of_fields(
                        <Self as $crate::scenario::table::FileTable>::DOC,
                        <Self as $crate::scenario::table::FileTable>::FIELDS,
                        definitions,
                    )
                })
            }
        }
    };
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident = $noun:literal { $($fields:tt)* }
        $($later:tt)*
    ) => {
        $crate::file_table! { @whole $(#[doc = $doc])* $vis struct $name = $noun { $($fields)* } $($later)* }
    };
}

/// What one line of [`file_table!`] means, by its first word.
#[doc(hidden)]
#[macro_export]
macro_rules! file_field {
    (type $mode:ident default $type:ty) => { $crate::scenario::reader::Spanned<$type> };
    (type whole required $type:ty) => { $crate::scenario::reader::Spanned<$type> };
    (type whole optional $type:ty) => { Option<$crate::scenario::reader::Spanned<$type>> };
    (type whole list $type:ty) => { Vec<$crate::scenario::reader::Spanned<$type>> };
    (type parts list $type:ty) => { $crate::scenario::parts::Items<$type> };
    (type parts $kind:ident $type:ty) => { $crate::scenario::parts::Part<$type> };

    (key $field:ident $key:literal) => { $key };
    (key $field:ident) => { stringify!($field) };

    (presence required) => { $crate::scenario::table::Presence::Required };
    (presence $other:ident) => { $crate::scenario::table::Presence::Optional };

    (default_text $default:expr) => { Some(stringify!($default)) };
    (default_text) => { None };

    (example $kind:ident $type:ty, $example:literal) => { || $example.to_owned() };
    (example list $type:ty) => { <Vec<$type> as $crate::scenario::reader::FromToml>::example };
    (example $kind:ident $type:ty) => { <$type as $crate::scenario::reader::FromToml>::example };

    (schema list $type:ty) => { <Vec<$type> as $crate::scenario::reader::FromToml>::schema };
    (schema $kind:ident $type:ty) => { <$type as $crate::scenario::reader::FromToml>::schema };

    (read whole required $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident) => {
        $crate::scenario::table::required::<Self, $type>($table, $node, $field, $sink)
    };
    (read whole optional $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident) => {
        $crate::scenario::table::optional::<$type>($table, $field, $sink)
    };
    (read whole default $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident, $default:expr) => {
        $crate::scenario::table::optional::<$type>($table, $field, $sink).map(|read| {
            read.unwrap_or_else(|| $crate::scenario::reader::Spanned { value: $default, place: $node.place.clone() })
        })
    };
    (read whole list $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident) => {
        $crate::scenario::table::optional::<Vec<$crate::scenario::reader::Spanned<$type>>>($table, $field, $sink)
            .map(|read| read.map_or_else(Vec::new, |list| list.value))
    };
    (read parts required $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident) => {
        $crate::scenario::parts::required_part::<Self, $type>($table, $node, $field, $sink)
    };
    (read parts optional $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident) => {
        $crate::scenario::parts::optional_part::<Self, $type>($table, $field, $sink)
    };
    (read parts default $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident, $default:expr) => {
        $crate::scenario::table::optional::<$type>($table, $field, $sink)
            .flatten()
            .unwrap_or_else(|| $crate::scenario::reader::Spanned { value: $default, place: $node.place.clone() })
    };
    (read parts list $type:ty, $table:ident, $node:ident, $field:ident, $sink:ident) => {
        $crate::scenario::parts::items::<Self, $type>($table, $field, $sink)
    };

    (take whole $field:ident) => { $field? };
    (take parts $field:ident) => { $field };
}

/// Declares a value that is one of a few words.
///
/// ```
/// peaksim::file_words! {
///     /// The part of the operation a station belongs to.
///     pub enum LayerWord = "layer" {
///         /// Connectors and message queues.
///         Integration = "integration",
///         /// The floor.
///         Warehouse = "warehouse",
///     }
///     later = ["reporting"];
/// }
/// ```
#[macro_export]
macro_rules! file_words {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident = $noun:literal {
            $( $(#[doc = $word_doc:literal])* $variant:ident = $word:literal ),* $(,)?
        }
        $(later = [$($later:literal),* $(,)?];)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        $vis enum $name {
            $( $(#[doc = $word_doc])* $variant, )*
        }

        impl $name {
            /// The words of the file, in the order of the declaration.
            $vis const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant)),*];

            /// The word in the file.
            #[must_use]
            $vis fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl $crate::scenario::reader::FromToml for $name {
            fn read(
                node: &$crate::scenario::node::Node,
                sink: &mut $crate::scenario::reader::Sink,
            ) -> Option<Self> {
                $crate::scenario::words::read(node, $noun, Self::WORDS, &[$($($later),*)?], sink)
            }
            fn expected() -> String {
                $crate::scenario::words::expected($noun, Self::WORDS)
            }
            fn example() -> String {
                [$(concat!("\"", $word, "\"")),*][0].to_owned()
            }
            fn schema(_: &mut $crate::scenario::schema::Definitions) -> serde_json::Value {
                serde_json::json!({ "enum": [$($word),*] })
            }
        }
    };
}

/// Declares a value that may be written in several ways, told apart by what kind of value stands there:
/// `text`, `number`, `boolean`, `moment`, `list`, `table`, or `table "key"`, a table that has this key.
///
/// ```
/// use peaksim::time::SimDuration;
///
/// peaksim::file_table! {
///     /// How long work takes when it varies.
///     pub struct SpreadTable = "spread" {
///         /// The time in the middle.
///         required typical: SimDuration, example "\"6m\"";
///         /// One in ten takes longer than this.
///         required one_in_ten_over: SimDuration, example "\"18m\"";
///     }
/// }
///
/// peaksim::file_choice! {
///     /// How long work takes.
///     pub enum TakesValue {
///         /// Always the same.
///         text Always(SimDuration),
///         /// It varies.
///         table Spread(SpreadTable),
///     }
/// }
/// ```
#[macro_export]
macro_rules! file_choice {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident {
            $( $(#[doc = $way_doc:literal])* $shape:ident $($key:literal)? $variant:ident($type:ty) ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        $vis enum $name {
            $( $(#[doc = $way_doc])* $variant($type), )*
        }

        impl $crate::scenario::reader::FromToml for $name {
            fn read(
                node: &$crate::scenario::node::Node,
                sink: &mut $crate::scenario::reader::Sink,
            ) -> Option<Self> {
                let ways: &[$crate::scenario::choice::Way<Self>] = &[$(
                    $crate::scenario::choice::Way {
                        shape: $crate::file_way!($shape),
                        key: $crate::file_way!(key $($key)?),
                        read: |node, sink| {
                            <$type as $crate::scenario::reader::FromToml>::read(node, sink).map($name::$variant)
                        },
                    }
                ),*];
                $crate::scenario::choice::read(node, ways, sink)
            }
            fn expected() -> String {
                [$(<$type as $crate::scenario::reader::FromToml>::expected()),*].join(", or ")
            }
            fn example() -> String {
                [$(<$type as $crate::scenario::reader::FromToml>::example as fn() -> String),*][0]()
            }
            fn schema(definitions: &mut $crate::scenario::schema::Definitions) -> serde_json::Value {
                let ways = [$(<$type as $crate::scenario::reader::FromToml>::schema(definitions)),*];
                serde_json::json!({ "anyOf": ways })
            }
        }
    };
}

/// The shape a way of [`file_choice!`] is told apart by.
#[doc(hidden)]
#[macro_export]
macro_rules! file_way {
    (text) => {
        $crate::scenario::node::Shape::Text
    };
    (number) => {
        $crate::scenario::node::Shape::Number
    };
    (boolean) => {
        $crate::scenario::node::Shape::Boolean
    };
    (moment) => {
        $crate::scenario::node::Shape::Moment
    };
    (list) => {
        $crate::scenario::node::Shape::List
    };
    (table) => {
        $crate::scenario::node::Shape::Table
    };
    (key $key:literal) => {
        Some($key)
    };
    (key) => {
        None
    };
}
