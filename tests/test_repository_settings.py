import pytest

from bot.repository_settings import BadRepositorySettings, RepositorySettings, parse_repository_settings


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_is_the_defaults(text):
    assert parse_repository_settings(text) == RepositorySettings()


@pytest.mark.parametrize(
    ("text", "mode"), [("comment: on", "on"), ("comment: off", "off"), ("comment: shadow", "shadow")]
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
