// A student, a parent, a counselor and a teacher work at one plan through a front end that the district has approved. Each step is checked.

import assert from "node:assert/strict";
import { Login, approve, link, register, type Section } from "./district.js";
import { type Change, FrontEnd, Refused, answered, ifStill, may, once } from "./front-end.js";

const HELP = `Usage: npm start

Plays a front end against a demo of OpenILP (./run, or openilp demo), with the variables of the demo.env that it writes:

  set -a; . ./demo.env; set +a; npm start

It registers a login for the district, approves the application, links four people, and works at the student's plan.`;
const CLIENT = "plan-companion";
/** All but financial aid (S5f), what comes from the school's systems (S3), and confidential papers (S10). */
const SECTIONS: Section[] = ["S0", "S1a", "S2", "S4", "S5", "S6", "S7", "S8", "S11", "S12", "S14"];

const step = (text: string): void => console.log(text);

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}: load demo.env, as --help says`);
  return value;
}

/** The problem with which something is refused. */
async function refusal(asked: Promise<unknown>): Promise<Refused> {
  const problem = await asked.then(() => undefined, (error: unknown) => error);
  assert.ok(problem instanceof Refused, `it should have been refused, and was not: ${problem}`);
  return problem;
}

async function operator(origin: string): Promise<FrontEnd> {
  const basic = Buffer.from(`${setting("OPERATOR_CLIENT_ID")}:${setting("OPERATOR_CLIENT_SECRET")}`).toString("base64");
  const asked = await fetch(`${origin}/oauth/token`, {
    method: "POST", headers: { Authorization: `Basic ${basic}` }, body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: token } = await asked.json() as { access_token: string };
  return new FrontEnd(origin, async () => token);
}

/** The four, each with a login of the district and through the approved application. */
async function admitted(origin: string) {
  const login = new Login();
  const through = (subject: string) => new FrontEnd(origin, async () => login.token(subject, CLIENT));
  const custodian = new FrontEnd(origin, async () => setting("CUSTODIAN_TOKEN"));
  const subjects = { student: "sam", parent: "pat", counselor: "cleo", teacher: "tom" };

  step("the district: its login is registered, the application approved, the logins linked to people");
  await register(await operator(origin), setting("DISTRICT_ID"), login);
  assert.equal((await refusal(through(subjects.student).me())).code, "front-end-not-approved");
  await approve(custodian, login, CLIENT, "Plan Companion", SECTIONS);
  assert.equal((await refusal(through(subjects.student).me())).code, "login-not-linked");
  const demo = { student: "STUDENT_TOKEN", parent: "GUARDIAN_TOKEN", counselor: "COUNSELOR_TOKEN", teacher: "TEACHER_TOKEN" };
  for (const role of ["student", "parent", "counselor", "teacher"] as const) {
    const { personId } = await new FrontEnd(origin, async () => setting(demo[role])).me();
    assert.ok(personId);
    await link(custodian, login, subjects[role], personId);
  }
  const [student, parent, counselor, teacher] = [through("sam"), through("pat"), through("cleo"), through("tom")];
  return { student, parent, counselor, teacher, custodian };
}

async function story(origin: string): Promise<void> {
  const { student, parent, counselor, teacher, custodian } = await admitted(origin);

  step("the student opens the own file: what may not be seen through this application is not in it, and may be explained");
  const me = await student.me();
  const mine = me.students.find((one) => one.id === me.personId);
  assert.ok(mine?.ilpFileId);
  const [studentId, ilpFileId] = [mine.id, mine.ilpFileId];
  const file = await student.file(ilpFileId);
  assert.ok(file.readableSections.includes("S8") && !file.readableSections.includes("S5f"));
  assert.deepEqual([file.financialAidPlans, file.divisions.flatMap((year) => year.registrations)], [[], []]);
  const aid = (await student.access(studentId)).sections.find(({ section }) => section === "S5f");
  assert.equal(aid?.reasons[0]?.whyNot, "notThroughThisClient");
  const since = await parent.now();

  step("a form with faults comes back with each at its member; nothing is written");
  const faulty = await refusal(student.addGoal(ilpFileId, { domain: "academic", title: "", targetOn: "2027-02-30" }));
  assert.deepEqual([faulty.status, faulty.faults.map(({ pointer }) => pointer)], [422, ["/title", "/targetOn"]]);
  assert.equal(faulty.at("/targetOn").length, 1);

  step("mended, it is sent twice with one key, and written once");
  const key = once();
  const goal = await student.addGoal(ilpFileId, { domain: "academic", title: "Pass Biology" }, key);
  assert.equal((await student.addGoal(ilpFileId, { domain: "academic", title: "Pass Biology" }, key)).id, goal.id);
  const personal = await student.addGoal(ilpFileId, { domain: "personalSocial", title: "Sleep better" });

  step("the parent reads it, comments, and has no button to change it, for from grade 9 the plan is the student's");
  const seen = await parent.goal(goal.id);
  assert.deepEqual([may(seen, "comment"), may(seen, "propose"), may(seen, "write")], [true, true, false]);
  assert.equal((await refusal(parent.amendGoal(seen, { title: "Pass Biology with an A" }))).status, 403);
  await parent.comment(goal.id, "We will practice together on Sundays.");
  const wish = await parent.propose(goal.id, { title: "Pass Biology with an A" }, "You can do it.");

  step("the counselor answers with a comment and another proposal; the student declines one and accepts the other");
  await counselor.comment(goal.id, "A B is a good step this year.");
  const advice = await counselor.propose(goal.id, { title: "Pass Biology with a B" }, "It is within your reach.");
  assert.equal((await refusal(parent.decide(advice, "accept"))).status, 403);
  const inbox = (await student.file(ilpFileId)).proposals.filter((one) => one.status === "open" && one.goalId === goal.id);
  assert.deepEqual(inbox.map((one) => [one.id, may(one, "decide")]), [[wish.id, true], [advice.id, true]]);
  await student.decide(wish, "decline", "One step after the other.");
  assert.equal((await student.decide(advice, "accept")).status, "accepted");

  step("the student's other window still has the first version: 412, read again, the change laid over what is there now");
  const stale = await refusal(student.amendGoal(goal, { targetOn: "2029-06-01" }));
  assert.deepEqual([stale.status, stale.code], [412, "stale"]);
  const fresh = await student.goal(goal.id);
  assert.deepEqual([fresh.title, fresh.version], ["Pass Biology with a B", 2]);
  const mended = await student.amendGoal(fresh, { targetOn: "2029-06-01" });
  assert.deepEqual([mended.title, mended.targetOn, mended.version], ["Pass Biology with a B", "2029-06-01", 3]);

  step("the teacher's view has no trace of what is personal: not in the file, not in the list, and by its address it is not there");
  const theirs = await teacher.file(ilpFileId);
  assert.ok(theirs.goals.some(({ id }) => id === goal.id) && !theirs.goals.some(({ id }) => id === personal.id));
  assert.ok(!theirs.readableSections.includes("S8"));
  const listed = await answered(teacher.api.GET("/v1/ilp-files/{ilpFileId}/goals", { params: { path: { ilpFileId }, query: { limit: 100 } } }));
  assert.ok(!listed.items.some(({ id }) => id === personal.id));
  assert.equal((await refusal(teacher.goal(personal.id))).status, 404);

  step("the student hides it from the counselor, whose feed says so: what was held of it is thrown away");
  assert.equal((await counselor.goal(personal.id)).title, "Sleep better");
  const before = await counselor.now();
  const preference = await answered(student.api.POST("/v1/students/{studentId}/privacy-preferences", {
    params: { path: { studentId }, header: once() }, body: { section: "S8", relation: "gatekeeper", choice: "hide" },
  }));
  assert.equal((await refusal(counselor.goal(personal.id))).status, 404);
  const told = (await heard(counselor, before, (entry) => entry.operation === "granted")).at(-1);
  assert.ok(told?.readableSections?.includes("S2") && !told.readableSections.includes("S8"));
  const taken = { params: { path: { privacyPreferenceId: preference.id }, header: ifStill(preference) } };
  await student.api.DELETE("/v1/privacy-preferences/{privacyPreferenceId}", taken);

  step("the parent's feed has had all of this, in order, with the records");
  const heardOf = await heard(parent, since, (entry) => entry.resourceId === goal.id && entry.version === 3);
  assert.deepEqual(heardOf.filter((entry) => entry.resourceId === goal.id).map((entry) => entry.version), [1, 2, 3]);

  step("an emergency: the family has a notice the moment it is declared, and acknowledges it; the custodian reviews it");
  const emergency = await answered(counselor.api.POST("/v1/students/{studentId}/emergency-accesses", {
    params: { path: { studentId }, header: once() },
    body: {
      reason: "health", sections: ["S1b"], minutes: 1, recipients: "Paramedics",
      threat: "The student collapsed in class and is unconscious; paramedics ask whom to call.",
    },
  }));
  const notice = (await parent.notices()).find((one) => one.kind === "emergencyAccess" && one.studentId === studentId);
  assert.ok(notice);
  assert.ok(notice.texts.some(({ language }) => language === "es"));
  assert.ok((await parent.acknowledge(notice.id)).acknowledgedAt);
  assert.ok(!(await parent.notices()).some(({ id }) => id === notice.id));
  await answered(custodian.api.POST("/v1/emergency-accesses/{emergencyAccessId}/review", {
    params: { path: { emergencyAccessId: emergency.id }, header: once() }, body: { justified: true, note: "Confirmed with the school nurse." },
  }));

  step("all of it is as it should be");
}

/** What the feed tells from a cursor on, until it has told something: it follows what is written by some milliseconds. */
async function heard(who: FrontEnd, after: string, isIt: (entry: Change) => boolean): Promise<Change[]> {
  const all: Change[] = [];
  for (let pages = 0, cursor = after; pages < 20; pages++) {
    const page = await who.changes(cursor, 1);
    all.push(...page.entries);
    cursor = page.cursor;
    if (all.some(isIt)) return all;
  }
  throw new Error("the feed does not tell it");
}

if (process.argv.includes("--help")) console.log(HELP);
else
  await story(process.env.OPENILP_ORIGIN ?? setting("ORIGIN")).catch((error: Error) => {
    const { correlationId } = error instanceof Refused ? error : { correlationId: "" };
    console.error(`failed: ${error.stack}${correlationId && `\n(${correlationId})`}`);
    process.exitCode = 1;
  });
