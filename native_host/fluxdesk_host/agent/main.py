"""`python -m fluxdesk_host.agent`: shuts itself in, then opens what it was given. Says `ready` on standard output.

With `--channel` an owner holds the other end of an inherited socket pair; the agent ends with it. With `--policy` it
runs headless: what the policy does not name is refused. Nothing secret is taken from arguments or environment.
"""

import argparse
import asyncio
import fcntl
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from fluxdesk_host.agent import sandbox

log = logging.getLogger("fluxdesk.agent")
TICK_S: Final = 1.0
LONGEST_PASSPHRASE: Final = 4096


class CannotRun(Exception):
    """The agent does not start; the message is for the user."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="fluxdesk agent", description="Fluxdesk's signing agent.")
    line.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the keystore and the log")
    line.add_argument("--channel", type=int, metavar="FD", help="the owner's end of a socket pair")
    line.add_argument("--socket", type=Path, metavar="PATH", help="where to listen (default: the runtime folder)")
    line.add_argument("--policy", type=Path, metavar="FILE", help="headless, under this policy")
    line.add_argument(
        "--passphrase-fd", type=int, default=0, metavar="FD", help="headless: where to read it (default 0)"
    )
    line.add_argument(
        "--key-ring", action="store_true", help="leave Unix sockets connectable, for the desktop's secret store"
    )
    line.add_argument("--mode", choices=("practice", "live"), default="live")
    return line


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 ended in order, 1 cannot run, 2 wrong arguments, 70 a defect."""
    logging.basicConfig(format="fluxdesk agent: %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    given = parser().parse_args(arguments)
    if (given.channel is None) == (given.policy is None):
        parser().error("give either --channel or --policy")
    try:
        sandbox.enter(connect=given.key_ring)
        asyncio.run(_serve(given))
    except KeyboardInterrupt:
        return 130
    except (sandbox.SandboxUnavailable, CannotRun) as error:
        print(f"fluxdesk agent: {error}", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - the top level; a traceback could hold what must not be shown
        print(f"fluxdesk agent: a defect ({_kind(error)}). Nothing was signed after it.", file=sys.stderr)
        return 70
    return 0


async def _serve(given: argparse.Namespace) -> None:
    from fluxdesk_host.agent.clocks import KernelClocks
    from fluxdesk_host.agent.desk import Desk
    from fluxdesk_host.agent.guests import Guests
    from fluxdesk_host.agent.service import Agent
    from fluxdesk_host.agent.wire import SocketTaken, UnsafeFolder

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_quiet)
    data: Path = given.data
    lock = _lock(data)
    agent = Agent(data, KernelClocks(), given.mode, given.channel is None, given.key_ring)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    guests = Guests(agent)
    try:
        agent.start()
        if given.channel is not None:
            desk = Desk(agent, guests, ended.set)
            await loop.connect_accepted_socket(desk.link, _channel(given.channel))
        else:
            await _headless(agent, given)
        where = given.socket or runtime_folder() / "agent.sock"
        await guests.open(where)
        print(f"ready {where}", flush=True)
        ticking = asyncio.create_task(_tick(agent))
        await ended.wait()
        ticking.cancel()
    except (UnsafeFolder, SocketTaken) as error:
        raise CannotRun(str(error)) from None
    except OSError as error:
        raise CannotRun(f"The folder {data} cannot be used ({error.strerror}).") from None
    finally:
        guests.close()
        await agent.stop()
        os.close(lock)


async def _tick(agent: Any) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        agent.tick()


async def _headless(agent: Any, given: argparse.Namespace) -> None:
    """Unlocks with the passphrase of a descriptor and sets the policy of the file, if it is another one."""
    import msgspec

    from fluxdesk_host.agent.desk import policy_from
    from fluxdesk_host.agent.vault import Vault, wipe
    from fluxdesk_host.keystore.errors import KeystoreError

    try:
        policy = policy_from(given.policy.read_bytes())
    except OSError as error:
        raise CannotRun(f"The policy {given.policy} cannot be read ({error.strerror}).") from None
    except msgspec.MsgspecError as error:
        raise CannotRun(f"The policy {given.policy} is not understood: {error}.") from None
    passphrase = _passphrase(given.passphrase_fd)
    try:
        vault = await asyncio.to_thread(Vault.open, agent.keystore, passphrase)
    except KeystoreError as error:
        raise CannotRun(str(error)) from None
    finally:
        wipe(passphrase)
    await agent.opened(vault, agent.generation)
    if agent.audit is None or agent.policy_state != "whole":
        raise CannotRun("The audit log or the sealed policy is damaged. Nothing is signed; look at it in the window.")
    if not agent.standing.chosen or agent.standing.current != policy:
        first = not agent.standing.chosen
        await agent.set_policy(policy)
        if not first:
            log.info("the policy changed: what it tightens holds now, what it loosens after the delay")


def _passphrase(descriptor: int) -> bytearray:
    passphrase = bytearray(LONGEST_PASSPHRASE)
    length = 0
    with memoryview(passphrase) as view:
        while length < LONGEST_PASSPHRASE and (got := os.readv(descriptor, [view[length:]])):
            length += got
    del passphrase[length:]
    while passphrase.endswith((b"\n", b"\r")):
        del passphrase[-1:]
    return passphrase


def _channel(descriptor: int) -> socket.socket:
    try:
        channel = socket.socket(fileno=descriptor)
    except OSError as error:
        raise CannotRun(f"Descriptor {descriptor} is no channel ({error.strerror}).") from None
    if channel.family != socket.AF_UNIX or channel.type != socket.SOCK_STREAM or channel.getsockname():
        raise CannotRun(f"Descriptor {descriptor} is no end of a socket pair.")
    channel.set_inheritable(False)
    channel.setblocking(False)
    return channel


def _lock(data: Path) -> int:
    """One agent a folder; the kernel lets go when the process ends. Raises `CannotRun`."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data / "agent.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise CannotRun(f"Another agent uses {data}. Nothing was changed.") from None
    except OSError as error:
        raise CannotRun(f"The folder {data} cannot be used ({error.strerror}).") from None
    return descriptor


def runtime_folder() -> Path:
    """`$FLUXDESK_RUNTIME`, else `$XDG_RUNTIME_DIR/fluxdesk`, else a per-user folder in the temporary directory."""
    if own := os.environ.get("FLUXDESK_RUNTIME"):
        return Path(own)
    if xdg := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(xdg) / "fluxdesk"
    return Path(os.environ.get("TMPDIR") or "/tmp") / f"fluxdesk-{os.getuid()}"  # noqa: S108 - owner and mode are checked


def _quiet(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What asyncio would print of an error could hold a request or a secret."""
    error = context.get("exception")
    log.error("an error in the event loop: %s", _kind(error) if isinstance(error, BaseException) else "unknown")


def _kind(error: BaseException) -> str:
    """Where and what, without any value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return type(error).__name__ + place
