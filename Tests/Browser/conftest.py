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


@pytest.fixture
def openapi(station):
    return station.get("/openapi.json").json
