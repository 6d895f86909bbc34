"""The limits of a server with its default settings. What goes beyond one of them is not modelled."""

EVENTS = 2000
"""How many events a history has. A server refuses more than 2000 activities, or children, that are under way in one
workflow, and suggests from 4096 events on to continue as new."""

TASKS = 1000
"""How many workflow tasks a workflow has, with those that are done again and leave nothing in its history."""

HISTORY_BYTES = 4 * 1024 * 1024
"""How long a history is; from there on a server suggests to continue as new."""

EVENT_BYTES = 2 * 1024 * 1024
"""How long an event is: a server refuses longer payloads."""

UPDATES = 10
"""How many updates of one workflow are in flight."""

NOT_READY = 3
"""At which attempt of its task a workflow is not asked any more: updates and queries are refused."""
