//! The known ids of the fixture.

use openilp_domain::id::DistrictId;
use uuid::{Uuid, uuid};

/// The district with all the relations.
pub const ALDER: DistrictId = DistrictId(uuid!("0000000d-0000-7000-8000-000000000001"));
/// The other district.
pub const BIRCH: DistrictId = DistrictId(uuid!("0000000d-0000-7000-8000-000000000002"));
/// The agreement of the state client with Alder.
pub const AGREEMENT: Uuid = uuid!("000000a6-0000-7000-8000-000000000001");

/// A person of the cast: id of the row `n` in fixture.sql.
pub const fn person(n: u128) -> Uuid {
    numbered(0x0000_00ae_0000_7000_8000_0000_0000_0000, n)
}
/// The ILP file of a student.
pub const fn file(n: u128) -> Uuid {
    numbered(0x0000_00f1_0000_7000_8000_0000_0000_0000, n)
}

/// The path of a list in the ILP file of a student, such as `goals`.
pub fn in_file(n: u128, list: &str) -> String {
    format!("/v1/ilp-files/{}/{list}", file(n))
}

/// A school, by its last digit: 1 Alder Middle School, 2 Alder High School, 3 Birch High School.
pub const fn school(n: u128) -> Uuid {
    Uuid::from_u128(0x0000_005c_0000_7000_8000_0000_0000_0000 + n)
}

const fn numbered(base: u128, n: u128) -> Uuid {
    Uuid::from_u128(base + (n / 10) * 16 + n % 10)
}

/// Anna Ash: grade 10, 15 years old, of Alder High School.
pub const ANNA: Uuid = person(1);
/// Ben Ash: grade 7, her brother, of Alder Middle School.
pub const BEN: Uuid = person(2);
/// Cleo Cedar: grade 12, 18 years old.
pub const CLEO: Uuid = person(3);
/// Dan Dogwood: grade 11, birth date unknown.
pub const DAN: Uuid = person(4);
/// Zoe Zinnia: a student of Birch.
pub const ZOE: Uuid = person(50);

/// The id of a machine client of the fixture.
pub fn client(name: &str) -> Uuid {
    let n = match name {
        "operator" => 1,
        "sis" => 2,
        "state" => 3,
        "birch-sis" => 4,
        other => panic!("no client {other} in the fixture"),
    };
    Uuid::from_u128(0x0000_0c11_0000_7000_8000_0000_0000_0000 + n)
}
