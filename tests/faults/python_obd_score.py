"""Ask python-OBD for fault codes on every row of the hostile table, and print what it made of each as JSON.

It asks everyone (7DF), so rows in which another module's answer passes the adapter's filter are left out:
there that answer is allowed. Its own read timeout of ten seconds, tried twelve times over, is shortened
through a private field: a row without a prompt would otherwise block it for two minutes.
"""

from __future__ import annotations

import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import obd

from diag.clock import SystemClock
from diag.simulator.elm327 import Elm327Engine
from diag.simulator.hostile import HostileCar, HostileRow, build_car, hostile_rows
from diag.simulator.ports.pty import PtyPort
from diag.simulator.scenarios import load_scenario

READ_TIMEOUT_S = 0.3
COMMANDS = {"03": obd.commands.GET_DTC, "07": obd.commands.GET_CURRENT_DTC}
WORKERS = 6
Score = dict[str, dict[str, "list[str] | str"]]


def fit_rows() -> list[HostileRow]:
    return [row for row in hostile_rows() if not row.leaks]


def said(connection: obd.OBD, service: str) -> list[str] | str:
    try:
        answer = connection.query(COMMANDS[service], force=True)
    except Exception as error:  # noqa: BLE001 - what escapes it is part of the score
        return f"raised {type(error).__name__}"
    return "no value" if answer.is_null() else [code for code, _ in answer.value]


def score(rows: list[HostileRow]) -> Score:
    clock = SystemClock()
    car = build_car(load_scenario("hostile"), seed=0, clock=clock)
    assert isinstance(car, HostileCar)
    car.control({"latency_ms": 0})
    car.start()
    port = PtyPort(lambda output: Elm327Engine(car, car.scenario.adapter, clock, output))
    connection = obd.OBD(port.path, baudrate=38400, fast=False)
    connection.interface._ELM327__port.timeout = READ_TIMEOUT_S
    result: Score = {}
    for row in rows:
        car.control({"row": row.id})
        result[row.id] = {}
        for service in (service for service in COMMANDS if service in row.services):
            result[row.id][service] = said(connection, service)
    connection.close()
    port.close()
    car.stop()
    return result


def main() -> None:
    logging.disable(logging.CRITICAL)
    load_scenario("hostile")
    rows = fit_rows()
    with ThreadPoolExecutor(WORKERS) as pool:
        scores = pool.map(score, (rows[number::WORKERS] for number in range(WORKERS)))
        sys.stdout.write(json.dumps({row: words for part in scores for row, words in part.items()}))


if __name__ == "__main__":
    main()
