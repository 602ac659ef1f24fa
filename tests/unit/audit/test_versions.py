from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from zhanggui import __version__
from zhanggui.audit.versions import answer_versions, describe_versions, model_versions
from zhanggui.settings import DEFAULT_MODEL, load_settings
from zhanggui.text.datafile import fingerprint


def test_versions_name_what_a_draft_depends_on() -> None:
    taobao, shopify = describe_versions("taobao"), describe_versions("shopify")
    assert taobao["zhanggui"] == __version__
    assert [name for name in taobao if taobao[name] != shopify[name]] == ["channel"]
    assert all(taobao.values())
    assert all(answer_versions().values())


def test_a_fingerprint_is_of_names_and_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "made_up_package"
    (package / "words").mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    def printed(**files: str) -> str:
        for old in (package / "words").iterdir():
            old.unlink()
        for name, content in files.items():
            (package / "words" / f"{name}.yaml").write_text(content)
        (package / "words" / "notes.txt").write_text(str(files))
        fingerprint.cache_clear()
        return fingerprint("made_up_package", "words")

    seen = [
        printed(a="1", b="2"),
        printed(a="12", b=""),
        printed(b="1", a="2"),
        printed(c="1", b="2"),
    ]
    assert len(set(seen)) == 4
    assert printed(b="2", a="1") == seen[0]
    fingerprint.cache_clear()


def test_weights_are_named_by_their_digest_where_they_are_here(tmp_path: Path) -> None:
    local = load_settings(tmp_path)
    remote = load_settings(tmp_path, endpoint="https://models.example.com/v1")
    assert len(model_versions(local, DEFAULT_MODEL)["weights"]) == 64
    assert model_versions(remote, DEFAULT_MODEL) == {"model": DEFAULT_MODEL, "weights": ""}
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF first")
    assert model_versions(local, str(own))["weights"] == hashlib.sha256(b"GGUF first").hexdigest()
    own.write_bytes(b"GGUF other ones")
    assert (
        model_versions(local, str(own))["weights"] == hashlib.sha256(b"GGUF other ones").hexdigest()
    )
    assert model_versions(local, "unknown")["weights"] == ""
