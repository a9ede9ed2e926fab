#!/usr/bin/env python3
"""A conformance agent for the link protocol gatehouse/1.

Written from docs/protocol.md and link.proto alone: Python's standard library and the `openssl` command, codec `none`.

  agent.py enrol  --url https://HOST:PORT --token T --ca-pin sha256:... --dir DIR [--name N]
  agent.py stream --dir DIR [--address HOST:PORT] [--chunks 1000] [--cut-after 400] [--ledger FILE]

`stream` sends chunks of events, cuts its connection off in the middle, links again, and ends with status 0 only when
every chunk is acknowledged and every acknowledgement made sense.
"""

import argparse
import base64
import hashlib
import json
import os
import random
import select
import socket
import ssl
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

ALPN = "gatehouse/1"
CONTROL, STREAM_OPEN, STREAM_OPENED, CHUNK, ACK, PING, PONG = 0, 1, 2, 3, 4, 12, 13
MAX_PAYLOAD = 64 * 1024
PING_SECONDS, SILENCE_SECONDS = 3, 10
ERRORS = {
    0: "INTERNAL", 1: "BAD_FRAME", 2: "BAD_MESSAGE", 3: "BAD_ORDER", 4: "NOT_ENROLLED", 5: "CERTIFICATE_EXPIRED",
    6: "REVOKED", 7: "STALE_RUN", 8: "DUPLICATE_IDENTITY", 9: "SUPERSEDED", 10: "AVOIDED", 11: "OVERLOADED",
    12: "WINDOW_EXCEEDED", 13: "DRAINING", 14: "SILENT",
}
FATAL = {1, 2, 3, 4, 5, 6, 8, 12}  # coming back would change nothing


# --- protobuf, as much of it as the messages need -------------------------------------------------------------------

def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value) if value else b""


def data(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value if value else b""


def entry(field, key, value):
    return data(field, data(1, key) + data(2, value))


def fields(message):
    """A message as {field number: [values]}; unknown fields are there too, and do no harm."""
    found, at = {}, 0

    def read():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = read()
        kind = tag & 7
        if kind == 0:
            value = read()
        elif kind == 2:
            length = read()
            value = message[at:at + length]
            assert len(value) == length, "message is cut"
            at += length
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value = message[at:at + size]
            at += size
        else:
            raise ValueError(f"wire type {kind}")
        found.setdefault(tag >> 3, []).append(value)
    return found


# --- chunks ---------------------------------------------------------------------------------------------------------

def _crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = _crc_table()


def crc32c(content):
    crc = 0xFFFFFFFF
    for byte in content:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def event(micros, text):
    body = (number(1, micros) + data(2, "log") + data(3, "conformance") + data(4, "agent.py") + data(6, text)
            + entry(7, "written-from", "docs/protocol.md"))
    return varint(len(body)) + body


class Chunk:
    """A chunk's payload is made once and sent the same each time."""

    def __init__(self, sequence, first, last, records, content, offset, fin=None):
        flags = 2 if fin else 0
        rest = struct.pack(">BBHQqqIIQ", flags, 0, 0, sequence, first, last, records, len(content), offset)
        if fin:
            rest += struct.pack(">Q", fin[0]) + fin[1]
        rest += content
        self.sequence, self.first, self.records = sequence, first, records
        self.content = content
        self.payload = struct.pack(">I", crc32c(rest)) + rest


def numbered(contents):
    """Chunks of (first time, records, content), from number 0 on, the last one with FIN."""
    chunks, offset, whole = [], 0, hashlib.sha256()
    for sequence, (first, records, content) in enumerate(contents):
        whole.update(content)
        fin = (len(contents), whole.digest()) if sequence == len(contents) - 1 else None
        chunks.append(Chunk(sequence, first, first + records - 1, records, content, offset, fin))
        offset += len(content)
    return chunks


def make_chunks(count):
    contents = []
    for sequence in range(count):
        first = time.time_ns() // 1000
        records = 1 + sequence % 5
        contents.append((first, records,
                         b"".join(event(first + i, f"record {i} of chunk {sequence}") for i in range(records))))
    return numbered(contents)


def renumbered(chunks):
    return numbered([(chunk.first, chunk.records, chunk.content) for chunk in chunks])


# --- the folder -----------------------------------------------------------------------------------------------------

def write_durably(path, content, mode=0o600):
    descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + ".new", path)
    folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class Folder:
    def __init__(self, path):
        self.key = os.path.join(path, "agent.key")
        self.certificate = os.path.join(path, "agent.pem")
        self.trust = os.path.join(path, "trust.pem")
        self.state_file = os.path.join(path, "agent.json")

    def load(self):
        with open(self.state_file) as file:
            return json.load(file)

    def save(self, state):
        write_durably(self.state_file, json.dumps(state).encode())


