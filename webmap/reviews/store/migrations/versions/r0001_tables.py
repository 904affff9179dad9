"""The tables: rounds, pages, history, signatures, addenda."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "review_round",
        sa.Column("id", sa.Integer, primary_key=True),
        *_words("period", "edition", "opened_at", "opened_by", "opened_name", "state", "signed_at", "digest"),
        sa.Column("before_id", sa.Integer, sa.ForeignKey("review_round.id")),
        sa.UniqueConstraint("period"),
    )
    op.create_table(
        "review_page",
        sa.Column("id", sa.Integer, primary_key=True),
        _round(),
        *_words("subject_set", "subject_id", "facts", "content", "changed_at", "changed_by", "changed_name"),
        *_numbers("position", "version"),
        sa.UniqueConstraint("round_id", "subject_set", "subject_id"),
    )
    op.create_table(
        "review_history",
        sa.Column("id", sa.Integer, primary_key=True),
        _round(index=True),
        sa.Column("page_id", sa.Integer, sa.ForeignKey("review_page.id"), index=True),
        *_words("at", "user_id", "user_name", "kind", "before", "after"),
        sa.Column("version", sa.Integer),
    )
    op.create_table(
        "review_signature",
        sa.Column("id", sa.Integer, primary_key=True),
        _round(),
        *_words("department", "user_id", "user_name", "at", "digest"),
        sa.UniqueConstraint("round_id", "digest", "department"),
        sa.UniqueConstraint("round_id", "digest", "user_id"),
    )
    op.create_table(
        "review_addendum",
        sa.Column("id", sa.Integer, primary_key=True),
        _round(),
        sa.Column("page_id", sa.Integer, sa.ForeignKey("review_page.id")),
        *_words("at", "user_id", "user_name", "text"),
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _round(*, index: bool = False) -> sa.Column[int]:
    return sa.Column("round_id", sa.Integer, sa.ForeignKey("review_round.id"), nullable=False, index=index)
