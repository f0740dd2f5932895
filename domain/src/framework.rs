//! Frameworks of standards that a goal may cite: an edition and its items.
//!
//! Only codes and short labels of our own are here; the sentences belong to their publishers. The same code means
//! another thing in another edition, so a goal always names the edition.

/// An edition of a framework.
#[derive(Clone, Copy, Debug)]
pub struct Framework {
    /// How goals name it, such as `asca-2004`.
    pub edition: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Code and our own short label.
    pub items: &'static [(&'static str, &'static str)],
}

impl Framework {
    /// Whether it has the item.
    pub fn has(&self, item: &str) -> bool {
        self.items.iter().any(|(code, _)| *code == item)
    }
}

/// The edition of that name.
pub fn find(edition: &str) -> Option<&'static Framework> {
    FRAMEWORKS.iter().find(|f| f.edition == edition)
}

/// The names of all editions, for a message.
pub fn editions() -> String {
    FRAMEWORKS.iter().map(|f| f.edition).collect::<Vec<_>>().join(", ")
}

/// Every edition that ships (R163 to R166, R169).
pub const FRAMEWORKS: &[Framework] = &[
    Framework {
        edition: "asca-2004",
        title: "ASCA National Standards for Students (2004)",
        items: &[
            ("A:A", "Learning well"),
            ("A:B", "Ready to choose a postsecondary path"),
            ("A:C", "School, work, home and community"),
            ("C:A", "Investigating work"),
            ("C:B", "Reaching career goals"),
            ("C:C", "Self, education and work"),
            ("PS:A", "Respect for self and others"),
            ("PS:B", "Deciding and setting goals"),
            ("PS:C", "Safety and survival"),
        ],
    },
    Framework {
        edition: "asca-2021",
        title: "ASCA Student Standards: Mindsets & Behaviors (2021)",
        items: &[
            ("M 1", "Mindset 1"),
            ("M 2", "Mindset 2"),
            ("M 3", "Mindset 3"),
            ("M 4", "Mindset 4"),
            ("M 5", "Mindset 5"),
            ("M 6", "Mindset 6"),
            ("B-LS 1", "Learning strategy 1"),
            ("B-LS 2", "Learning strategy 2"),
            ("B-LS 3", "Learning strategy 3"),
            ("B-LS 4", "Learning strategy 4"),
            ("B-LS 5", "Learning strategy 5"),
            ("B-LS 6", "Learning strategy 6"),
            ("B-LS 7", "Learning strategy 7"),
            ("B-LS 8", "Learning strategy 8"),
            ("B-LS 9", "Learning strategy 9"),
            ("B-LS 10", "Learning strategy 10"),
            ("B-SMS 1", "Self-management 1"),
            ("B-SMS 2", "Self-management 2"),
            ("B-SMS 3", "Self-management 3"),
            ("B-SMS 4", "Self-management 4"),
            ("B-SMS 5", "Self-management 5"),
            ("B-SMS 6", "Self-management 6"),
            ("B-SMS 7", "Self-management 7"),
            ("B-SMS 8", "Self-management 8"),
            ("B-SMS 9", "Self-management 9"),
            ("B-SMS 10", "Self-management 10"),
            ("B-SS 1", "Social skill 1"),
            ("B-SS 2", "Social skill 2"),
            ("B-SS 3", "Social skill 3"),
            ("B-SS 4", "Social skill 4"),
            ("B-SS 5", "Social skill 5"),
            ("B-SS 6", "Social skill 6"),
            ("B-SS 7", "Social skill 7"),
            ("B-SS 8", "Social skill 8"),
            ("B-SS 9", "Social skill 9"),
            ("B-SS 10", "Social skill 10"),
        ],
    },
];
