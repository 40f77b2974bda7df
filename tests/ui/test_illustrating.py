"""Settings and pictures reach the text."""

from dataclasses import replace
from pathlib import Path

from reader.settings import Images, Look, Settings, Text
from reader.ui.app import ReaderApp
from reader.ui.text.shown import ShownArticle
from reader.ui.widgets.article import ArticleView
from tests.ui.memory_desk import MemoryDesk

