"""Search answers a word that stands only in what is hidden exactly as a word that stands nowhere: no hit, no count."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import event

from rxportal.services.search import search_chart
from tests.counts import proved
from tests.kernels import kernel_on, sqlite_engine
from tests.security.canaries import CLASSES, SECRET, word_of
from tests.security.town import SEEN, Builder, Who

NOWHERE = "zzquuxnowhere"


def test_a_word_of_what_is_hidden_finds_as_little_as_a_word_of_nothing(tmp_path: Path, sqlite_file: Path) -> None:
    engine = sqlite_engine(sqlite_file, tmp_path)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    town = Builder(kernel_on(engine), tmp_path).build()
    kernel, found, silent = town.world.kernel, 0, 0
    for who in [one for one in town.people if one.relationship]:

        def ask(words: str, who: Who = who) -> str:
            answer = kernel.perform(search_chart, who.credentials, who.grant or None, words=words)
            return repr(answer).replace(words, "…")

        nothing = ask(NOWHERE)
        for kind in CLASSES:
            word = word_of(who.chart, kind)
            seen = kind in SEEN[who.relationship]
            for words in (word, word.upper(), word[3:], f"{word} {word}", f"%{word[1:]}", f"{word[:-1]}_"):
                if not seen:
                    assert ask(words) == nothing, (who.name, words)
                    silent += 1
            if seen:
                assert ask(word) != nothing, (who.name, word)
                found += 1
        for words in ("%", "_", "%%%", f"{SECRET[:-1]}%", "\\", "'", "' OR 1=1 --"):
            assert f"{who.chart}gone".lower() not in ask(words).lower()
            assert f"{who.chart}held".lower() not in ask(words).lower()
    assert found >= 20
    proved("searches for a word of what is hidden, answered as a word that stands nowhere", silent)
    engine.dispose()
