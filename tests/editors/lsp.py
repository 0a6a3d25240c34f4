"""A small client of the language server protocol: JSON-RPC over a child's stdin and stdout.

Source: the protocol's specification, 3.17.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

Json = dict[str, Any]

ANSWER_S: Final = 60.0
"""Seconds after which a message that doesn't come is a failure; a loaded machine is slow."""


class LanguageServer:
    """A running language server; documents are known by their URIs."""

    def __init__(
        self, process: subprocess.Popen[bytes], configuration: Callable[[str], Any]
    ) -> None:
        self._process = process
        self._configuration = configuration  # the settings of a section, which the server asks for
        self._read = b""
        self._requests = 0
        self._answers: dict[int, Json] = {}
        self._diagnostics: dict[str, list[Json]] = {}
        self._configured = False

    def start(self, root: str) -> None:
        """Shake hands, and wait until the server knows its settings."""
        capabilities = {
            "workspace": {
                "configuration": True,
                "didChangeConfiguration": {"dynamicRegistration": True},
            },
            "textDocument": {
                "completion": {
                    "completionItem": {
                        "snippetSupport": True,
                        "documentationFormat": ["markdown", "plaintext"],
                    }
                },
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "publishDiagnostics": {"relatedInformation": True},
            },
        }
        self.request(
            "initialize", {"processId": os.getpid(), "rootUri": root, "capabilities": capabilities}
        )
        self._send({"method": "initialized", "params": {}})
        self._wait(lambda: self._configured)

    def open(self, uri: str, text: str) -> None:
        """Show a document to the server; its name is new to it."""
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def diagnostics(self, uri: str) -> list[Json]:
        """Wait for what the server has to say of an open document."""
        self._wait(lambda: uri in self._diagnostics)
        return self._diagnostics[uri]

    def completion(self, uri: str, line: int, character: int) -> list[Json]:
        """Ask what can be typed at a place; both figures count from 0."""
        answer = self._at("completion", uri, line, character)
        items = answer["items"] if isinstance(answer, dict) else answer
        assert isinstance(items, list)
        return items

    def hover(self, uri: str, line: int, character: int) -> str:
        """Ask what is shown over a place, as Markdown; empty where it is nothing."""
        answer = self._at("hover", uri, line, character)
        contents = answer["contents"] if answer else ""
        text = contents["value"] if isinstance(contents, dict) else contents
        assert isinstance(text, str)
        return text

    def stop(self) -> None:
        """End the server as the protocol wants it."""
        self.request("shutdown", None)
        self._send({"method": "exit"})
        self._process.wait(ANSWER_S)

    def request(self, method: str, params: Any) -> Any:
        """Send a request and wait for its result."""
        self._requests += 1
        number = self._requests
        self._send({"id": number, "method": method, "params": params})
        self._wait(lambda: number in self._answers)
        answer = self._answers.pop(number)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def _at(self, what: str, uri: str, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        params = {"textDocument": {"uri": uri}, "position": position}
        return self.request(f"textDocument/{what}", params)

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _wait(self, done: Callable[[], bool]) -> None:
        """Take in messages until `done`."""
        deadline_s = time.monotonic() + ANSWER_S
        while not done():
            self._take_in(self._message(deadline_s))

    def _message(self, deadline_s: float) -> Json:
        assert self._process.stdout is not None
        number = self._process.stdout.fileno()
        while True:
            head, found, rest = self._read.partition(b"\r\n\r\n")
            if found:
                length = int(head.lower().partition(b"content-length:")[2].split()[0])
                if len(rest) >= length:
                    self._read = rest[length:]
                    message = json.loads(rest[:length])
                    assert isinstance(message, dict)
                    return message
            ready, _, _ = select.select([number], [], [], max(0, deadline_s - time.monotonic()))
            assert ready, "the language server doesn't answer"
            more = os.read(number, 1 << 16)
            assert more, f"the language server has ended: {self._process.wait(ANSWER_S)}"
            self._read += more

    def _take_in(self, message: Json) -> None:
        match message:
            case {"method": "textDocument/publishDiagnostics", "params": params}:
                self._diagnostics[params["uri"]] = params["diagnostics"]
            case {"method": "workspace/configuration", "id": number, "params": params}:
                settings = [self._configuration(item["section"]) for item in params["items"]]
                self._send({"id": number, "result": settings})
                self._configured = True
            case {"method": _, "id": number}:  # registrations of capabilities: granted
                self._send({"id": number, "result": None})
            case {"id": int(number)}:
                self._answers[number] = message


@contextmanager
def language_server(
    command: Sequence[str], root: str, configuration: Callable[[str], Any]
) -> Iterator[LanguageServer]:
    """Run a language server for the folder `root`, a URI, and stop it."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        server = LanguageServer(process, configuration)
        try:
            server.start(root)
            yield server
            server.stop()
        finally:
            with suppress(ProcessLookupError):
                process.kill()
