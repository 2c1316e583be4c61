from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot.core.errors import BadSettings
from bot.core.settings import Settings, read_settings

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
SECRET = "correct horse battery staple"
APP = {"GITHUB_APP_ID": "17", "GITHUB_PRIVATE_KEY": KEY, "GITHUB_WEBHOOK_SECRET": SECRET}


def read(environment: Mapping[str, str], *, files: Mapping[str, str] | None = None) -> Settings:
    def read_file(path: str) -> str:
        if path not in (files or {}):
            raise FileNotFoundError(2, "No such file or directory")
        return (files or {})[path]

    return read_settings(environment, read_file=read_file)


def test_nothing_set_is_set_up_mode():
    assert not read({}).is_set_up


def test_an_app_fully_described_is_set_up():
    settings = read(APP)

    assert (settings.app_id, settings.private_key, settings.webhook_secrets) == (17, KEY, (SECRET,))


def test_two_secrets_serve_during_a_rotation():
    assert read({**APP, "GITHUB_WEBHOOK_SECRET_OLD": "the one before this"}).webhook_secrets == (
        SECRET,
        "the one before this",
    )


def test_the_key_may_be_in_a_file():
    environment = {**APP, "GITHUB_PRIVATE_KEY": "", "GITHUB_PRIVATE_KEY_PATH": "key.pem"}

    assert read(environment, files={"key.pem": KEY}).private_key == KEY


def test_a_key_on_one_line_gets_its_line_breaks_back():
    assert read({**APP, "GITHUB_PRIVATE_KEY": KEY.replace("\n", "\\n")}).private_key == KEY


def test_the_web_address_of_an_enterprise_server_follows_from_its_api():
    assert read({"GITHUB_API_URL": "https://git.corp/api/v3/"}).web_url == "https://git.corp"


def test_the_old_scheme_of_postgresql_is_understood():
    assert read({"DATABASE_URL": "postgres://u@h/d"}).database_url == "postgresql://u@h/d"


@pytest.mark.parametrize("proxies", ["*", "10.0.0.5", "10.0.0.0/8, ::1"])
def test_proxies_are_addresses_or_networks_or_everybody(proxies: str):
    assert read({"FORWARDED_ALLOW_IPS": proxies}).trusted_proxies == proxies


@pytest.mark.parametrize("proxies", ["proxy.example", "10.0.0.5/8", "10.0.0.5,"])
def test_a_proxy_that_uvicorn_would_not_recognise_is_misuse(proxies: str):
    with pytest.raises(BadSettings, match="FORWARDED_ALLOW_IPS"):
        read({"FORWARDED_ALLOW_IPS": proxies})


def test_an_empty_variable_is_an_absent_one():
    assert read({"PORT": " "}).port == 3000


def test_a_worker_listens_unless_told_not_to():
    assert [
        read(given).worker_port for given in ({}, {"WORKER_PORT": "Off"}, {"WORKER_PORT": "9"})
    ] == [3001, None, 9]


def test_no_secret_shows_when_settings_are_printed():
    settings = read(
        {**APP, "ANTHROPIC_API_KEY": "sk-ant-1", "DATABASE_URL": "postgresql://u:pw@h/d"}
    )

    assert not [secret for secret in (KEY, SECRET, "sk-ant-1", "pw@") if secret in repr(settings)]


def test_processes_with_other_secrets_have_other_fingerprints():
    assert (
        read(APP).fingerprint
        != read({**APP, "GITHUB_WEBHOOK_SECRET": "another long secret"}).fingerprint
    )


