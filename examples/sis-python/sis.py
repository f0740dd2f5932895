"""Hands a roster to OpenILP as a student information system does, on a client generated from its OpenAPI document.

The secret is read from OPENILP_CLIENT_SECRET. Ends with 0 if all was applied, 1 if something was refused or failed, 3 if the load
is held until the district allows it.
"""

import argparse
import datetime
import json
import os
import pathlib
import sys
import time
import uuid

import httpx

from openilp_client import AuthenticatedClient, Client
from openilp_client.api.roster import check_roster, create_roster_import, list_roster_faults, read_roster_import, upsert_roster_rows
from openilp_client.api.service import issue_token
from openilp_client.models import RosterImport, TokenRequest, TokenRequestGrantType
from openilp_client.types import UNSET, File
from sample_roster import bundle, sample_roster

TRIES = 6
AGAIN = {408, 429, 500, 502, 503, 504}
TIMEOUT = httpx.Timeout(300, connect=10)  # a check of a large bundle takes minutes
ENDED = {"applied", "compared", "held", "refused", "failed", "superseded"}


class Refused(Exception):
    """The service answered with a problem that trying again does not mend."""


def refuse_problems(answer: httpx.Response) -> None:
    """Before the generated client reads the answer: a proxy's 503 need not have the body that is described."""
    if not answer.is_success:
        answer.read()
        raise httpx.HTTPStatusError(f"{answer.status_code} {answer.text}", request=answer.request, response=answer)


class OpenIlp:
    """Calls the operations of the generated client: with a token that is good, and again where that can help."""

    def __init__(self, origin: str, client_id: str, secret: str) -> None:
        self.common = {"base_url": origin, "timeout": TIMEOUT}
        self.hooks = {"event_hooks": {"response": [refuse_problems]}}
        self.at_token_endpoint = Client(**self.common, httpx_args={"auth": (client_id, secret), **self.hooks})
        self.renew_at = 0.0

    def call(self, operation, **arguments):
        """Its answer. What can be tried again is, with the same arguments, so with the same Idempotency-Key."""
        if time.monotonic() >= self.renew_at:
            token = self.patiently(issue_token, self.at_token_endpoint, body=TokenRequest(TokenRequestGrantType.CLIENT_CREDENTIALS)).parsed
            self.client = AuthenticatedClient(**self.common, token=token.access_token, httpx_args=self.hooks)
            self.renew_at = time.monotonic() + token.expires_in - 60
        return self.patiently(operation, self.client, **arguments)

    def patiently(self, operation, client, **arguments):
        for tried in range(1, TRIES + 1):
            try:
                return operation.sync_detailed(client=client, **arguments)
            except httpx.TransportError as error:
                wait, told = 2**tried, repr(error)
            except httpx.HTTPStatusError as error:
                told, after = str(error), error.response.headers.get("Retry-After", "")
                if error.response.status_code not in AGAIN and "idempotency-key-in-use" not in told:
                    raise Refused(told) from None
                wait = int(after) if after.isdigit() else 2**tried
            if tried < TRIES:
                print(f"  again in {wait} s: {told}", file=sys.stderr)
                time.sleep(wait)
        raise Refused(told)

    def hand_in(self, zipped: bytes, source: str) -> RosterImport:
        """The load, once it has ended."""
        key = str(uuid.uuid4())  # one for each bundle that is handed in, and the same for each try of it
        load = self.call(create_roster_import, body=File(zipped), source=source, idempotency_key=key).parsed
        while load.status not in ENDED:
            time.sleep(1)
            load = self.call(read_roster_import, roster_import_id=load.id).parsed
        return load

    def faults(self, load: RosterImport):
        """All faults of a load, page by page."""
        cursor = UNSET
        while True:
            page = self.call(list_roster_faults, roster_import_id=load.id, limit=100, cursor=cursor).parsed
            yield from page.items
            if not page.page.next_:
                return
            cursor = int(page.page.next_)

    def upsert(self, rows: list[dict], source: str, dry_run: bool = False) -> tuple[list[dict], dict]:
        """What became of each row, and the counts."""
        lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
        answer = self.call(upsert_roster_rows, body=File(lines), source=source, dry_run=dry_run)
        *results, last = [json.loads(line) for line in answer.content.splitlines()]
        if "end" not in last:
            raise Refused("the answer is not whole: send the rows again")
        return results, last["end"]


