"""The page about CI: its workflows are what GitHub and GitLab take, and their commands are what serbench takes."""

import re
import subprocess
import sys

import pytest
from command_lines import of_serbench, parsed
from ruamel.yaml import YAML

from docs_examples import DOCS, blocks
from serbench.policy.read import read

PAGE = DOCS / "ci.md"
GITHUB, GITLAB = [block.lstrip("\n") for block in blocks(PAGE, "yaml")]
POLICY, WARNED = blocks(PAGE, "toml")
LIMIT_SECONDS = 60


def checked(text, schema, folder):
    """What the schema's linter says of a file: its exit code and its words. It reads nothing from the network."""
    file = folder / "workflow.yml"
    file.write_text(text)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    return done.returncode, done.stdout + done.stderr


SCHEMAS = [(GITHUB, "github-workflows"), (GITLAB, "gitlab-ci")]


@pytest.mark.parametrize(("text", "schema"), SCHEMAS, ids=["github", "gitlab"])
def test_a_workflow_is_valid(tmp_path, text, schema):
    """By the JSON schema of its system."""
    code, said = checked(text, schema, tmp_path)
    assert 0 == code, said


@pytest.mark.parametrize(
    ("text", "schema", "key"), [(*SCHEMAS[0], "runs-on"), (*SCHEMAS[1], "expire_in")], ids=["github", "gitlab"]
)
def test_a_mistake_would_be_seen(tmp_path, text, schema, key):
    """With a key misspelt the same file is not valid."""
    code, said = checked(text.replace(key, f"{key}x"), schema, tmp_path)
    assert 1 == code, said


def scripts(job):
    """The shell scripts of a job, with a value for everything that the system puts in."""
    steps = [step["run"] for step in job.get("steps", ()) if "run" in step]
    lines = [line for key in ("before_script", "script") for line in job.get(key, ())]
    return [re.sub(r"\$\{\{.*?\}\}|\$\w+", "0123abc", script) for script in (*steps, *lines)]


def jobs(text):
    """The jobs of a file that run something, by name."""
    tree = YAML(typ="safe").load(text)
    return {name: job for name, job in tree.get("jobs", tree).items() if isinstance(job, dict) and scripts(job)}


def gates(job):
    """What the command lines of serbench in a job set."""
    return [parsed(words) for script in scripts(job) for words in of_serbench(script)]


@pytest.mark.parametrize("text", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_commands_are_what_serbench_takes(tmp_path, monkeypatch, text):
    """One job gates two sides, the other is the self-test: options, values and outputs are known."""
    monkeypatch.chdir(tmp_path)
    (gate,), (self_test,) = map(gates, jobs(text).values())
    assert (["git:0123abc"], ["."], False) == (gate["base"], gate["new"], gate["self_test"])
    assert (True, "5m") == (self_test["self_test"], self_test["budget"])


@pytest.mark.parametrize("text", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_everything_that_is_written_is_kept(tmp_path, monkeypatch, text):
    """The gate's folder and the files of its outputs are among the job's artifacts, whatever the gate ends with."""
    monkeypatch.chdir(tmp_path)
    job = next(iter(jobs(text).values()))
    (gate,) = gates(job)
    written = {gate["folder"], *(value.partition("=")[2] for value in gate["output"] if "=" in value)}
    if "artifacts" in job:
        kept = {*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()}
        assert "always" == job["artifacts"]["when"]
    else:
        (upload,) = [step for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
        kept = set(upload["with"]["path"].split())
        assert "always()" == upload["if"]
    assert written == {path.rstrip("/") for path in kept}


@pytest.mark.parametrize("text", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_the_base_commit_is_there(text):
    """The gate's job has the whole history."""
    assert re.search(r'fetch-depth: 0$|GIT_DEPTH: "0"$', text, re.MULTILINE)


def test_github_may_only_read():
    """The workflow asks for no permission to write."""
    assert {"contents": "read"} == YAML(typ="safe").load(GITHUB)["permissions"]
    assert "pull_request_target" not in GITHUB


@pytest.mark.parametrize("script", blocks(PAGE, "sh"), ids=lambda script: script.strip()[:60])
def test_the_other_commands_are_what_serbench_takes(tmp_path, monkeypatch, script):
    """Options, values and outputs."""
    monkeypatch.chdir(tmp_path)
    lines = of_serbench(script)
    assert [line.split()[1:2] for line in script.split("\n") if line] == [words[:1] for words in lines]
    for words in lines:
        assert parsed(words)


@pytest.mark.parametrize("table", [POLICY, POLICY + WARNED], ids=["policy", "with a warning"])
def test_the_policy_is_read(tmp_path, table):
    """What the page puts into pyproject.toml."""
    (tmp_path / "pyproject.toml").write_text(table)
    policy = read(tmp_path / "pyproject.toml", tmp_path)
    assert (("order",), None) == (policy.payloads, policy.budget_seconds)
    assert [("instructions",)] * ("warn" in table) == [scope.metric for scope in policy.warn]
