// Hands a roster to OpenILP as a student information system does, on a client generated from its OpenAPI document.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import createClient from "openapi-fetch";
import type { components, paths } from "./openilp.js";
import { bundle, sampleRoster } from "./sample-roster.js";

const HELP = `Usage: npm start -- [--origin URL] [--client-id ID] [--source NAME] [--bundle ZIP] [--no-check]

Hands a roster to OpenILP as a student information system does. The secret is read from OPENILP_CLIENT_SECRET.
Ends with 0 if all was applied, 1 if something was refused or failed, 3 if the load is held until the district allows it.

  --origin URL     where the service is (default: OPENILP_ORIGIN, else http://127.0.0.1:8080)
  --client-id ID   default: OPENILP_CLIENT_ID
  --source NAME    the name of your system, always the same (default: example-typescript)
  --bundle ZIP     a OneRoster zip to hand in, instead of the sample roster
  --no-check       hand it in at once, as every night`;
const TRIES = 6;
const AGAIN = [408, 429, 500, 502, 503, 504];

type RosterImport = components["schemas"]["RosterImport"];
type RosterFault = components["schemas"]["RosterFault"];
type RowResult = { line: number; file?: string; sourcedId?: string; result: string; faults?: { pointer: string; code: string; detail: string }[] };
type Counts = Record<"rows" | "created" | "amended" | "ended" | "unchanged" | "refused", number> & { rosterImportId?: string };

/** The service answered with a problem that trying again does not mend. */
class Refused extends Error {}

const ENDED = ["applied", "compared", "held", "refused", "failed", "superseded"];
// Bodies that are not JSON: sent as they are. The description calls bytes a string.
const asIs = <T>(body: T) => body;
const bytes = (body: Uint8Array) => body as unknown as string;
const zip = { "Content-Type": "application/zip" };
const ndjson = { "Content-Type": "application/x-ndjson" };

/** Sends a request; again where that can help, as it was, so with the same Idempotency-Key. Other problems are thrown. */
async function patiently(request: Request): Promise<Response> {
  for (let tried = 1; ; tried++) {
    const answer = await fetch(request.clone()).catch((error: Error) => error);
    if (!(answer instanceof Error) && answer.ok) return answer;
    const told = answer instanceof Error ? `${answer.message}: ${answer.cause}` : `${answer.status} ${await answer.text()}`;
    const again = answer instanceof Error || AGAIN.includes(answer.status) || told.includes("idempotency-key-in-use");
    if (!again || tried === TRIES) throw new Refused(told);
    const seconds = Number(answer instanceof Error ? "" : answer.headers.get("Retry-After")) || 2 ** tried;
    console.error(`  again in ${seconds} s: ${told}`);
    await sleep(seconds * 1000);
  }
}

/** What an operation answered. Problems were thrown before. */
async function answered<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await asked;
  if (data === undefined) throw new Refused("the answer is empty");
  return data;
}

class OpenIlp {
  readonly api;
  private token = { value: "", renewAt: 0 };

