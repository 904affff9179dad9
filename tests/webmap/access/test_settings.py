"""Settings of the door: what is read, and what is refused with all that is wrong at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import GeoError
from webmap.access import Role
from webmap.access.oidc import person
from webmap.settings import PREFIX, Settings, read


def given(folder: Path, **settings: str) -> Settings:
    return read({PREFIX + "WORKSPACE": str(folder), **{PREFIX + name.upper(): text for name, text in settings.items()}})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(
        '[web]\nproxies = 2\nsession_hours = 8\noidc_issuer = "https://login.example.dk/a"\noidc_client_id = "o"\n'
    )
    found = given(tmp_path, allowed_hosts="Kort.example.dk  10.0.0.5", oidc_role_map=" kk=x=staff ,kk-ssp=ssp,, kk-web = admin ")
    assert (found.proxies, found.session_hours, found.allowed_hosts) == (2, 8, ("kort.example.dk", "10.0.0.5"))
    assert found.oidc_role_map == (("kk=x", Role.STAFF), ("kk-ssp", Role.SSP), ("kk-web", Role.ADMIN))
    assert found.access == tmp_path / "access"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("allowed_hosts", ""), ("allowed_hosts", "*"), ("allowed_hosts", "kort.example.dk:8000"),
        ("allowed_hosts", "https://kort.example.dk"), ("allowed_hosts", ".example.dk"), ("allowed_hosts", "a/b"),
        ("allowed_hosts", "[::1]"), ("proxies", "-1"), ("proxies", "6"), ("proxies", "ja"), ("session_idle_minutes", "0"),
        ("session_hours", "25"), ("session_hours", "1.5"), ("session_hours", "²"), ("oidc_recheck_minutes", "0"),
        ("oidc_issuer", "http://login.example.dk"), ("oidc_issuer", "login.example.dk"), ("oidc_issuer", "https://"),
        ("oidc_issuer", "file:///x"), ("oidc_issuer", "http://localhost.evil.example"), ("oidc_role_map", "kk"),
        ("oidc_role_map", "kk=public"), ("oidc_role_map", "kk=STAFF"), ("oidc_role_map", "=staff"), ("oidc_scope", "profile"),
        ("oidc_scope", ""), ("oidc_issuers", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(GeoError):
        given(tmp_path, oidc_client_id="o", **{name: text})


def test_a_provider_needs_our_name_there_and_all_faults_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(GeoError) as error:
        given(tmp_path, oidc_issuer="https://login.example.dk", oidc_scope="x", proxies="x")
    assert len(error.value.problems) == 3


@pytest.mark.parametrize(
    ("claim", "roles"),
    [
        (["a", "b"], {Role.STAFF, Role.SSP}), ("a b", {Role.STAFF, Role.SSP}), ("ab", set()), ([], set()), (None, set()),
        ({"a": 1}, set()),
        (["A"], set()), ([["a"]], set()), ("a,b", set()), (1, set()), (["a", "a"], {Role.STAFF}),
    ],
)  # fmt: skip
def test_a_claim_gives_only_the_roles_that_are_mapped(claim: object, roles: set[Role]) -> None:
    chosen = Settings(oidc_roles_claim="g", oidc_role_map=(("a", Role.STAFF), ("b", Role.SSP)))
    assert person({"sub": "s", "g": claim}, chosen).roles == roles


def test_a_person_has_a_name_to_show_whatever_the_provider_says() -> None:
    assert person({"sub": "s"}, Settings()).name == "s"
    assert person({"sub": "s", "name": "", "email": "s@example.dk"}, Settings()).name == "s@example.dk"
    assert len(person({"sub": "s" * 999, "name": "n" * 999}, Settings()).name) == 100
    assert len(person({"sub": "s" * 999}, Settings()).id) == 200
