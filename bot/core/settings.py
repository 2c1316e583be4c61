"""Settings, read strictly from a mapping of environment variables."""

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, cast, get_args

from bot.core.asking.question import Effort
from bot.core.errors import BadSettings

Provider = Literal["anthropic", "openai"]
# USD per million tokens (read, written), by the beginning of a model's name.
PriceList = Mapping[str, tuple[Decimal, Decimal]]
LogFormat = Literal["json", "console"]
LogLevel = Literal["debug", "info", "warning", "error"]

SHORTEST_SECRET: Final = 16
DATABASES: Final = ("sqlite", "postgresql")
# What every process must agree on; the port or the log format may differ.
SHARED: Final = (
    "app_id",
    "webhook_secrets",
    "api_url",
    "provider",
    "model",
    "judge_model",
    "daily_budget_usd",
    "daily_budget_tokens",
)
# https://platform.claude.com/docs/en/about-claude/pricing: what costs more beyond 100,000 tokens is
# never sent so much.
LIST_PRICES: Final = (
    "claude-sonnet-5=2/10 claude-haiku-5-5=0.10/0.50 claude-haiku-4=1/5"
    " claude-sonnet-4=3/15 claude-opus=15/75"
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The presence of a credential is the only switch of what it serves.

    No App settings at all is set-up mode: ``app_id``, ``private_key`` and ``webhook_secrets`` are
    then empty together.
    """

    database_url: str = field(default="sqlite:///precedent.db", repr=False)
    port: int = 3000
    # None: the worker listens nowhere.
    worker_port: int | None = 3001
    public_url: str | None = None
    trusted_proxies: str = "127.0.0.1,::1"
    app_id: int | None = None
    private_key: str | None = field(default=None, repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    api_url: str = "https://api.github.com"
    web_url: str = "https://github.com"
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    session_secret: str | None = field(default=None, repr=False)
    provider: Provider = "anthropic"
    anthropic_api_key: str | None = field(default=None, repr=False)
    anthropic_base_url: str | None = None
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    model: str = "claude-sonnet-5-5"
    judge_model: str = "claude-haiku-5-5"
    # None: the model's own measure.
    effort: Effort | None = "medium"
    prices: PriceList = field(default_factory=lambda: _price_list(LIST_PRICES))
    daily_budget_usd: Decimal | None = None
    daily_budget_tokens: int | None = None
    metrics_token: str | None = field(default=None, repr=False)
    log_level: LogLevel = "info"
    log_format: LogFormat = "json"
    crash_at: str | None = None

    @property
    def is_set_up(self) -> bool:
        return self.app_id is not None

    @property
    def has_model(self) -> bool:
        """A local server needs no key."""
        return self.provider == "openai" or self.anthropic_api_key is not None

    @property
    def missing_for_sign_in(self) -> list[str]:
        """The settings without which nobody can sign in to the dashboard; all three where it is not
        wanted."""
        needed = {
            "GITHUB_CLIENT_ID": self.client_id,
            "GITHUB_CLIENT_SECRET": self.client_secret,
            "SESSION_SECRET": self.session_secret,
        }
        return [name for name, value in needed.items() if not value]

    @property
    def fingerprint(self) -> str:
        """Equal for processes that would work alike; tells nothing about a secret."""
        shared = [
            (each.name, getattr(self, each.name)) for each in fields(self) if each.name in SHARED
        ]
        return hashlib.sha256(repr(shared).encode()).hexdigest()[:12]


def read_settings(environment: Mapping[str, str], *, read_file: Callable[[str], str]) -> Settings:
    """Raises BadSettings with one line that says what to set. An empty variable is an absent
    one."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    app_id, private_key, webhook_secrets = _app(given, read_file)
    api_url = _url(given, "GITHUB_API_URL") or Settings.api_url
    provider = _provider(given)
    model, judge_model = _models(given, provider)
    budget_usd, budget_tokens = _budget(given), _token_budget(given)
    prices = _price_list(f"{LIST_PRICES} " + given.get("LLM_PRICES", ""))
    if budget_usd is not None and budget_tokens is None:
        _check_priced((model, judge_model), prices)
    return Settings(
        database_url=_database_url(given),
        port=_port(given.get("PORT", str(Settings.port)), "PORT"),
        worker_port=_worker_port(given),
        public_url=_url(given, "PUBLIC_URL"),
        trusted_proxies=_proxies(given),
        app_id=app_id,
        private_key=private_key,
        webhook_secrets=webhook_secrets,
        api_url=api_url,
        web_url=_url(given, "GITHUB_WEB_URL") or _web_url(api_url),
        client_id=given.get("GITHUB_CLIENT_ID"),
        client_secret=given.get("GITHUB_CLIENT_SECRET"),
        session_secret=_strong(given, "SESSION_SECRET"),
        anthropic_api_key=given.get("ANTHROPIC_API_KEY"),
        anthropic_base_url=_url(given, "ANTHROPIC_BASE_URL"),
        provider=provider,
        openai_api_key=given.get("OPENAI_API_KEY"),
        openai_base_url=_url(given, "OPENAI_BASE_URL"),
        model=model,
        judge_model=judge_model,
        effort=_effort(given, provider),
        prices=prices,
        daily_budget_usd=budget_usd,
        daily_budget_tokens=budget_tokens,
        metrics_token=_strong(given, "METRICS_TOKEN"),
        log_level=_log_level(given.get("LOG_LEVEL", Settings.log_level).lower()),
        log_format=_log_format(given.get("LOG_FORMAT", Settings.log_format).lower()),
        crash_at=given.get("CRASH_AT"),
    )


def _app(
    given: Mapping[str, str], read_file: Callable[[str], str]
) -> tuple[int | None, str | None, tuple[str, ...]]:
    secrets = tuple(
        secret
        for name in ("GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET_OLD")
        if (secret := _strong(given, name)) is not None
    )
    key = _private_key(given, read_file)
    missing = [
        name
        for name, present in (
            ("GITHUB_APP_ID", "GITHUB_APP_ID" in given),
            ("GITHUB_PRIVATE_KEY or GITHUB_PRIVATE_KEY_PATH", key is not None),
            ("GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET" in given),
        )
        if not present
    ]
    if len(missing) == 3 and not secrets:
        return None, None, ()
    if missing:
        raise BadSettings(
            f"set {' and '.join(missing)} as well, or none of the App's settings to set it up"
        )
    return _number(given["GITHUB_APP_ID"], "GITHUB_APP_ID", "the App's number"), key, secrets


def _private_key(given: Mapping[str, str], read_file: Callable[[str], str]) -> str | None:
    if "GITHUB_PRIVATE_KEY" in given:
        # Hosting dashboards keep one line only: \n stands for a line break there.
        key = given["GITHUB_PRIVATE_KEY"].replace("\\n", "\n")
        source = "GITHUB_PRIVATE_KEY"
    elif "GITHUB_PRIVATE_KEY_PATH" in given:
        source = "GITHUB_PRIVATE_KEY_PATH"
        try:
            key = read_file(given[source])
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(
                f"set {source} to a readable file: {given[source]}: {error}"
            ) from error
    else:
        return None
    if "PRIVATE KEY-----" not in key:
        raise BadSettings(
            f"set {source} to the App's private key in PEM form (it begins with -----BEGIN)"
        )
    return key


def _database_url(given: Mapping[str, str]) -> str:
    url = given.get("DATABASE_URL", "sqlite:///precedent.db")
    # Heroku and others still hand out the old scheme.
    url = (
        "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url
    )
    kind, colon, rest = url.partition("://")
    if not colon or kind not in DATABASES:
        raise BadSettings(
            "set DATABASE_URL to sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        )
    if kind == "sqlite" and rest.strip("/") in {"", ":memory:"}:
        raise BadSettings(
            "set DATABASE_URL to a file, such as sqlite:///precedent.db: memory does"
            " not outlive a restart"
        )
    return url


def _port(text: str, name: str) -> int:
    port = _number(text, name, "a number from 0 to 65535")
    if port > 65535:
        raise BadSettings(f"set {name} to a number from 0 to 65535")
    return port


def _worker_port(given: Mapping[str, str]) -> int | None:
    text = given.get("WORKER_PORT", str(Settings.worker_port))
    return None if text.lower() == "off" else _port(text, "WORKER_PORT")


def _number(text: str, name: str, meaning: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadSettings(f"set {name} to {meaning}, not {text[:40]!r}")
    return int(text)


def _url(given: Mapping[str, str], name: str) -> str | None:
    url = given.get(name)
    if url is not None and not url.startswith(("https://", "http://")):
        raise BadSettings(f"set {name} to an address that begins with https://, not {url[:60]!r}")
    return url.rstrip("/") if url else None


def _proxies(given: Mapping[str, str]) -> str:
    """Under the name and in the form that uvicorn and gunicorn use."""
    text = given.get("FORWARDED_ALLOW_IPS", Settings.trusted_proxies)
    for proxy in () if text == "*" else text.split(","):
        try:
            ipaddress.ip_network(proxy.strip())
        except ValueError:
            raise BadSettings(
                "set FORWARDED_ALLOW_IPS to the addresses or networks of your proxies, such as"
                " 10.0.0.0/8, or to *, "
                f"not {text[:60]!r}"
            ) from None
    return text


def _web_url(api_url: str) -> str:
    """Where people look: GitHub Enterprise Server keeps its API below /api/v3 of the same host."""
    return Settings.web_url if api_url == Settings.api_url else api_url.removesuffix("/api/v3")


def _strong(given: Mapping[str, str], name: str) -> str | None:
    secret = given.get(name)
    if secret is not None and (len(secret) < SHORTEST_SECRET or len(set(secret)) < 5):
        raise BadSettings(
            f"set {name} to at least {SHORTEST_SECRET} random characters, such as"
            " `openssl rand -hex 32`"
            " prints"
        )
    return secret


def _provider(given: Mapping[str, str]) -> Provider:
    """Without an address `openai` is OpenAI's own service, which wants a key."""
    word = given.get("MODEL_PROVIDER", Settings.provider).lower()
    for provider in get_args(Provider):
        if word == provider:
            break
    else:
        raise BadSettings(f"set MODEL_PROVIDER to anthropic or openai, not {word[:40]!r}")
    if provider == "openai" and not ("OPENAI_API_KEY" in given or "OPENAI_BASE_URL" in given):
        raise BadSettings(
            "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, as MODEL_PROVIDER is"
            " openai"
        )
    return cast(Provider, provider)


def _models(given: Mapping[str, str], provider: Provider) -> tuple[str, str]:
    """Who drafts, and who judges."""
    if provider == "anthropic":
        return (
            given.get("ANTHROPIC_MODEL", Settings.model),
            given.get("ANTHROPIC_JUDGE_MODEL", Settings.judge_model),
        )
    if "OPENAI_MODEL" not in given:
        raise BadSettings("set OPENAI_MODEL to the model that drafts, as MODEL_PROVIDER is openai")
    return given["OPENAI_MODEL"], given.get("OPENAI_JUDGE_MODEL", given["OPENAI_MODEL"])


def _effort(given: Mapping[str, str], provider: Provider) -> Effort | None:
    """Servers that know no effort refuse to be told of it: only Anthropic is told unasked."""
    word = given.get("LLM_EFFORT", "medium" if provider == "anthropic" else "model").lower()
    if word == "model":
        return None
    for effort in get_args(Effort):
        if word == effort:
            return cast(Effort, effort)
    raise BadSettings(f"set LLM_EFFORT to low, medium, high or model, not {word[:40]!r}")


def _price_list(text: str) -> PriceList:
    prices: dict[str, tuple[Decimal, Decimal]] = {}
    for each in text.replace(",", " ").split():
        name, _, pair = each.rpartition("=")
        read, _, written = pair.partition("/")
        try:
            price = Decimal(read), Decimal(written)
        except InvalidOperation:
            price = Decimal("NaN"), Decimal("NaN")
        if not name or not all(amount.is_finite() and amount >= 0 for amount in price):
            raise BadSettings(
                "set LLM_PRICES to dollars per million tokens read and written, such as"
                f" my-model=0.5/1.5, not {each[:60]!r}"
            )
        prices[name] = price
    return prices


def _check_priced(models: tuple[str, ...], prices: PriceList) -> None:
    for model in models:
        if not any(model.startswith(name) for name in prices):
            raise BadSettings(
                f"set LLM_PRICES for {model}, or LLM_DAILY_BUDGET_TOKENS: without its price"
                " LLM_DAILY_BUDGET_USD cannot be kept"
            )


def _token_budget(given: Mapping[str, str]) -> int | None:
    text = given.get("LLM_DAILY_BUDGET_TOKENS")
    if text is None:
        return None
    return _number(text.replace("_", ""), "LLM_DAILY_BUDGET_TOKENS", "a number of tokens")


def _budget(given: Mapping[str, str]) -> Decimal | None:
    text = given.get("LLM_DAILY_BUDGET_USD")
    if text is None:
        return None
    try:
        budget = Decimal(text)
    except InvalidOperation:
        budget = Decimal("NaN")
    if not (budget.is_finite() and budget >= 0):
        raise BadSettings(
            f"set LLM_DAILY_BUDGET_USD to an amount in dollars, such as 2.50, not {text[:40]!r}"
        )
    return budget


def _log_level(given: str) -> LogLevel:
    for level in get_args(LogLevel):
        if given == level:
            return cast(LogLevel, level)
    raise BadSettings(
        f"set LOG_LEVEL to one of {', '.join(get_args(LogLevel))}, not {given[:40]!r}"
    )


def _log_format(given: str) -> LogFormat:
    for form in get_args(LogFormat):
        if given == form:
            return cast(LogFormat, form)
    raise BadSettings(
        f"set LOG_FORMAT to one of {', '.join(get_args(LogFormat))}, not {given[:40]!r}"
    )
