import pytest

import station as stations
from browser import Browser


@pytest.fixture(scope="session")
def station():
    found = stations.given()
    if found:
        yield found
        return
    if not stations.BINARY.exists():
        pytest.skip(f"build first (swift build -c release), or set PERMANENCE_URL: there is no {stations.BINARY}")
    process = stations.Process()
    yield process.station
    process.stop()


def browsers(**options):
    @pytest.fixture(scope="session")
    def made(station):
        browser = Browser(station, **options)
        yield browser
        browser.quit()

    return made


browser = browsers()
other_browser = browsers()
plain_browser = browsers(javascript=False)


@pytest.fixture(autouse=True)
def own_errors(request):
    """Browsers are shared: what the console said of the pages of an earlier test is not this one's."""
    for name in ("browser", "other_browser", "plain_browser"):
        if name in request.fixturenames:
            request.getfixturevalue(name).errors()


@pytest.fixture
def openapi(station):
    return station.get("/openapi.json").json
