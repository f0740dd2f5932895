// What a district and whoever runs the service do once, before anybody comes through a front end; and a stand-in for the district's login.

import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { FrontEnd, answered, once } from "./front-end.js";

const AUDIENCE = "ilp";

/** The district's login, as the service sees it: an issuer with a key, whose tokens say who came through which application. */
export class Login {
  readonly issuer = `https://id-${randomUUID()}.example`;
  private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

  /** Its public keys (RFC 7517). */
  get jwks() {
    return { keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "ES256" }] };
  }

  /** An access token (RFC 9068), as an OpenID provider gives it after the person has logged in. */
  token(subject: string, clientId: string): string {
    const now = Math.floor(Date.now() / 1000);
    const head = { alg: "ES256", typ: "at+jwt", kid: "1" };
    const claims = { iss: this.issuer, aud: AUDIENCE, client_id: clientId, sub: subject, iat: now, exp: now + 600, jti: randomUUID() };
    const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const signature = sign("sha256", Buffer.from(signed), { key: this.keys.privateKey, dsaEncoding: "ieee-p1363" });
    return `${signed}.${signature.toString("base64url")}`;
  }
}

/** Whoever runs the service tells it of the district's login. */
export async function register(operator: FrontEnd, districtId: string, login: Login): Promise<void> {
  const body = { issuer: login.issuer, audience: AUDIENCE, keys: { jwks: login.jwks } };
  await answered(operator.api.POST("/v1/districts/{districtId}/issuers", { params: { path: { districtId }, header: once() }, body }));
}

/** The custodian says whose a login is. Districts do this in bulk, or by a claim: docs/identity.md. */
export async function link(custodian: FrontEnd, login: Login, subject: string, personId: string): Promise<void> {
  const body = { issuer: login.issuer, subject, personId };
  await answered(custodian.api.POST("/v1/identity-links", { params: { header: once() }, body }));
}

/** The custodian approves an application: for these sections, for reading and writing. */
export async function approve(custodian: FrontEnd, login: Login, clientId: string, name: string, sections: Section[]): Promise<void> {
  const body = { name, issuer: login.issuer, clientId, sections };
  await answered(custodian.api.POST("/v1/front-ends", { params: { header: once() }, body }));
}

export type Section = Awaited<ReturnType<FrontEnd["access"]>>["sections"][number]["section"];
