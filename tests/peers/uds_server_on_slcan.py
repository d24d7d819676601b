"""Serve one UDS module of python-uds-server on a SLCAN wire; run by the environment of other people's tools.

Usage: uds_server_on_slcan.py CHANNEL REQUEST_ID RESPONSE_ID
"""

import sys

import can
import isotp
from uds_server import DiagnosticSession, DidDefinition, DtcDefinition, UdsServer
from uds_server.transport import IsoTpTransport

channel, request_id, response_id = sys.argv[1], int(sys.argv[2], 16), int(sys.argv[3], 16)
bus = can.Bus(interface="slcan", channel=channel, bitrate=500_000, sleep_after_open=0.1)
stack = isotp.CanStack(
    bus=bus,
    address=isotp.Address(isotp.AddressingMode.Normal_11bits, txid=response_id, rxid=request_id),
)
server = UdsServer(
    transport=IsoTpTransport(stack),
    sessions=[DiagnosticSession(0x01), DiagnosticSession(0x03)],
    dids=[DidDefinition(identifier=0xF190, length=17, read_callback=lambda: b"VSKJVWR51U0001234")],
    dtcs=[
        DtcDefinition(identifier=0xD30000, status=0x08),
        DtcDefinition(identifier=0x056216, status=0x2F),
        DtcDefinition(identifier=0xD00088, status=0x50),
    ],
)
server.start()
print("SERVING", flush=True)
sys.stdin.read()
server.stop()
bus.shutdown()
