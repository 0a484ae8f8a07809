"""Reading npz files of others: what numpy writes is read, everything else is one error."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from talkingeyes.errors import FormatError
from talkingeyes.npz import npz_arrays, read_npz_arrays, unpacked_limit

HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"


def npy(header: str = HEADER, body: bytes = bytes(24), version: int = 1) -> bytes:
    size = struct.pack("<H" if version == 1 else "<I", len(header) + 1)
    return b"\x93NUMPY" + bytes([version, 0]) + size + header.encode("latin-1") + b"\n" + body


def packed(entry: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "a.npy") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, entry)
    return out.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.zeros((0, 4)),
        np.array(3.5),
        np.array("text"),
        np.array(""),
        np.array(["one", "two"]),
        np.array([True, False]),
        np.arange(3, dtype=">i2"),
    ],
)
def test_what_numpy_writes_is_read(array: np.ndarray) -> None:
    for write in (np.savez, np.savez_compressed):
        out = io.BytesIO()
        write(out, a=array)
        found = npz_arrays(out, "a.npz")["a"]
        assert found.dtype == array.dtype and found.shape == array.shape and np.array_equal(found, array)


def test_a_header_of_python_2_is_read_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    old = HEADER.replace("(2, 3)", "(2L, 3L)")
    assert npz_arrays(io.BytesIO(packed(npy(old))), "a.npz")["a"].shape == (2, 3)
    assert not recwarn.list


BAD_HEADERS = {
    "cut": HEADER[:30],
    "open bracket": "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ((((",
    "unhashable": "{['descr']: '<f4', 'fortran_order': False, 'shape': (2, 3), }",
    "more keys": "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
    "code": "{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').getcwd()}",
    "long shape": HEADER.replace("2, 3", "9" * 60),
    "large shape": HEADER.replace("2, 3", "9" * 18),
    "overflowing shape": HEADER.replace("2, 3", f"{2**62}, {2**62}"),
    "empty and large": HEADER.replace("2, 3", f"0, {2**62}"),
    "negative shape": HEADER.replace("2, 3", "-2, 3"),
    "many axes": HEADER.replace("2, 3", "1," * 40),
    "no such type": HEADER.replace("<f4", "<f3"),
    "large text": HEADER.replace("<f4", "<U999999999"),
    "empty texts": HEADER.replace("<f4", "<U0").replace("2, 3", str(10**12)),
    "object": HEADER.replace("<f4", "|O"),
    "void": HEADER.replace("<f4", "|V4"),
    "dates": HEADER.replace("<f4", "<M8"),
    "structure": HEADER.replace("'<f4'", "[('x', '<f4')]"),
    "not latin": "\xff" * 40,
    "nothing": "",
}


@pytest.mark.parametrize("name", BAD_HEADERS)
def test_a_bad_header_is_one_short_error(name: str) -> None:
    for version in (1, 2, 3):
        with pytest.raises(FormatError) as error:
            npz_arrays(io.BytesIO(packed(npy(BAD_HEADERS[name], version=version))), "a.npz")
        assert len(str(error.value)) < 300 and "\n" not in str(error.value)


def _patched(data: bytes, place: int, value: bytes, central: int) -> bytes:
    """The zip with bytes replaced in the local header (at ``place``) and in the central one (at ``central``)."""
    at = data.index(b"PK\x01\x02")
    data = data[:place] + value + data[place + len(value) :]
    return data[: at + central] + value + data[at + central + len(value) :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        packed(b"no npy"),
        packed(npy(body=bytes(4))),
        packed(npy(version=9)),
        packed(npy(), zipfile.ZIP_LZMA),
        packed(npy(), zipfile.ZIP_BZIP2),
        _patched(packed(npy()), 4, b"\xff\x00", 6),  # needs version 25.5
        _patched(packed(npy()), 6, b"\x01\x00", 8),  # is encrypted
        _patched(packed(npy()), 8, b"\x0e\x00", 10),  # says LZMA, is not
        _patched(packed(npy()), 8, b"\x63\x00", 10),  # an unknown way of packing
        packed(npy())[:-30],
    ],
)
def test_a_zip_that_is_none_of_ours_is_one_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        npz_arrays(io.BytesIO(data), "a.npz")


def test_a_key_that_is_there_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.npy", npy())
        archive.writestr("a", npy())
    with pytest.raises(FormatError, match="twice"):
        npz_arrays(out, "a.npz")


def test_keys_that_are_not_asked_for_are_not_unpacked(tmp_path: Path) -> None:
    objects = np.array([object()], dtype=object)
    np.savez_compressed(tmp_path / "a.npz", a=np.ones(3), odd=objects, bomb=np.zeros(20_000_000, np.uint8))  # type: ignore[arg-type]
    arrays = read_npz_arrays(tmp_path / "a.npz")
    assert set(arrays) == {"a", "odd", "bomb"} and arrays["a"].sum() == 3
    for key in ("odd", "bomb"):
        with pytest.raises(FormatError):
            arrays[key]


def test_a_small_file_does_not_unpack_without_end() -> None:
    assert unpacked_limit(1000) == unpacked_limit(1 << 20) == 64 << 20
    assert unpacked_limit(10 << 20) == 640 << 20
    assert unpacked_limit(100 << 20) == 1 << 30
    assert unpacked_limit(500 << 20) == 4000 << 20 and unpacked_limit(1 << 40) == 8 << 30
    out = io.BytesIO()
    np.savez_compressed(out, **{f"a{i}": np.zeros(5 << 20, np.float32) for i in range(4)})  # 20 MB each
    with pytest.raises(FormatError, match="more than 64 MB"):
        npz_arrays(out, "a.npz")
