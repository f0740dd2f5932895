// What a front end needs besides its screens: calls with the person's token, problems as errors, versions, tries. Copy it.

import { randomUUID } from "node:crypto"; // in a browser: crypto.randomUUID
import { setTimeout as sleep } from "node:timers/promises";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./openilp.js";

type Schemas = components["schemas"];
export type Action = Schemas["Action"];
export type Change = Schemas["ChangeEntry"];
export type MyAccess = Schemas["MyAccess"];
export type WholeFile = Schemas["WholeIlpFile"];
/** Anything that is read and changed under a version. */
type Versioned = { version: number };
/** What may be done with a record by whoever read it. */
type Shown = { allowedActions: Action[] };

const TRIES = 4;
const AGAIN = [408, 429, 500, 502, 503, 504];

/** The service said no, and trying again does not mend it. `message` is for a person, `correlationId` for whoever helps them. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly faults: Schemas["Fault"][], readonly correlationId: string) {
    super(message);
  }

  /** What is wrong with a member of the form, by its JSON pointer such as `/title`, and with what is beneath it. */
  at(pointer: string): string[] {
    return this.faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`)).map((fault) => fault.detail);
  }
}

/** Whoever sent it may not have reached the service: an answer of a proxy is no problem document. */
async function refused(answer: Response): Promise<Refused> {
  const text = await answer.text();
  let problem: Partial<Schemas["Problem"]> = {};
  if (answer.headers.get("Content-Type")?.startsWith("application/problem+json")) problem = JSON.parse(text);
  const { code = "unknown", detail = answer.statusText, errors = [], correlationId = "" } = problem;
  return new Refused(answer.status, code, detail, errors, correlationId);
}

/** Sends a request; again where that can help, as it was, so with the same Idempotency-Key. */
async function patiently(request: Request): Promise<Response> {
  for (let tried = 1; ; tried++) {
    const answer = await fetch(request.clone()).catch((error: Error) => error);
    if (!(answer instanceof Error) && answer.ok) return answer;
    const problem = answer instanceof Error ? new Refused(0, "unreachable", answer.message, [], "") : await refused(answer);
    // A change under If-Match is not tried again when no answer came: it may have been made, and 412 would then be the answer to one's own.
    const safe = ["GET", "HEAD"].includes(request.method) || request.headers.has("Idempotency-Key") || problem.status === 429 || problem.status === 503;
    const again = problem.status === 0 || AGAIN.includes(problem.status) || problem.code === "idempotency-key-in-use";
    if (!again || !safe || tried === TRIES) throw problem;
    const seconds = answer instanceof Error ? 0 : Number(answer.headers.get("Retry-After"));
    await sleep((seconds || 2 ** tried) * 1000);
  }
}

/** What an operation answered. Problems were thrown before. */
export async function answered<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await asked;
  if (data === undefined) throw new Refused(200, "unknown", "the answer is empty", [], "");
  return data;
}

/** A key for one thing that somebody does, such as pressing a button once. Whatever is sent with it is done once. */
export const once = (): { "Idempotency-Key": string } => ({ "Idempotency-Key": randomUUID() });

/** For a change of the version that was read: it is refused with 412 if there is another by now. */
export const ifStill = ({ version }: Versioned): { "If-Match": string } => ({ "If-Match": `"${version}"` });

/** Whether to show a button. The service decides again when it is pressed. */
export const may = (record: Shown, action: Action): boolean => record.allowedActions.includes(action);

/** One person who is logged in. `token` gives the access token of the district's login, renewed in time. */
export class FrontEnd {
  readonly api: Client<paths>;

  constructor(origin: string, token: () => Promise<string>) {
    this.api = createClient<paths>({ baseUrl: origin, fetch: patiently });
    this.api.use({
      onRequest: async ({ request }) => {
        request.headers.set("Authorization", `Bearer ${await token()}`);
        if (request.method === "PATCH") request.headers.set("Content-Type", "application/merge-patch+json");
        return request;
      },
    });
  }

  /** Who I am, and whose files I may open. */
  me() {
    return answered(this.api.GET("/v1/me"));
  }

  /** All of the file that I may see. A part that I may not see is not in it, and nothing says that it exists. */
  file(ilpFileId: string): Promise<WholeFile> {
    return answered(this.api.GET("/v1/ilp-files/{ilpFileId}/whole", { params: { path: { ilpFileId } } }));
  }

  /** Section by section what I may do, and why no more. */
  access(studentId: string): Promise<MyAccess> {
    return answered(this.api.GET("/v1/students/{studentId}/my-access", { params: { path: { studentId } } }));
  }

  goal(goalId: string) {
    return answered(this.api.GET("/v1/goals/{goalId}", { params: { path: { goalId } } }));
  }

  addGoal(ilpFileId: string, body: Schemas["NewGoal"], key = once()) {
    return answered(this.api.POST("/v1/ilp-files/{ilpFileId}/goals", { params: { path: { ilpFileId }, header: key }, body }));
  }

  amendGoal(goal: Schemas["Goal"], body: Schemas["GoalPatch"]) {
    return answered(this.api.PATCH("/v1/goals/{goalId}", { params: { path: { goalId: goal.id }, header: ifStill(goal) }, body }));
  }

  comment(goalId: string, body: string, key = once()) {
    return answered(this.api.POST("/v1/goals/{goalId}/reflections", { params: { path: { goalId }, header: key }, body: { body } }));
  }

  propose(goalId: string, change: Schemas["GoalPatch"], reason: string, key = once()) {
    return answered(this.api.POST("/v1/goals/{goalId}/proposals", { params: { path: { goalId }, header: key }, body: { change, reason } }));
  }

  decide(proposal: Schemas["Proposal"], verdict: Schemas["Verdict"], reason?: string) {
    const params = { path: { proposalId: proposal.id }, header: ifStill(proposal) };
    return answered(this.api.POST("/v1/proposals/{proposalId}/decision", { params, body: { verdict, reason: reason ?? null } }));
  }

  /** What has changed since a cursor, to the end, and the cursor to go on with. Waits up to so many seconds for the first change. */
  async changes(after: string, wait = 0): Promise<{ entries: Change[]; cursor: string }> {
    const entries: Change[] = [];
    for (let cursor = after; ; ) {
      const page = await answered(this.api.GET("/v1/changes", { params: { query: { after: cursor, limit: 100, wait } } }));
      entries.push(...page.items);
      cursor = page.cursor;
      if (!page.more) return { entries, cursor };
    }
  }

  /** Where the feed is now. Read it before you read what you show, and nothing is missed between the two. */
  async now(): Promise<string> {
    return (await answered(this.api.GET("/v1/changes", { params: { query: { from: "now" } } }))).cursor;
  }

  /** The notices that wait for me. */
  async notices() {
    return (await answered(this.api.GET("/v1/me/notices", { params: { query: { acknowledged: false } } }))).items;
  }

  acknowledge(noticeId: string) {
    return answered(this.api.POST("/v1/notices/{noticeId}/acknowledgement", { params: { path: { noticeId }, header: once() } }));
  }
}
