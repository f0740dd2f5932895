"""What Schemathesis needs to know to make bodies that are not JSON: rosters come as zips, single rows as lines of JSON."""

import json
import os
import pathlib

import schemathesis
from hypothesis import strategies

rosters = [path.read_bytes() for path in sorted(pathlib.Path(os.environ["OPENILP_ROSTERS"]).glob("*.zip"))]
damaged = strategies.builds(lambda zip, at: zip[:at], strategies.sampled_from(rosters), strategies.integers(1, 2000))
schemathesis.openapi.media_type("application/zip", strategies.one_of(strategies.sampled_from(rosters), damaged))

values = strategies.one_of(
    strategies.none(), strategies.booleans(), strategies.integers(), strategies.text(max_size=20), strategies.lists(strategies.text(max_size=5), max_size=3)
)
names = strategies.sampled_from(["title", "name", "type", "status", "orgSourcedId", "givenName", "grades", "enabledUser", "beginDate", "colour"])
files = strategies.sampled_from(["orgs", "academicSessions", "courses", "classes", "users", "roles", "demographics", "enrollments", "ilp.flags"])
ids = strategies.one_of(strategies.sampled_from(["a", "b", "c"]), strategies.text(max_size=10))
rows = strategies.builds(lambda file, id, cells: {**cells, "file": file, "sourcedId": id}, files, ids, strategies.dictionaries(names, values, max_size=5))
courses = strategies.builds(lambda id, title: {"file": "courses", "sourcedId": id, "title": title, "orgSourcedId": "district"}, ids, strategies.text(max_size=20))
lines = strategies.one_of(rows.map(json.dumps), courses.map(json.dumps), strategies.text(max_size=40))
batches = strategies.lists(lines, max_size=5).map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass"))
described = []
schemathesis.openapi.media_type("application/x-ndjson", strategies.one_of(batches, strategies.deferred(lambda: strategies.sampled_from(described))))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """A body that is made here cannot have an example beside it, unless in bytes: the examples are among those made."""
    for path in raw_schema["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            example = content.get("application/x-ndjson", {}).pop("example", None)
            if example is not None:
                described.append(example.encode())
