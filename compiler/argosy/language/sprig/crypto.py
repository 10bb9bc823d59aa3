"""Sprig's checksums, passwords and keys.

What draws on secret randomness inside Argo (keys, certificates, bcrypt) cannot be foretold: those functions fail and
say so.
"""

from __future__ import annotations

import base64
import uuid
import zlib
from collections.abc import Callable
from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gotext import from_bytes, to_bytes
from argosy.language.sprig.encoding import decode_base64
from argosy.language.sprig.values import entry, too_long
from argosy.language.world import chance


def _hash(name: str) -> Callable[[str], str]:
    def run(text: str) -> str:
        import hashlib  # OpenSSL takes 3 ms to load

        return hashlib.new(name, to_bytes(text)).hexdigest()

    return run


def _unknowable(name: str) -> Callable[..., Any]:
    def run(*_: Any) -> Any:
        raise LanguageError(
            f"sprig.{name} makes a new secret each time: its result cannot be known before Argo runs it",
            hint="pass the value as a parameter where you try the workflow out",
        )

    return run


def _htpasswd(user: str, _password: str, _algorithm: str) -> str:
    if ":" in user:
        return f"invalid username: {user}"
    return str(_unknowable("htpasswd")())


def _rand_bytes(count: int) -> str:
    if count < 0:
        raise LanguageError("runtime error: makeslice: len out of range")
    too_long(count)
    return base64.b64encode(chance().randbytes(count)).decode()


def _uuid() -> str:
    return str(uuid.UUID(int=chance().getrandbits(128), version=4))


_SEED = b"com.lyndir.masterpassword"
_PASSWORDS = {
    "maximum": "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno",
    "long": "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv"
    " CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv"
    " CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno",
    "medium": "CvcnoCvc CvcCvcno",
    "short": "Cvcn",
    "basic": "aaanaaan aannaaan aaannaaa",
    "pin": "nnnn",
}
_CONSONANTS = "bcdfghjklmnpqrstvwxyz"
_LETTERS = f"AEIOUaeiou{_CONSONANTS.upper()}{_CONSONANTS}"
_CLASSES = {
    "V": "AEIOU",
    "C": _CONSONANTS.upper(),
    "v": "aeiou",
    "c": _CONSONANTS,
    "a": _LETTERS,
    "n": "0123456789",
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": f"{_LETTERS}0123456789!@#$%^&*()",
}


def _derive(counter: int, kind: str, password: str, user: str, site: str) -> str:
    if kind not in _PASSWORDS:
        return f"cannot find password template {kind}"
    import hashlib
    import hmac

    salt = _SEED + len(to_bytes(user)).to_bytes(4, "big") + to_bytes(user)
    key = hashlib.scrypt(to_bytes(password), salt=salt, n=32768, r=8, p=2, dklen=64, maxmem=2**27)
    message = _SEED + len(to_bytes(site)).to_bytes(4, "big") + to_bytes(site) + counter.to_bytes(4, "big")
    seed = hmac.new(key, message, hashlib.sha256).digest()
    templates = _PASSWORDS[kind].split()
    classes = (_CLASSES[letter] for letter in templates[seed[0] % len(templates)])
    return "".join(chars[seed[i] % len(chars)] for i, chars in enumerate(classes, 1))


def _custom_cert(certificate: str, key: str) -> dict[str, str]:
    found = {}
    for name, text, what in (("Cert", certificate, "certificate"), ("Key", key, "private key")):
        try:
            found[name] = from_bytes(decode_base64(text))
        except LanguageError:
            raise LanguageError(f"unable to decode base64 {what}") from None
        if "-----BEGIN " not in found[name]:
            raise LanguageError(f"unable to decode {what}")
    return found


def _key(password: str) -> bytes:
    return to_bytes(password)[:32].ljust(32, b"\0")


def _encrypt(password: str, text: str) -> str:
    if not text:
        return ""
    too_long(len(text) * 100)
    data = to_bytes(text)
    data += bytes([16 - len(data) % 16]) * (16 - len(data) % 16)
    from argosy.language.sprig import aes  # its tables take 2 ms to make

    start = chance().randbytes(16)
    return base64.b64encode(start + aes.encrypt(_key(password), start, data)).decode()


