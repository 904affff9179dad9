"""Triggers: history, signatures and addenda only grow; a signed round stands still, and what a round rests on never changes."""

from __future__ import annotations

from alembic import op

revision = "r0002"
down_revision = "r0001"

GROWING = ("review_history", "review_signature", "review_addendum")
NEVER = {
    "review_round": ("id", "period", "edition", "before_id", "opened_at", "opened_by", "opened_name"),
    "review_page": ("id", "round_id", "subject_set", "subject_id", "position", "facts"),
}
_SIGNED = "EXISTS (SELECT 1 FROM review_round WHERE id = {row}.round_id AND state = 'signed')"


def upgrade() -> None:
    """Make the triggers in the language of the database."""
    statements = _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite()
    for statement in statements:
        op.execute(statement)


def _guards() -> list[tuple[str, str, str, str, str]]:
    """Each guard: name, table, event, condition on the row ("" always), and what is said."""
    guards = [(f"{table}_{event.lower()}", table, event, "", f"{table} only grows") for table in GROWING for event in ("UPDATE", "DELETE")]
    for table, columns in NEVER.items():
        changed = " OR ".join(_differs(column) for column in columns)
        guards.append((f"{table}_never", table, "UPDATE", changed, f"what a {table} rests on never changes"))
        guards.append((f"{table}_delete", table, "DELETE", "", f"a {table} is never taken away"))
    guards.append(("review_round_signed", "review_round", "UPDATE", "OLD.state = 'signed'", "the round is signed"))
    guards.append(("review_page_signed", "review_page", "UPDATE", _SIGNED.format(row="OLD"), "the round is signed"))
    guards.append(("review_page_late", "review_page", "INSERT", _SIGNED.format(row="NEW"), "the round is signed"))
    guards.append(("review_signature_late", "review_signature", "INSERT", _SIGNED.format(row="NEW"), "the round is signed"))
    return guards


def _differs(column: str) -> str:
    """Whether a column changes; only a round's predecessor may be absent."""
    return f"COALESCE(OLD.{column}, -1) <> COALESCE(NEW.{column}, -1)" if column == "before_id" else f"OLD.{column} <> NEW.{column}"


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition or '1'} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for name, table, event, condition, said in _guards()
    ]


def _postgresql() -> list[str]:
    statements = []
    for name, table, event, condition, said in _guards():
        body = f"IF {condition or 'TRUE'} THEN RAISE EXCEPTION '{said}'; END IF;"
        statements += [
            _function(name, f"{body} RETURN {'OLD' if event == 'DELETE' else 'NEW'};"),
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    tables = (*GROWING, *NEVER)
    emptied = _function("review_emptied", "RAISE EXCEPTION 'the reviews are never emptied';")
    stop = "CREATE TRIGGER {0}_emptied BEFORE TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION review_emptied()"
    return [*statements, emptied, *(stop.format(table) for table in tables)]


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