def show_faults(faults) -> None:
    for fault in faults:
        print(f"  {fault.file} line {fault.row} {fault.column or ''}: {fault.code}. {fault.detail}")


def show_rows(results: list[dict], end: dict) -> None:
    for result in results:
        print(f"  line {result['line']} {result.get('file', '?')} {result.get('sourcedId', '?')}: {result['result']}")
        for fault in result.get("faults", []):
            print(f"    {fault['pointer']}: {fault['code']}. {fault['detail']}")
    print("  " + ", ".join(f"{count} {name}" for name, count in end.items() if name != "rosterImportId"))


def run(service: OpenIlp, source: str, path: pathlib.Path | None, check_first: bool) -> int:
    roster = sample_roster(datetime.date.today())
    zipped = path.read_bytes() if path else bundle(roster)

    if check_first:
        print("check: nothing is kept")
        check = service.call(check_roster, body=File(zipped), source=source).parsed
        print(f"  sound: {check.sound}, faults: {check.fault_count}, would be held: {check.would_be_held}")
        show_faults(check.faults)
        if not check.sound:
            return 1

    print("hand in")
    load = service.hand_in(zipped, source)
    print(f"  {load.id}: {load.status}, faults: {load.fault_count}")
    for file in load.report.files if load.report else []:
        print(f"  {file.file:<22}{file.rows:>7} rows, {file.created} created, {file.amended} amended, {file.ended} ended, {file.unchanged} unchanged")
    if load.status == "held":
        why = ", ".join(load.report.hold.reasons)
        print(f"  held, so nothing of this is written: {why}. A custodian of the district allows it, or you mend the bundle")
        return 3
    if load.status != "applied":
        show_faults(service.faults(load))
        return 1
    if path:
        return 0

    print("between nights: a student comes, one changes grade, one leaves a class; sent twice, the second time nothing changes")
    user, role, enrollment = roster["users"][0], roster["roles"][0], roster["enrollments"][0]
    rows = [
        {"file": "users", **user, "sourcedId": "cy", "username": "cy.example", "givenName": "Cy", "identifier": "EX-3"},
        {"file": "roles", **role, "sourcedId": "cy-role", "userSourcedId": "cy"},
        {"file": "enrollments", **enrollment, "sourcedId": "cy-algebra", "userSourcedId": "cy"},
        {"file": "users", **user, "grades": ["10"]},
        {"file": "enrollments", "sourcedId": "ben-algebra", "status": "tobedeleted"},
    ]
    results, end = service.upsert(rows, source)
    show_rows(results, end)
    again, same = service.upsert(rows, source)
    show_rows(again, same)
    if end["refused"] or same["unchanged"] != len(rows):
        return 1

    print("what a fault looks like, in a dry run")
    _, end = faulty = service.upsert([{"file": "roles", **role, "sourcedId": "x-role", "userSourcedId": "nobody"}], source, dry_run=True)
    show_rows(*faulty)
    return 0 if end["refused"] == 1 else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--origin", default=os.environ.get("OPENILP_ORIGIN", "http://127.0.0.1:8080"), help="where the service is")
    parser.add_argument("--client-id", default=os.environ.get("OPENILP_CLIENT_ID"), help="default: OPENILP_CLIENT_ID")
    parser.add_argument("--source", default="example-python", help="the name of your system, always the same (default: %(default)s)")
    parser.add_argument("--bundle", type=pathlib.Path, help="a OneRoster zip to hand in, instead of the sample roster")
    parser.add_argument("--no-check", action="store_true", help="hand it in at once, as every night")
    arguments = parser.parse_args()
    secret = os.environ.get("OPENILP_CLIENT_SECRET")
    if not arguments.client_id or not secret:
        parser.error("set OPENILP_CLIENT_ID and OPENILP_CLIENT_SECRET")
    try:
        service = OpenIlp(arguments.origin.rstrip("/"), arguments.client_id, secret)
        return run(service, arguments.source, arguments.bundle, not arguments.no_check)
    except (Refused, OSError) as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1


sys.exit(main())
