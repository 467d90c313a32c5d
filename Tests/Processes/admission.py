"""Admissions as an integrator's program sends them."""

PATH = "/admissions/unknown"
EMERGENCY_UNIT = "1010"


def unknown(key, number):
    """Somebody nobody can name, to the emergency department; `key` is the idempotency key."""
    return {
        "command": key, "sex": "MFI"[number % 3], "estimatedAge": 20 + number % 80, "stayClass": "emergency",
        "unit": EMERGENCY_UNIT, "entryMode": "8",
    }
