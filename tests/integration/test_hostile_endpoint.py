"""What the Solana source does with an endpoint that is broken, slow or hostile: `hostile_rpc_standin` plays it.

Everywhere: no crash, no busy loop, a bounded log, and a state that says what is the matter.
"""

import asyncio
import json
import logging
from dataclasses import replace
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from fluxdesk.core.endpoint import Endpoint
from fluxdesk.launches.sources.inbox import Inbox
from fluxdesk.launches.sources.socket_source import Line
from fluxdesk.launches.sources.solana_ws import SolanaLogs
from fluxdesk.launches.sources.wire import WireTiming
from integration.conftest import METEORA_DBC, PUMPFUN
from integration.reading import Reader
from integration.standins import HostileRpcStandin, answers, notification, silence, slot
from waiting import eventually

PROGRAMS = {PUMPFUN: "pumpfun", METEORA_DBC: "meteora_dbc"}
SUBSCRIPTIONS = 1 + len(PROGRAMS)
QUICK = Line(WireTiming(look_every_s=0.05), backoff_first_s=0.05, backoff_cap_s=0.2)
IMPATIENT = replace(QUICK, timing=WireTiming(open_s=0.5, idle_s=0.6, look_every_s=0.05), answer_s=0.3)
"""Only for tests of the time limits: on a busy machine it would give up on servers that are well."""
SLOTS, PUMP_LOGS = 1, 2
KEY = "sEcReTkEy0123456789"


def source_at(url: str, line: Line | None = None, inbox: Inbox | None = None) -> SolanaLogs:
    return SolanaLogs("logs A", Endpoint.parse(url, ("ws", "wss")), PROGRAMS, line=line or QUICK, inbox=inbox)


def logs(slot_number: int, signature: str, padding: int = 0) -> dict[str, object]:
    value = {"signature": signature, "err": None, "logs": ["x" * padding]}
    return {"context": {"slot": slot_number}, "value": value}


async def says(reader: Reader, *words: str) -> None:
    await eventually(lambda: all(w in reader.source.health().message for w in words), said=reader.source.health)


async def test_frames_that_are_not_json_rpc_are_refused_and_a_peer_that_sends_only_such_is_left() -> None:
    garbage: list[str | bytes] = ["{", "null", "[]", b"\x00\xff\xfe", "[" * 100_000, '{"id":"x"}', '{"method":5}', "{}"]

    async def behaviour(connection: ServerConnection) -> None:
        for frame in garbage * 5:
            await connection.send(frame)
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await says(reader, "sends frames that are not JSON-RPC", "Next try")
        assert reader.source.health().state == "down"
        assert reader.raws == []


async def test_a_bad_frame_between_good_ones_is_counted_and_costs_nothing_else() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        for number in range(100, 110):
            await connection.send("not json")
            await connection.send(notification("slotNotification", SLOTS, {"slot": "no number"}))
            await connection.send(notification("slotNotification", SLOTS, slot(number)))
            await connection.send(notification("logsNotification", PUMP_LOGS, logs(number, f"good{number}")))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await reader.holding("good109")
        await says(reader, "20 frames could not be read")
        assert len(reader.raws) == 10


async def test_a_frame_that_announces_a_gigabyte_is_refused_before_it_is_read() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        connection.transport.write(b"\x81\x7f" + (1 << 30).to_bytes(8, "big") + b"x" * 1000)
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await says(reader, "A frame was larger than allowed")
        await eventually(lambda: server.connections >= 2)


async def test_a_server_that_accepts_and_never_answers_is_left_after_the_time_limit() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Reader(source_at(f"ws://127.0.0.1:{port}", IMPATIENT)) as reader:
        await says(reader, "No answer within")
    server.close()


async def test_subscriptions_that_nobody_answers_end_the_connection() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, 1)
        number = 100
        while True:
            number += 1
            await connection.send(notification("slotNotification", SLOTS, slot(number)))
            await asyncio.sleep(0.02)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url, IMPATIENT)) as reader:
        await says(reader, "did not answer the subscription to pumpfun")


async def test_a_line_that_goes_silent_is_left() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        await connection.send(notification("slotNotification", SLOTS, slot(100)))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url, IMPATIENT)) as reader:
        await says(reader, "Nothing arrived for")
        assert reader.source.gaps()[-1].from_slot == 100


PINGING = replace(IMPATIENT, timing=WireTiming(ping_every_s=0.1, pong_within_s=0.3, look_every_s=0.05))


