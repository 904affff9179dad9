"""What the room keeps, as tables (SQLAlchemy). The migrations make them; triggers keep what may only grow from being changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Record(DeclarativeBase):
    """Parent of all tables. Times are text, UTC, `2026-11-21T12:04:05Z`: the same in every database."""


class Round(Record):
    """One half-year's review, or one status form of a half-year, which has a single page.

    edition: the id of the edition it rests on; state: open, signed or cancelled; digest: "" until signed.
    """

    __tablename__ = "review_round"
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(unique=True)
    edition: Mapped[str]
    before_id: Mapped[int | None] = mapped_column(ForeignKey("review_round.id"))
    opened_at: Mapped[str]
    opened_by: Mapped[str]
    opened_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    signed_at: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    pages: Mapped[list[Page]] = relationship(order_by="Page.position", back_populates="round")
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.id")
    addenda: Mapped[list[Addendum]] = relationship(order_by="Addendum.id")
    before: Mapped[Round | None] = relationship(remote_side="Round.id")

    @property
    def is_open(self) -> bool:
        """Whether people write in the round: it is neither signed nor cancelled."""
        return self.state == "open"

    @property
    def is_cancelled(self) -> bool:
        """Whether the round was cancelled: it can be read, and its half-year is another's."""
        return self.state == "cancelled"

    @property
    def is_signed(self) -> bool:
        """Whether all departments have signed: nothing of the round can be changed."""
        return self.state == "signed"


class Page(Record):
    """One area, plan or programme in a round. facts: `facts.Facts` as JSON, as they were when the round opened; content: `Writing`.

    SQLAlchemy counts `version` up at each change, and refuses a change of a version that is no longer there.
    """

    __tablename__ = "review_page"
    __table_args__ = (UniqueConstraint("round_id", "subject_set", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"))
    subject_set: Mapped[str]
    subject_id: Mapped[str]
    position: Mapped[int]
    facts: Mapped[str]
    content: Mapped[str]
    version: Mapped[int] = mapped_column()
    changed_at: Mapped[str]
    changed_by: Mapped[str]
    changed_name: Mapped[str]
    round: Mapped[Round] = relationship(back_populates="pages")
    __mapper_args__ = {"version_id_col": version}


class History(Record):
    """Who did what when, with what stood there before and after.

    kind: opened, saved, merged, set aside, signed, frozen, addendum; of an open round renamed, moved (to another edition) and cancelled,
    with the half-year and edition before and after; of a signed page released and recalled. A row of a page holds its whole writing,
    before and after, so that each can be read by itself. A text that met another's in the same field is `set aside`: it has no version,
    and is kept even if nobody chooses it.
    """

    __tablename__ = "review_history"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"), index=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("review_page.id"), index=True)
    at: Mapped[str]
    user_id: Mapped[str]
    user_name: Mapped[str]
    kind: Mapped[str]
    version: Mapped[int | None]
    before: Mapped[str]
    after: Mapped[str]


class Signature(Record):
    """A named person's signature for a department, under the content that has this digest."""

    __tablename__ = "review_signature"
    __table_args__ = (UniqueConstraint("round_id", "digest", "department"), UniqueConstraint("round_id", "digest", "user_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"))
    department: Mapped[str]
    user_id: Mapped[str]
    user_name: Mapped[str]
    at: Mapped[str]
    digest: Mapped[str]


class Addendum(Record):
    """A correction to a signed round, or to one page of it, beside what was signed."""

    __tablename__ = "review_addendum"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_round.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("review_page.id"))
    at: Mapped[str]
    user_id: Mapped[str]
    user_name: Mapped[str]
    text: Mapped[str]
