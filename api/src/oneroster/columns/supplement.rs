//! What may stand in the zip beside the files of OneRoster: the supplement, and two files of School Data Sync.

use super::super::rows::*;
use super::{File, ID, Import::Optional, Kind::*, MODIFIED, STATUS, closed, csv_file, open, optional, required};

/// The files of the supplement. `docs/roster-supplement.md` describes them.
pub static FILES: [File; 10] = [
    csv_file!(
        "ilp.addresses",
        Optional,
        true,
        AddressRow::read,
        [
            required("userSourcedId", Reference("users")),
            required("type", Word(open(AddressType::WORDS))),
            required("street", Text),
            optional("unit", Text),
            required("city", Text),
            optional("state", Letters(2)),
            required("postalCode", Text),
            optional("country", Letters(2)),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    csv_file!(
        "ilp.telephones",
        Optional,
        true,
        TelephoneRow::read,
        [
            required("userSourcedId", Reference("users")),
            required("type", Word(open(TelephoneType::WORDS))),
            required("number", Text),
            optional("extension", Text),
            optional("primary", Boolean),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    csv_file!(
        "ilp.guardians",
        Optional,
        true,
        GuardianRow::read,
        [
            required("studentSourcedId", Reference("users")),
            required("guardianSourcedId", Reference("users")),
            required("relationship", Word(open(Relationship::WORDS))),
            required("rights", Word(closed(GuardianRights::WORDS))),
            optional("evidence", Word(open(Evidence::WORDS))),
            optional("evidenceReference", Text),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    csv_file!(
        "ilp.caseloads",
        Optional,
        true,
        CaseloadRow::read,
        [
            required("staffSourcedId", Reference("users")),
            required("schoolSourcedId", Reference("orgs")),
            optional("grades", Grades),
            optional("familyNameFrom", Text),
            optional("familyNameTo", Text),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    csv_file!(
        "ilp.assignments",
        Optional,
        true,
        StaffAssignmentRow::read,
        [
            required("staffSourcedId", Reference("users")),
            required("studentSourcedId", Reference("users")),
            required("type", Word(open(StaffAssignmentKind::WORDS))),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    csv_file!(
        "ilp.flags",
        Optional,
        true,
        FlagRow::read,
        [
            required("studentSourcedId", Reference("users")),
            required("flag", Word(open(Flag::WORDS))),
            optional("beginDate", Date),
            optional("endDate", Date),
        ]
    ),
    csv_file!(
        "ilp.stateIds",
        Optional,
        true,
        StateIdRow::read,
        [
            required("userSourcedId", Reference("users")),
            required("type", Word(closed(StateIdType::WORDS))),
            required("state", Letters(2)),
            required("identifier", Text),
        ]
    ),
    csv_file!(
        "ilp.attendance",
        Optional,
        true,
        AttendanceRow::read,
        [
            required("studentSourcedId", Reference("users")),
            required("schoolSourcedId", Reference("orgs")),
            required("academicSessionSourcedId", Reference("academicSessions")),
            required("daysEnrolled", Days),
            required("daysAbsent", Days),
            optional("daysAbsentUnexcused", Days),
            optional("timesTardy", Count),
        ]
    ),
    csv_file!(
        "ilp.outcomes",
        Optional,
        true,
        OutcomeRow::read,
        [
            required("studentSourcedId", Reference("users")),
            required("schoolSourcedId", Reference("orgs")),
            required("schoolYear", Year),
            required("outcome", Word(open(YearOutcome::WORDS))),
            optional("outcomeDate", Date),
            optional("diplomaType", Text),
        ]
    ),
    csv_file!(
        "ilp.postSchoolOutcomes",
        Optional,
        true,
        PostSchoolOutcomeRow::read,
        [
            required("studentSourcedId", Reference("users")),
            required("type", Word(open(PostSchoolKind::WORDS))),
            optional("name", Text),
            required("asOfDate", Date),
        ]
    ),
];

/// Two files of Microsoft School Data Sync 2.1, as they are: no manifest names them, and their rows have no sourcedId. Always bulk.
pub static SCHOOL_DATA_SYNC: [File; 2] = [
    File {
        name: "relationships",
        file_name: "relationships.csv",
        makes: "relationships.csv",
        import: Optional,
        personal: true,
        columns: &[
            required("userSourcedId", Reference("users")),
            required("relationshipUserSourcedId", Reference("users")),
            required("relationshipRole", Text),
        ],
        read: RelationshipRow::read,
    },
    File {
        name: "userFlags",
        file_name: "userFlags.csv",
        makes: "userFlags.csv",
        import: Optional,
        personal: true,
        columns: &[required("userSourcedId", Reference("users")), required("flag", Text)],
        read: UserFlagRow::read,
    },
];
