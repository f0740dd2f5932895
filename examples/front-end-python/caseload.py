"""What waits on a counselor's caseload, and an answer to one goal of it: a front end without screens.

It is on a client generated from the OpenAPI document of OpenILP, and `mypy --strict` checks it against that. Set ORIGIN and COUNSELOR_TOKEN, which
stand in the demo.env that a demo writes, and STUDENT_TOKEN to see a form with faults.
"""

import datetime
import os
import sys
import uuid
from typing import TypeVar

from openilp_client import AuthenticatedClient
from openilp_client.api.files import read_whole_ilp_file
from openilp_client.api.me import read_me
from openilp_client.api.plan import amend_goal, create_goal, create_reflection, read_goal
from openilp_client.api.proposals import propose_goal_change
from openilp_client.models import (
    Action,
    Goal,
    GoalPatch,
    NewChangeProposal,
    NewGoal,
    NewReflection,
    PlanDomain,
    Problem,
    ProposalStatus,
    WholeIlpFile,
)
from openilp_client.types import UNSET, Unset

Answer = TypeVar("Answer")


class Refused(Exception):
    """The service said no."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pointers = [] if isinstance(problem.errors, Unset) else [fault.pointer for fault in problem.errors]
        super().__init__(f"{problem.status} {problem.code}: {problem.detail} ({problem.correlation_id})")


def answered(answer: Answer | Problem | None) -> Answer:
    """The record, and not the problem that may come instead."""
    if isinstance(answer, Problem):
        raise Refused(answer)
    assert answer is not None, "an answer that is not described"
    return answer


def version(goal: Goal) -> str:
    """The entity tag of the version that was read."""
    return f'"{goal.version}"'


def key() -> str:
    """One for each thing that is done, and the same for each try of it."""
    return str(uuid.uuid4())


def waiting(file: WholeIlpFile) -> str:
    """In one line, what a counselor asks of a file."""
    proposals = sum(proposal.status == ProposalStatus.OPEN for proposal in file.proposals)
    silent = sum(not goal.progress_records for goal in file.goals)
    return f"{len(file.goals)} goals, {silent} without progress, {proposals} proposals open, reads {' '.join(file.readable_sections)}"


def answer(counselor: AuthenticatedClient, file: WholeIlpFile) -> None:
    """Comments on the student's first academic goal, suggests a day for it, and is too late with a change."""
    shown = next(goal for goal in file.goals if goal.domain == PlanDomain.ACADEMIC)
    assert {Action.COMMENT, Action.PROPOSE, Action.WRITE} <= set(shown.allowed_actions), shown.allowed_actions
    said = answered(create_reflection.sync(shown.id, client=counselor, idempotency_key=key(), body=NewReflection("Come by on Monday.")))
    print(f"said: {said.body}")
    day = NewChangeProposal(GoalPatch(target_on=datetime.date.today() + datetime.timedelta(days=200)), reason="Before the summer.")
    proposal = answered(propose_goal_change.sync(shown.id, client=counselor, idempotency_key=key(), body=day))
    print(f"suggested, {proposal.status.value}: {proposal.content.to_dict()}")

    goal = answered(read_goal.sync(shown.id, client=counselor))
    amended = answered(amend_goal.sync(goal.id, client=counselor, if_match=version(goal), body=GoalPatch(description="With two hours a week.")))
    try:
        answered(amend_goal.sync(goal.id, client=counselor, if_match=version(goal), body=GoalPatch(description="Lost.")))
    except Refused as refused:
        assert refused.problem.status == 412, refused
    fresh = answered(read_goal.sync(goal.id, client=counselor))
    assert (fresh.version, fresh.description) == (amended.version, "With two hours a week."), fresh
    print(f"the goal is at version {fresh.version}; a change of version {goal.version} was refused")


def faulty(student: AuthenticatedClient, ilp_file_id: uuid.UUID) -> None:
    """What a form with faults comes back with."""
    try:
        answered(create_goal.sync(ilp_file_id, client=student, idempotency_key=key(), body=NewGoal(PlanDomain.ACADEMIC, title="")))
    except Refused as refused:
        print(f"refused at {', '.join(refused.pointers)}: {refused.problem.detail}")
        assert refused.pointers == ["/title"], refused
    else:
        raise AssertionError("a goal without a title was accepted")


def main() -> int:
    origin = os.environ["ORIGIN"]

    def whoever(token: str) -> AuthenticatedClient:
        return AuthenticatedClient(base_url=origin, token=os.environ[token])

    counselor = whoever("COUNSELOR_TOKEN")
    me = answered(read_me.sync(client=counselor))
    print(f"{me.given_name} {me.family_name}: {len(me.students)} students{', and more' if me.more_students else ''}")
    last: WholeIlpFile | None = None
    for student in me.students[:5]:
        if isinstance(student.ilp_file_id, Unset):
            continue
        file = answered(read_whole_ilp_file.sync(student.ilp_file_id, client=counselor))
        print(f"{student.given_name}: {waiting(file)}")
        if any(goal.domain == PlanDomain.ACADEMIC for goal in file.goals):
            last = file
    assert last, "nobody has an academic goal"
    answer(counselor, last)
    own = answered(read_me.sync(client=whoever("STUDENT_TOKEN"))).students[0].ilp_file_id
    assert own is not UNSET and not isinstance(own, Unset)
    faulty(whoever("STUDENT_TOKEN"), own)
    return 0


sys.exit(main())
