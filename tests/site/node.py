"""Runs the scripts of the site in Node, where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import kb.site

SCRIPTS = Path(kb.site.__file__).parent / "scripts"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="no node here, to run the scripts of the site")
_PROGRAM = """
const fs = require("fs"), vm = require("vm");
const {scripts, given, run} = JSON.parse(fs.readFileSync(0, "utf8"));
const code = scripts.map((path) => fs.readFileSync(path, "utf8")).join("\\n");
const context = vm.createContext({atob, TextDecoder, given});
vm.runInContext(`${code}\\nthis.answer = (${run})(given);`, context);
Promise.resolve(context.answer).then((found) => fs.writeSync(1, JSON.stringify(found)));
"""


def run_scripts(function: str, given: Any) -> Any:
    """Return what a function in JavaScript returns for a value, with all scripts but that of the box."""
    scripts = [str(SCRIPTS / f"{name}.js") for name in ("stemmer", "analyzer", "postings", "ranking")]
    order = json.dumps({"scripts": scripts, "given": given, "run": function})
    assert NODE
    done = subprocess.run([NODE, "-e", _PROGRAM], input=order.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)
