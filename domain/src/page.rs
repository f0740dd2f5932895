//! Pages of a list.

use uuid::Uuid;

/// How many items a page holds: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The most a caller may ask for.
    pub const MAX: u16 = 100;

    /// Checks the bounds.
    pub fn new(limit: u16) -> Option<Self> {
        (1..=Self::MAX).contains(&limit).then_some(Self(limit))
    }

    /// The number of items.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }

    /// One more than the page holds, which tells whether another page follows.
    pub fn and_one(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(25)
    }
}

/// Which page: how many items, and the id after which it begins. Lists are ordered by id, which is by time of creation.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageOf {
    /// Items on the page.
    pub limit: Limit,
    /// The last id of the page before.
    pub after: Option<Uuid>,
}

/// A page: its items, and whether another follows.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// At most `limit` items.
    pub items: Vec<T>,
    /// The id of the last item, if another page follows it.
    pub next: Option<Uuid>,
}

impl<T> Page<T> {
    /// Cuts rows that were read with [`Limit::and_one`] to a page.
    pub fn cut(mut items: Vec<T>, limit: Limit, id: impl Fn(&T) -> Uuid) -> Self {
        let more = items.len() > limit.get();
        items.truncate(limit.get());
        let next = if more { items.last().map(id) } else { None };
        Self { items, next }
    }
}
