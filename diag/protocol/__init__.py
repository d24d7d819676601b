"""Bytes and their meaning: OBD-II, UDS, KWP2000, ISO-TP, fault codes, VIN. Pure: no time, input or output."""
