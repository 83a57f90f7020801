"""An assistant of people who run services: its prompt, its tools, what it is asked and what it writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from serbench.payloads.base import below, between, chance, pick, rfc3339
from serbench.payloads.text.words import paragraph, phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

SYSTEM = (
    "You are the assistant of an operations team. Answer briefly, in the language of the question, and say where a "
    "number comes from. Call a tool whenever an answer depends on data that you have not seen in this conversation; "
    "never guess. Ask before anything is changed. Times are UTC, amounts carry their currency."
)
SERVICES = ("checkout", "search", "invoices", "accounts", "catalogue", "notifications")
METRICS = ("http.server.duration", "db.pool.wait", "queue.delay", "gc.pause", "cache.load.duration")
SEVERITIES = ("debug", "info", "warning", "error")


def _tool(name: str, description: str, **parameters: str | tuple[str, ...]) -> dict[str, Any]:
    """A tool in the form of chat completion APIs; a parameter is a description, or one with the words it takes."""
    properties: dict[str, Any] = {}
    for key, words in parameters.items():
        first, *enum = [words] if isinstance(words, str) else words
        kind = "integer" if first.startswith("Number") else "string"
        properties[key] = {"type": kind, "description": first, **({"enum": enum} if enum else {})}
    schema = {"type": "object", "properties": properties, "required": list(parameters)[:2]}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


TOOLS = (
    _tool(
        "search_logs",
        "Search the logs of a service. Returns the lines that match, newest first.",
        service="Name of the service, as in the service catalogue.",
        query="Words that a line must have; a minus before a word excludes it.",
        severity=("Lowest severity to return.", *SEVERITIES),
        limit="Number of lines at most.",
    ),
    _tool(
        "query_metric",
        "Read a metric over time, put together in windows of equal length.",
        metric="Name of the metric.",
        window_seconds="Number of seconds in a window.",
        aggregate=("How the values of a window become one.", "avg", "max", "p50", "p99", "sum"),
    ),
    _tool(
        "create_ticket",
        "Open a ticket for the team that owns a service. Returns its number.",
        service="Name of the service.",
        title="One line that says what is wrong.",
        body="Details, in Markdown.",
    ),
)


class Calls:
    """Makes calls of the tools with what they return.

    Args:
        rng: the source of chance.
        telling: sentences for longer texts.
        logged: messages of log lines.
    """

    def __init__(self, rng: Random, telling: Sequence[str], logged: Sequence[str]) -> None:
        self.rng, self.telling, self.logged = rng, telling, logged

    def make(self, time_ms: int) -> tuple[str, str, str]:
        """Name, arguments and result of a call at that time; both of the latter are JSON text."""
        made: Callable[[int], tuple[dict[str, Any], dict[str, Any]]]
        name, made = pick(
            self.rng,
            (("search_logs", self._logs), ("query_metric", self._metric), ("create_ticket", self._ticket)),
        )
        arguments, result = made(time_ms)
        return name, json.dumps(arguments), json.dumps(result)

    def _logs(self, time_ms: int) -> tuple[dict[str, Any], dict[str, Any]]:
        rng, severity = self.rng, between(self.rng, 0, 3)
        lines = []
        for _ in range(between(rng, 2, 12)):
            time_ms -= 1 + below(rng, 900_000)
            found = pick(rng, SEVERITIES[severity:])
            lines.append({"time": rfc3339(time_ms), "severity": found, "message": pick(rng, self.logged)})
        query = pick(rng, ("timeout -health", "connection reset", "retry", "deadline exceeded -canary", "deadlock"))
        asked = {"service": pick(rng, SERVICES), "query": query, "severity": SEVERITIES[severity], "limit": 20}
        return asked, {"lines": lines, "truncated": chance(rng, 0.3)}

    def _metric(self, time_ms: int) -> tuple[dict[str, Any], dict[str, Any]]:
        rng, metric = self.rng, pick(self.rng, METRICS)
        windows = [[time_ms // 1000 - 300 * i, below(rng, 90_000) / 1000] for i in range(between(rng, 6, 24))]
        asked = {"metric": metric, "window_seconds": 300, "aggregate": pick(rng, ("p50", "p99", "max"))}
        return asked, {"metric": metric, "unit": "ms", "windows": windows}

    def _ticket(self, _: int) -> tuple[dict[str, Any], dict[str, Any]]:
        rng, ticket = self.rng, f"OPS-{between(self.rng, 2000, 9999)}"
        title = f"{pick(rng, METRICS)} is too high since {between(rng, 1, 23)}:{between(rng, 10, 59)}"
        asked = {"service": pick(rng, SERVICES), "title": title, "body": paragraph(rng, self.telling, 2, 5)}
        return asked, {"ticket": ticket, "url": f"https://tickets.example.com/{ticket}"}


TELLING = phrases(
    """
    The {part} {did} right after {event}, which is why {effect}.
    I checked {source}, and {finding}.
    If you {action} before the next {event_noun}, {outcome}.
    One thing to keep in mind: {caveat}.
    {adverb}, {finding}, so {conclusion}.
    You can {action} without {risk}; it takes about {duration}.
    There are two ways to go about it: {action}, or {action} and wait {duration}.
    What stands out is that {finding}, although {caveat}.
    My suggestion is to {action} first and then compare {metric} with {baseline}.
    Between {time} and {time} {metric} rose by {amount}, and the {part} {did} twice.
    That number includes {scope}, so it is not the same as {metric} on the dashboard.
    {source} only goes back {duration}, so I cannot say whether {effect} before that.
    Compared with {baseline}, {metric} is {amount} higher, mostly because {finding}.
    To be on the safe side, {action} in one region, watch {metric} for {duration}, and only then go on.
    None of this explains why {effect}, but it does rule out {cause}.
    The most likely cause is {cause}; {cause} would look different in {source}.
    """,
    part="connection pool|checkout worker|search index|session cache|payment gateway|message queue|read replica|"
    "rate limiter|image proxy|token service|nightly export|feature store|load balancer|scheduler",
    did="restarted|ran out of memory|fell behind by several minutes|stopped accepting writes|"
    "logged a burst of timeouts|switched to its fallback|served stale entries|refused new connections|"
    "rebuilt its index from scratch",
    event="the deployment on Tuesday|the certificate was renewed|the schema migration|"
    "traffic moved to the second region|the price import|somebody raised the batch size|"
    "the cluster was scaled down|the marketing mail went out",
    event_noun="deployment|release|maintenance window|billing run|backup|traffic peak",
    effect="the first request of each session was slow|some customers saw yesterday's prices|"
    "orders were confirmed twice|the queue kept growing|the error rate doubled for a while|"
    "retries made it worse|the totals did not add up|only users in Asia were affected|"
    "the report came out empty",
    source="the access log|the trace you linked|the last three incidents|the query plan|the audit table|"
    "the dashboard|the release notes|the slow query log|the billing export",
    finding="two of the five nodes still run the old version|the p99 is fine while the maximum is not|"
    "almost every failure comes from a single account|the index on `created_at` is not used|"
    "the cache hit rate is 61 %|requests without a locale take the slow path|"
    "about a third of the rows have no owner|the clock of one host is off|"
    "the retry budget is spent within seconds|the same document is fetched four times",
    action="raise the pool size to 40|turn the flag off|add a covering index|move the export to the replica|"
    "drain one node|cap the number of retries|pin the client to the previous version|split the job by tenant|"
    "warm the cache|replay the failed messages|lower the batch size to 500|"
    "set a deadline of two seconds on the call",
    outcome="the backlog should clear within an hour|nobody has to be paged|"
    "we keep the old behaviour for existing users|the numbers stay comparable|there is no downtime|"
    "rolling back is a single command|we will know by the next morning",
    caveat="the sample is small|the staging data is two months old|weekends look different|the limit is per process|"
    "the vendor counts time zones differently|a few requests are still in flight|the figure excludes refunds|"
    "sampling drops the fastest requests|I have not seen the logs of the second region",
    adverb="Interestingly|As far as I can tell|Looking at it again|On closer inspection|Put differently|In short|"
    "Surprisingly",
    conclusion="the fix belongs in the client|we can leave the database alone|this was not caused by the release|"
    "a larger instance would not help|I would not page anyone tonight|the alert threshold is too tight",
    risk="a restart|locking the table|losing messages|touching the schema|affecting running sessions|a new release",
    duration="ten minutes|half an hour|two hours|a day|a week|thirty days|a few seconds",
    metric="the median latency|the error rate|memory per worker|the number of open connections|the queue depth|"
    "the share of cold starts|the cost per thousand requests|the conversion rate",
    baseline="last week|the same hour yesterday|the control group|the previous release|the other region",
    amount="4 %|11 %|19 %|27 %|a good 40 %|0.8 percentage points",
    time="02:10|04:45|09:30|11:00|13:20|16:05|18:40|21:15|23:50",
    scope="cancelled orders|internal traffic|retries|bots|test accounts|requests from the health check",
    cause="a leaking connection|lock contention|an expired credential|a slow disk|a misrouted request|clock skew|"
    "a hot partition|an oversized payload|garbage collection",
)
"""What it writes."""

ASKING = phrases(
    """
    Hi, can you look into why {problem}?
    {problem} since {when}. {please}
    We have a customer who says that {problem}. {please}
    Thanks, that helps. {please}
    Could you compare {period} with {period} and tell me what changed?
    {please} I need it for the review at {hour}.
    Is it safe to go on with the rollout, or should we wait until {hour}?
    Hm, that does not match what I see: {problem}.
    """,
    problem="the checkout is slow for some people|invoices arrive twice|search returns nothing for Japanese terms|"
    "the export stops halfway|our bill went up|the mobile app logs people out|"
    "the totals differ by a few cents|webhooks are delivered late|uploads over 10 MB fail|"
    "the dashboard is empty",
    when="this morning|Friday|the last release|we moved to the new region|about 14:00 UTC",
    please="Please check the logs first.|What would you try first?|Can you pull the numbers?|Please keep it short.|"
    "Can you write that up for the team?|Is there anything in the traces?|Please open a ticket if it is real.",
    period="last week|the week before|December|November|the first day after the release|yesterday",
    hour="10|noon|three|half past four|five",
)
"""What it is asked."""

LOGGED = phrases(
    """
    {verb} {thing} after {ms} ms, attempt {small} of 5
    {thing} {state}: pool={small} waiting={ms}
    upstream {host} answered {code} in {ms} ms
    slow query ({ms} ms): SELECT * FROM {table} WHERE {column} = $1 ORDER BY created_at DESC
    {thing} {state}, falling back to {host}
    GET /v1/{table}/{ms}?expand={column} {code}
    retry budget of {host} is at {small} %
    deadlock detected on relation "{table}", process {ms} waits for ShareLock
    """,
    verb="gave up on|timed out waiting for|reconnected to|cancelled|lost the lease of",
    thing="primary database|session cache|payment gateway|message broker|search index|object store",
    state="connection reset by peer|deadline exceeded|not ready|throttled|certificate expires soon",
    host="10.0.14.7:5432|10.0.3.112:6379|pay.example.net|queue-2.internal:5672|search-0.internal:9200",
    table="orders|invoices|sessions|line_items|shipments|audit_log",
    column="customer_id|order_id|status|tenant|currency",
    code="200|404|409|429|499|502|503|504",
    ms="12|87|105|251|498|1003|1250|2001|3755|5000|9120|30000",
    small="1|2|3|4|5|9|20|40",
)
"""What services log."""
