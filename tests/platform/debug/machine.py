"""The `karhunen` program under a debugger, real or not."""
import re
import socket
import subprocess


class Machine:
    """A run that waits for GDB."""

    def __init__(self, karhunen, *options, **places):
        self.process = subprocess.Popen(
            [karhunen, "run", "--json", "--gdb", "0", *options], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **places)
        self.errors = ""
        found = None
        while not found:
            line = self.process.stderr.readline()
            assert line, f"no port: {self.errors}"
            found = re.search(r"waiting for GDB: gdb-multiarch (.*) ?-ex 'target remote :(\d+)'", line)
            self.errors += line
        self.symbols, self.port = found[1].strip(), int(found[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def end(self):
        """Exit code, standard output and standard error."""
        out, errors = self.process.communicate(timeout=100)
        return self.process.returncode, out, self.errors + errors


class Client:
    """What is not GDB at the other end: sends any bytes."""

    def __init__(self, machine):
        self.socket = socket.create_connection(("localhost", machine.port), timeout=60)

    def send(self, data):
        self.socket.sendall(data)

    def ask(self, text, answer):
        """Sends a packet and reads until the answer."""
        self.send(packet(text))
        self.expect(answer)

    def expect(self, answer):
        received = b""
        while packet(answer) not in received:
            data = self.socket.recv(4096)
            assert data, f"{received} does not have {answer}"
            received += data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def packet(text):
    data = text.encode()
    return b"$" + data + b"#%02x" % (sum(data) % 256)


def make_network(karhunen, write_inputs):
    """net.kvn, for the machine of bands.yaml: 7 layers of bands of a few rows."""
    subprocess.run([write_inputs, "."], check=True)
    with open("bands.yaml", "w", encoding="ascii") as file:
        file.write("buffers:\n    output_kib: 8\n")
    subprocess.run([karhunen, "compile", "net.onnx", "--calibration", "photos", "--codec", "transform",
                    "--platform", "bands.yaml", "-o", "net.kvn"], stderr=subprocess.PIPE, check=True)
