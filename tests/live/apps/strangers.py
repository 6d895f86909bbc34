"""Three small applications as strangers write them: none knows the harness. `harness init` meets them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

ORDERS = {
    "pyproject.toml": """
        # Our orders service.
        [project]
        name    = "orders"   # aligned by hand
        version = "1.0"
        dependencies = ["fastapi", "temporalio"]

        [tool.black]
        line-length = 100
        """,
    ".gitignore": "__pycache__/\n.venv/",
    "orders/__init__.py": "",
    "orders/config.py": """
        import os

        PAYMENTS_URL = os.environ["PAYMENTS_URL"]
        SHIPPING_URL = os.getenv("SHIPPING_URL", "http://shipping:8080/api")
        """,
    "orders/models.py": """
        from dataclasses import dataclass, field
        from decimal import Decimal
        from enum import Enum


        class Country(str, Enum):
            DE = "de"
            FR = "fr"


        @dataclass
        class Line:
            sku: str
            quantity: int = 1


        @dataclass
        class Order:
            order_id: str
            customer: str
            amount_cents: int
            country: Country
            lines: list[Line]
            notes: list[str] = field(default_factory=list)
        """,
    "orders/activities.py": """
        import httpx2 as httpx
        from temporalio import activity

        from orders.config import PAYMENTS_URL, SHIPPING_URL
        from orders.models import Order


        @activity.defn
        async def charge_card(order: Order) -> str:
            async with httpx.AsyncClient(timeout=5) as client:
                response = await client.post(
                    f"{PAYMENTS_URL}/v1/charges",
                    json={"order_id": order.order_id, "cents": order.amount_cents},
                )
                response.raise_for_status()
                data = response.json()
                if data["status"] != "captured":
                    raise RuntimeError("the card was declined")
                return data["charge_id"]


        @activity.defn
        async def refund(charge_id: str) -> None:
            async with httpx.AsyncClient() as client:
                await client.delete(f"{PAYMENTS_URL}/v1/charges/{charge_id}")


        @activity.defn
        async def ship(order: Order) -> int:
            async with httpx.AsyncClient(base_url=SHIPPING_URL) as client:
                response = await client.post("/parcels", json={"order": order.order_id})
                return int(response.json()["parcel"]["number"])
        """,
    "orders/workflows.py": """
        from datetime import timedelta

        from temporalio import workflow
        from temporalio.exceptions import ActivityError

        with workflow.unsafe.imports_passed_through():
            from orders.activities import charge_card, refund, ship
            from orders.models import Order


        @workflow.defn
        class OrderWorkflow:
            @workflow.run
            async def run(self, order: Order) -> str:
                charge = await workflow.execute_activity(
                    charge_card, order, start_to_close_timeout=timedelta(seconds=10)
                )
                try:
                    parcel = await workflow.execute_activity(ship, order, start_to_close_timeout=timedelta(seconds=10))
                except ActivityError:
                    await workflow.execute_activity(refund, charge, start_to_close_timeout=timedelta(seconds=10))
                    raise
                return f"{charge} in parcel {parcel}"
        """,
    "orders/api.py": """
        import os

        from fastapi import FastAPI
        from temporalio.client import Client

        from orders.models import Order
        from orders.workflows import OrderWorkflow

        app = FastAPI()


        @app.post("/orders")
        async def place(order: Order):
            client = await Client.connect(os.environ.get("TEMPORAL_HOST", "localhost:7233"))
            await client.start_workflow(OrderWorkflow.run, order, id=order.order_id, task_queue="orders")
        """,
    "orders/worker.py": """
        import asyncio
        import os

        from temporalio.client import Client
        from temporalio.worker import Worker

        from orders.activities import charge_card, refund, ship
        from orders.workflows import OrderWorkflow


        async def main():
            client = await Client.connect(os.environ.get("TEMPORAL_HOST", "localhost:7233"))
            worker = Worker(
                client, task_queue="orders", workflows=[OrderWorkflow], activities=[charge_card, refund, ship]
            )
            await worker.run()


        if __name__ == "__main__":
            asyncio.run(main())
        """,
}
"""FastAPI and an HTTP client, configured by environment variables that are read when the code is imported."""

VAULT = {
    "requirements.txt": "temporalio\ncryptography\n",
    "vault/__init__.py": "",
    "vault/codec.py": """
        import os

        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from temporalio.api.common.v1 import Payload
        from temporalio.converter import PayloadCodec


        class EncryptionCodec(PayloadCodec):
            def __init__(self, key: bytes) -> None:
                self.encryptor = AESGCM(key)

            async def encode(self, payloads):
                return [
                    Payload(metadata={"encoding": b"binary/encrypted"}, data=self.encrypt(p.SerializeToString()))
                    for p in payloads
                ]

            async def decode(self, payloads):
                # Nothing that is not encrypted may come in.
                return [Payload.FromString(self.decrypt(p.data)) for p in payloads]

            def encrypt(self, data: bytes) -> bytes:
                nonce = os.urandom(12)
                return nonce + self.encryptor.encrypt(nonce, data, None)

            def decrypt(self, data: bytes) -> bytes:
                return self.encryptor.decrypt(data[:12], data[12:], None)
        """,
    "vault/documents.py": """
        from dataclasses import dataclass
        from datetime import timedelta

        from temporalio import activity, workflow

        with workflow.unsafe.imports_passed_through():
            import httpx2


        @dataclass
        class Document:
            id: str
            title: str
            pages: int


        class Archive:
            def __init__(self, client: httpx2.AsyncClient) -> None:
                self._client = client

            async def _put(self, document: Document) -> dict:
                answer = await self._client.put(
                    f"/documents/{document.id}",
                    json={"title": document.title},
                    headers={"Idempotency-Key": document.id},
                )
                answer.raise_for_status()
                return answer.json()

            @activity.defn(name="store-document")
            async def store(self, document: Document) -> str:
                return (await self._put(document))["location"]


        @workflow.defn(name="store")
        class StoreDocument:
            def __init__(self) -> None:
                self.approved_by = ""

            @workflow.run
            async def run(self, document: Document) -> str:
                await workflow.wait_condition(lambda: self.approved_by != "")
                return await workflow.execute_activity_method(
                    Archive.store, document, start_to_close_timeout=timedelta(seconds=20)
                )

            @workflow.signal
            def approve(self, by: str) -> None:
                self.approved_by = by
        """,
    "vault/__main__.py": """
        import asyncio
        import dataclasses
        import os

        import httpx2
        from temporalio.client import Client
        from temporalio.converter import DataConverter
        from temporalio.worker import Worker

        from vault.codec import EncryptionCodec
        from vault.documents import Archive, StoreDocument

        QUEUE = "vault-documents"
        KEY = os.environ.get("VAULT_KEY", "not a secret: a key of 32 bytes!")


        async def run_worker() -> None:
            codec = EncryptionCodec(KEY.encode())
            client = await Client.connect(
                "temporal.internal:7233",
                namespace="vault",
                data_converter=dataclasses.replace(DataConverter.default, payload_codec=codec),
                tls=True,
            )
            url = os.environ.get("ARCHIVE_BASE_URL", "http://archive.internal")
            async with httpx2.AsyncClient(base_url=url) as http:
                archive = Archive(http)
                worker = Worker(client, task_queue=QUEUE, workflows=[StoreDocument], activities=[archive.store])
                await worker.run()


        if __name__ == "__main__":
            asyncio.run(run_worker())
        """,
}
"""A worker program with an encryption codec, on a task queue and in a namespace of its own; it waits for a signal."""

REPORTS = {
    "setup.py": "from setuptools import setup\n\nsetup(name='reports')\n",
    "activities.py": """
        import requests
        from temporalio import activity

        RATES = "https://api.rates.example/v2"
        session = requests.Session()


        @activity.defn
        def fetch_rate(currency):
            answer = session.get(f"{RATES}/rates/{currency}", params={"base": "EUR"}, timeout=3)
            answer.raise_for_status()
            return float(answer.json()["rates"][0]["value"])


        @activity.defn
        def send_report(recipient, text):
            answer = requests.post(
                "https://mail.example/send", data={"to": recipient, "text": text}, timeout=3
            )
            assert answer.status_code == 202
            return answer.json().get("message_id")
        """,
    "workflows.py": """
        from datetime import timedelta

        from temporalio import workflow


        @workflow.defn
        class DailyReport:
            @workflow.run
            async def run(self, currency: str, recipient: str, dry_run: bool = False) -> str:
                rate = await workflow.execute_activity(
                    "fetch_rate", currency, start_to_close_timeout=timedelta(seconds=5)
                )
                return await workflow.execute_activity(
                    "send_report", args=[recipient, f"1 EUR = {rate}"], start_to_close_timeout=timedelta(seconds=5)
                )
        """,
    "run_worker.py": """
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        from temporalio.client import Client
        from temporalio.worker import Worker

        import activities
        from workflows import DailyReport


        async def main():
            client = await Client.connect("localhost:7233")
            with ThreadPoolExecutor(max_workers=5) as pool:
                await Worker(
                    client,
                    task_queue="reports",
                    workflows=[DailyReport],
                    activities=[activities.fetch_rate, activities.send_report],
                    activity_executor=pool,
                ).run()


        if __name__ == "__main__":
            asyncio.run(main())
        """,
}
"""Sync activities with requests, in a flat folder, with https hosts written into the code."""

ALONE = {
    "app/__init__.py": "",
    "app/flow.py": """
        from datetime import timedelta

        from temporalio import activity, workflow


        @activity.defn
        async def greet(name: str) -> str:
            return f"Hello, {name}"


        @workflow.defn
        class Greet:
            @workflow.run
            async def run(self, name: str) -> str:
                return await workflow.execute_activity(greet, name, start_to_close_timeout=timedelta(seconds=5))
        """,
}
"""A workflow without a service, and without a worker program."""


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write an application into a folder, and return the folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder
