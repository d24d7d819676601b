"""A scan that loses its adapter in the middle keeps what was read."""

from __future__ import annotations

import json
import threading

import jsonschema
import pytest

from diag.clock import SystemClock
from diag.report.documents import json_schema
from diag.simulator.car import SimulatedCar
from diag.simulator.elm327 import Elm327Engine
from diag.simulator.ports.tcp import TcpPort
from diag.simulator.scenarios import load_scenario

LOST_AT = b"743"  # the header of the cluster, the fourth module


class PulledOut:
    """An adapter whose plug is pulled out when it is told a certain header."""

    def __init__(self, device, pull):
        self._device = device
        self._pull = pull

    def feed(self, data):
        if LOST_AT in data:
            self._pull()
        else:
            self._device.feed(data)

    def close(self):
        self._device.close()


@pytest.fixture
def url():
    """The link URL of an adapter that is gone when the cluster is asked."""
    clock = SystemClock()
    scenario = load_scenario("clarion-code")
    car = SimulatedCar(scenario, clock=clock)
    pulled = threading.Event()

    def device(output):
        return PulledOut(Elm327Engine(car, scenario.adapter, clock, output), pulled.set)

    port = TcpPort(device, 0)
    car.start()
    hand = threading.Thread(target=lambda: pulled.wait(30) and port.close())
    hand.start()
    yield f"elm327:socket://127.0.0.1:{port.port}"
    pulled.set()
    hand.join()
    car.stop()


def test_the_document_holds_what_was_read_and_the_exit_code_is_69(terrano, url):
    code, out, err = terrano("scan", "--link", url, "--json")
    assert code == 69
    assert err
    document = json.loads(out)
    jsonschema.validate(document, json_schema("scan"))
    verdicts = {module["name"]: (module["verdict"], module["reason"]) for module in document["modules"]}
    assert verdicts["ECM"] == ("codes", None)
    assert verdicts["ABS"] == ("none", None)
    assert verdicts["cluster"] == ("lost", "the adapter was lost while this module was asked")
    for name in ("HVAC", "BCM", "AV", "IPDM", "airbag"):
        assert verdicts[name] == ("not-asked", "the adapter was lost before this module was asked")
    assert document["vehicle"]["vin"] == "*************1234"
    assert document["battery"]["voltage"]["value"] == 12.6
    assert document["radio"]["power"] == "unknown"
    assert document["notes"][-1].startswith("this scan is not complete: ")


def test_the_table_holds_what_was_read(terrano, url):
    code, out, err = terrano("scan", "--link", url)
    assert code == 69
    assert "P0603" in out
    assert "the adapter was lost before this module was asked" in out
    assert "this scan is not complete" in out
    assert "not complete" not in err
