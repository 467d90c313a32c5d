"""Beds of the sample hospital, as the station's own JSON says them."""


def board(station):
    return station.get("/beds").json


def beds(station, state, unit=None):
    """Pairs of unit and bed in one of these states."""
    states = {state} if isinstance(state, str) else set(state)
    return [(u["unit"], bed) for u in board(station)["units"] for bed in u["beds"]
            if bed["state"] in states and (unit is None or u["unit"] == unit)]


def free(station):
    """A unit with several free beds that somebody looks after, and one of them."""
    for unit in board(station)["units"]:
        found = [bed for bed in unit["beds"] if bed["state"] == "free" and bed["staffed"]]
        if len(found) > 2:
            return unit["unit"], found[0]
    raise AssertionError("the sample hospital has no free bed")


def occupied(station):
    """Somebody alone in a bed of a unit where another bed is free."""
    for unit in board(station)["units"]:
        taken = [bed for bed in unit["beds"] if bed["state"] in ("female", "male") and bed.get("stay")]
        if taken and any(bed["state"] == "free" and bed["staffed"] for bed in unit["beds"]):
            return unit["unit"], taken[0]
    raise AssertionError("the sample hospital has nobody beside a free bed")


def act(station, bed, act, **fields):
    answer = station.post(f"/beds/{bed['bed']}/{act}", fields)
    assert answer.status == 200, f"{act} answered {answer.status}: {answer.body[:300]!r}"
    return answer.json
