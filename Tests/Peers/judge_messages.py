#!/usr/bin/env python3
"""Judges HL7 v2 messages by PyPI's hl7apy, without our software.

    judge_messages.py FILE      messages in UTF-8, a segment a line, a blank line between two

Prints one JSON document, `[[trigger, problem or null], …]`, in the file's order."""

import json
import pathlib
import sys

import hl7apy.exceptions
import hl7apy.parser

judged = []
for text in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").split("\n\n"):
    message = hl7apy.parser.parse_message(text.strip().replace("\n", "\r") + "\r")
    try:
        problem = None if message.validate() else "not valid"
    except hl7apy.exceptions.HL7apyException as error:
        problem = str(error)
    judged.append([message.msh.msh_9.msh_9_2.value, problem])
print(json.dumps(judged))
