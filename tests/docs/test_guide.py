"""Runs the firmware guide: its programs are written, its commands typed, its output compared.

test_guide.py GUIDE SOURCES KARHUNEN FOLDER [--update]
  ```c NAME      a file of this name
  ```console     lines that begin with "$ " are typed in a shell on a terminal, one shell for all;
                 what follows is what they must print
--update writes what they printed into the guide instead.
"""
import difflib
import os
import pty
import re
import shutil
import socket
import subprocess
import sys

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "guide-test-end"
PORT = "3333"  # what the guide says; another one is free


def free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return str(probe.getsockname()[1])


class Shell:
    """A shell whose programs write to a terminal, so that their streams keep their order."""

    def __init__(self, folder, environment):
        self.terminal, slave = pty.openpty()
        self.process = subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=slave, stderr=slave,
                                        cwd=folder, env=environment, text=True)
        os.close(slave)

    def run(self, command):
        self.process.stdin.write(f"{{ {command}\n}} </dev/null\necho {END}\n")
        self.process.stdin.flush()
        text = b""
        while not text.endswith(f"{END}\r\n".encode()):
            text += os.read(self.terminal, 4096)
        text = text.decode().replace("\r\n", "\n")[:-len(END) - 1]
        return re.sub(r"[^\n]*\x1b\[K", "", text)  # progress, which is erased


def played(shell, block):
    """The block as it would be printed."""
    port = free_port()
    text = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            text += f"{line}\n" + shell.run(line[2:].replace(PORT, port)).replace(port, PORT)
    return text


def main():
    guide, sources, karhunen, folder = sys.argv[1:5]
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("sw/examples", "sw/firmware", "sw/include"):
        shutil.copytree(os.path.join(sources, part), os.path.join(folder, part),
                        ignore=shutil.ignore_patterns("build"))
    os.makedirs(os.path.join(folder, "bin"))
    os.symlink(karhunen, os.path.join(folder, "bin/karhunen"))
    # The reader's make is not part of another make, as this test's is under `make test`.
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    shell = Shell(folder, {**environment, "PATH": f"{folder}/bin:" + os.environ["PATH"]})

    def replay(match):
        kind, name, body = match.groups()
        if kind == "c":
            with open(os.path.join(folder, "sw/examples", name), "w") as file:
                file.write(body)
        if kind != "console":
            return match.group(0)
        return f"```console\n{played(shell, body)}```"

    with open(guide) as file:
        expected = file.read()
    actual = BLOCK.sub(replay, expected)
    if "--update" in sys.argv:
        with open(guide, "w") as file:
            file.write(actual)
    elif actual != expected:
        sys.exit("".join(difflib.unified_diff(expected.splitlines(True), actual.splitlines(True),
                                              guide, "as it is")))


main()
