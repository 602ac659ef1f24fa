"""Conversations: messages as they come, one reply to each question, and a person who takes over.

What happened is stored before anything is computed, and a reply before it is delivered, so a
kill loses nothing: `work` goes on where it stopped. A reply is only kept if nothing happened in
its conversation while it was computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile

from sqlalchemy import Connection

from zhanggui.answers.channel import Channel
from zhanggui.answers.ledger import Ledger
from zhanggui.answers.lexicon import any_of, frames
from zhanggui.answers.pipeline import Answerer
from zhanggui.answers.screening import groups_of
from zhanggui.answers.understanding import corrected, small_talk
from zhanggui.errors import ChannelError, ChannelRefused, InputError, StoreError
from zhanggui.labels import reply_label
from zhanggui.pii.vault import Vault
from zhanggui.records import Citation, Message, Question, Reply
from zhanggui.store import conversations as rows
from zhanggui.store import promises
from zhanggui.store.conversations import BOT, Conversation, Turn
from zhanggui.store.database import Store
from zhanggui.store.promises import Promise
from zhanggui.telemetry import log
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import language_of
from zhanggui.text.normalise import fold, well_formed

AT_ONCE = timedelta(0)
REPEATED = timedelta(seconds=30)
_FILLER_WAIT = timedelta(seconds=30)
_HISTORY = 20
_LONGEST = 10_000
_FILLER = 40
"""Longer than any message that only says that more is coming."""
_FAILED = "回答时程序出错，需要人工接待"
_PUNCTUATION = re.compile(r"[\W_]+")

Keep = Callable[[Connection, Question, Reply], None]


class _Words(DataModel):
    way_to_person: str


class _Data(DataModel):
    fillers: tuple[str, ...]
    to_person: frozenset[str]
    zh: _Words
    en: _Words

    @cached_property
    def filler_pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?:{any_of(self.fillers).pattern})+")


def _data() -> _Data:
    return load(_Data, "zhanggui.answers", "data/conversation.yaml")


@dataclass(frozen=True, slots=True)
class _Begun:
    """A reply that is being computed, and the state that it was begun in."""

    talk: Conversation
    question: Question
    numbers: tuple[int, ...]


class Conversations:
    """The conversations of one shop. Safe to share between threads and processes."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        answerer: Callable[[datetime], Answerer],
        keep: Keep,
        channel: Channel | None = None,
        *,
        quiet: timedelta = AT_ONCE,
        repeated: timedelta = REPEATED,
    ) -> None:
        """`answerer` answers at a moment; `keep` writes a reply down where all replies stand.

        Without a channel the caller brings the returned replies out. With a `quiet` window a
        message is answered by `work`, once nothing more came for so long; a text that comes
        again within `repeated` is answered once.
        """
        self._store = store
        self._vault = vault
        self._answerer = answerer
        self._keep = keep
        self._channel = channel
        self._quiet = quiet
        self._repeated = repeated
        self._ledger = Ledger(store, vault)

    def receive(
        self,
        conversation_id: str,
        message_id: str,
        text: str,
        customer_id: str | None = None,
        product_id: str | None = None,
        *,
        at: datetime,
    ) -> Reply | None:
        """Takes a customer's message in, and answers it together with those unanswered before.

        None where there is nothing to say now: the message came before, a person has the
        conversation, more is coming (那个…), or the quiet window is open. A `customer_id` was
        verified by the channel. Raises InputError for an id that is empty or cannot be stored,
        or where the conversation is another customer's.
        """
        product_id = product_id or None
        _require_ids(conversation_id, message_id, customer_id, product_id)
        with self._store.begin() as conn:
            talk = self._opened(conn, conversation_id, customer_id, product_id, at)
            said = Message("customer", self._hidden(conn, text, talk.customer_id))
            name = self._stored(conn, message_id, customer_id or talk.customer_id)
            waits = self._noted(conn, talk, name, said, product_id, at)
        if not waits or self._quiet > AT_ONCE:
            return None
        return self._answer(talk.id, at)

    def work(self, at: datetime) -> list[Reply]:
        """Answers what waits for longer than the quiet window, and delivers what was not.

        To be called at the start, which finishes what a kill left, and then now and again.
        """
        with self._store.read() as conn:
            ready = [reply.id for _, reply in rows.ready(conn)]
            due = rows.waiting_since(conn, at - self._quiet)
        self._deliver(ready)
        replies: list[Reply | None] = []
        for key in due:
            try:
                replies.append(self._answer(key, at, patient=False))
            except Exception as error:
                # The others do not wait for it; it is tried again the next time.
                log("conversation not answered", error=type(error).__name__)
        return [reply for reply in replies if reply is not None]

    def take_over(self, conversation_id: str, person: str, *, at: datetime) -> None:
        """A person speaks from now on: the bot keeps quiet until `hand_back`, and what it was
        about to say is dropped. Raises InputError without a name."""
        _require_ids(conversation_id, person)
        with self._store.begin() as conn:
            talk = self._opened(conn, conversation_id, None, None, at)
            self._taken(conn, talk, self._actor(conn, person), at)

    def hand_back(self, conversation_id: str, *, at: datetime) -> None:
        """The bot answers what comes from now on; what came before is left as it is."""
        _require_ids(conversation_id)
        with self._store.begin() as conn:
            talk = self._opened(conn, conversation_id, None, None, at)
            rows.settle(conn, talk.id, "left")
            rows.change(conn, talk, person=None, wants_person=False, last_at=at)

    def say(
        self, conversation_id: str, message_id: str, person: str, text: str, *, at: datetime
    ) -> list[Promise]:
        """Takes a message of a person of the shop in; who speaks has taken over.

        Returns what it promises: a promise without a source is allowed by no rule of the shop.
        A message that came before is not taken in again.
        """
        _require_ids(conversation_id, message_id, person)
        with self._store.begin() as conn:
            talk = self._opened(conn, conversation_id, None, None, at)
            name = self._stored(conn, message_id, talk.customer_id)
            if any(turn.message_id == name for turn in rows.turns_of(conn, talk.id)):
                return []
            author = self._actor(conn, person)
            hidden = self._hidden(conn, text, talk.customer_id)
            self._taken(conn, talk, author, at)
            rows.add_turn(
                conn,
                talk.id,
                Message("shop", hidden),
                at=at,
                state="said",
                author=author,
                message_id=name,
            )
            return self._ledger.of_person(conn, talk, (name, hidden), at, author)

    def turns(self, conversation_id: str) -> list[Turn]:
        """The turns of a conversation with their pseudonyms, in order."""
        _require_ids(conversation_id)
        with self._store.read() as conn:
            for key in (conversation_id, self._vault.lookup_key(conversation_id)):
                if found := rows.turns_of(conn, key):
                    return found
        return []

    def _opened(
        self,
        conn: Connection,
        conversation_id: str,
        customer_id: str | None,
        product_id: str | None,
        at: datetime,
    ) -> Conversation:
        person = None if customer_id is None else self._vault.lookup_key(customer_id)
        names = (self._vault.lookup_key(conversation_id), conversation_id)
        known = next(filter(None, (rows.get(conn, name) for name in names)), None)
        key = known.id if known else self._stored(conn, conversation_id, customer_id)
        fresh = Conversation(id=key, customer_id=person, product_id=product_id, last_at=at)
        talk = rows.lock(conn, fresh)
        if person is not None and talk.customer_id not in (None, person):
            raise InputError("This conversation is another customer's: begin a new one.")
        return replace(talk, customer_id=talk.customer_id or person)

    def _noted(
        self,
        conn: Connection,
        talk: Conversation,
        name: str,
        said: Message,
        product_id: str | None,
        at: datetime,
    ) -> bool:
        """Stores a customer's message; whether there is something to answer."""
        before = rows.turns_of(conn, talk.id)
        again = next((turn for turn in before if turn.message_id == name), None)
        if again is not None:
            # Sent again by a platform that got no answer: a kill may have come between.
            return again.state == "waiting" and not talk.silent
        moved = product_id is not None and product_id != talk.product_id
        repeats = not moved and any(self._repeats(turn, said, at) for turn in before)
        state: rows.TurnState = "repeated" if repeats else "left" if talk.silent else "waiting"
        rows.add_turn(conn, talk.id, said, at=at, state=state, message_id=name)
        known = {"customer_id": talk.customer_id, "product_id": product_id or talk.product_id}
        if state != "repeated":
            rows.change(conn, talk, last_at=at, **known)
        return state == "waiting"

    def _repeats(self, turn: Turn, said: Message, at: datetime) -> bool:
        """Whether a message says again what a reply went out for, or is about to."""
        near = abs(at.astimezone() - turn.at) <= self._repeated
        told = turn.message.role == "customer" and turn.state != "left"
        return near and told and fold(turn.message.text) == fold(said.text)

    def _answer(self, key: str, at: datetime, *, patient: bool = True) -> Reply | None:
        begun = self._begun(key, at, patient=patient)
        if begun is None:
            return None
        reply = replace(self._computed(begun.question, at), conversation_id=key)
        if reply.decision == "send" and not begun.talk.introduced:
            reply = replace(reply, text=f"{reply.text} {_way_to_person(reply.text)}")
        with self._store.begin() as conn:
            kept = self._committed(conn, begun, reply, at)
            reply = replace(reply, conversation_id=self._shown(conn, key, begun.talk.customer_id))
        if not kept:
            return None
        self._deliver([reply.id])
        return reply

    def _computed(self, question: Question, at: datetime) -> Reply:
        try:
            return self._answerer(at).answer(question)
        except StoreError:
            raise
        except Exception as error:
            # Asked again it would fail again: a person has to see the customer's question.
            log("question handed over", error=type(error).__name__)
            text = frames(language_of(question.question)).hand_over
            reply = Reply(id=question.id, decision="hand_over", text=text, reason=_FAILED)
            return replace(reply, label=reply_label(reply))

    def _begun(self, key: str, at: datetime, *, patient: bool) -> _Begun | None:
        with self._store.read() as conn:
            talk = rows.get(conn, key)
            turns = rows.turns_of(conn, key)
            if talk is None or talk.silent:
                return None
            waiting = [turn for turn in turns if turn.state == "waiting"]
            if not waiting:
                return None
            texts = [self._shown(conn, turn.message.text, talk.customer_id) for turn in waiting]
            fresh = at.astimezone() - waiting[-1].at < _FILLER_WAIT
            if all(map(is_filler, texts)) and (patient or fresh):
                return None
            before = [turn for turn in turns if turn.state not in ("waiting", "repeated")]
            history = tuple(
                Message(turn.message.role, self._shown(conn, turn.message.text, talk.customer_id))
                for turn in before[-_HISTORY:]
            )
        question = Question(
            id=_reply_id(key, waiting[-1].message_id),
            question=joined(texts),
            product_id=talk.product_id,
            customer_id=talk.customer_id,
            history=history,
        )
        return _Begun(talk, question, tuple(turn.number for turn in waiting))

    def _committed(self, conn: Connection, begun: _Begun, reply: Reply, at: datetime) -> bool:
        """Keeps a reply for delivery, unless something happened since it was begun."""
        talk = rows.lock_known(conn, begun.talk.id)
        was = begun.talk
        # Gone means erased: to write anything would bring the person back.
        if talk is None or (talk.version, talk.last_at) != (was.version, was.last_at):
            return False
        hidden = self._kept(conn, reply, talk.customer_id)
        answered = reply.decision == "send"
        rows.settle(conn, talk.id, "answered" if answered else "handed_over", begun.numbers)
        if reply.decision != "suggest":
            said = Message("shop", hidden.text)
            rows.add_turn(
                conn, talk.id, said, at=at, state="said", author=BOT, message_id=hidden.id
            )
        state: rows.OutboxState = "delivered" if self._channel is None else "ready"
        rows.put_reply(conn, talk.id, hidden, state, at)
        rows.change(
            conn,
            talk,
            introduced=talk.introduced or answered,
            wants_person=not _data().to_person.isdisjoint(groups_of(begun.question.question)),
            last_at=at,
        )
        self._ledger.of_bot(conn, talk, hidden, at)
        self._keep(conn, begun.question, reply)
        return True

    def _deliver(self, reply_ids: Sequence[str]) -> None:
        if self._channel is None:
            return
        for reply_id in reply_ids:
            # Read again each time: a person may have taken over since.
            with self._store.read() as conn:
                found = rows.ready(conn, reply_id)
                shown = [(key, self._restored(conn, key, reply)) for key, reply in found]
            for key, reply in shown:
                try:
                    self._channel.deliver(reply)
                except ChannelRefused as error:
                    log("reply refused", error=type(error).__name__)
                    self._refused(key, reply.id)
                except ChannelError as error:
                    log("reply not delivered", error=type(error).__name__)
                else:
                    with self._store.begin() as conn:
                        rows.mark(conn, reply.id, "delivered")

    def _refused(self, key: str, reply_id: str) -> None:
        """Sent again it would be refused again: the customer's question is left to a person."""
        with self._store.begin() as conn:
            if rows.lock_known(conn, key) and rows.mark(conn, reply_id, "failed"):
                self._unsaid(conn, key, reply_id)

    def _taken(self, conn: Connection, talk: Conversation, author: str, at: datetime) -> None:
        rows.settle(conn, talk.id, "left")
        for reply in rows.in_outbox(conn, talk.id, "ready"):
            rows.mark(conn, reply.id, "discarded")
            self._unsaid(conn, talk.id, reply.id)
        rows.change(conn, talk, person=author, last_at=at)

    def _unsaid(self, conn: Connection, key: str, reply_id: str) -> None:
        """What did not go out was not said, promises nothing and answers nobody."""
        before = rows.turns_of(conn, key)
        ids = [_reply_id(key, turn.message_id) for turn in before]
        asked = before[: ids.index(reply_id) + 1] if reply_id in ids else []
        mine = takewhile(lambda turn: turn.message.role == "customer", reversed(asked))
        rows.unsay(conn, key, reply_id, [turn.number for turn in mine])
        promises.withdraw(conn, key, reply_id)
        told = rows.in_outbox(conn, key, "ready", "delivered")
        rows.introduce(conn, key, any(_way_to_person(one.text) in one.text for one in told))

    def _actor(self, conn: Connection, person: str) -> str:
        if not person.strip():
            raise InputError("Say who speaks for the shop: taking over needs a name.")
        return self._vault.conceal(conn, person.strip(), "NAME", person.strip())

    def _hidden(self, conn: Connection, text: str, person: str | None) -> str:
        return self._vault.redact(conn, well_formed(text[:_LONGEST]), person)

    def _stored(self, conn: Connection, name: str, person: str | None) -> str:
        """What the store calls a platform's id, which may tell who somebody is."""
        stored = self._vault.stored_id(name, person)
        if stored != name:
            self._vault.conceal_key(conn, name, "WANGWANG", person)
        return stored

    def _shown(self, conn: Connection, text: str, person: str | None) -> str:
        """A text with its pseudonyms turned back, also those from before the customer was known."""
        told = text if person is None else self._vault.restore(conn, text, person)
        return self._vault.restore(conn, told, None)

    def _kept(self, conn: Connection, reply: Reply, person: str | None) -> Reply:
        def hidden(text: str) -> str:
            return self._vault.hide(conn, text, person)

        cited = tuple(Citation(one.source, hidden(one.quote)) for one in reply.citations)
        return replace(reply, text=hidden(reply.text), reason=hidden(reply.reason), citations=cited)

    def _restored(self, conn: Connection, key: str, reply: Reply) -> Reply:
        talk = rows.get(conn, key)
        person = talk.customer_id if talk else None
        cited = tuple(
            Citation(one.source, self._shown(conn, one.quote, person)) for one in reply.citations
        )
        return replace(
            reply,
            text=self._shown(conn, reply.text, person),
            citations=cited,
            conversation_id=self._shown(conn, key, person),
        )


