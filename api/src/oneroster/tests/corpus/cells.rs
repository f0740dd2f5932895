//! Cells that may not hold what they hold.

use super::*;

/// A bundle with one cell set in the first row of a file.
fn cell(name: &'static str, file: &'static str, column: &'static str, value: &str, code: &'static str) -> Broken {
    let csv = FILES.iter().find(|known| known.name == file).unwrap().file_name;
    broken(name, Files::sound().cell(file, 2, column, value), &[(csv, 2, Some(column), code)])
}

/// The tolerant reader mends that cell.
fn mended(broken: Broken, code: &'static str) -> Broken {
    let (file, _, column, _) = broken.strictly[0];
    broken.mended(&[(file, column, code)])
}

/// A bundle with the gradebook, and one cell of it set.
fn gradebook(name: &'static str, file: &'static str, column: &'static str, value: &str, code: &'static str) -> Broken {
    let csv = FILES.iter().find(|known| known.name == file).unwrap().file_name;
    broken(name, with_gradebook().cell(file, 2, column, value), &[(csv, 2, Some(column), code)])
}

pub(super) fn corpus() -> Vec<Broken> {
    let long = "x".repeat(256);
    let mut roster = vec![
        cell("an id that is blank", "orgs", "sourcedId", "", "required_blank"),
        cell("an id with a blank in it", "orgs", "sourcedId", "d 1", "bad_sourced_id"),
        cell("an id that is too long", "orgs", "sourcedId", &long, "too_long"),
        cell("an id of other letters", "orgs", "sourcedId", "d\u{e9}1", "bad_sourced_id"),
        cell("a name of blanks", "orgs", "name", "   ", "required_blank"),
        cell("a name that is too long", "orgs", "name", &long, "too_long"),
        cell("a name of two lines", "orgs", "name", "Granite\nDistrict", "control_character"),
        cell("a word that is not in the vocabulary", "orgs", "type", "college", "bad_enum"),
        cell("an ext: word where there is no place for it", "enrollments", "role", "ext:helper", "extension_unsupported"),
        cell("a role of 1.1 in 1.2", "roles", "role", "administrator", "bad_enum"),
        cell("a day with slashes", "academicSessions", "startDate", "08/15/2026", "bad_date"),
        cell("a day that may be two", "demographics", "birthDate", "10/12/2010", "bad_date"),
        cell("a day that there is not", "demographics", "birthDate", "2010-02-30", "bad_date"),
        cell("a day with another time", "academicSessions", "startDate", "2026-08-15T17:30:00Z", "bad_date"),
        cell("a day as a spreadsheet counts", "enrollments", "beginDate", "46249", "bad_date"),
        cell("a school year of three years", "academicSessions", "schoolYear", "2026-2028", "bad_integer"),
        cell("a boolean in words", "users", "enabledUser", "yes", "bad_boolean"),
        cell("a boolean as a number", "users", "enabledUser", "1", "bad_boolean"),
        cell("a grade in words", "users", "grades", "ninth", "bad_enum"),
        cell("user ids without braces", "users", "userIds", "Fed:1", "bad_list"),
        cell("a list with a blank item", "classes", "termSourcedIds", "y1,,t1", "bad_list"),
        cell("a list with semicolons", "users", "agentSourcedIds", "g1;g2", "bad_sourced_id"),
        cell("subjects and codes that do not match", "courses", "subjectCodes", "1,2,3", "list_lengths"),
        cell("a session that ends before it starts", "academicSessions", "endDate", "2026-08-14", "dates_reversed"),
        mended(cell("status in a bulk file", "orgs", "status", "active", "bulk_status_not_blank"), "status_cleared"),
        mended(cell("a time in a bulk file", "orgs", "dateLastModified", "2026-08-15T00:00:00Z", "bulk_status_not_blank"), "status_cleared"),
        mended(cell("a deleted row in a bulk file", "enrollments", "status", "tobedeleted", "bulk_status_not_blank"), "row_passed_over"),
        mended(cell("an inactive row in a bulk file", "enrollments", "status", "inactive", "bulk_status_not_blank"), "row_passed_over"),
        mended(cell("TRUE", "users", "enabledUser", "TRUE", "bad_boolean"), "boolean_case"),
        mended(cell("a word in other capitals", "orgs", "type", "District", "bad_enum"), "word_case"),
        mended(cell("a day with the time of midnight", "demographics", "birthDate", "2010-12-10T00:00:00.000Z", "bad_date"), "date_with_time"),
        mended(cell("a school year as two", "academicSessions", "schoolYear", "2026-2027", "bad_integer"), "school_year_span"),
        mended(cell("a grade without its zero", "users", "grades", "9", "bad_enum"), "grade_code"),
        mended(cell("an id with a blank behind it", "roles", "orgSourcedId", "s1 ", "bad_sourced_id"), "trimmed"),
    ];
    roster.extend([
        gradebook("a weight that is not whole", "categories", "weight", "half", "bad_integer"),
        gradebook("a score in words", "results", "score", "ninety", "bad_number"),
        gradebook("a score with a comma", "results", "score", "90,5", "bad_number"),
        gradebook("a score that is none", "results", "score", "NaN", "bad_number"),
        gradebook("a score status that there is not", "results", "scoreStatus", "graded", "bad_enum"),
        gradebook("a due day missing", "lineItems", "dueDate", "", "required_blank"),
        gradebook("a score scale that is no list of pairs", "scoreScales", "scoreScaleValue", "A=94,B=84", "bad_list"),
        gradebook("a resource of no importance", "resources", "importance", "tertiary", "bad_enum"),
        gradebook("a learning objective without an id", "lineItemLearningObjectiveIds", "learningObjectiveId", "", "required_blank"),
        gradebook("a link to a scale that is blank", "resultScoreScales", "scoreScaleSourcedId", "", "required_blank"),
        gradebook("a profile without a user", "userProfiles", "userSourcedId", "", "required_blank"),
    ]);
    roster
}
