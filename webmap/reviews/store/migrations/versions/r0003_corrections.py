"""An open round can be put right or cancelled, by a row of its history; a closed one, signed or cancelled, stands still."""

from __future__ import annotations

from alembic import op

revision = "r0003"
down_revision = "r0002"

_CLOSED = "EXISTS (SELECT 1 FROM review_round WHERE id = {row}.round_id AND state <> 'open')"
_TOLD = """(OLD.period <> NEW.period OR OLD.edition <> NEW.edition) AND NOT EXISTS (SELECT 1 FROM review_history WHERE round_id = OLD.id
 AND page_id IS NULL AND kind IN ('renamed', 'moved', 'cancelled')
 AND "before" = OLD.period || '/' || OLD.edition AND "after" = NEW.period || '/' || NEW.edition)"""
_MOVED = """(OLD.facts <> NEW.facts OR OLD.position <> NEW.position) AND NOT EXISTS (SELECT 1 FROM review_history
 WHERE page_id = OLD.id AND kind = 'moved' AND version = NEW.version)"""
_ROUND_NEVER = "COALESCE(OLD.before_id, -1) <> COALESCE(NEW.before_id, -1) OR " + " OR ".join(
    f"OLD.{column} <> NEW.{column}" for column in ("id", "opened_at", "opened_by", "opened_name")
)
_PAGE_NEVER = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in ("id", "round_id", "subject_set", "subject_id"))

GUARDS = (
    ("review_round_never", "review_round", "UPDATE", _ROUND_NEVER, "what a review_round rests on never changes"),
    ("review_round_told", "review_round", "UPDATE", _TOLD, "what a review_round rests on changes only with a row of its history"),
    ("review_round_signed", "review_round", "UPDATE", "OLD.state <> 'open'", "the round is signed or cancelled"),
    ("review_page_never", "review_page", "UPDATE", _PAGE_NEVER, "what a review_page rests on never changes"),
    ("review_page_moved", "review_page", "UPDATE", _MOVED, "what a review_page rests on changes only with a row of its history"),
    ("review_page_signed", "review_page", "UPDATE", _CLOSED.format(row="OLD"), "the round is signed or cancelled"),
    ("review_page_late", "review_page", "INSERT", _CLOSED.format(row="NEW"), "the round is signed or cancelled"),
    ("review_signature_late", "review_signature", "INSERT", _CLOSED.format(row="NEW"), "the round is signed or cancelled"),
)
NEW = frozenset({"review_round_told", "review_page_moved"})


def upgrade() -> None:
    """Put the new triggers in the place of the old ones, in the language of the database."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, event, condition, said in GUARDS:
        for statement in (
            _postgresql(name, table, event, condition, said) if on_postgresql else _sqlite(name, table, event, condition, said)
        ):
            op.execute(statement)


def _sqlite(name: str, table: str, event: str, condition: str, said: str) -> list[str]:
    made = f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{said}'); END"
    return [f"DROP TRIGGER IF EXISTS {name}", made]


def _postgresql(name: str, table: str, event: str, condition: str, said: str) -> list[str]:
    body = f"BEGIN IF {condition} THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW; END"
    function = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    return [function, *([trigger] if name in NEW else [])]
