"""Checks what cargo would build against deny.toml: licences, sources, bans. A small part of cargo-deny, in a second."""

import json
import re
import subprocess
import sys
import tomllib


def fits(expression: str, allowed: set[str]) -> bool:
    """Whether an SPDX expression can be met with allowed licences alone."""
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))

    def any_of() -> bool:
        met = all_of()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            met = all_of() or met
        return met

    def all_of() -> bool:
        met = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            met = one() and met
        return met

    def one() -> bool:
        token = tokens.pop(0)
        if token == "(":
            met = any_of()
            tokens.pop(0)
            return met
        if tokens and tokens[0] == "WITH":
            tokens.pop(0)
            token = f"{token} WITH {tokens.pop(0)}"
        return token in allowed

    return any_of()


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("+")[0].split("-")[0].split("."))


def banned(package: dict, spec: str) -> bool:
    """`name`, or `name@<version`: the two forms that deny.toml uses."""
    name, _, limit = spec.partition("@<")
    return package["name"] == name and (not limit or number(package["version"]) < number(limit))


def output(command: list[str]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> int:
    with open("deny.toml", "rb") as file:
        rules = tomllib.load(file)
    allowed = set(rules["licenses"]["allow"])
    registries = {f"registry+{url}" for url in rules["sources"]["allow-registry"]}
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    packages = json.loads(output(command))["packages"]
    # Cargo.lock also names what no feature asks for: only the tree tells what is built.
    tree = ["cargo", "tree", "--locked", "--workspace", "--target", "all", "-e", "all", "--prefix", "none", "-f", "{p}"]
    built = {tuple(line.split(" ")[:2]) for line in output(tree).splitlines() if line}
    packages = [package for package in packages if (package["name"], f"v{package['version']}") in built]
    faults = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        if package["source"] is not None and package["source"] not in registries:
            faults.append(f"{name}: comes from {package['source']}")
        if not fits(package["license"] or "none", allowed):
            faults.append(f"{name}: licence {package['license']}")
        faults += [f"{name}: {ban['reason']}" for ban in rules["bans"]["deny"] if banned(package, ban["crate"])]
        if package["source"] is None:
            wild = [need["name"] for need in package["dependencies"] if need["req"] == "*" and not need.get("path")]
            faults += [f"{name}: any version of {need}" for need in wild]
    print("\n".join(faults) if faults else f"{len(packages)} packages: licences, sources and bans hold")
    return 1 if faults else 0


sys.exit(main())