def test_processes_on_other_ports_have_the_same_fingerprint():
    assert read({**APP, "PORT": "1"}).fingerprint == read({**APP, "PORT": "2"}).fingerprint


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"GITHUB_APP_ID": "17"}, "GITHUB_WEBHOOK_SECRET"),
        ({"GITHUB_WEBHOOK_SECRET": SECRET}, "GITHUB_APP_ID"),
        ({**APP, "GITHUB_APP_ID": "my-app"}, "GITHUB_APP_ID"),
        ({**APP, "GITHUB_APP_ID": "²"}, "GITHUB_APP_ID"),
        ({**APP, "GITHUB_WEBHOOK_SECRET": "short"}, "GITHUB_WEBHOOK_SECRET"),
        ({**APP, "GITHUB_WEBHOOK_SECRET": "a" * 40}, "GITHUB_WEBHOOK_SECRET"),
        ({**APP, "GITHUB_WEBHOOK_SECRET_OLD": "x"}, "GITHUB_WEBHOOK_SECRET_OLD"),
        ({**APP, "GITHUB_PRIVATE_KEY": "ssh-rsa AAAA"}, "GITHUB_PRIVATE_KEY"),
        (
            {**APP, "GITHUB_PRIVATE_KEY": "", "GITHUB_PRIVATE_KEY_PATH": "gone.pem"},
            "GITHUB_PRIVATE_KEY_PATH",
        ),
        ({"GITHUB_PRIVATE_KEY_PATH": "gone.pem"}, "GITHUB_PRIVATE_KEY_PATH"),
        ({"DATABASE_URL": "mysql://u@h/d"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"WORKER_PORT": "on"}, "WORKER_PORT"),
        ({"PUBLIC_URL": "bot.example.org"}, "PUBLIC_URL"),
        ({"GITHUB_API_URL": "file:///etc"}, "GITHUB_API_URL"),
        ({"METRICS_TOKEN": "1234"}, "METRICS_TOKEN"),
        ({"SESSION_SECRET": "secret"}, "SESSION_SECRET"),
        ({"LLM_DAILY_BUDGET_USD": "lots"}, "LLM_DAILY_BUDGET_USD"),
        ({"LLM_DAILY_BUDGET_USD": "-1"}, "LLM_DAILY_BUDGET_USD"),
        ({"LLM_DAILY_BUDGET_USD": "NaN"}, "LLM_DAILY_BUDGET_USD"),
        ({"LLM_DAILY_BUDGET_TOKENS": "lots"}, "LLM_DAILY_BUDGET_TOKENS"),
        ({"LLM_PRICES": "claude-opus=4"}, "LLM_PRICES"),
        ({"LLM_PRICES": "=4/20"}, "LLM_PRICES"),
        ({"LLM_PRICES": "mine=-1/2"}, "LLM_PRICES"),
        ({"LLM_EFFORT": "maximal"}, "LLM_EFFORT"),
        ({"LLM_DAILY_BUDGET_USD": "1", "ANTHROPIC_MODEL": "mine"}, "LLM_PRICES for mine"),
        ({"MODEL_PROVIDER": "other"}, "MODEL_PROVIDER"),
        ({"MODEL_PROVIDER": "openai", "OPENAI_MODEL": "mine"}, "OPENAI_API_KEY"),
        ({"MODEL_PROVIDER": "openai", "OPENAI_API_KEY": "sk"}, "OPENAI_MODEL"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(wrong: dict[str, str], named: str):
    with pytest.raises(BadSettings) as refused:
        read(wrong)

    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_setting_switches_the_vendor():
    own = {"OPENAI_BASE_URL": "http://localhost:11434/v1", "OPENAI_MODEL": "mine"}
    settings = read({**own, "ANTHROPIC_API_KEY": "sk-ant", "MODEL_PROVIDER": "openai"})

    assert (settings.provider, settings.model, settings.judge_model) == ("openai", "mine", "mine")
    assert read({**own, "ANTHROPIC_API_KEY": "sk-ant"}).model == Settings.model


def test_a_server_of_ones_own_needs_no_key():
    own = {"OPENAI_BASE_URL": "http://localhost:11434/v1", "OPENAI_MODEL": "mine"}

    assert read({**own, "MODEL_PROVIDER": "openai"}).has_model
    assert not read(own).has_model


def test_only_a_vendor_that_knows_effort_is_told_of_it_unasked():
    own = {"MODEL_PROVIDER": "openai", "OPENAI_API_KEY": "sk", "OPENAI_MODEL": "mine"}

    assert read({}).effort == "medium"
    assert read({"LLM_EFFORT": "model"}).effort is None
    assert read(own).effort is None
    assert read({**own, "LLM_EFFORT": "low"}).effort == "low"


def test_a_price_of_ones_own_replaces_the_listed_one():
    settings = read({"LLM_PRICES": "claude-sonnet-5=1/2, mine=0.5/1"})

    assert settings.prices["claude-sonnet-5"] == (1, 2)
    assert settings.prices["mine"] == (Decimal("0.5"), 1)


def test_the_models_that_are_asked_by_default_have_a_price():
    assert read({"LLM_DAILY_BUDGET_USD": "1"}).daily_budget_usd == 1


def test_without_a_price_tokens_can_be_limited():
    unpriced = {"ANTHROPIC_MODEL": "mine", "LLM_DAILY_BUDGET_USD": "1"}

    assert read({**unpriced, "LLM_DAILY_BUDGET_TOKENS": "2_000_000"}).daily_budget_tokens == 2e6


def test_a_refused_secret_is_not_repeated():
    with pytest.raises(BadSettings) as refused:
        read({**APP, "GITHUB_WEBHOOK_SECRET": "hunter2"})

    assert "hunter2" not in str(refused.value)
