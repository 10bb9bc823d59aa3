"""AES-256 in CBC mode (FIPS 197), which the standard library does not have. For small texts; not hardened against
timing."""

from __future__ import annotations


def _double(value: int) -> int:
    return ((value << 1) ^ 0x1B) & 0xFF if value & 0x80 else value << 1


def _product(a: int, b: int) -> int:
    total = 0
    while b:
        total ^= a if b & 1 else 0
        a, b = _double(a), b >> 1
    return total


def _substitutions() -> list[int]:
    box = [0x63] * 256
    p = q = 1
    while True:
        p ^= _double(p)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 0xFF
        q ^= 0x09 if q & 0x80 else 0
        rotated = q ^ _rotate(q, 1) ^ _rotate(q, 2) ^ _rotate(q, 3) ^ _rotate(q, 4)
        box[p] = rotated ^ 0x63
        if p == 1:
            return box


def _rotate(value: int, by: int) -> int:
    return ((value << by) | (value >> (8 - by))) & 0xFF


_BOX = _substitutions()
_INVERSE = [_BOX.index(value) for value in range(256)]
_TIMES = {factor: [_product(value, factor) for value in range(256)] for factor in (2, 3, 9, 11, 13, 14)}
_TIMES[1] = list(range(256))
_SHIFTED = [(i + 4 * (i % 4)) % 16 for i in range(16)]
_UNSHIFTED = [_SHIFTED.index(i) for i in range(16)]
_ROUNDS = 14


def _round_keys(key: bytes) -> list[bytes]:
    words = [key[i : i + 4] for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if i % 8 == 0:
            word = bytes(_BOX[b] for b in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _double(constant)
        elif i % 8 == 4:
            word = bytes(_BOX[b] for b in word)
        words.append(_xor(words[i - 8], word))
    return [b"".join(words[i : i + 4]) for i in range(0, len(words), 4)]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _mixed(block: bytes, factors: tuple[int, int, int, int]) -> bytes:
    tables = [_TIMES[factor] for factor in factors]
    return bytes(
        tables[0][block[c + r]]
        ^ tables[1][block[c + (r + 1) % 4]]
        ^ tables[2][block[c + (r + 2) % 4]]
        ^ tables[3][block[c + (r + 3) % 4]]
        for c in range(0, 16, 4)
        for r in range(4)
    )


def _encrypt_block(keys: list[bytes], block: bytes) -> bytes:
    block = _xor(block, keys[0])
    for number in range(1, _ROUNDS + 1):
        block = bytes(_BOX[block[i]] for i in _SHIFTED)
        if number < _ROUNDS:
            block = _mixed(block, (2, 3, 1, 1))
        block = _xor(block, keys[number])
    return block


def _decrypt_block(keys: list[bytes], block: bytes) -> bytes:
    block = _xor(block, keys[_ROUNDS])
    for number in range(_ROUNDS - 1, -1, -1):
        block = _xor(bytes(_INVERSE[block[i]] for i in _UNSHIFTED), keys[number])
        if number:
            block = _mixed(block, (14, 11, 13, 9))
    return block


def encrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    """Encrypt whole blocks of 16 bytes with a key of 32 and an initialisation vector of 16."""
    keys, previous, out = _round_keys(key), start, []
    for at in range(0, len(data), 16):
        previous = _encrypt_block(keys, _xor(data[at : at + 16], previous))
        out.append(previous)
    return b"".join(out)


def decrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    """Decrypt whole blocks of 16 bytes; the reverse of ``encrypt``."""
    keys, previous, out = _round_keys(key), start, []
    for at in range(0, len(data), 16):
        block = data[at : at + 16]
        out.append(_xor(_decrypt_block(keys, block), previous))
        previous = block
    return b"".join(out)
