"""Name negative response codes in words (ISO 14229-1 annex A, ISO 14230-3 clause 4.4)."""

from __future__ import annotations

from diag.i18n import Message, message

RESPONSE_PENDING = 0x78
SERVICE_NOT_SUPPORTED = 0x11

_NAMES = {
    0x10: message("refused without a reason"),
    0x11: message("service not supported"),
    0x12: message("this form of the request is not supported"),
    0x13: message("wrong length or format of the request"),
    0x14: message("the answer would be too long"),
    0x21: message("busy, ask again"),
    0x22: message("conditions not correct"),
    0x23: message("routine not finished"),
    0x24: message("wrong order of requests"),
    0x25: message("a module behind it does not answer"),
    0x26: message("a fault prevents it"),
    0x31: message("request out of range: no such data"),
    0x33: message("access denied"),
    0x34: message("authentication required"),
    0x35: message("invalid key"),
    0x36: message("too many tries"),
    0x37: message("the waiting time is not over"),
    0x40: message("download not accepted"),
    0x41: message("wrong type of download"),
    0x42: message("download to this address not possible"),
    0x43: message("download of this size not possible"),
    0x50: message("upload not accepted"),
    0x51: message("wrong type of upload"),
    0x52: message("upload from this address not possible"),
    0x53: message("upload of this size not possible"),
    0x70: message("transfer not accepted"),
    0x71: message("transfer stopped"),
    0x72: message("programming failed"),
    0x73: message("wrong block number"),
    0x74: message("wrong address in a block transfer"),
    0x75: message("wrong length of a block transfer"),
    0x76: message("wrong checksum of a block transfer"),
    0x77: message("checksum error of a block transfer"),
    0x78: message("working, the answer comes later"),
    0x79: message("wrong number of bytes in a block transfer"),
    0x7E: message("this form of the request is not supported in the present session"),
    0x7F: message("service not supported in the present session"),
    0x80: message("service not supported in the present diagnostic mode"),
    0x81: message("engine speed too high"),
    0x82: message("engine speed too low"),
    0x83: message("the engine is running"),
    0x84: message("the engine is not running"),
    0x85: message("the engine has not run long enough"),
    0x86: message("temperature too high"),
    0x87: message("temperature too low"),
    0x88: message("vehicle speed too high"),
    0x89: message("vehicle speed too low"),
    0x8A: message("accelerator pressed too far"),
    0x8B: message("accelerator not pressed far enough"),
    0x8C: message("gearbox not in neutral"),
    0x8D: message("gearbox not in gear"),
    0x8F: message("brake pedal not pressed"),
    0x90: message("selector lever not in park"),
    0x91: message("torque converter clutch locked"),
    0x92: message("voltage too high"),
    0x93: message("voltage too low"),
}


def nrc_name(code: int) -> Message:
    """Name a negative response code; a code without a standard name is called unknown, with its number."""
    return _NAMES.get(code) or message("unknown refusal code {code}", code=f"{code:02X}")
