//! Indices into the lists of a model. They say which list they belong to.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// The place in the model's list.
            #[must_use]
            #[inline]
            pub fn index(self) -> usize {
                usize::from(self.0)
            }

            /// The id of the item at `index` of the model's list.
            ///
            /// # Panics
            /// From 65,536 items on, far above what a scenario may hold.
            #[must_use]
            pub fn at(index: usize) -> $name {
                $name(u16::try_from(index).expect("a scenario holds fewer than 65,536 items of a kind"))
            }
        }
    };
}

id!(/** A [`super::Source`]. */ SourceId);
id!(/** A [`super::Station`]. */ StationId);
id!(/** A [`super::Pool`]. */ PoolId);
id!(/** A [`super::Diversion`]: a hold or an exception class. */ DiversionId);
id!(/** A [`super::Sla`]. */ SlaId);
