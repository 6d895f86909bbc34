"""A server whose limits are within reach, each a hundred times or more below its default."""

from __future__ import annotations

from harness import Server

LIMITED = Server(
    dynamic_config={
        "limit.historyCount.suggestContinueAsNew": "40",
        "limit.historyCount.error": "120",
        "limit.historySize.suggestContinueAsNew": "20000",
        "limit.historySize.error": "60000",
        "limit.blobSize.warn": "5000",
        "limit.blobSize.error": "20000",
        "history.maximumSignalsPerExecution": "50",
    }
)
