#!/usr/bin/env python3
"""Judges HL7 v2 messages by PyPI's hl7apy, without our software.

    judge_messages.py FILE      messages in UTF-8, a segment a line, a blank line between two

Prints one JSON document, `[[trigger, problem or null], …]`, in the file's order."""

import json
import pathlib
import sys

import hl7apy
import hl7apy.exceptions
import hl7apy.parser


def two_patients(structure):
    """hl7apy's own table of a structure whose segments come once for either patient (HL7 2.5, chapter 3.3.37). It has two
    lines of one name, and the validator holds the segments of both against each of them: it would find no such message
    valid. Here the two lines are one, whose numbers are added."""
    kind, lines = hl7apy.load_reference(structure, "Message", "2.5")
    merged = {}
    for name, segment, (least, most), of in lines:
        if name in merged:
            _, _, (before, limit), _ = merged[name]
            least, most = before + least, -1 if -1 in (limit, most) else limit + most
        merged[name] = (name, segment, (least, most), of)
    return kind, tuple(merged.values())


PROFILES = {"ADT_A37": two_patients("ADT_A37")}


def segments(element):
    for child in element.children:
        if child.classname == "Segment":
            yield child.name
        else:
            yield from segments(child)


def problem(text):
    """The first that there is in a message whose segments end with CR; None where it is valid."""
    structure = hl7apy.parser.get_message_info(text)[1]
    if structure is None:
        return "no structure in MSH-9"
    message = hl7apy.parser.parse_message(text, message_profile=PROFILES if structure in PROFILES else None)
    # The parser passes over what it finds no place for.
    lost = {line[:3] for line in text.split("\r") if line} - set(segments(message))
    if lost := sorted(name for name in lost if not name.startswith("Z")):
        return f"no place in {structure} for {', '.join(lost)}"
    try:
        return None if message.validate() else "not valid"
    except hl7apy.exceptions.HL7apyException as error:
        return str(error)


if __name__ == "__main__":
    judged = []
    for text in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").split("\n\n"):
        text = text.strip().replace("\n", "\r") + "\r"
        judged.append([text.split("|")[8].split("^")[1], problem(text)])
    print(json.dumps(judged))
