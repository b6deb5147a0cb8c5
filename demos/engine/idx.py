"""Reads MNIST from the user's own IDX files, and refuses anything else with a clear word.

IDX (LeCun): two zero bytes, a type code (8: bytes), the number of dimensions, each dimension as a
big-endian 32-bit number, then the bytes in order. Files may be gzipped.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demos.engine.arrays import Floats, Ints

SIDE = 28
_MOST = 70_000
_GZIP = b"\x1f\x8b"
# MNIST as it is given out: the MD5 of each gzipped file of images, and of its labels. Other sets
# share the format and the sizes, so nothing else tells them apart.
_MNIST = {
    "f68b3c2dcbeaaa9fbdd348bbdeb94873": "d53e105ee54ea40749a09fcbcd1e9432",
    "9fb629c4189551a2d022fa330f9573f3": "ec29112dd5afa0611ce80d1b7f02629c",
}


@dataclass(frozen=True, slots=True)
class Images:
    """pixels (n, 784) float32 from 0 paper to 1 ink, labels (n,), and whether they are MNIST's.

    mnist: these are the very files of MNIST, by their MD5; nothing is claimed of others.
    """

    pixels: Floats
    labels: Ints
    mnist: bool


def read(images: Path, labels: Path) -> Images:
    """Read a file of images and one of their labels.

    Raises ValueError that names the file and says what is wrong with it: it cannot be read, is
    no gzip, no IDX file of the right kind, too short or too long, or the two do not belong
    together.
    """
    pixels, images_md5 = _read(images, "images", 0x0803, (SIDE, SIDE))
    digits, labels_md5 = _read(labels, "labels", 0x0801, ())
    if len(pixels) != len(digits):
        raise ValueError(
            f"{images.name} has {len(pixels)} images but {labels.name} has {len(digits)} labels; "
            "they must come from the same set"
        )
    if digits.max() > 9:
        raise ValueError(f"{labels.name} has the label {digits.max()}; digits are 0 to 9")
    ink = pixels.reshape(len(pixels), -1).astype(np.float32) / np.float32(255)
    return Images(ink, digits.astype(np.int64), _MNIST.get(images_md5) == labels_md5)


def find(folder: Path, which: str) -> tuple[Path, Path] | None:
    """The files of images and labels of the set `which` ("train", "t10k"), None if not both are.

    They are named as they are given out, such as train-images-idx3-ubyte, perhaps with .gz.
    """
    images, labels = (
        sorted(folder.glob(f"{which}-{kind}?idx?-ubyte*")) for kind in ("images", "labels")
    )
    return (images[0], labels[0]) if images and labels else None


def sample(folder: Path, n: int, test: int, seed: int) -> Images:
    """n images drawn from the training set in a folder, then `test` from its test set.

    Where one of the two sets is missing, all come from the other, none twice. Raises ValueError.
    """
    pairs = [pair for which in ("train", "t10k") if (pair := find(folder, which))]
    if not pairs:
        raise ValueError(f"{folder} holds no train-images-idx3-ubyte, or none with its labels")
    sets = [read(*pair) for pair in pairs]
    wanted = [n + test] if len(sets) == 1 else [n, test]
    generator = np.random.default_rng((seed, 4))
    parts = []
    for (path, _), found, count in zip(pairs, sets, wanted, strict=True):
        if len(found.labels) < count:
            raise ValueError(f"{path.name} has {len(found.labels)} images, but {count} are needed")
        rows = generator.choice(len(found.labels), count, replace=False)
        parts.append((found.pixels[rows], found.labels[rows]))
    pixels, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Images(pixels, labels, all(found.mnist for found in sets))


def _read(
    path: Path, what: str, magic: int, shape: tuple[int, ...]
) -> tuple[NDArray[np.uint8], str]:
    """The array in a file, and the MD5 of the file as it lies there."""
    header = 4 * (2 + len(shape))
    item = int(np.prod(shape))
    data, md5 = _bytes(path, header + item * _MOST)
    if len(data) < header:
        raise ValueError(f"{path.name} is too short for an IDX header ({len(data)} bytes)")
    found, count, *sizes = struct.unpack_from(f">{2 + len(shape)}I", data)
    if found != magic:
        raise ValueError(
            f"{path.name} starts with {found:#010x}, but MNIST {what} start with {magic:#010x}"
        )
    if tuple(sizes) != shape:
        raise ValueError(f"{path.name} has images of {sizes[0]} by {sizes[1]}, not 28 by 28")
    if not 1 <= count <= _MOST:
        raise ValueError(f"{path.name} announces {count} {what}; 1 to {_MOST} are read")
    if len(data) != header + item * count:
        raise ValueError(
            f"{path.name} announces {count} {what}, which takes {header + item * count} bytes, "
            f"but holds {'more' if len(data) > header + item * count else len(data)}"
        )
    return np.frombuffer(data, np.uint8, offset=header).reshape(count, *shape), md5


def _bytes(path: Path, most: int) -> tuple[bytes, str]:
    """Read a file, unpacked, up to one byte more than `most`: a bomb never unfolds. And its MD5."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if data.startswith(_GZIP):
            with gzip.open(io.BytesIO(data)) as unpacked:
                data = unpacked.read(most + 1)
        return data, md5
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path.name} is a damaged gzip file ({error})") from error
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