async def test_a_peer_that_answers_no_ping_and_sends_nothing_is_left() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        connection.transport.pause_reading()
        await connection.send(notification("slotNotification", SLOTS, slot(100)))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url, PINGING)) as reader:
        await says(reader, "No answer to a ping", "Next try")
        assert reader.source.gaps()[-1].from_slot == 100


async def test_a_peer_too_busy_sending_to_answer_pings_is_kept() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        connection.transport.pause_reading()
        for number in range(100):
            await connection.send(notification("slotNotification", SLOTS, slot(100 + number)))
            await asyncio.sleep(0.02)
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url, PINGING)) as reader:
        await eventually(lambda: reader.source.health().last_slot == 199, said=reader.source.health)
        assert (server.connections, reader.source.health().reconnects) == (1, 0)


async def test_a_line_that_carries_anything_but_news_of_the_chain_is_left() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        await connection.send(notification("slotNotification", SLOTS, slot(100)))
        while True:
            await connection.send(notification("slotNotification", 4711, slot(101)))
            await asyncio.sleep(0.02)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url, IMPATIENT)) as reader:
        await says(reader, "no news of the chain", "Next try")


async def test_an_endpoint_without_slot_notifications_still_delivers_and_its_logs_end_a_gap() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        for number in range(1, SUBSCRIPTIONS + 1):
            request = json.loads(await connection.recv())
            refusal = {"error": {"code": -32601, "message": "no slots here"}}
            said = refusal if request["method"] == "slotSubscribe" else {"result": number}
            await connection.send(json.dumps({"jsonrpc": "2.0", "id": request["id"]} | said))
        first = 100 * server.connections
        for number in (first, first + 1):
            await connection.send(notification("logsNotification", PUMP_LOGS, logs(number, f"tx{number}")))
        if server.connections == 1:
            await connection.close()
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await reader.holding("tx101", "tx201")
        assert [(gap.from_slot, gap.to_slot) for gap in reader.source.gap_tracker.waiting()] == [(101, 200)]
        assert "slots (no slots here)" in reader.source.health().message


async def test_a_server_that_closes_at_once_is_asked_ever_more_rarely(caplog: pytest.LogCaptureFixture) -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await connection.close(1013, "come back later")

    caplog.set_level(logging.DEBUG)
    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await says(reader, "asks to try again later (come back later)")
        view = reader.source.health()
        assert server.connections == 1, "1013 is honoured: the next try is far off"
        assert view.state == "down"
    async with HostileRpcStandin(lambda c: c.close(1000)) as server:
        async with Reader(source_at(server.url, replace(QUICK, backoff_first_s=0.02, backoff_cap_s=60))):
            await eventually(lambda: server.connections == 5)
        assert server.connections <= 6
    ours = [r for r in caplog.records if r.name.startswith("fluxdesk") and "next try" in r.getMessage()]
    assert len(ours) == 2, "one line a source, however often it fails"


async def test_answers_and_notifications_under_unknown_ids_are_refused() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await connection.send(json.dumps({"jsonrpc": "2.0", "id": 4711, "result": 1}))
        await answers(connection, {}, SUBSCRIPTIONS)
        await connection.send(notification("logsNotification", 4711, logs(100, "foreign")))
        await connection.send(notification("logsNotification", PUMP_LOGS, logs(100, "ours")))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await reader.holding("ours")
        await says(reader, "2 frames could not be read")
        assert len(reader.raws) == 1


async def test_one_refused_launchpad_is_said_and_keeps_a_gap_open_while_the_others_deliver() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        for number in range(1, SUBSCRIPTIONS + 1):
            request = json.loads(await connection.recv())
            answer = {"jsonrpc": "2.0", "id": request["id"]}
            if METEORA_DBC in json.dumps(request):
                answer["error"] = {"code": -32602, "message": f"not on plan\nkey {KEY}"}
            else:
                answer["result"] = number
            await connection.send(json.dumps(answer))
        for number in range(100, 105):
            await connection.send(notification("slotNotification", SLOTS, slot(number)))
        await connection.send(notification("logsNotification", PUMP_LOGS, logs(104, "pump launch")))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(f"{server.url}/{KEY}")) as reader:
        await reader.holding("pump launch")
        view = reader.source.health()
        assert (view.state, view.open_gaps) == ("slow", 1)
        assert "meteora_dbc (not on plan key …)" in view.message
        (gap,) = reader.source.gaps()
        assert (gap.from_slot, gap.to_slot, gap.filled_by) == (100, 104, None)
        assert "meteora_dbc" in gap.reason


