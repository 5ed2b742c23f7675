"""A process is told from another one that was given its number."""

import asyncio
import os
import socket
import subprocess
import sys

from fluxdesk_host.agent.guests import Guest
from fluxdesk_host.agent.processes import process
from fluxdesk_host.agent.service import Agent
from fluxdesk_host.agent.wire import Link


def test_a_process_is_itself_and_no_other() -> None:
    own = process(os.getpid())
    assert own is not None
    assert own == process(os.getpid())
    assert own.number == os.getpid()
    assert own != process(os.getppid())


def test_one_that_ended_is_none() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        began = process(child.pid)
        assert began is not None and began.began >= process(os.getpid()).began  # type: ignore[union-attr]
    assert process(child.pid) is None


def test_a_number_that_no_process_has_is_none() -> None:
    assert process(2**31 - 1) is None
    assert process(-1) is None


async def test_one_with_the_number_of_a_node_that_ended_is_not_the_node(agent: Agent) -> None:
    ours, theirs = socket.socketpair()
    link = Link(lambda *_: None, lambda _: None, b"")
    await asyncio.get_running_loop().connect_accepted_socket(lambda: link, ours)
    guest = Guest(1, link, agent)
    guest.role = "node"
    assert not guest.proves("node:wallet")
    agent.admit(os.getpid())
    assert guest.proves("node:wallet")
    assert agent.node is not None
    agent.node = agent.node._replace(began=agent.node.began - 1)  # the one that was named began before this one
    assert not guest.proves("node:wallet")
    theirs.close()
    link.close()
