"""The search engines a bot could embed instead of our index, each as its documentation says."""

import re
import sqlite3
from collections.abc import Sequence
from typing import Protocol

import bm25s
import tantivy

from bot.core.search.index import Document, Index

WORDS = re.compile(r"\w+")
# Words of the query given to engines that slow down with every further one.
QUERY_WORDS = 200


class Engine(Protocol):
    def build(self, documents: Sequence[Document]) -> None: ...

    def search(self, query: Document, k: int) -> list[int]:
        """Ids, best first."""


class Ours:
    def __init__(self) -> None:
        self.index = Index()

    def build(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self.index.put(document)

    def search(self, query: Document, k: int) -> list[int]:
        return [hit.id for hit in self.index.search(query, k)]


class Bm25s:
    def build(self, documents: Sequence[Document]) -> None:
        self.ids = [document.id for document in documents]
        texts = [f"{document.title}\n{document.body}" for document in documents]
        self.retriever = bm25s.BM25()
        self.retriever.index(
            bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False
        )

    def search(self, query: Document, k: int) -> list[int]:
        tokens = bm25s.tokenize(f"{query.title}\n{query.body}", stopwords="en", show_progress=False)
        places, _ = self.retriever.retrieve(tokens, k=min(k, len(self.ids)), show_progress=False)
        return [self.ids[place] for place in places[0]]


class Tantivy:
    def build(self, documents: Sequence[Document]) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True)
        schema.add_text_field("title", stored=False)
        schema.add_text_field("body", stored=False)
        self.index = tantivy.Index(schema.build())
        writer = self.index.writer()
        for document in documents:
            writer.add_document(
                tantivy.Document(id=document.id, title=document.title, body=document.body)
            )
        writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, query: Document, k: int) -> list[int]:
        parsed = self.index.parse_query(" ".join(words_of(query)), ["title", "body"])
        hits = self.searcher.search(parsed, k).hits
        return [self.searcher.doc(address)["id"][0] for _, address in hits]


class Fts5:
    def build(self, documents: Sequence[Document]) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute(
            "CREATE VIRTUAL TABLE issue USING fts5(title, body, tokenize = 'porter unicode61')"
        )
        rows = ((document.id, document.title, document.body) for document in documents)
        self.database.executemany("INSERT INTO issue (rowid, title, body) VALUES (?, ?, ?)", rows)

    def search(self, query: Document, k: int) -> list[int]:
        asked = " OR ".join(f'"{word}"' for word in words_of(query))
        ranked = "SELECT rowid FROM issue WHERE issue MATCH ? ORDER BY bm25(issue, 5, 1) LIMIT ?"
        return [row[0] for row in self.database.execute(ranked, (asked, k))] if asked else []


def words_of(query: Document) -> list[str]:
    return list(dict.fromkeys(WORDS.findall(f"{query.title} {query.body}".lower())))[:QUERY_WORDS]


ENGINES: dict[str, type[Engine]] = {"ours": Ours, "bm25s": Bm25s, "tantivy": Tantivy, "fts5": Fts5}
