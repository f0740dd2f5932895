//! Files of another encoding or form, and headers that are not those of the standard.

use super::*;

fn put(name: &str, content: &[u8]) -> Files {
    let mut files = Files::sound();
    files.put_bytes(name, content);
    files
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

pub(super) fn corpus() -> Vec<Broken> {
    let sound = Files::sound;
    let orgs = sound().text("orgs.csv");
    let not_utf8: Said = ("orgs.csv", 0, None, "not_utf8");
    let latin1 = orgs.replace("Elm High", "José High").chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<u8>>();
    let unclosed = format!("{}\ns1,,,\"Elm High,school,,\n{}", header("orgs"), "s2,,,Oak High,school,,\n".repeat(60_000));
    let blank_names = orgs.replacen("parentSourcedId", "parentSourcedId,,", 1).replacen(",G1,\n", ",G1,,,\n", 1).replacen(",,d1\n", ",,d1,,\n", 1);
    vec![
        broken("UTF-16 with its mark", put("orgs.csv", &utf16(&orgs, false, true)), &[not_utf8]),
        broken("UTF-16, the other way round", put("orgs.csv", &utf16(&orgs, true, true)), &[not_utf8]),
        broken("UTF-16 without a mark", put("orgs.csv", &utf16(&orgs, false, false)), &[not_utf8]),
        broken("Latin-1", put("orgs.csv", &latin1), &[("orgs.csv", 3, Some("name"), "not_utf8")]),
        broken("a NUL in a cell", sound().with("orgs.csv", "Elm High", "Elm\0High"), &[("orgs.csv", 3, Some("name"), "control_character")]),
        broken("lines that end with CR", put("orgs.csv", orgs.replace('\n', "\r").as_bytes()), &[("orgs.csv", 0, None, "line_ends")])
            .mended(&[("orgs.csv", None, "line_ends")]),
        broken("an empty file", put("orgs.csv", b""), &[("orgs.csv", 0, None, "header_missing")]),
        broken("a header and no rows", put("orgs.csv", header("orgs").as_bytes()), &[("orgs.csv", 0, None, "no_rows")]),
        broken(
            "a file that may be absent, without rows",
            put("demographics.csv", header("demographics").as_bytes()),
            &[("demographics.csv", 0, None, "no_rows")],
        )
        .mended(&[("demographics.csv", None, "final_newline"), ("demographics.csv", None, "file_empty")]),
        broken("a quote that is not closed", put("orgs.csv", unclosed.as_bytes()), &[("orgs.csv", 2, None, "row_too_long")]),
        broken("semicolons for commas", put("orgs.csv", orgs.replace(',', ";").as_bytes()), &semicolons()).tolerantly(&needed_alone(semicolons())),
        broken("a row with a cell too many", sound().with("orgs.csv", "school,,d1", "school,,d1,x"), &[("orgs.csv", 3, None, "wrong_field_count")]),
        broken("a row with a cell too few", sound().with("orgs.csv", "school,,d1", "school,"), &[("orgs.csv", 3, None, "wrong_field_count")]),
        broken(
            "blank columns from a spreadsheet",
            put("orgs.csv", blank_names.as_bytes()),
            &[("orgs.csv", 1, Some(""), "header_unknown_column"), ("orgs.csv", 1, Some(""), "header_unknown_column")],
        )
        .mended(&[("orgs.csv", Some(""), "column_passed_over")]),
        broken(
            "a column twice",
            sound().with("orgs.csv", "identifier,", "name,"),
            &[("orgs.csv", 1, Some("name"), "header_repeated_column"), ("orgs.csv", 1, Some("identifier"), "header_missing_column")],
        )
        .tolerantly(&[("orgs.csv", 1, Some("name"), "header_repeated_column")]),
        broken(
            "a column that nobody knows",
            sound().with("orgs.csv", "identifier,", "ident,"),
            &[("orgs.csv", 1, Some("ident"), "header_unknown_column"), ("orgs.csv", 1, Some("identifier"), "header_missing_column")],
        )
        .tolerantly(&[("orgs.csv", 1, Some("ident"), "header_unknown_column")]),
        broken(
            "a column missing that must be filled",
            put("orgs.csv", b"sourcedId,status,dateLastModified,type,identifier,parentSourcedId\ns1,,,school,,\n"),
            &[("orgs.csv", 1, Some("name"), "header_missing_column")],
        ),
        broken(
            "a column missing that may be blank",
            put("orgs.csv", b"sourcedId,status,dateLastModified,name,type,parentSourcedId\nd1,,,G,district,\ns1,,,E,school,d1\n"),
            &[("orgs.csv", 1, Some("identifier"), "header_missing_column")],
        )
        .mended(&[("orgs.csv", Some("identifier"), "column_added")]),
        broken(
            "columns in another order",
            sound().with("classes.csv", "title,grades", "grades,title").with("classes.csv", "Algebra A,09", "09,Algebra A"),
            &[("classes.csv", 1, Some("title"), "header_wrong")],
        )
        .mended(&[("classes.csv", Some("title"), "column_order")]),
        broken(
            "a header in other capitals",
            sound().with("orgs.csv", "parentSourcedId", "ParentSourcedID"),
            &[("orgs.csv", 1, Some("ParentSourcedID"), "header_unknown_column"), ("orgs.csv", 1, Some("parentSourcedId"), "header_missing_column")],
        )
        .mended(&[("orgs.csv", Some("parentSourcedId"), "header_case")]),
        broken(
            "a preferred name misspelt",
            sound().with("users.csv", "preferredGivenName", "prefferedGivenName"),
            &[
                ("users.csv", 1, Some("prefferedGivenName"), "header_unknown_column"),
                ("users.csv", 1, Some("preferredGivenName"), "header_missing_column"),
            ],
        )
        .mended(&[("users.csv", Some("preferredGivenName"), "header_misspelt")]),
        broken(
            "dateLastModified misspelt",
            sound().with("orgs.csv", "dateLastModified", "dataLastModified"),
            &[("orgs.csv", 1, Some("dataLastModified"), "header_unknown_column"), ("orgs.csv", 1, Some("dateLastModified"), "header_missing_column")],
        )
        .mended(&[("orgs.csv", Some("dateLastModified"), "header_misspelt")]),
        broken(
            "a column of the vendor's own",
            sound()
                .with("orgs.csv", "parentSourcedId", "parentSourcedId,ext_id")
                .with("orgs.csv", ",G1,\n", ",G1,,1\n")
                .with("orgs.csv", ",,d1\n", ",,d1,2\n"),
            &[("orgs.csv", 1, Some("ext_id"), "header_unknown_column")],
        )
        .mended(&[("orgs.csv", Some("ext_id"), "column_passed_over")]),
        broken(
            "metadata before the end",
            put(
                "orgs.csv",
                b"sourcedId,metadata.a,status,dateLastModified,name,type,identifier,parentSourcedId\nd1,,,,G,district,,\ns1,,,,E,school,,d1\n",
            ),
            &[("orgs.csv", 1, Some("metadata.a"), "header_wrong")],
        )
        .mended(&[("orgs.csv", Some("metadata.a"), "column_passed_over")]),
        broken("a hundred thousand columns", put("orgs.csv", format!("{},{}\n", header("orgs"), "ext_a,".repeat(100_000)).as_bytes()), &too_many())
            .tolerantly(&too_many()[193..]),
    ]
}

/// Every column is missing, and the one that is there is unknown.
fn semicolons() -> Vec<Said> {
    let one = "sourcedId;status;dateLastModified;name;type;identifier;paren…";
    let mut said = vec![("orgs.csv", 1, Some(one), "header_unknown_column")];
    said.extend(
        ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]
            .map(|column| ("orgs.csv", 1, Some(column), "header_missing_column")),
    );
    said
}

/// Without the columns that may be blank: the tolerant reader takes those for blank.
fn needed_alone(said: Vec<Said>) -> Vec<Said> {
    let may_be_blank = ["status", "dateLastModified", "identifier", "parentSourcedId"];
    said.into_iter().filter(|(_, _, column, _)| !column.is_some_and(|column| may_be_blank.contains(&column))).collect()
}

fn too_many() -> Vec<Said> {
    let mut said = vec![("orgs.csv", 1, Some("ext_a"), "header_unknown_column"); 193];
    said.extend([("orgs.csv", 1, Some("…"), "header_unknown_column"), ("orgs.csv", 0, None, "no_rows")]);
    said
}
