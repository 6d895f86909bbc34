"""The HTTP calls of the application with hosts in its code, as their clients' documentation shows them."""

from __future__ import annotations

import asyncio
import json
import ssl
import urllib.request
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import aiohttp
import boto3
import certifi
import httpx
import httpx2
import requests
import urllib3
from temporalio import activity

from tests.live.apps.fixed_hosts import Charge

# Made when the module is imported, as many applications do.
SESSION = requests.Session()
CLIENT = httpx.AsyncClient(timeout=5)


async def with_httpx(url: str, key: str) -> str:
    """With a client of the module."""
    answer = await CLIENT.post(url, json={}, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    return str(answer.json()["id"])


async def with_httpx2(url: str, key: str) -> str:
    """With a client for the request."""
    async with httpx2.AsyncClient(timeout=5) as client:
        answer = await client.post(url, json={}, headers={"Idempotency-Key": key})
        answer.raise_for_status()
        return str(answer.json()["id"])


async def with_requests(url: str, key: str) -> str:
    """With a session of the module."""
    answer = await asyncio.to_thread(SESSION.post, url, json={}, headers={"Idempotency-Key": key}, timeout=5)
    answer.raise_for_status()
    return str(answer.json()["id"])


async def with_aiohttp(url: str, key: str) -> str:
    """With a session that has nothing set."""
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        session.post(url, json={}, headers={"Idempotency-Key": key}) as answer,
    ):
        return str((await answer.json())["id"])


async def with_urllib(url: str, key: str) -> str:
    """With the standard library."""

    def post() -> str:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        request = urllib.request.Request(url, data=b"{}", headers=headers, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - it is the URL of the test
            return str(json.load(answer)["id"])

    return await asyncio.to_thread(post)


async def with_boto3(url: str, key: str) -> str:
    """With the client of a service: its host is in the library."""

    def put() -> str:
        session = boto3.Session(aws_access_key_id="k", aws_secret_access_key="s", region_name="eu-west-1")  # noqa: S106
        client = session.client("dynamodb")
        answer = client.put_item(TableName="charges", Item={"id": {"S": key}})
        return str(answer["Attributes"]["id"]["S"])

    return await asyncio.to_thread(put)


async def with_a_pin(url: str, key: str) -> str:
    """With the fingerprint of the one certificate that is accepted."""
    pool = urllib3.ProxyManager(_proxy(), assert_fingerprint="00" * 32)
    answer = await asyncio.to_thread(pool.request, "POST", url, retries=False, timeout=5)
    return str(answer.json()["id"])


async def with_another_authority(url: str, key: str) -> str:
    """With roots of its own, such as those that a package brings along."""
    context = ssl.create_default_context(cafile=certifi.where())
    async with httpx.AsyncClient(verify=context, timeout=5) as client:
        return str((await client.post(url, json={})).json()["id"])


async def with_another_authority_not_on_asyncio(url: str, key: str) -> str:
    """The same with a client that blocks."""
    answer = await asyncio.to_thread(requests.post, url, json={}, verify=certifi.where(), timeout=5)
    return str(answer.json()["id"])


async def past_the_proxy(url: str, key: str) -> str:
    """With a client that does not look for a proxy."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        return str((await client.post(url, json={})).json()["id"])


def _proxy() -> str:
    return str(urllib.request.getproxies()["https"])


CLIENTS: Mapping[str, Callable[[str, str], Coroutine[Any, Any, str]]] = {
    "httpx": with_httpx,
    "httpx2": with_httpx2,
    "requests": with_requests,
    "aiohttp": with_aiohttp,
    "urllib": with_urllib,
    "boto3": with_boto3,
    "pin": with_a_pin,
    "another authority": with_another_authority,
    "another authority, not on asyncio": with_another_authority_not_on_asyncio,
    "past the proxy": past_the_proxy,
}


@activity.defn
async def charge(wanted: Charge, key: str) -> str:
    """Charge with the client that is wanted."""
    return await CLIENTS[wanted.client](wanted.url, key)


def activities() -> Sequence[Callable[..., Any]]:
    """Make the activities: they take no base URL."""
    return [charge]