def _decrypt(password: str, text: str) -> str:
    if not text:
        return ""
    too_long(len(text) * 100)
    data = decode_base64(text)
    if len(data) < 32 or len(data) % 16:
        raise LanguageError("crypto/cipher: input not full blocks")
    from argosy.language.sprig import aes

    plain = aes.decrypt(_key(password), data[:16], data[16:])
    if plain[-1] > len(plain):
        raise LanguageError("runtime error: slice bounds out of range")
    return from_bytes(plain[: len(plain) - plain[-1]])


_T = "crypto"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, _hash("sha1"), "sha1sum(text string) string", "Gives the SHA-1 checksum.", "sprig.sha1sum('a')",
           "'86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'"),
    *entry(_T, _hash("sha256"), "sha256sum(text string) string", "Gives the SHA-256 checksum.",
           "sprig.trunc(8, sprig.sha256sum('a'))", "'ca978112'"),
    *entry(_T, _hash("sha512"), "sha512sum(text string) string", "Gives the SHA-512 checksum.",
           "sprig.trunc(8, sprig.sha512sum('a'))", "'1f40fc92'"),
    *entry(_T, lambda text: str(zlib.adler32(to_bytes(text))), "adler32sum(text string) string",
           "Gives the Adler-32 checksum.", "sprig.adler32sum('a')", "'6422626'"),
    *entry(_T, _unknowable("bcrypt"), "bcrypt(password string) string",
           "Hashes a password; not known before Argo runs it.", "sprig.bcrypt('a')", "error"),
    *entry(_T, _htpasswd, "htpasswd(user string, password string, algorithm algorithm) string",
           "Makes a line of a password file; not known before Argo runs it.", "sprig.htpasswd('a', 'b', nil)", "error"),
    *entry(_T, _derive, "derivePassword(counter uint32, kind string, password string, user string, site string) string",
           "Derives a password for a site; the counter can only be nil.",
           "sprig.derivePassword(nil, 'pin', 'secret', 'me', 'example.com')", "'7455'"),
    *entry(_T, _unknowable("genPrivateKey"), "genPrivateKey(kind string) string",
           "Makes a private key; not known before Argo runs it.", "sprig.genPrivateKey('rsa')", "error"),
    *entry(_T, _custom_cert, "buildCustomCert(certificate string, key string) map",
           "Decodes a certificate and its key from base64.", "sprig.buildCustomCert('', '')", "error"),
    *entry(_T, _unknowable("genCA"), "genCA(name string, days int) certificate",
           "Makes a certificate authority; not known before Argo runs it.", "sprig.genCA('a', 1)", "error"),
    *entry(_T, _unknowable("genCAWithKey"), "genCAWithKey(name string, days int, key string) certificate",
           "Makes a certificate authority; not known before Argo runs it.", "sprig.genCAWithKey('a', 1, '')", "error"),
    *entry(_T, _unknowable("genSelfSignedCert"),
           "genSelfSignedCert(name string, ips list, names list, days int) certificate",
           "Makes a certificate; not known before Argo runs it.", "sprig.genSelfSignedCert('a', nil, nil, 1)", "error"),
    *entry(_T, _unknowable("genSelfSignedCertWithKey"),
           "genSelfSignedCertWithKey(name string, ips list, names list, days int, key string) certificate",
           "Makes a certificate; not known before Argo runs it.",
           "sprig.genSelfSignedCertWithKey('a', nil, nil, 1, '')", "error"),
    *entry(_T, _unknowable("genSignedCert"),
           "genSignedCert(name string, ips list, names list, days int, ca certificate) certificate",
           "Makes a certificate; not known before Argo runs it.", "sprig.genSignedCert('a', nil, nil, 1, nil)",
           "error"),
    *entry(_T, _unknowable("genSignedCertWithKey"),
           "genSignedCertWithKey(name string, ips list, names list, days int, ca certificate, key string) certificate",
           "Makes a certificate; not known before Argo runs it.",
           "sprig.genSignedCertWithKey('a', nil, nil, 1, nil, '')", "error"),
    *entry(_T, _encrypt, "encryptAES(password string, text string) string", "Encrypts with AES-256.",
           "sprig.decryptAES('k', sprig.encryptAES('k', 'hi'))", "'hi'"),
    *entry(_T, _decrypt, "decryptAES(password string, text string) string", "Decrypts AES-256.",
           "sprig.decryptAES('k', '')", "''"),
    *entry(_T, _rand_bytes, "randBytes(count int) string", "Gives random bytes in base64.", "len(sprig.randBytes(3))",
           "4"),
    *entry(_T, _uuid, "uuidv4() string", "Gives a random UUID.", "len(sprig.uuidv4())", "36"),
]
# fmt: on
