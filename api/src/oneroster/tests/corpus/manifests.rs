//! Manifests that are none, or that are at odds with what is in the zip.

use super::*;

const M: &str = "manifest.csv";

fn put(name: &str, content: &str) -> Files {
    let mut files = Files::sound();
    files.put(name, content);
    files
}

pub(super) fn corpus() -> Vec<Broken> {
    let sound = Files::sound;
    let malformed: Said = (M, 1, None, "manifest_malformed");
    vec![
        broken("no manifest", sound().without(M), &[(M, 0, None, "manifest_missing")]).mended(&[(M, None, "manifest_made")]),
        broken(
            "no manifest, and files that may be deltas",
            sound().without(M).cell("orgs", 2, "status", "active"),
            &[(M, 0, None, "manifest_missing")],
        )
        .tolerantly(&[("orgs.csv", 2, Some("status"), "manifest_missing")]),
        broken("an empty manifest", put(M, ""), &[malformed]),
        broken("a manifest in JSON", put(M, "{\"version\": \"1.2\"}\n"), &[malformed]),
        broken("a manifest without a header", sound().with(M, "propertyName,value\n", ""), &[malformed]),
        broken("a manifest in capitals", sound().with(M, "propertyName,value", "PROPERTYNAME,VALUE"), &[malformed]).mended(&[(
            M,
            Some("value"),
            "header_case",
        )]),
        broken(
            "a line of three cells",
            sound().with(M, "file.orgs,bulk", "file.orgs,bulk,yes"),
            &[(M, 4, None, "manifest_malformed"), (M, 0, None, "manifest_line_missing")],
        )
        .tolerantly(&[(M, 4, None, "manifest_malformed")]),
        broken(
            "a line twice",
            sound().with(M, "file.orgs,bulk", "file.orgs,bulk\nfile.orgs,bulk"),
            &[(M, 5, Some("propertyName"), "manifest_line_repeated")],
        ),
        broken(
            "a line for a file that there is not",
            sound().with(M, "file.orgs,bulk", "file.orgs,bulk\nfile.marks,absent"),
            &[(M, 5, Some("propertyName"), "manifest_line_unknown")],
        ),
        broken("a line missing", sound().with(M, "file.results,absent\n", ""), &[(M, 0, None, "manifest_line_missing")]).mended(&[(
            M,
            Some("file.results"),
            "manifest_line_added",
        )]),
        broken("a file announced as full", sound().with(M, "file.orgs,bulk", "file.orgs,full"), &[(M, 4, Some("value"), "manifest_value_wrong")]),
        broken("a file announced as Bulk", sound().with(M, "file.orgs,bulk", "file.orgs,Bulk"), &[(M, 4, Some("value"), "manifest_value_wrong")])
            .mended(&[(M, Some("value"), "manifest_value_mended")]),
        broken(
            "another version of the manifest",
            sound().with(M, "manifest.version,1.0", "manifest.version,2.0"),
            &[(M, 2, Some("value"), "manifest_value_wrong")],
        ),
        broken(
            "the binding as version",
            sound().with(M, "oneroster.version,1.2", "oneroster.version,1.2.1"),
            &[(M, 3, Some("value"), "version_unsupported")],
        )
        .mended(&[(M, Some("value"), "manifest_value_mended")]),
        broken("version 1.0", sound().with(M, "oneroster.version,1.2", "oneroster.version,1.0"), &[(M, 3, Some("value"), "version_unsupported")]),
        broken("no version", sound().with(M, "oneroster.version,1.2\n", ""), &[(M, 0, None, "manifest_line_missing")]).mended(&[(
            M,
            Some("oneroster.version"),
            "manifest_line_added",
        )]),
        broken("a file announced and not there", sound().without("demographics.csv"), &[("demographics.csv", 0, None, "file_missing")]),
        broken(
            "a file that an import needs is absent",
            sound().without("roles.csv").with(M, "file.roles,bulk", "file.roles,absent"),
            &[("roles.csv", 0, None, "file_missing")],
        ),
        broken(
            "a file there and called absent",
            sound().with(M, "file.demographics,bulk", "file.demographics,absent"),
            &[("demographics.csv", 0, None, "file_unexpected")],
        ),
        broken("a file that the standard does not have", put("notes.txt", "call Ada Byron"), &[("notes.txt", 0, None, "file_unexpected")]),
        broken(
            "a file with another capital",
            sound().renamed("demographics.csv", "Demographics.csv"),
            &[("Demographics.csv", 0, None, "file_unexpected"), ("demographics.csv", 0, None, "file_missing")],
        )
        .mended(&[("demographics.csv", None, "file_name_case")]),
        broken("two files that differ in capitals", put("Orgs.csv", "sourcedId\n"), &[("Orgs.csv", 0, None, "file_unexpected")])
            .tolerantly(&[("orgs.csv", 0, None, "zip_duplicate_entry"), ("Orgs.csv", 0, None, "file_unexpected")]),
        broken(
            "a bulk file announced as delta",
            sound().with(M, "file.demographics,bulk", "file.demographics,delta"),
            &[("demographics.csv", 2, Some("status"), "required_blank"), ("demographics.csv", 2, Some("dateLastModified"), "required_blank")],
        ),
        broken(
            "a supplement that the manifest does not announce",
            put("ilp.flags.csv", "sourcedId,status,dateLastModified,studentSourcedId,flag,beginDate,endDate\nf1,,,u1,iep,,\n"),
            &[(M, 0, None, "manifest_line_missing"), (M, 0, None, "manifest_line_missing"), ("ilp.flags.csv", 0, None, "file_unexpected")],
        )
        .mended(&[(M, Some("ilp.flags"), "manifest_line_added"), (M, Some("ilp.version"), "manifest_line_added")]),
        broken(
            "a supplement that there is not",
            sound().with(M, "file.orgs,bulk", "file.orgs,bulk\nilp.marks,bulk"),
            &[(M, 5, Some("propertyName"), "manifest_line_unknown")],
        ),
    ]
}