  constructor(origin: string, clientId: string, secret: string) {
    const basic = `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;
    const atTokenEndpoint = createClient<paths>({ baseUrl: origin, fetch: patiently, headers: { Authorization: basic } });
    this.api = createClient<paths>({ baseUrl: origin, fetch: patiently });
    this.api.use({
      onRequest: async ({ request }) => {
        if (Date.now() >= this.token.renewAt) {
          const asked = atTokenEndpoint.POST("/oauth/token", {
            body: { grant_type: "client_credentials" }, headers: { "Content-Type": "application/x-www-form-urlencoded" },
            bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
          });
          const token = await answered(asked);
          this.token = { value: token.access_token, renewAt: Date.now() + (token.expires_in - 60) * 1000 };
        }
        request.headers.set("Authorization", `Bearer ${this.token.value}`);
        return request;
      },
    });
  }

  check(zipped: Uint8Array, source: string) {
    return answered(this.api.POST("/v1/roster-checks", { params: { query: { source } }, body: bytes(zipped), bodySerializer: asIs, headers: zip }));
  }

  /** The load, once it has ended. */
  async handIn(zipped: Uint8Array, source: string): Promise<RosterImport> {
    const key = randomUUID(); // one for each bundle that is handed in, and the same for each try of it
    const params = { query: { source }, header: { "Idempotency-Key": key } };
    let load = await answered(this.api.POST("/v1/roster-imports", { params, body: bytes(zipped), bodySerializer: asIs, headers: zip }));
    while (!ENDED.includes(load.status)) {
      await sleep(1000);
      load = await answered(this.api.GET("/v1/roster-imports/{rosterImportId}", { params: { path: { rosterImportId: load.id } } }));
    }
    return load;
  }

  /** All faults of a load, page by page. */
  async faults(load: RosterImport): Promise<RosterFault[]> {
    const faults: RosterFault[] = [];
    let next: string | undefined = "0";
    while (next !== undefined) {
      const query = { limit: 100, cursor: Number(next) };
      const params = { path: { rosterImportId: load.id }, query };
      const page: components["schemas"]["RosterFaultPage"] = await answered(this.api.GET("/v1/roster-imports/{rosterImportId}/faults", { params }));
      faults.push(...page.items);
      next = page.page.next;
    }
    return faults;
  }

  /** What became of each row, and the counts. */
  async upsert(rows: object[], source: string, dryRun = false): Promise<[RowResult[], Counts]> {
    const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const params = { query: { source, dryRun } };
    const asked = this.api.POST("/v1/roster-upserts", { params, body, bodySerializer: asIs, headers: ndjson, parseAs: "text" });
    const lines = (await answered(asked)).trimEnd().split("\n").map((line) => JSON.parse(line));
    const last = lines.pop();
    if (!last?.end) throw new Refused("the answer is not whole: send the rows again");
    return [lines, last.end];
  }
}

function showFaults(faults: RosterFault[]): void {
  for (const fault of faults) console.log(`  ${fault.file} line ${fault.row} ${fault.column ?? ""}: ${fault.code}. ${fault.detail}`);
}

function showRows([results, { rosterImportId: _, ...counts }]: [RowResult[], Counts]): void {
  for (const row of results) {
    console.log(`  line ${row.line} ${row.file ?? "?"} ${row.sourcedId ?? "?"}: ${row.result}`);
    for (const fault of row.faults ?? []) console.log(`    ${fault.pointer}: ${fault.code}. ${fault.detail}`);
  }
  console.log(`  ${Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ")}`);
}

async function run(service: OpenIlp, source: string, path: string | undefined, checkFirst: boolean): Promise<number> {
  const roster = sampleRoster(new Date());
  const zipped = path ? readFileSync(path) : bundle(roster);

  if (checkFirst) {
    console.log("check: nothing is kept");
    const check = await service.check(zipped, source);
    console.log(`  sound: ${check.sound}, faults: ${check.faultCount}, would be held: ${check.wouldBeHeld}`);
    showFaults(check.faults);
    if (!check.sound) return 1;
  }

  console.log("hand in");
  const load = await service.handIn(zipped, source);
  console.log(`  ${load.id}: ${load.status}, faults: ${load.faultCount}`);
  for (const { file, rows, created, amended, ended, unchanged } of load.report?.files ?? [])
    console.log(`  ${file.padEnd(22)}${`${rows}`.padStart(7)} rows, ${created} created, ${amended} amended, ${ended} ended, ${unchanged} unchanged`);
  if (load.status === "held") {
    const why = load.report?.hold?.reasons.join(", ");
    console.log(`  held, so nothing of this is written: ${why}. A custodian of the district allows it, or you mend the bundle`);
    return 3;
  }
  if (load.status !== "applied") {
    showFaults(await service.faults(load));
    return 1;
  }
  if (path) return 0;

  console.log("between nights: a student comes, one changes grade, one leaves the class; sent twice, the second time nothing changes");
  const [user, role, enrollment] = [roster.users[0], roster.roles[0], roster.enrollments[0]];
  const rows = [
    { file: "users", ...user, sourcedId: "cy", username: "cy.example", givenName: "Cy", identifier: "EX-3" },
    { file: "roles", ...role, sourcedId: "cy-role", userSourcedId: "cy" },
    { file: "enrollments", ...enrollment, sourcedId: "cy-algebra", userSourcedId: "cy" },
    { file: "users", ...user, grades: ["10"] },
    { file: "enrollments", sourcedId: "ben-algebra", status: "tobedeleted" },
  ];
  const first = await service.upsert(rows, source);
  showRows(first);
  const again = await service.upsert(rows, source);
  showRows(again);
  if (first[1].refused || again[1].unchanged !== rows.length) return 1;

  console.log("what a fault looks like, in a dry run");
  const faulty = await service.upsert([{ file: "roles", ...role, sourcedId: "x-role", userSourcedId: "nobody" }], source, true);
  showRows(faulty);
  return faulty[1].refused === 1 ? 0 : 1;
}

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { origin: text, "client-id": text, source: text, bundle: text, "no-check": flag, help: { ...flag, short: "h" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { OPENILP_ORIGIN, OPENILP_CLIENT_ID, OPENILP_CLIENT_SECRET: secret } = process.env;
  const [origin, clientId] = [values.origin ?? OPENILP_ORIGIN ?? "http://127.0.0.1:8080", values["client-id"] ?? OPENILP_CLIENT_ID];
  if (!clientId || !secret) throw new Error("set OPENILP_CLIENT_ID and OPENILP_CLIENT_SECRET");
  return run(new OpenIlp(origin.replace(/\/$/, ""), clientId, secret), values.source ?? "example-typescript", values.bundle, !values["no-check"]);
}

process.exitCode = await main().catch((error: Error) => {
  console.error(`failed: ${error.message}`);
  return 1;
});