def _require_ids(*ids: str | None) -> None:
    """Refuses an id that names nobody, and one that a database cannot hold."""
    for one in ids:
        if one is not None and (not one.strip() or "\0" in one or well_formed(one) != one):
            raise InputError(
                "An id or a name is empty or holds characters that cannot be stored: give one of "
                "plain text, or None for a customer or a product that is not known."
            )


def _reply_id(conversation_id: str, message_id: str | None) -> str:
    """One for each pair: a:b and c are not a and b:c."""
    parts = (conversation_id, message_id or "")
    return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)


def joined(texts: Sequence[str]) -> str:
    """What messages that came one by one ask together, without greetings and fillers where more
    is said: 在吗 · 那个 · 黑色还有吗."""
    said = [text for text in texts if not is_filler(text) and not small_talk(corrected(text))]
    said = said or [text for text in texts if not is_filler(text)][-1:] or list(texts[-1:])
    comma = ", " if language_of(" ".join(said)) == "en" else "，"
    return said[0] if len(said) == 1 else comma.join(text.strip().strip("，,") for text in said)


def is_filler(text: str) -> bool:
    """Whether a message only says that more is coming."""
    bare = _PUNCTUATION.sub("", corrected(text))
    asks = "?" in text or "？" in text
    # Some words are read in two ways (我想问下): the time doubles with each of them.
    short = 0 < len(bare) <= _FILLER
    return short and not asks and bool(_data().filler_pattern.fullmatch(bare))


def _way_to_person(text: str) -> str:
    words = _data()
    return (words.en if language_of(text) == "en" else words.zh).way_to_person
