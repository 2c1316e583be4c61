"""Text to terms, the index, and its ranking."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reading.intent import read_intent
from bot.core.recall.opened import Opened
from bot.core.search.forms import Forms
from bot.core.search.index import Document, Index
from bot.core.search.ragged import Ragged
from bot.core.search.texts import prose, telling_lines
from bot.core.search.tokens import terms

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def document(number: int, title: str, body: str = "", *, at: datetime = NOON) -> Document:
    return Document(id=number, title=title, body=body, created_at=at)


def index_of(*documents: Document) -> Index:
    index = Index()
    for each in documents:
        index.put(each)
    return index


def found(index: Index, title: str, body: str = "", *, at: datetime = NOON) -> list[int]:
    return [hit.id for hit in index.search(document(999, title, body, at=at), 10)]


# Terms


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("retry", "retries"),
        ("alias", "aliases"),
        ("config", "configuration"),
        ("params", "parameter"),
        ("repo", "repositories"),
    ],
)
def test_forms_of_a_word_are_one_term(written, other):
    assert terms(written) == terms(other)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("parseHTTPHeader", "parse http header"),
        ("max_retry_count", "max retry count"),
        ("std::vec::Vec", "std vec"),
        ("http.client", "http client"),
    ],
)
def test_a_name_is_found_by_its_parts(name, parts):
    assert set(terms(parts)) < set(terms(name))


@pytest.mark.parametrize(
    "noise", ["0x7fff5fbff8c0", "1d00c545ede609b9d43fdf9f252c15da5a66dac7", "1700000000"]
)
def test_addresses_hashes_and_long_numbers_are_no_terms(noise):
    assert terms(noise) == []


def test_a_script_without_spaces_is_cut_into_pairs():
    assert set(terms("設定")) & set(terms("新設定"))


@given(st.text())
def test_no_text_is_too_strange(text):
    index = index_of(document(1, text, text))

    assert len(index.search(document(2, text, text), 5)) <= 1


HOSTILE = [
    "<!--",
    "](",
    " ",
    "\n",
    "at x ",
    "a" * 7,
    "```",
    "    ",
    "::",
    "#",
    'File "',
    "\t*_#",
    "how ",
    "A",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_the_longest_hostile_body_is_read_in_no_time(piece):
    body = (piece * 65_536)[:65_536]
    read_intent("Retries", body)
    prose(body)

    assert index_of(document(1, piece, body)).search(document(2, piece, body), 5) is not None


# What a text says


def test_the_template_is_not_what_the_author_said():
    body = (
        "<!-- Thanks! -->\n### Steps to reproduce\nRun it twice.\n- [x] I have"
        " searched\n**Expected"
        " behavior:**\nOnce."
    )

    assert list(filter(str.strip, telling_lines(body))) == ["Run it twice.", "Once."]


def test_a_deep_stack_trace_keeps_its_first_frames():
    trace = "\n".join(
        f"  at com.example.Deep.call{depth}(Deep.java:{depth})" for depth in range(80)
    )

    assert len(list(telling_lines(trace))) == 6


def test_a_link_says_what_its_last_word_says():
    assert list(telling_lines("see https://example.org/a/b1c2/retries")) == ["see retries"]


def test_code_is_not_prose():
    assert "secret" not in prose("Before\n```\nsecret = 1\n```\nafter")


# The index


def test_an_empty_index_finds_nothing():
    assert found(Index(), "anything") == []


def test_the_title_outweighs_the_body():
    index = index_of(
        document(
            1,
            "Crash on start",
            "The scheduler was mentioned, and so were the tests and the colours of the page",
        ),
        document(2, "Scheduler stops", "It does nothing."),
    )

    assert found(index, "scheduler") == [2, 1]


def test_a_removed_document_is_not_found():
    index = index_of(document(1, "scheduler stops"), document(2, "scheduler crashes"))
    index.remove(1)

    assert found(index, "scheduler") == [2]


def test_a_document_put_again_is_found_by_its_new_words_only():
    index = index_of(document(1, "scheduler stops"))
    index.put(document(1, "dashboard is empty"))

    assert (found(index, "scheduler"), found(index, "dashboard")) == ([], [1])


def test_nothing_finds_what_came_after_it():
    index = index_of(document(1, "scheduler stops", at=NOON + timedelta(seconds=1)))

    assert found(index, "scheduler stops", at=NOON) == []


def test_a_document_does_not_find_itself():
    index = index_of(document(1, "scheduler stops"))

    assert index.search(document(1, "scheduler stops"), 5) == []


def test_every_change_makes_a_new_version():
    index = Index()
    versions = [index.version]
    index.put(document(1, "a scheduler"))
    versions.append(index.version)
    index.put(document(1, "the scheduler"))
    versions.append(index.version)
    index.remove(1)
    versions.append(index.version)

    assert versions == sorted(set(versions))


def test_removing_what_is_not_there_changes_nothing():
    index = index_of(document(1, "scheduler"))
    version = index.version
    index.remove(2)

    assert (index.version, len(index)) == (version, 1)


WORDS = st.lists(
    st.sampled_from(["cache", "queue", "retry", "token", "page", "worker"]), min_size=1, max_size=6
)
CHANGES = st.lists(st.tuples(st.integers(1, 5), st.one_of(st.none(), WORDS)), max_size=20)


@given(CHANGES, WORDS)
def test_an_index_that_was_changed_equals_one_built_anew(changes, query):
    changed, standing = Index(), {}
    for number, said in changes:
        standing.pop(number, None)
        if said is None:
            changed.remove(number)
        else:
            standing[number] = document(number, said[0], " ".join(said))
            changed.put(standing[number])
    anew = index_of(*standing.values())
    asked = document(99, " ".join(query))

    assert [hit.id for hit in changed.search(asked, 5)] == [hit.id for hit in anew.search(asked, 5)]


FORM = "Machine build number 4711, please attach the journal"
FILED = [document(n, f"Defect {n}", FORM.replace("4711", str(n))) for n in range(1, 11)]


def test_a_line_whose_form_stood_in_ten_texts_finds_nothing():
    index = index_of(*FILED, document(50, "The journal of a machine"))

    assert found(index, "Crash", f"{FORM}\nEverything stalls") == []
    assert found(index, "Crash", "attach the journal of my machine")[0] == 50


def test_a_line_that_stood_in_nine_is_what_its_author_says():
    assert found(index_of(*FILED[1:]), "Crash", FORM) != []


def test_a_template_is_not_found_either():
    index = index_of(*FILED, document(11, "Defect 11", f"{FORM}\nThe gauge jumps"))

    assert found(index, "journal gauge")[0] == 11
    assert 11 not in found(index, "machine journal")


def test_forgotten_texts_make_no_template():
    index = index_of(*FILED)
    index.remove(1)

    assert found(index, "Crash", FORM) != []


def test_a_template_is_known_however_many_lines_there_are():
    forms = Forms()
    for text in range(400):
        forms.add(
            ["Which gauge?", *(f"word{'x' * text}y{'z' * line} of its own" for line in range(30))]
        )
    forms.remove(0)

    assert list(forms.own_words(["Which gauge? 7", "The gauge jumps", "wordy of its own"])) == [
        "The gauge jumps",
        "wordy of its own",
    ]


def test_numbers_alone_are_no_template():
    index = index_of(*(document(n, f"Defect {n}", "404") for n in range(1, 12)))

    assert found(index, "Crash", "404")


def test_a_blanked_row_keeps_its_place():
    ragged = Ragged()
    places = [ragged.append(row) for row in ([7, 8], [], [9])]
    ragged.blank(0)

    assert (places, ragged.values.tolist(), ragged[2].tolist()) == ([0, 1, 2], [0, 0, 9], [9])


def test_rows_of_different_length_come_back_as_they_went_in():
    rows = Ragged()
    for row in ([1, 2], [], [3]):
        rows.append(row)
    gathered = rows.gather(np.array([2, 1, 0]))

    assert (gathered.values.tolist(), gathered.owners.tolist()) == ([3, 1, 2], [0, 2, 2])


# What was opened


def opened(**other: Any) -> Opened:
    return Opened(number=7, title="Parse aliases", text="Shorter files.", opened_at=NOON, **other)


def test_a_pull_request_is_searched_by_what_it_changes():
    index = index_of(document(1, "Aliases in resolver"), document(2, "Colours"))
    pull = opened(
        kind="pull_request",
        paths=("conf/resolver.py",),
        names=("expandAlias",),
        commits=("Expand them",),
    )

    assert pull.searched.splitlines() == [
        "Shorter files.",
        "Expand them",
        "conf/resolver.py",
        "expandAlias",
    ]
    assert found(index, "Something", pull.searched) == [1]


def test_the_threads_a_pull_request_names_are_those_of_all_its_texts():
    pull = opened(commits=("Expand them (#12)",), cited=frozenset({3}))

    assert pull.knows == {3, 12}
