from __future__ import annotations

import base64
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhanggui.errors import VaultError
from zhanggui.pii.finder import TOKEN, find
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.store import vault as rows
from zhanggui.store.database import Store

TEXT = "订单号 20260315000123，电话138 0000 0001，邮箱a@example.com，还是打13800000001吧"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{(tmp_path / 'home' / 'shop.sqlite').as_posix()}") as store:
        yield store


@pytest.fixture
def vault(store: Store, tmp_path: Path) -> Vault:
    return Vault.open(store, tmp_path / "home")


def test_redacting_hides_and_restoring_gives_back(store: Store, vault: Vault) -> None:
    with store.begin() as conn:
        hidden = vault.redact(conn, TEXT, "buyer-1")
        assert find(hidden) == []
        tokens = TOKEN.findall(hidden)
        assert len(tokens) == 4
        assert tokens[1] == tokens[3], "one number, one pseudonym"
        assert "〔手机号·" in hidden
        restored = vault.restore(conn, hidden, "buyer-1")
    assert restored == TEXT.replace("打13800000001", "打138 0000 0001")


def test_a_customer_gets_pseudonyms_for_names_and_the_shop_keeps_its_own(
    store: Store, vault: Vault
) -> None:
    text = "收件人：王小明，地址：浙江省杭州市西湖区文三路138号"
    with store.begin() as conn:
        hidden = vault.redact(conn, text, "buyer-1")
        assert "王小明" not in hidden
        assert "文三路" not in hidden
        assert vault.restore(conn, hidden, "buyer-1") == text
        assert vault.redact(conn, text, SHOP) == text


def test_redacting_twice_changes_nothing(store: Store, vault: Vault) -> None:
    with store.begin() as conn:
        hidden = vault.redact(conn, TEXT, None)
        assert vault.redact(conn, hidden, None) == hidden
        assert vault.redact(conn, TEXT, None) == hidden


def test_only_the_person_gets_the_values(store: Store, vault: Vault) -> None:
    with store.begin() as conn:
        first = vault.redact(conn, TEXT, "buyer-1")
        second = vault.redact(conn, TEXT, "buyer-2")
        assert not set(TOKEN.findall(first)) & set(TOKEN.findall(second))
        for other in ("buyer-2", None):
            assert vault.restore(conn, first, other) == first
        assert vault.restore(conn, first, vault.lookup_key("buyer-1")) != first


def test_lookup_keys_are_stable_exact_and_their_own_keys(store: Store, tmp_path: Path) -> None:
    vault = Vault.open(store, tmp_path / "home")
    again = Vault.open(store, tmp_path / "home")
    key = vault.lookup_key("张三_1")
    assert again.lookup_key(" 张三_1\t") == key == vault.lookup_key(key)
    assert len({vault.lookup_key(name) for name in ("a-1", "a1", "A1", "张三_1")}) == 4
    assert "张三" not in key


def test_an_order_number_is_found_by_its_key_and_restored(store: Store, vault: Vault) -> None:
    number = "240101-123456789012345"
    with store.begin() as conn:
        key = vault.conceal_key(conn, number, "ORDER_NO", "buyer-1")
        assert key == vault.lookup_key(f" {number}")
        assert vault.conceal_key(conn, number, "ORDER_NO", "buyer-1") == key
        assert vault.conceal_key(conn, key, "ORDER_NO", "buyer-1") == key
        assert vault.restore(conn, f"订单{key}已发货", "buyer-1") == f"订单{number}已发货"
        assert vault.restore(conn, key, "buyer-2") == key
        assert vault.restore(conn, vault.redact(conn, f"订单号{number}", "buyer-1"), "buyer-1")


def test_whole_values_are_concealed_once(store: Store, vault: Vault) -> None:
    with store.begin() as conn:
        token = vault.conceal(conn, "杭州市某某路1号", "ADDRESS", "b")
        assert token.startswith("〔地址·")
        assert vault.conceal(conn, token, "ADDRESS", "b") == token
        assert vault.conceal(conn, " ", "ADDRESS", "b") == " "
        assert vault.restore(conn, f"寄到{token}。", "b") == "寄到杭州市某某路1号。"


