"""Calls to the server without compression, which costs more than it saves on one machine.

`temporalio.service.GrpcCompression` is there from temporalio 1.29 on, which compresses by default; SDKs before it never
compress.
"""

from __future__ import annotations

from typing import Any

from temporalio import service

UNCOMPRESSED: dict[str, Any] = (
    {"grpc_compression": service.GrpcCompression.NONE} if hasattr(service, "GrpcCompression") else {}
)
"""What `Client.connect` is given for it."""