async def test_an_endpoint_that_refuses_everything_is_down_and_says_why() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        for _ in range(SUBSCRIPTIONS):
            request = json.loads(await connection.recv())
            error = {"code": -32000, "message": "subscriptions are off"}
            await connection.send(json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": error}))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await says(reader, "refused every subscription: subscriptions are off")
        assert reader.source.health().state == "down"
        assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (HTTPStatus.TOO_MANY_REQUESTS, "The endpoint limits connections (HTTP 429). Next try in 40 s"),
        (HTTPStatus.FORBIDDEN, "The endpoint refuses this key or address (HTTP 403). Next try in 60 s"),
        (HTTPStatus.BAD_GATEWAY, "The endpoint answered HTTP 502 in place of a WebSocket. Next try in 0 s"),
    ],
)
async def test_a_refused_handshake_is_said_and_retry_after_is_honoured(status: HTTPStatus, words: str) -> None:
    def refuse(_: ServerConnection, request: Request) -> Response:
        wait = Headers({"Retry-After": "40"}) if status is HTTPStatus.TOO_MANY_REQUESTS else Headers()
        return Response(status.value, status.phrase, wait, b"")

    async with HostileRpcStandin(silence, refuse) as server, Reader(source_at(server.url)) as reader:
        await says(reader, words)


async def test_nothing_of_the_address_but_the_host_reaches_logs_health_or_gaps(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        await connection.send(notification("slotNotification", SLOTS, slot(100)))
        await connection.close(4000, f"unknown key {KEY}")

    async with HostileRpcStandin(behaviour) as server:
        url = server.url.replace("ws://", f"ws://user:{KEY}@") + f"/v2/{KEY}?api-key={KEY}"
        async with Reader(source_at(url)) as reader:
            await says(reader, "closed the connection with code 4000 (unknown key …)")
            ours = [r.getMessage() for r in caplog.records if r.name != "websockets.server"]
            said = [reader.source.health(), reader.source.gaps(), repr(reader.source.endpoint), ours]
            assert reader.source.health().endpoint == server.url + "/…"
    assert KEY not in str(said)


async def test_skipped_slots_are_a_gap() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        for number, parent in ((100, 99), (101, 100), (120, 119), (121, 120)):
            await connection.send(notification("slotNotification", SLOTS, slot(number, parent)))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await eventually(lambda: reader.source.health().last_slot == 121)
        (gap,) = reader.source.gaps()
        assert gap.from_slot <= 101
        assert gap.to_slot == 120
        assert "skipped" in gap.reason


async def test_an_impossible_slot_is_refused_and_does_not_move_the_source() -> None:
    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        await connection.send(notification("slotNotification", SLOTS, slot(100)))
        await connection.send(notification("slotNotification", SLOTS, slot(1 << 62)))
        await connection.send(notification("slotNotification", SLOTS, slot(-5)))
        await connection.send(notification("slotNotification", SLOTS, slot(101)))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as server, Reader(source_at(server.url)) as reader:
        await says(reader, "2 frames could not be read")
        await eventually(lambda: reader.source.health().last_slot == 101)
        assert reader.source.gaps() == []


async def test_a_full_queue_holds_the_line_back_then_drops_into_a_gap_that_ends_when_there_is_room() -> None:
    go_on = asyncio.Event()

    async def behaviour(connection: ServerConnection) -> None:
        await answers(connection, {}, SUBSCRIPTIONS)
        await connection.send(notification("slotNotification", SLOTS, slot(100)))
        for number in range(101, 121):
            await connection.send(notification("logsNotification", PUMP_LOGS, logs(number, f"tx{number}")))
        async with asyncio.timeout(20):
            await go_on.wait()
        await connection.send(notification("logsNotification", PUMP_LOGS, logs(130, "tx130")))
        await connection.send(notification("slotNotification", SLOTS, slot(131, 120)))
        await silence(connection)

    line = replace(QUICK, full_queue_s=0.05)
    async with HostileRpcStandin(behaviour) as server:
        source = source_at(server.url, line, Inbox(max_items=5))
        batches = source.batches()
        first = await anext(batches)
        too_many = 20 - len(first) - 5
        await eventually(lambda: f"{too_many} messages were dropped" in source.health().message, said=source.health)
        assert source.health().state == "slow"
        assert source.gaps()[-1].filled_by is None
        second = await anext(batches)
        go_on.set()
        third = await anext(batches)
        await eventually(lambda: source.health().last_slot == 131)
        await source.close()
        await batches.aclose()
    received = [raw.slot for raw in (*first, *second, *third)]
    dropped = set(range(101, 121)) - set(received)
    assert received == sorted(received)
    assert len(dropped) == too_many
    (gap,) = source.gaps()
    assert gap.from_slot <= min(dropped) <= max(dropped) <= gap.to_slot == 131
