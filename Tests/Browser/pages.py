"""Every page that links lead to, one of each kind: `/beds/<uuid>` is one kind, whatever the bed."""

import re

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Streams, files, and what ends or changes the session that looks.
AVOIDED = ("/live", "/beds/events", "/emergency/events", "/sign-out", "/language", "/theme", "/assets/")
PAGES_MAX = 160


def kind(path):
    """The path with what differs from one patient or unit to the next replaced, and the names of its parameters."""
    path, _, query = path.partition("?")
    path = UUID.sub("{id}", path)
    path = re.sub(r"^/units/[^/]+", "/units/{code}", path)
    path = re.sub(r"^/paper/sheets/[^/]+", "/paper/sheets/{number}", path)
    path = re.sub(r"^(/(?:patients|stays|accounts)/)[^/]+", r"\1{id}", path)
    names = sorted({part.partition("=")[0] for part in query.split("&") if part})
    version = re.search(r"version=(\w+)", query)
    return path, tuple(names), version.group(1) if version else ""


def links(browser):
    addresses = browser.run("return [...document.links].map(a => a.href)")
    return [a.removeprefix(browser.station.url).partition("#")[0] for a in addresses
            if a.startswith(browser.station.url)]


def crawl(browser, starts=("/",)):
    """Goes to each page in turn and yields its path while the browser is there."""
    waiting, seen = list(starts), {kind(path) for path in starts}
    visited = 0
    while waiting and visited < PAGES_MAX:
        path = waiting.pop(0)
        browser.go(path)
        if not browser.run("return document.contentType === 'text/html'"):
            continue
        visited += 1
        for link in links(browser):
            if link.startswith(AVOIDED) or "/zpl" in link or kind(link) in seen:
                continue
            seen.add(kind(link))
            waiting.append(link)
        yield path
