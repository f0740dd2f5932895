"""Runs Schemathesis against demos as several kinds of caller. See .ci/fuzz."""

import argparse
import base64
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
OPENILP = REPOSITORY / "target/debug/openilp"
REPORTS = REPOSITORY / "target/fuzz"
START_SECONDS = 120

CALLERS = ["student", "guardian", "counselor", "teacher", "custodian", "operator", "sis", "state", "families", "none"]
# Students, and parents of others: none of them may read what is another's (the check object_level_authorization).
FAMILIES = ["student", "student_7", "adult", "waiting_parent"]

# Lists in a whole file, and lists that a custodian and an operator see: the ids in them are ids of these path parameters.
IN_A_FILE = {
    "goals": "goalId", "activities": "activityId", "benchmarks": "benchmarkId", "progressRecords": "progressRecordId",
    "recommendations": "recommendationId", "reflections": "reflectionId", "proposals": "proposalId",
}
OF_A_CUSTODIAN = {
    "guardian-links": "guardianLinkId", "assignments": "assignmentId", "appointments": "appointmentId",
    "identity-links": "identityLinkId", "roster-imports": "rosterImportId", "students": "studentId",
}
OF_AN_OPERATOR = {"clients": "clientId", "districts": "districtId"}
OF_A_DISTRICT = {"issuers": "issuerId", "agreements": "agreementId"}
# Members of bodies that name a record.
IN_BODIES = ["personId", "schoolId", "studentId", "districtId"]