# --- enrolment ------------------------------------------------------------------------------------------------------

def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def enrol(options):
    os.makedirs(options.dir, mode=0o700, exist_ok=True)
    folder = Folder(options.dir)
    unverified = ssl._create_unverified_context()
    with urllib.request.urlopen(options.url + "/enrol/ca", context=unverified, timeout=10) as answer:
        ca = answer.read(256 * 1024).decode()
    pin = "sha256:" + hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca)).hexdigest()
    if pin != options.ca_pin.strip().lower():
        raise SystemExit(f"the CA of {options.url} is {pin}, not {options.ca_pin}: no token was sent")
    os.umask(0o077)
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder.key)
    csr = openssl("req", "-new", "-key", folder.key, "-subj", "/CN=" + options.name, "-outform", "DER")
    request = urllib.request.Request(
        options.url + "/enrol",
        json.dumps({"token": options.token, "csr": base64.b64encode(csr).decode(), "name": options.name}).encode(),
        {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, context=ssl.create_default_context(cadata=ca), timeout=30) as answer:
            issued = json.load(answer)
    except urllib.error.HTTPError as e:
        raise SystemExit(f"not enrolled: {e.code} {e.read(4096).decode(errors='replace')}") from None
    write_durably(folder.certificate, (issued["certificate"] + issued["chain"]).encode())
    write_durably(folder.trust, issued["trust"].encode())
    folder.save({"agentId": issued["agentId"], "name": issued["name"], "labels": issued.get("labels", {}), "run": 0,
                 "agentAddresses": issued["agentAddresses"]})
    print("enrolled", issued["agentId"], "as", issued["name"])


# --- the link -------------------------------------------------------------------------------------------------------

class Ended(Exception):
    """The link has ended; code is None when nobody said why."""

    def __init__(self, detail, code=None, delay=0.0, known_run=0):
        super().__init__(detail)
        self.code, self.delay, self.known_run = code, delay, known_run


class Link:
    def __init__(self, folder, address):
        host, _, port = address.rpartition(":")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols([ALPN])
        context.load_cert_chain(folder.certificate, folder.key)
        context.load_verify_locations(folder.trust)
        plain = socket.create_connection((host, int(port)), timeout=SILENCE_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain, server_hostname=host)
        if self.socket.selected_alpn_protocol() != ALPN:
            raise Ended(f"{address} does not speak {ALPN}")
        self.received = bytearray()
        self.heard = time.monotonic()
        self.pinged = 0.0

    def send(self, kind, channel, payload):
        assert len(payload) <= MAX_PAYLOAD
        self.socket.sendall(struct.pack(">I", len(payload))[1:] + struct.pack(">BI", kind, channel) + payload)

    def control(self, field, body):
        self.send(CONTROL, 0, varint(field << 3 | 2) + varint(len(body)) + body)

    def frames(self, wait):
        """What has come after at most `wait` seconds. PINGs are answered here; silence ends the link."""
        if not self.socket.pending() and not select.select([self.socket], [], [], wait)[0]:
            self.beat()
            return
        piece = self.socket.recv(64 * 1024)
        if not piece:
            raise Ended("the gateway closed the connection")
        self.heard = time.monotonic()
        self.received += piece
        while len(self.received) >= 8:
            length = int.from_bytes(self.received[:3], "big")
            assert length <= MAX_PAYLOAD, f"frame of {length} bytes"
            if len(self.received) < 8 + length:
                return
            kind, channel = struct.unpack_from(">BI", self.received, 3)
            payload = bytes(self.received[8:8 + length])
            del self.received[:8 + length]
            if kind == PING:
                self.send(PONG, 0, payload)
            elif kind != PONG:
                yield kind, channel, payload

    def beat(self):
        now = time.monotonic()
        if now - self.heard > SILENCE_SECONDS:
            raise Ended("silent")
        if now - self.heard > PING_SECONDS and now - self.pinged > PING_SECONDS:
            self.pinged = now
            self.send(PING, 0, struct.pack(">d", now))

    def cut(self):
        """Ends the connection as a pulled plug does: no close of TLS, a reset for TCP."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.socket.detach())


class Streamer:
    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.state = folder.load()
        self.stream_id = uuid.uuid4()
        self.opened_at = time.time_ns() // 1000
        self.chunks = make_chunks(options.chunks)
        self.durable = 0  # everything below is acknowledged
        self.ever_sent = 0  # highest number sent, plus one
        self.cut_after = options.cut_after
        self.links = 0
        self.rewinds = 0
        self.ledger = open(options.ledger, "a") if options.ledger else None
        self.next_run()

    def next_run(self, at_least=0):
        self.state["run"] = max(self.state["run"] + 1, at_least)
        self.folder.save(self.state)  # durable before the first link of the run
        self.run_id = uuid.uuid4()
        self.counter = 0

    def hello(self):
        self.counter += 1
        labels = b"".join(entry(5, key, value) for key, value in self.state["labels"].items())
        waiting = self.chunks[self.durable:]
        backlog = number(1, sum(len(chunk.payload) for chunk in waiting)) + number(2, len(waiting))
        return (data(2, uuid.UUID(self.state["agentId"]).bytes) + data(3, self.state["name"]) + data(4, "agent.py 1")
                + labels + number(6, self.state["run"]) + data(7, self.run_id.bytes) + number(9, self.counter)
                + data(13, backlog))

    def stream_open(self):
        return (data(1, self.stream_id.bytes) + number(2, 1) + data(3, "conformance")
                + data(4, "application/vnd.gatehouse.events") + number(6, self.durable) + number(7, self.opened_at))

    def link(self, address):
        """One link, until all is acknowledged (true) or it ends (an exception, or false when cut on purpose)."""
        link = Link(self.folder, address)
        self.links += 1
        link.control(2, self.hello())
        welcomed, channel, next_to_send, sent_bytes, limit = False, 0, None, 0, 0
        heartbeat_every, heartbeat_at = 5.0, 0.0
        while self.durable < len(self.chunks):
            if welcomed and channel == 0:
                channel = self.last_channel = self.last_channel + 1
                next_to_send = None
                link.send(STREAM_OPEN, channel, self.stream_open())
            can_send = (next_to_send is not None and next_to_send < len(self.chunks)
                        and sent_bytes + len(self.chunks[next_to_send].payload) <= limit)
            if can_send:
                chunk = self.chunks[next_to_send]
                link.send(CHUNK, channel, chunk.payload)
                sent_bytes += len(chunk.payload)
                next_to_send += 1
                self.ever_sent = max(self.ever_sent, next_to_send)
                if self.cut_after is not None and self.ever_sent >= self.cut_after:
                    self.cut_after = None
                    link.cut()
                    return False
            if welcomed and time.monotonic() >= heartbeat_at:
                heartbeat_at = time.monotonic() + heartbeat_every
                link.control(4, number(1, time.time_ns() // 1000))
            for kind, frame_channel, payload in link.frames(0 if can_send else 0.2):
                if kind == CONTROL:
                    for body, values in fields(payload).items():
                        message = fields(values[0])
                        text = lambda field: message.get(field, [b""])[0].decode()
                        value = lambda field: message.get(field, [0])[0]
                        if body == 3:  # WELCOME
                            assert not welcomed, "WELCOME twice"
                            welcomed, limit = True, value(4)
                            heartbeat_every = (value(7) or 5000) / 1000
                            heartbeat_at = time.monotonic() + heartbeat_every
                            self.last_channel = 0
                        elif body == 9:  # GO_AWAY: all is repeatable, so there is nothing to wait for
                            raise Ended("GO_AWAY " + text(1), delay=value(2) / 1000)
                        elif body == 10:  # ERROR
                            raise Ended(f"{ERRORS.get(value(1))} {text(2)}", value(1), value(3) / 1000, value(4))
                        elif body == 11:  # REWIND: every stream channel is closed; numbers are not used again
                            assert welcomed, "REWIND before WELCOME"
                            channel, next_to_send = 0, None
                            self.rewinds += 1
                elif kind == STREAM_OPENED and frame_channel == channel:
                    message = fields(payload)
                    state, next_to_send = message.get(1, [0])[0], message.get(2, [0])[0]
                    if state == 1 or (state in (0, 2) and not self.is_own(state, next_to_send, message.get(4))):
                        print(f"stream {self.stream_id} is another one there; going on from chunk {self.durable}")
                        self.fork()
                        channel, next_to_send = 0, None
                        continue
                    if state == 2:  # CLOSED: FIN was durable before its ACK came
                        self.acknowledge(len(self.chunks))
                        break
                    assert state == 0, f"stream answered {state}: {message.get(3)}"
                    assert self.durable <= next_to_send <= self.ever_sent, \
                        f"opened at {next_to_send}; {self.durable} acknowledged, {self.ever_sent} sent"
                    self.acknowledge(next_to_send)
                elif kind == ACK:
                    acked, granted = struct.unpack(">QQ", payload)
                    assert granted >= limit, f"limit {limit} shrank to {granted}"
                    limit = granted
                    if channel != 0 and frame_channel == channel:
                        assert next_to_send is not None, "ACK before STREAM_OPENED"
                        assert acked <= next_to_send, f"ACK {acked}; only {next_to_send} were sent"
                        self.acknowledge(acked)
                    else:
                        assert frame_channel <= self.last_channel, f"ACK on unknown channel {frame_channel}"
        link.control(9, data(1, "all is acknowledged"))
        link.socket.close()
        return True

    def is_own(self, state, upto, last_crc):
        """Whether the stored stream is this one, and not that of a disk of which this one is an older copy."""
        if upto > len(self.chunks) or (state == 2 and upto != len(self.chunks)):
            return False
        if upto <= self.durable or last_crc is None:
            return True
        return struct.unpack("<I", last_crc[0])[0] == struct.unpack_from(">I", self.chunks[upto - 1].payload)[0]

    def fork(self):
        """A new stream, with what is not acknowledged."""
        self.stream_id = uuid.uuid4()
        self.chunks = renumbered(self.chunks[self.durable:])
        self.durable = self.ever_sent = 0

    def acknowledge(self, upto):
        for chunk in self.chunks[self.durable:upto]:
            if self.ledger:
                self.ledger.write(json.dumps({
                    "stream": str(self.stream_id), "sequence": chunk.sequence,
                    "sha256": hashlib.sha256(chunk.content).hexdigest(), "bytes": len(chunk.content),
                    "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}) + "\n")
        if self.ledger:
            self.ledger.flush()
        self.durable = max(self.durable, upto)

    def run(self):
        address = self.options.address or self.state["agentAddresses"][0]
        deadline = time.monotonic() + self.options.timeout
        wait = 0.5
        while time.monotonic() < deadline:
            try:
                before = self.durable
                if self.link(address):
                    print(f"all {len(self.chunks)} chunks acknowledged over {self.links} links, "
                          f"{self.rewinds} rewinds; stream {self.stream_id}")
                    return 0
                print(f"cut off after {self.ever_sent} chunks, {self.durable} acknowledged")
                continue
            except Ended as e:
                print("link ended:", e, file=sys.stderr)
                if e.code in FATAL:
                    return 1
                if e.code == 7:  # STALE_RUN
                    self.next_run(e.known_run + 1)
                delay = e.delay
            except OSError as e:
                print("link failed:", e, file=sys.stderr)
                delay = 0
            wait = 0.5 if self.durable > before else min(30, wait * 2)
            time.sleep(max(delay, wait * random.uniform(0.5, 1)))
        print(f"not all acknowledged in time: {self.durable} of {len(self.chunks)}", file=sys.stderr)
        return 1


def main():
    parser = argparse.ArgumentParser(description="conformance agent for gatehouse/1")
    commands = parser.add_subparsers(dest="command", required=True)
    enrolment = commands.add_parser("enrol")
    enrolment.add_argument("--url", required=True)
    enrolment.add_argument("--token", required=True)
    enrolment.add_argument("--ca-pin", required=True)
    enrolment.add_argument("--dir", required=True)
    enrolment.add_argument("--name", default="conformance")
    stream = commands.add_parser("stream")
    stream.add_argument("--dir", required=True)
    stream.add_argument("--address", help="HOST:PORT of an agent endpoint; the first one told at enrolment if not given")
    stream.add_argument("--chunks", type=int, default=1000)
    stream.add_argument("--cut-after", type=int, help="cut the connection off once, when so many chunks were sent")
    stream.add_argument("--ledger")
    stream.add_argument("--timeout", type=float, default=120, help="seconds for everything")
    options = parser.parse_args()
    if options.command == "enrol":
        enrol(options)
        return 0
    return Streamer(Folder(options.dir), options).run()


if __name__ == "__main__":
    sys.exit(main())
