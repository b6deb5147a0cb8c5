"""MNIST files of the user's own: the right ones are read, the others refused with the reason."""

from __future__ import annotations

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from demos.engine import idx


def images(n: int = 3, magic: int = 0x803, side: int = 28, extra: bytes = b"") -> bytes:
    pixels = (np.arange(n * side * side) % 256).astype(np.uint8).tobytes()
    return struct.pack(">IIII", magic, n, side, side) + pixels + extra


def labels(values: tuple[int, ...] = (7, 0, 9), magic: int = 0x801) -> bytes:
    return struct.pack(">II", magic, len(values)) + bytes(values)


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_plain_and_gzipped_files_are_read(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    found = idx.read(
        written(tmp_path, "images", pack(images())), written(tmp_path, "labels", pack(labels()))
    )
    assert found.pixels.shape == (3, 784)
    assert found.pixels.dtype == np.float32
    assert found.pixels[0, 255] == 1.0
    assert found.labels.tolist() == [7, 0, 9]
    assert not found.mnist


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (images(magic=0x801), "starts with 0x00000801"),
        (images(side=27), "27 by 27"),
        (images()[:-1], "announces 3 images"),
        (images(extra=b"x"), "holds more"),
        (images()[:9], "too short"),
        (b"", "too short"),
        (struct.pack(">IIII", 0x803, 0, 28, 28), "announces 0 images"),
        (struct.pack(">IIII", 0x803, 2**31, 28, 28), "announces 2147483648"),
        (images(2), "2 images but labels has 3 labels"),
        (gzip.compress(images(), mtime=0)[:-20], "damaged gzip"),
        (b"\x1f\x8bnonsense", "damaged gzip"),
    ],
)
def test_wrong_images_are_refused_with_the_reason(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        idx.read(written(tmp_path, "images", data), written(tmp_path, "labels", labels()))


def test_labels_beyond_nine_and_missing_files_are_refused(tmp_path: Path) -> None:
    good = written(tmp_path, "images", images())
    with pytest.raises(ValueError, match="label 10"):
        idx.read(good, written(tmp_path, "labels", labels((1, 10, 2))))
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        idx.read(good, tmp_path / "missing")
    with pytest.raises(ValueError, match="cannot be read"):
        idx.read(tmp_path, good)


def test_a_gzip_bomb_is_not_unfolded(tmp_path: Path) -> None:
    bomb = written(tmp_path, "images", gzip.compress(images(1) + bytes(200_000_000), 9))
    assert bomb.stat().st_size < 300_000
    with pytest.raises(ValueError, match="holds more"):
        idx.read(bomb, written(tmp_path, "labels", labels((1,))))


def folder_of(tmp_path: Path, n: int, sets: tuple[str, ...] = ("train", "t10k")) -> Path:
    """A folder with sets of n images each, under the names that MNIST's have."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    for which in sets:
        written(folder, f"{which}-images-idx3-ubyte.gz", gzip.compress(images(n)))
        values = tuple(i % 10 for i in range(n))
        written(folder, f"{which}-labels-idx1-ubyte", labels(values))
    return folder


def test_a_folder_gives_what_to_learn_and_what_to_read(tmp_path: Path) -> None:
    found = idx.sample(folder_of(tmp_path, 40), 30, 20, seed=1)
    assert found.pixels.shape == (50, 784)
    again = idx.sample(tmp_path / "mnist", 30, 20, seed=1)
    assert (found.labels == again.labels).all()
    assert not found.mnist


def test_from_one_set_alone_no_image_comes_twice(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 30, ("t10k",))
    found = idx.sample(folder, 20, 10, seed=0)
    assert sorted(found.labels) == sorted(i % 10 for i in range(30))
    with pytest.raises(ValueError, match="has 30 images, but 31 are needed"):
        idx.sample(folder, 20, 11, seed=0)


def test_a_folder_without_the_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no train-images-idx3-ubyte"):
        idx.sample(tmp_path, 1, 1, seed=0)


def test_only_the_very_files_of_mnist_are_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = written(tmp_path, "a", images()), written(tmp_path, "b", labels())
    sums = [hashlib.md5(path.read_bytes()).hexdigest() for path in pair]
    monkeypatch.setattr(idx, "_MNIST", {sums[0]: sums[1]})
    assert idx.read(*pair).mnist
    assert not idx.read(pair[0], written(tmp_path, "c", labels((1, 0, 9)))).mnist
