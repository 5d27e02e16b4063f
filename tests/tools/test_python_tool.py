"""Programs work things out, and find no way out of their interpreter."""

import asyncio
import os
from pathlib import Path

import pytest

from sonde.records.errors import SetupError, ToolError
from sonde.records.json_types import JsonValue
from sonde.tools.python_tool import PythonTool

TOOL = PythonTool(seconds=0.5, most_bytes=16 << 20)


def run(code: str, **inputs: JsonValue) -> str:
    return asyncio.run(TOOL.call({"code": code, "inputs": inputs})).text


def test_print_and_the_last_value_come_back() -> None:
    assert run("print('a', 1)\nx = 2\nx * 21") == "a 1\nvalue: 42"
    assert run("'text'") == "value: 'text'"
    assert run("print('only this')") == "only this\n"
    assert run("x = 1").startswith("done")


def test_inputs_are_variables() -> None:
    assert run("sum(rows) / len(rows)", rows=[1, 2, 6]) == "value: 3.0"
    assert run("d['a'][0]['b']", d={"a": [{"b": "deep"}]}) == "value: 'deep'"


def test_nothing_is_left_for_the_next_call() -> None:
    run("left = 1")
    with pytest.raises(ToolError, match="NameError"):
        run("left")


ESCAPES = {
    "a file": "open('/etc/passwd').read()",
    "a new file": "open('/tmp/sonde-escape', 'w').write('x')",
    "a folder": "import os\nos.listdir('/')",
    "pathlib": "from pathlib import Path\nPath('/etc/passwd').read_text()",
    "a relative path": "open('../../../../etc/passwd').read()",
    "the environment": "import os\nos.environ['HOME']",
    "one variable": "import os\nos.getenv('HOME') + ''",
    "a shell": "import os\nos.system('id')",
    "a process": "import subprocess\nsubprocess.run(['id'])",
    "a fork": "import os\nos.fork()",
    "a socket": "import socket\nsocket.create_connection(('127.0.0.1', 80))",
    "http": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
    "a package": "import httpx",
    "our own code": "import sonde",
    "ctypes": "import ctypes",
    "import by name": "__import__('os').system('id')",
    "importlib": "import importlib\nimportlib.import_module('os')",
    "builtins": "__builtins__['open']('/etc/passwd')",
    "the builtins module": "import builtins\nbuiltins.open('/etc/passwd').read()",
    "subclasses": "().__class__.__bases__[0].__subclasses__()",
    "the mro": "type('').__mro__[1].__subclasses__()",
    "a function's globals": "def f(): pass\nf.__globals__['x']",
    "a function's code": "def f(): pass\nf.__code__.co_code",
    "a frame": "import sys\nsys._getframe().f_back.f_globals",
    "a traceback": "try:\n    1/0\nexcept Exception as e:\n    e.__traceback__.tb_frame.f_globals",
    "format": "'{0.__class__.__init__.__globals__}'.format(1)",
    "eval": 'eval(\'__import__("os").system("id")\')',
    "exec": "exec('import socket')",
    "compile": "compile('1', 'x', 'eval').co_code",
    "pickle": "import pickle\npickle.loads(b'x')",
    "modules": "import sys\nsys.modules['os'].system('id')",
    "gc": "import gc\ngc.get_objects()",
    "threads": "import threading\nthreading.Thread(target=print).start()",
    "signals": "import signal\nsignal.alarm(1)",
    "input": "input('secret? ')",
    "breakpoint": "breakpoint()",
    "memory of a text": "x = 'a' * 10 ** 9",
    "memory of a list": "x = [0] * 10 ** 9",
    "memory in steps": "x = []\nwhile True:\n    x.append('a' * 1000)",
    "a huge number": "x = 10 ** 10 ** 8",
    "a huge shift": "x = 1 << 10 ** 10",
    "endless": "while True:\n    pass",
    "a long sum": "sum(range(10 ** 10))",
    "endless print": "while True:\n    print('x' * 100)",
    "endless recursion": "def f():\n    return f()\nf()",
    "deep nesting": "x = " + "[" * 5000 + "]" * 5000,
    "catching the clock": "while True:\n try:\n  while True: pass\n except BaseException: pass",
    "broken syntax": "def f(:\n",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_fails_and_is_told(name: str) -> None:
    with pytest.raises(ToolError) as failure:
        run(ESCAPES[name])
    assert len(str(failure.value)) > 5
    assert not Path("/tmp/sonde-escape").exists()


def test_nothing_of_this_machine_is_seen() -> None:
    seen = run("import os, sys, datetime\nprint(os.getcwd(), sys.version)\nos.name")
    assert str(Path.cwd()) not in seen
    assert os.uname().nodename not in seen


def test_sleeping_takes_no_time() -> None:
    assert run("import time\ntime.sleep(9)\n1") == "value: 1"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"code": ""}, "give `code`"),
        ({"code": 1}, "give `code`"),
        ({"code": "1" * 60_000}, "over 50,000 characters"),
        ({"code": "1", "inputs": {"not a name": 1}}, "Python identifiers"),
        ({"code": "1", "inputs": [1]}, "must be an object"),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, JsonValue], why: str) -> None:
    with pytest.raises(ToolError, match=why):
        asyncio.run(TOOL.call(arguments))


def test_a_long_output_is_cut_in_its_middle() -> None:
    assert "characters cut" in run("print('x' * 50000)")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pydantic_monty", None)
    with pytest.raises(SetupError, match=r"pip install 'sonde\[python\]'"):
        PythonTool()
