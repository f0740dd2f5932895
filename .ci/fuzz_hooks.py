"""What Schemathesis needs to know to make bodies that are not JSON: rosters come as zips."""

import os
import pathlib

import schemathesis
from hypothesis import strategies

rosters = [path.read_bytes() for path in sorted(pathlib.Path(os.environ["OPENILP_ROSTERS"]).glob("*.zip"))]
damaged = strategies.builds(lambda zip, at: zip[:at], strategies.sampled_from(rosters), strategies.integers(1, 2000))
schemathesis.openapi.media_type("application/zip", strategies.one_of(strategies.sampled_from(rosters), damaged))
