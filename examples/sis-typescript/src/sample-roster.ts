// A roster small enough to read: one school, one class, a teacher and two students. Yours comes from your database.

import { strToU8, zipSync } from "fflate";

export type Row = Record<string, string>;
/** The rows by file. Cells that are not named are blank. */
export type Roster = ReturnType<typeof sampleRoster>;

const EVERY = ["sourcedId", "status", "dateLastModified"]; // the first columns of each file
const COLUMNS = {
  academicSessions: ["title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"],
  classes: ["title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId", "termSourcedIds", "subjects",
    "subjectCodes", "periods"],
  courses: ["schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"],
  enrollments: ["classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"],
  orgs: ["name", "type", "identifier", "parentSourcedId"],
  roles: ["userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"],
  users: ["enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds",
    "grades", "password", "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
    "primaryOrgSourcedId", "pronouns"],
} as const;
// The manifest names every file of the standard; these are not in the bundle.
const ABSENT = ["categories", "classResources", "courseResources", "demographics", "lineItemLearningObjectiveIds", "lineItemScoreScales", "lineItems",
  "resources", "resultLearningObjectiveIds", "resultScoreScales", "results", "scoreScales", "userProfiles", "userResources"];

export function sampleRoster(today: Date) {
  const year = today.getUTCFullYear() + (today.getUTCMonth() >= 6 ? 1 : 0); // a school year has the name of the year in which it ends
  const [begin, end] = [`${year - 1}-07-01`, `${year}-06-30`];
  const user = (name: string, givenName: string, more: Row = {}): Row =>
    ({ sourcedId: name, enabledUser: "true", username: `${name}.example`, givenName, familyName: "Example", ...more });
  const role = (name: string, role: string): Row =>
    ({ sourcedId: `${name}-role`, userSourcedId: name, roleType: "primary", role, beginDate: begin, orgSourcedId: "school" });
  const enrollment = (name: string, role: string): Row =>
    ({ sourcedId: `${name}-algebra`, classSourcedId: "algebra-1", schoolSourcedId: "school", userSourcedId: name, role, beginDate: begin });
  const days = { startDate: begin, endDate: end, schoolYear: `${year}` };
  const algebra = { title: "Algebra 1", courseSourcedId: "algebra", classType: "scheduled", schoolSourcedId: "school", termSourcedIds: "term" };
  const ada = user("ada", "Ada", { identifier: "EX-1", grades: "09" });
  return {
    academicSessions: [
      { sourcedId: "year", title: `School year ${year}`, type: "schoolYear", ...days },
      { sourcedId: "term", title: "The whole year", type: "term", parentSourcedId: "year", ...days },
    ] as Row[],
    classes: [{ sourcedId: "algebra-1", grades: "09", ...algebra }] as Row[],
    courses: [{ sourcedId: "algebra", schoolYearSourcedId: "year", title: "Algebra", orgSourcedId: "district" }] as Row[],
    enrollments: [enrollment("ada", "student"), enrollment("ben", "student"), enrollment("tess", "teacher")],
    orgs: [
      { sourcedId: "district", name: "Example District", type: "district" },
      { sourcedId: "school", name: "Example High School", type: "school", identifier: "EX-1", parentSourcedId: "district" },
    ] as Row[],
    roles: [role("ada", "student"), role("ben", "student"), role("tess", "teacher")],
    users: [ada, user("ben", "Ben", { identifier: "EX-2", grades: "09" }), user("tess", "Tess")],
  };
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csv = (columns: readonly string[], rows: Row[]) =>
  strToU8([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))].map((line) => line.map(cell).join(",") + "\r\n").join(""));

/** The zip: manifest.csv, and a file for each kind of row. The same rows give the same bytes. */
export function bundle(roster: Roster): Uint8Array<ArrayBuffer> {
  const names = Object.keys(COLUMNS) as (keyof Roster)[];
  const manifest = [
    ["manifest.version", "1.0"], ["oneroster.version", "1.2"],
    ...names.map((name) => [`file.${name}`, "bulk"]), ...ABSENT.map((name) => [`file.${name}`, "absent"]),
  ] as [string, string][];
  const files = Object.fromEntries(names.map((name) => [`${name}.csv`, csv([...EVERY, ...COLUMNS[name]], roster[name])]));
  files["manifest.csv"] = csv(["propertyName", "value"], manifest.map(([propertyName, value]) => ({ propertyName, value })));
  return zipSync(files, { mtime: "2000-01-01T00:00:00Z" });
}