class Demo:
    """A service with the demo district. Everything of it is in one temporary folder."""

    def __init__(self) -> None:
        # The path of a socket is short: a long TMPDIR would not do.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ofz", dir="/tmp"))
        # Root's PostgreSQL runs as another user, who must be let through.
        self.folder.chmod(0o711)
        env_file = self.folder / "demo.env"
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
            "OPENILP_DATA": str(self.folder / "pg"), "OPENILP_LISTEN": "127.0.0.1:0", "OPENILP_LOG": "info", "OPENILP_LOG_JSON": "true", "TMPDIR": str(self.folder),
            "OPENILP_RATE_PERSON": "0", "OPENILP_RATE_CLIENT": "0", "OPENILP_RATE_DISTRICT": "0",
        }
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([OPENILP, "demo", "--env-file", env_file], env=environment, stdout=self.log, stderr=self.log)
        until = time.monotonic() + START_SECONDS
        while not (env_file.exists() and "STATE_CLIENT_SECRET" in env_file.read_text()):
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop(kept=True)
                sys.exit(f"the demo did not start; see {self.folder}/log")
            time.sleep(0.2)
        self.values = dict(line.split("=", 1) for line in env_file.read_text().splitlines())

    def stop(self, kept: bool = False) -> str:
        """Ends it; returns what it answered, route by route, and its warnings and errors."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        answers: dict[str, collections.Counter] = {}
        said = []
        for line in (self.folder / "log").read_text(errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            fields = entry["fields"]
            if fields.get("message") == "request":
                answers.setdefault(f"{fields['method']:<8}{fields['route']}", collections.Counter())[fields["status"]] += 1
            elif entry["level"] in ("WARN", "ERROR"):
                said.append(line)
        if not kept:
            shutil.rmtree(self.folder)
        # That a path has not all methods there are is said once for each, and of no interest here.
        met = {route: of for route, of in answers.items() if set(of) != {405}}
        counted = [f"{route:<75}" + "  ".join(f"{status}: {count}" for status, count in sorted(of.items())) for route, of in sorted(met.items())]
        return "\n".join(["==== answers", *counted, "==== warnings and errors of the service", *said, ""])

    def get(self, caller: str, path: str) -> dict:
        authorization = {"Authorization": f"Bearer {self.values[f'{caller}_TOKEN']}"}
        with urllib.request.urlopen(urllib.request.Request(self.values["ORIGIN"] + path, headers=authorization)) as answer:
            return json.load(answer)

    def ids(self) -> dict[str, set[str]]:
        """Ids of records that are there, by the path parameter that takes them."""
        district, file = self.values["DISTRICT_ID"], self.values["ILP_FILE_ID"]
        ids: dict[str, set[str]] = {"studentId": {self.values["STUDENT_ID"]}, "ilpFileId": {file}}

        def gather(value: object) -> None:
            for name, inner in value.items() if isinstance(value, dict) else []:
                if name in IN_A_FILE and isinstance(inner, list):
                    ids.setdefault(IN_A_FILE[name], set()).update(item["id"] for item in inner)
                elif name in IN_BODIES:
                    ids.setdefault(name, set()).add(inner)
                gather(inner)
            for inner in value if isinstance(value, list) else []:
                gather(inner)

        def listed(caller: str, beneath: str, lists: dict[str, str]) -> None:
            for name, parameter in lists.items():
                items = self.get(caller, f"{beneath}/{name}?limit=10")["items"]
                gather(items)
                ids.setdefault(parameter, set()).update(item["id"] for item in items)

        gather(self.get("COUNSELOR", f"/v1/ilp-files/{file}/whole"))
        listed("CUSTODIAN", "/v1", OF_A_CUSTODIAN)
        listed("OPERATOR", "/v1", OF_AN_OPERATOR)
        listed("OPERATOR", f"/v1/districts/{district}", OF_A_DISTRICT)
        return {parameter: found for parameter, found in ids.items() if found}


def configuration(demo: Demo, caller: str) -> str:
    """.ci/schemathesis.toml, the caller, and the ids."""
    text = (REPOSITORY / ".ci/schemathesis.toml").read_text()
    ids = demo.ids()
    places = [f"path.{name}" for name in ids] + [f"body.{name}" for name in IN_BODIES if name in ids]
    bound = "".join(f'"{place}" = {{ dictionary = "{place.split(".")[1]}", probability = 0.7 }}\n' for place in places)
    text = text.replace("[parameters]\n", f"[parameters]\n{bound}")
    text += "".join(f"\n[dictionaries.{name}]\nvalues = {json.dumps(sorted(found))}\n" for name, found in ids.items())
    if caller == "families":
        users = [{"name": one, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {demo.values[f'{one.upper()}_TOKEN']}"}]} for one in FAMILIES]
        (demo.folder / "families.json").write_text(json.dumps({"auth": users}))
        text += f"\n[auth.wfc]\npath = {json.dumps(str(demo.folder / 'families.json'))}\npeers = {json.dumps(FAMILIES)}\n"
    elif caller != "none":
        text += f"\n[headers]\nAuthorization = {json.dumps('Bearer ' + demo.values[f'{caller.upper()}_TOKEN'])}\n"
    secret = base64.b64encode(f"{demo.values['OPERATOR_CLIENT_ID']}:{demo.values['OPERATOR_CLIENT_SECRET']}".encode()).decode()
    return text + f'\n[[operations]]\ninclude-operation-id = "issue_token"\nheaders.Authorization = "Basic {secret}"\n'


def run(caller: str, examples: int, more: list[str]) -> bool:
    """Whether all checks held."""
    demo = Demo()
    try:
        for seed in (1, 2):
            out = demo.folder / f"roster-{seed}.zip"
            subprocess.run([OPENILP, "synthesize", "--students", "20", "--seed", str(seed), "--out", out], check=True, capture_output=True)
        config = demo.folder / "schemathesis.toml"
        config.write_text(configuration(demo, caller))
        begun = time.monotonic()
        command = [pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", config, "run", demo.values["ORIGIN"] + "/openapi.json"]
        command += ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(examples), "--no-color", *more]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": str(REPOSITORY / ".ci/fuzz_hooks.py"), "OPENILP_ROSTERS": str(demo.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, env=environment, cwd=demo.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        seconds = time.monotonic() - begun
        alive = demo.process.poll() is None
    finally:
        log = demo.stop()
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"{caller}.txt").write_text(f"{done.stdout}\n{log}")
    cases = re.search(r"(\d+) generated", done.stdout)
    failures = re.search(r"found (\d+)", done.stdout)
    errors = re.search(r"(\d+) errors?\b.* in ", done.stdout)
    held = done.returncode == 0 and alive
    said = f"{failures[1] if failures else 0} failures, {errors[1] if errors else 0} errors"
    if not alive:
        said += ", the service died"
    print(f"{caller:<12}{cases[1] if cases else 0:>8} cases  {said}  {seconds:.0f} s{'' if held else f'  see {REPORTS}/{caller}.txt'}", flush=True)
    return held


def main() -> int:
    parser = argparse.ArgumentParser(prog=".ci/fuzz", description="Tries every operation as every kind of caller with Schemathesis.")
    parser.add_argument("-n", type=int, default=10, metavar="EXAMPLES", help="examples an operation and a phase (default: 10)")
    parser.add_argument("--seed", type=int, help="of an earlier run, to have the same data")
    parser.add_argument("callers", nargs="*", metavar="CALLER", help=f"of {', '.join(CALLERS)} (default: all)")
    arguments = parser.parse_args()
    if unknown := set(arguments.callers) - set(CALLERS):
        parser.error(f"no such caller: {', '.join(sorted(unknown))}")
    more = ["--seed", str(arguments.seed)] if arguments.seed is not None else []
    held = [run(caller, arguments.n, more) for caller in arguments.callers or CALLERS]
    return 0 if all(held) else 1


sys.exit(main())
