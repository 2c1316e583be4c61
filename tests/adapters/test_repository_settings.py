import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.github.check_runs import check_body
from bot.core.learnings.check_run import Version, check_of, remarks_on_settings
from bot.core.repository_settings import (
    BadRepositorySettings,
    RepositorySettings,
    parse_repository_settings,
    settings_in_force,
)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_is_the_defaults(text):
    assert parse_repository_settings(text) == RepositorySettings()


@pytest.mark.parametrize(
    ("text", "mode"),
    [("comment: on", "on"), ("comment: off", "off"), ("comment: shadow", "shadow")],
)
def test_on_and_off_mean_what_they_say(text, mode):
    assert parse_repository_settings(text).comment == mode


@pytest.mark.parametrize("path", ["docs/learnings.md", "docs/team/case-law.md", "LEARNINGS.md"])
def test_a_path_to_a_document_is_accepted(path):
    assert parse_repository_settings(f"path: {path}").path == path


@pytest.mark.parametrize(
    "path",
    [
        "../../.github/workflows/x.yml",
        "/etc/passwd.md",
        ".git/config",
        "docs/../.github/x.md",
        "src/a.md",
        "docs/x.yml",
    ],
)
def test_a_path_elsewhere_is_refused(path):
    with pytest.raises(BadRepositorySettings):
        parse_repository_settings(f"path: {path}")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("propose: true\ncomments: on\n", 2, "unknown key"),
        ("\n\nmax_comments_per_day: 10000\n", 3, "less than or equal to 50"),
        ("comment: sometimes", 1, "'on', 'shadow' or 'off'"),
        ("propose: true\npropose: false\n", 2, "set twice"),
        ("tags: &a [x]\nignore_labels: *a\n", 2, "aliases"),
        ("tags: [[[[[[[[x]]]]]]]]", 1, "nested"),
        ("tags: !!python/object/apply:os.system [ls]", 1, "could not determine a constructor"),
        ("path: [unclosed", 1, "expected"),
        ("- a\n- b\n", 1, "key: value"),
        ("auto_merge: true", 1, "unknown key"),
        ("budget:\n  lines: 1\n", 1, "budget.lines"),
        ('propose: true\nmax_comments_per_day: !!int ""\n', 2, "cannot be read as int"),
        ("propose: !!bool maybe", 1, "cannot be read as bool"),
        ("propose: true\nbudget:\n  lines: !!float 1" + ":1" * 700, 3, "cannot be read as float"),
        ("\nmax_comments_per_day: " + "9" * 5_000, 2, "cannot be read as int"),
        ("max_comments_per_day: " + "9" * 4_000, 1, "less than or equal to 50"),
        ("max_comments_per_day: .inf", 1, "finite"),
        ("max_comments_per_day: .nan", 1, "finite"),
        ("path: 2001-99-99", 1, "cannot be read as timestamp"),
        ("path: 2001-01-01", 1, "valid string"),
        ("path: !!timestamp never", 1, "cannot be read as timestamp"),
        ("path: !!binary é", 1, "base64"),
        ('propose: true\npath: "\\UFFFFFFFF"', 2, "cannot be read as YAML"),
        ("propose: true\npath: \x00", 2, "not allowed"),
        ('tags: ["\\ud800"]', 1, "printable"),
        ('deny_words: ["a\\0"]', 1, "printable"),
        ('"\\ud800": 1', 1, "is no key"),
        ("1: 2", 1, "strings"),
        ("? [a]\n: 1", 1, "unhashable"),
        ("propose: true\n<<: {comment: on}", 2, "merge keys"),
        ("a: &a {x: 1}\n<<: *a", 2, "aliases"),
        ("a: b\n---\nc: d", 2, "another document"),
        ("%YAML 9.9\n---\n", 1, "incompatible"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, words):
    with pytest.raises(BadRepositorySettings) as refused:
        parse_repository_settings(text)

    assert refused.value.mistakes[0][0] == line
    assert words in refused.value.mistakes[0][1]


def test_a_huge_file_is_refused_unread():
    with pytest.raises(BadRepositorySettings, match="64 KB"):
        parse_repository_settings("tags: [" + "x, " * 40_000 + "]")


@pytest.mark.parametrize("kept", [None, "", "comment: on\n<<: {}\n", "unknown: 1"])
def test_kept_settings_that_can_no_longer_be_read_are_the_defaults(kept):
    assert settings_in_force(kept) == RepositorySettings()


def test_kept_settings_are_in_force():
    assert settings_in_force("comment: off").comment == "off"


# Bits of YAML of which nearly every mixture means something, and much of it something odd.
BITS = (
    *RepositorySettings.model_fields,
    *(
        ": ",
        ":",
        "\n",
        "\n  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "? ",
        "|\n",
        ">-\n",
        "#",
        "---\n",
        "...\n",
    ),
    *(
        "&a ",
        "*a",
        "<<: ",
        "= ",
        "'",
        '"',
        "\\",
        "\\x00",
        "\\ud800",
        "\\U00110000",
        "\x00",
        "\x85",
        "\ufeff",
        "\ud800",
    ),
    *(
        "!!int ",
        "!!float ",
        "!!bool ",
        "!!null ",
        "!!timestamp ",
        "!!binary ",
        "!!set ",
        "!!omap ",
        "!!pairs ",
    ),
    *(
        "!!str ",
        "!!python/name:os ",
        "! ",
        "!x ",
        "%TAG ! x\n",
        "\t",
        "docs/learnings.md",
        "on",
        "maybe",
        "~",
        "10",
    ),
    *("0x", "0b", "-", "+", "_", ".", "1:60:60", ":1" * 400, "9" * 5_000, ".inf", "-.nan", "1e999"),
    *("2001-99-99", "2001-01-01T99:99:99+99:99"),
)
mixtures = st.lists(st.sampled_from(BITS), max_size=25).map("".join)


def said_of(text: str) -> RepositorySettings | list[tuple[int, str]]:
    try:
        return parse_repository_settings(text)
    except BadRepositorySettings as refused:
        return refused.mistakes


@given(mixtures | st.text() | st.binary().map(lambda each: each.decode("latin-1")))
def test_whatever_stands_there_is_settings_or_a_mistake_in_a_line(text):
    said = said_of(text)

    if isinstance(said, list):
        assert said
        assert all(
            0 <= line <= len(text.splitlines()) + 1 and why and why.isprintable()
            for line, why in said
        )


@given(mixtures)
def test_whatever_stands_there_fits_into_a_check_run(text):
    check = check_of(
        [remarks_on_settings(".github/learnings.yml", head=Version(text=text), base=Version())],
        number=1,
    )

    json.dumps(check_body(check, check.annotations, last=True), ensure_ascii=False).encode()