def test_an_unknown_pseudonym_stays(store: Store, vault: Vault) -> None:
    with store.begin() as conn:
        assert vault.restore(conn, "〔手机号·bbbbbb〕", None) == "〔手机号·bbbbbb〕"


def test_an_erased_person_is_not_restored_and_keeps_no_tag(store: Store, vault: Vault) -> None:
    person = vault.lookup_key("buyer-1")
    with store.begin() as conn:
        token = vault.conceal(conn, "13800000001", "PHONE", person)
        rows.erase_person(conn, person)
        assert vault.restore(conn, token, person) == token
        later = vault.conceal(conn, "13800000001", "PHONE", person)
        assert later != token
        assert vault.restore(conn, later, person) == "13800000001"


def test_no_plain_value_in_the_files(store: Store, vault: Vault, tmp_path: Path) -> None:
    with store.begin() as conn:
        vault.redact(conn, TEXT, "buyer-1")
        vault.conceal(conn, "13800000009", "PHONE", "buyer-1")
    secrets = ("20260315000123", "0000 0001", "a@example.com", "13800000009", "buyer-1")
    for file in (tmp_path / "home").rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert not [secret for secret in secrets if secret.encode() in data], file


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_the_key_is_for_its_owner_only(vault: Vault, tmp_path: Path) -> None:
    mode = (tmp_path / "home" / "vault.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_missing_key_is_one_sentence(store: Store, vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "home" / "vault.key").unlink()
    with pytest.raises(VaultError, match="put the key file back"):
        Vault.open(store, tmp_path / "home")
    assert not (tmp_path / "home" / "vault.key").exists()


def test_another_key_is_refused(store: Store, vault: Vault, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with Store.open(f"sqlite:///{(other / 'shop.sqlite').as_posix()}") as second:
        Vault.open(second, other)
    (other / "vault.key").replace(tmp_path / "home" / "vault.key")
    with pytest.raises(VaultError, match="put the right key file back"):
        Vault.open(store, tmp_path / "home")


@pytest.mark.parametrize("content", [b"", b"nonsense!", b"YWJj\n"])
def test_a_broken_key_file_is_refused(
    store: Store, vault: Vault, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "home" / "vault.key").write_bytes(content)
    with pytest.raises(VaultError, match="holds no vault key"):
        Vault.open(store, tmp_path / "home")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ["好的，", "手机13812340000 ", "a@b.cn ", "〔手机号·", "订单号123456789012 "]
        )
    )
)
def test_restoring_undoes_redacting(store: Store, vault: Vault, parts: list[str]) -> None:
    text = "".join(parts)
    with store.begin() as conn:
        hidden = vault.redact(conn, text, "b")
        assert vault.restore(conn, hidden, "b") == text


@pytest.mark.skipif(os.name != "posix", reason="modes say nothing here")
def test_a_key_that_others_can_read_is_warned_of_once(
    store: Store, vault: Vault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = tmp_path / "home" / "vault.key"
    Vault.open(store, tmp_path / "home")
    assert caplog.records == []
    key.chmod(0o640)
    for _ in range(3):
        Vault.open(store, tmp_path / "home")
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert f"chmod 600 {key}" in record.getMessage()


def test_the_audit_key_is_neither_the_master_key_nor_another_shops(
    store: Store, vault: Vault, tmp_path: Path
) -> None:
    master = base64.b64decode((tmp_path / "home" / "vault.key").read_bytes())
    assert vault.audit_key == Vault.open(store, tmp_path / "home").audit_key != master
    with Store.open(f"sqlite:///{(tmp_path / 'other' / 'shop.sqlite').as_posix()}") as other:
        assert Vault.open(other, tmp_path / "other").audit_key != vault.audit_key
