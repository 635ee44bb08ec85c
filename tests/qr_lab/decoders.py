"""Seven independent readers of codes: three in this process, four in one Node.js that stays."""

from __future__ import annotations

import json
import struct
import subprocess
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np
import zxingcpp

from tests.interop.node import find_node

HERE = Path(__file__).parent
NODE = ("zbar", "jsqr", "zxing_js", "qr")
NAMES = ("zxing_cpp", "zbar", "jsqr", "zxing_js", "qr", "opencv", "aruco")
PHONES = ("zxing_cpp", "zbar", "jsqr", "zxing_js", "qr")  # engines of scanner apps

Frame = np.ndarray[Any, np.dtype[np.uint8]]


class Decoders:
    """What each reader makes of grey pictures; use it in a with statement."""

    def __init__(self, names: Sequence[str] = NAMES) -> None:
        self.names = names

    def __enter__(self) -> Decoders:
        cv2.setNumThreads(1)  # Node.js has the other core
        cv2.utils.logging.setLogLevel(2)  # errors: it would warn of every code that says it is UTF-8
        command = [find_node(), HERE / "decode.mjs", *(name for name in NODE if name in self.names)]
        self.node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        detectors = {"opencv": cv2.QRCodeDetector(), "aruco": cv2.QRCodeDetectorAruco()}
        self.local = {name: detectors[name] for name in detectors if name in self.names}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.node.communicate()

    def read(self, frames: Sequence[Frame]) -> list[dict[str, str | None]]:
        """Return the texts that the readers found, by their names, picture after picture."""
        assert self.node.stdin
        assert self.node.stdout
        writing = threading.Thread(target=self._write, args=(frames,))
        writing.start()
        found = [self._read_here(frame) for frame in frames]
        answers = [json.loads(self.node.stdout.readline()) for _ in frames]
        writing.join()
        return [one | answer for one, answer in zip(found, answers, strict=True)]

    def _write(self, frames: Iterable[Frame]) -> None:
        assert self.node.stdin
        for frame in frames:
            height, width = frame.shape
            self.node.stdin.write(struct.pack("<II", width, height) + frame.tobytes())
        self.node.stdin.flush()

    def _read_here(self, frame: Frame) -> dict[str, str | None]:
        codes = zxingcpp.read_barcodes(frame, formats=zxingcpp.BarcodeFormat.QRCode)
        read: dict[str, str | None] = {"zxing_cpp": codes[0].text if codes else None}
        for name, detector in self.local.items():
            try:
                read[name] = detector.detectAndDecode(frame)[0] or None
            except (cv2.error, UnicodeDecodeError):
                read[name] = None
        return read
