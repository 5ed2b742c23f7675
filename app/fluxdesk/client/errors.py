"""What a call to the node can end with besides an answer."""

from fluxdesk.core.views import Problem


class NodeUnreachable(Exception):
    """No node answers on the socket; the message says what was found there."""


class NodeProblem(Exception):
    """The node answered that it could not do what was asked. `problem` says what happened and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem
