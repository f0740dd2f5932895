"""A roster small enough to read: one school, one class, a teacher and two students. Yours comes from your database.

    python3 sample_roster.py roster.zip
"""

import csv
import datetime
import io
import pathlib
import sys
import zipfile

_EVERY = ["sourcedId", "status", "dateLastModified"]  # the first columns of each file
COLUMNS = {
    "academicSessions": ["title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"],
    "classes": ["title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId", "termSourcedIds", "subjects",
                "subjectCodes", "periods"],
    "courses": ["schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"],
    "enrollments": ["classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"],
    "orgs": ["name", "type", "identifier", "parentSourcedId"],
    "roles": ["userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"],
    "users": ["enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone",
              "agentSourcedIds", "grades", "password", "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
              "primaryOrgSourcedId", "pronouns"],
}
# The manifest names every file of the standard; these are not in the bundle.
ABSENT = ["categories", "classResources", "courseResources", "demographics", "lineItemLearningObjectiveIds", "lineItemScoreScales", "lineItems",
          "resources", "resultLearningObjectiveIds", "resultScoreScales", "results", "scoreScales", "userProfiles", "userResources"]


def sample_roster(today: datetime.date) -> dict[str, list[dict[str, str]]]:
    """The rows by file. Cells that are not named are blank."""
    year = today.year + (today.month >= 7)  # a school year has the name of the year in which it ends
    begin, end = f"{year - 1}-07-01", f"{year}-06-30"

    def user(name: str, **more: str) -> dict[str, str]:
        return {"sourcedId": name, "enabledUser": "true", "username": f"{name}.example", "givenName": name.title(), "familyName": "Example", **more}

    def role(name: str, what: str) -> dict[str, str]:
        return {"sourcedId": f"{name}-role", "userSourcedId": name, "roleType": "primary", "role": what, "beginDate": begin, "orgSourcedId": "school"}

    def enrollment(name: str, what: str) -> dict[str, str]:
        who = {"userSourcedId": name, "role": what, "beginDate": begin}
        return {"sourcedId": f"{name}-algebra", "classSourcedId": "algebra-1", "schoolSourcedId": "school", **who}

    days = {"startDate": begin, "endDate": end, "schoolYear": str(year)}
    algebra = {"title": "Algebra 1", "courseSourcedId": "algebra", "classType": "scheduled", "schoolSourcedId": "school", "termSourcedIds": "term"}
    return {
        "academicSessions": [
            {"sourcedId": "year", "title": f"School year {year}", "type": "schoolYear", **days},
            {"sourcedId": "term", "title": "The whole year", "type": "term", "parentSourcedId": "year", **days},
        ],
        "classes": [{"sourcedId": "algebra-1", "grades": "09", **algebra}],
        "courses": [{"sourcedId": "algebra", "schoolYearSourcedId": "year", "title": "Algebra", "orgSourcedId": "district"}],
        "enrollments": [enrollment("ada", "student"), enrollment("ben", "student"), enrollment("tess", "teacher")],
        "orgs": [{"sourcedId": "district", "name": "Example District", "type": "district"},
                 {"sourcedId": "school", "name": "Example High School", "type": "school", "identifier": "EX-1", "parentSourcedId": "district"}],
        "roles": [role("ada", "student"), role("ben", "student"), role("tess", "teacher")],
        "users": [user("ada", identifier="EX-1", grades="09"), user("ben", identifier="EX-2", grades="09"), user("tess")],
    }


def bundle(roster: dict[str, list[dict[str, str]]]) -> bytes:
    """The zip: manifest.csv, and a file for each kind of row. The same rows give the same bytes."""
    manifest = {"manifest.version": "1.0", "oneroster.version": "1.2"}
    manifest |= {f"file.{name}": "bulk" for name in roster} | {f"file.{name}": "absent" for name in ABSENT}
    files = {"manifest": (["propertyName", "value"], [{"propertyName": name, "value": value} for name, value in manifest.items()])}
    files |= {name: (_EVERY + COLUMNS[name], rows) for name, rows in roster.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (columns, rows) in files.items():
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, columns)
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), text.getvalue())
    return packed.getvalue()


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_bytes(bundle(sample_roster(datetime.date.today())))
