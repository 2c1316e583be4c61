FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/precedent.db

WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY github_sandbox github_sandbox
COPY migrations migrations
RUN pip install --no-cache-dir --no-deps . \
    && useradd --uid 10001 --create-home precedent \
    && mkdir /data \
    && chown precedent /data

USER 10001
VOLUME /data
EXPOSE 3000 3001

# The same for `serve`, `web` and `worker`: whichever of them runs in this container answers.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["precedent", "health"]

CMD ["precedent", "serve", "--host", "0.0.0.0"]
