"""Check the adapter behind a link URL; how an ELM327 is gone through is its own package's affair."""

from __future__ import annotations

from diag.errors import TerranoError, UsageError
from diag.i18n import Message, literal, message
from diag.link.base import Link, Request
from diag.link.check_report import SUPPORTED_PIDS, AdapterCheck, ReportInProgress, Stage
from diag.link.opening import connect
from diag.link.options import LinkOptions
from diag.link.url import LinkUrl, parse_link_url
from diag.model import FunctionalAddress

_NO_SUPPLY = message("This adapter does not measure its supply.")
_NOTHING_TO_CHECK: dict[str, Message] = {
    "replay": message("A log has no adapter to check."),
    "none": message("Without an adapter there is nothing to check."),
}


def check_adapter(url: str, options: LinkOptions) -> AdapterCheck:
    """Check the adapter that `url` names. A stage that fails ends the report; it is not raised.

    Raises:
        UsageError: the URL is wrong, or names no adapter.
    """
    parsed = parse_link_url(url)
    if parsed.scheme in _NOTHING_TO_CHECK:
        raise UsageError(
            _NOTHING_TO_CHECK[parsed.scheme],
            message("Name an adapter, as `terrano adapters` lists them."),
        )
    if parsed.scheme == "elm327":
        from diag.link.elm327.stages import check_elm327

        return check_elm327(parsed, options)
    if parsed.scheme == "sim":
        from diag.link.elm327.stages import check_over
        from diag.link.sim import start_car

        port, stop_car = start_car(parsed, options.clock)
        return check_over(lambda: port, parsed, options, stop_car)
    return _check_link(parsed, options)


def _check_link(url: LinkUrl, options: LinkOptions) -> AdapterCheck:
    """Check any other link by what it says of itself and by one request to everyone."""
    report = ReportInProgress(url.text, options.progress)
    try:
        link = connect(url.text, options)
    except TerranoError as error:
        report.failed(Stage.PORT, error.what, error.advice)
        return report.finish()
    try:
        _ask_link(report, link, options)
    except TerranoError as error:
        report.failed_where_it_stands(error.what, error.advice)
    finally:
        link.close()
    return report.finish()


def _ask_link(report: ReportInProgress, link: Link, options: LinkOptions) -> None:
    report.identity, report.capabilities = link.identity, link.capabilities
    report.passed(Stage.PORT, message("Port {port} is open", port=link.identity.url))
    report.passed(
        Stage.IDENTITY, message("Adapter: {name}{rate}", name=link.identity.adapter, rate=literal(""))
    )
    report.note_supply(link.supply().result(), link.capabilities.reason_against("supply") or _NO_SUPPLY)
    started_s = options.clock.monotonic()
    exchange = link.submit(Request(SUPPORTED_PIDS, FunctionalAddress())).result()
    answered = tuple(r.responder for r in exchange.responses if r.payload and r.responder is not None)
    if answered:
        report.latency_s = options.clock.monotonic() - started_s
        report.note_modules(link.identity.protocol, answered)
    else:
        report.note_no_protocol(exchange.response.reason)
