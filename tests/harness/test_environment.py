"""What is said of the machine: read from trees of files as systems have them, absent where there is nothing to read."""

import os
import platform
import subprocess
import sys

import pytest

from serbench.harness import environment

X86 = """processor\t: 0
model name\t: Fast(R) Xeon
flags\t\t: fpu sse2 {more}
bugs\t\t: spectre

processor\t: 1
model name\t: Other
"""
ARM = "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"

DEBIAN_VM = {
    "proc/cpuinfo": X86.format(more="hypervisor avx2"),
    "proc/meminfo": "MemTotal:        2048 kB\nMemFree:         1 kB\n",
    "proc/self/cgroup": "0::/user.slice/session-1.scope\n",
    "proc/1/cgroup": "0::/init.scope\n",
    "etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    "sys/class/dmi/id/sys_vendor": "QEMU\n",
    "sys/class/dmi/id/product_name": "Standard PC\n",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "kvm-clock\n",
    "sys/devices/system/cpu/smt/active": "1\n",
    "sys/devices/system/cpu/isolated": "\n",
    "sys/devices/system/cpu/nohz_full": "(null)\n",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
    "sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0-1\n",
    "sys/devices/system/cpu/cpu1/topology/thread_siblings_list": "0-1\n",
    "sys/devices/system/cpu/cpu2/topology/thread_siblings_list": "2-3\n",
    "sys/devices/system/cpu/cpu3/topology/thread_siblings_list": "2-3\n",
}
BARE_METAL = {
    "proc/cpuinfo": X86.format(more="avx2"),
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_governor": "performance\n",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_driver": "intel_pstate\n",
    "sys/devices/system/cpu/intel_pstate/no_turbo": "1\n",
    "sys/devices/system/cpu/smt/active": "0\n",
    "sys/devices/system/cpu/isolated": "2-3\n",
    "sys/devices/system/cpu/nohz_full": "3\n",
}
OF_THE_TREE = {
    *("cpu_model", "cpu_flags", "hardware", "cores_physical", "cpu_limit", "measuring_core"),
    *("governor", "frequency_driver", "turbo", "smt", "virtualisation"),
    *("isolated_cores", "tickless_cores", "hugepages"),
}


@pytest.fixture
def plant(tmp_path):
    """Makes a tree of files and says what is read from it."""

    def planted(files, *, core=None, packages=(), directory=tmp_path):
        for name, content in files.items():
            path = tmp_path / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return environment.describe(
            packages=packages, sampler="python", measuring_core=core, directory=directory, root=tmp_path / "tree"
        )

    return planted


def read_from_tree(found):
    """The part of the machine's description that can only come from the tree."""
    return {name: value for name, value in found.machine.items() if name in OF_THE_TREE}


def test_virtual_machine(plant):
    """A virtual machine is told by its processor's flag; topology, memory, clock source and distribution are read."""
    found = plant(DEBIAN_VM, core=0)
    expected = {
        "cpu_model": "Fast(R) Xeon",
        "cpu_flags": ["fpu", "sse2", "hypervisor", "avx2"],
        "hardware": "QEMU Standard PC",
        "cores_physical": 2,
        "measuring_core": 0,
        "smt": True,
        "virtualisation": "virtual machine",
        "hugepages": "madvise",
    }
    assert expected == read_from_tree(found)
    assert 2048 * 1024 == found.machine["memory_bytes"]
    assert "kvm-clock" == found.system["clock_source"]
    assert "Debian GNU/Linux 12 (bookworm)" == found.system["os"]


def test_bare_metal(plant):
    """Without the flag there is no virtualisation; the governor is the measuring core's, turbo is as Intel says."""
    expected = {
        "cpu_model": "Fast(R) Xeon",
        "cpu_flags": ["fpu", "sse2", "avx2"],
        "measuring_core": 3,
        "governor": "performance",
        "frequency_driver": "intel_pstate",
        "turbo": False,
        "smt": False,
        "virtualisation": "none",
        "isolated_cores": "2-3",
        "tickless_cores": "3",
    }
    assert expected == read_from_tree(plant(BARE_METAL, core=3))


def test_governor_of_the_first_core_where_none_measures(plant):
    """Without a measuring core the first one speaks for all."""
    assert "powersave" == plant(BARE_METAL).machine["governor"]


@pytest.mark.parametrize(("boost", "expected"), [("1\n", True), ("0\n", False)])
def test_turbo_of_other_drivers(plant, boost, expected):
    """Where Intel's driver is not there, `boost` tells."""
    assert expected is plant({"sys/devices/system/cpu/cpufreq/boost": boost}).machine["turbo"]


def test_arm(plant):
    """ARM has features instead of flags and two codes instead of a name, and says nothing of a hypervisor."""
    expected = {"cpu_model": "implementer 0x41 part 0xd0c", "cpu_flags": ["fp", "asimd"]}
    assert expected == read_from_tree(plant({"proc/cpuinfo": ARM}))


def test_nothing_to_read(plant):
    """With no /proc and no /sys, as on macOS, what the interpreter knows is still there and nothing is made up."""
    found = plant({})
    assert {} == read_from_tree(found)
    assert {"architecture", "cores", "memory_bytes"} <= found.machine.keys()
    assert os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") == found.machine["memory_bytes"]
    assert "clock_source" not in found.system


@pytest.mark.parametrize("content", ["", "\x00\xff", "no colon\n\n:\n", "flags\n"])
def test_garbage_is_absent(plant, content):
    """Files that hold what nobody expects raise nothing and yield nothing."""
    files = dict.fromkeys({*DEBIAN_VM, *BARE_METAL, "sys/fs/cgroup/cpu.max"}, content)
    found = plant(files)
    assert {"cpu_limit", "turbo", "smt"}.isdisjoint(found.machine)
    assert "" not in found.machine.values()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5),
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/cpu.max": "50000 100000\n",
                "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            },
            0.5,
        ),
        (
            {
                "proc/self/cgroup": "0::/a\n",
                "sys/fs/cgroup/cpu.max": "300000 100000\n",
                "sys/fs/cgroup/a/cpu.max": "100000 100000\n",
            },
            1.0,
        ),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        (
            {
                "proc/self/cgroup": "4:memory:/\n3:cpu,cpuacct:/docker/abc\n0::/x\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            2.0,
        ),
        (
            {
                "proc/self/cgroup": "3:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            None,
        ),
        (
            {
                "proc/self/cgroup": "5:cpuset:/other\n3:cpu:/\n",
                "sys/fs/cgroup/cpu/other/cpu.cfs_quota_us": "100000\n",
                "sys/fs/cgroup/cpu/other/cpu.cfs_period_us": "100000\n",
            },
            None,
        ),
    ],
    ids=["v2", "v2-above", "v2-tightest", "v2-unlimited", "v1-from-inside", "v1-unlimited", "v1-other-group"],
)
def test_cpu_limit(plant, files, expected):
    """The tightest limit of this group and those above counts, in either version; none is absent."""
    assert expected == plant(files).machine.get("cpu_limit")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".dockerenv": ""}, "docker in a virtual machine"),
        ({"run/.containerenv": ""}, "podman in a virtual machine"),
        ({"run/systemd/container": "lxc\n"}, "lxc in a virtual machine"),
        ({"proc/1/cgroup": "0::/kubepods.slice/pod1\n"}, "kubepods in a virtual machine"),
        ({".dockerenv": "", "proc/cpuinfo": X86.format(more="")}, "docker"),
        ({".dockerenv": "", "proc/cpuinfo": ARM}, "docker"),
    ],
)
def test_containers(plant, files, expected):
    """A container is told by the marks that its sort leaves."""
    assert expected == plant(DEBIAN_VM | files).machine["virtualisation"]


def test_python_and_system_of_this_process(plant):
    """The interpreter, its collector and its clock are those of this process."""
    found = plant({})
    assert platform.python_version() == found.python["version"]
    assert [700, 10, 10] == found.python["gc_thresholds"] or sys.version_info >= (3, 12)
    assert found.python["gil"] is getattr(sys, "_is_gil_enabled", lambda: True)()
    assert f"{os.uname().sysname} {os.uname().release}" == found.system["kernel"]


def test_variables_that_change_python(plant, monkeypatch):
    """Of the environment only the variables that change the interpreter are told."""
    for name in environment._VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert "variables" not in plant({}).python
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("PYTHONSTARTUP", "/secret")
    assert ["PYTHONHASHSEED=7"] == plant({}).python["variables"]


def traced_in_a_process(statement):
    """Whether a fresh interpreter that ran a statement calls itself traced."""
    code = (
        f"import sys, tracemalloc\n{statement}\nfrom serbench.harness import environment\nprint(environment._tracing())"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    answer = subprocess.run(
        [sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True, timeout=60
    )
    return answer.stdout.strip()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("pass", "False"),
        ("sys.setprofile(lambda *_: None)", "True"),
        ("sys.settrace(lambda *_: None)", "True"),
        ("tracemalloc.start()", "True"),
        ("import os; os.environ['COVERAGE_PROCESS_START'] = 'x'", "True"),
    ],
)
def test_tracing(statement, expected):
    """A tracer, a profiler, tracemalloc and coverage of child processes are told; their absence as well."""
    assert expected == traced_in_a_process(statement)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is new in 3.12")
def test_tracing_by_monitoring():
    """A tool of `sys.monitoring`, as coverage uses it, is a tracer too."""
    assert "True" == traced_in_a_process("sys.monitoring.use_tool_id(sys.monitoring.COVERAGE_ID, 'coverage')")


def test_packages(plant):
    """Installed distributions have their version, absent and impossible ones are left out, each is told once."""
    found = plant({}, packages=["pytest", "no-such-distribution", "", "pytest"])
    assert {"pytest": pytest.__version__} == found.packages


def git(directory, *words):
    """Runs git with an identity of its own."""
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", *identity, "-C", str(directory), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=clean, timeout=60).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A work tree with one commit of one file."""
    directory = tmp_path / "repository"
    directory.mkdir()
    git(directory, "init", "-q")
    (directory / "file").write_text("a")
    git(directory, "add", "file")
    git(directory, "commit", "-q", "-m", "first")
    return directory


def test_commit(plant, repository, monkeypatch):
    """A clean work tree has its commit, also in a folder below it; files git does not know make nothing dirty."""
    below = repository / "below"
    below.mkdir()
    (below / "unknown").write_text("x")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert {"commit": git(repository, "rev-parse", "HEAD"), "dirty": False} == plant({}, directory=below).git


def test_dirty_work_tree(plant, repository):
    """A tracked file that differs from the commit makes the tree dirty."""
    (repository / "file").write_text("b")
    assert {"commit": git(repository, "rev-parse", "HEAD"), "dirty": True} == plant({}, directory=repository).git


def test_no_commit(plant, tmp_path, monkeypatch):
    """No work tree, no folder, no commit yet, no git at all: nothing is told."""
    git(tmp_path, "init", "-q", "empty")
    assert {} == plant({}, directory=tmp_path / "tree-without").git
    assert {} == plant({}, directory=tmp_path / "empty").git
    assert {} == plant({}, directory=tmp_path).git
    monkeypatch.setenv("PATH", str(tmp_path))
    assert {} == plant({}, directory=tmp_path / "empty").git


def test_git_that_hangs(plant, repository, tmp_path, monkeypatch):
    """A git that does not come back is given up."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(environment, "_GIT_SECONDS", 0.2)
    assert {} == plant({}, directory=repository).git


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/alice/venv/bin/python", "~/venv/bin/python"),
        ("/Users/alice/venv/bin/python", "~/venv/bin/python"),
        ("{home}/venv/bin/python", "~/venv/bin/python"),
        ("{home}-other/bin/python", "{home}-other/bin/python"),
        ("/usr/bin/python3", "/usr/bin/python3"),
    ],
)
def test_no_home_in_the_executable(monkeypatch, path, expected):
    """A home directory, this user's or another's, is `~`."""
    monkeypatch.setenv("HOME", "/srv/people/alice")
    home = "/srv/people/alice"
    assert expected.format(home=home) == environment._without_user(path.format(home=home))


def plain(value):
    """Whether a value is text, a number, a bool, or a list of text or numbers."""
    return isinstance(value, str | int | float) or (
        isinstance(value, list) and value != [] and all(isinstance(item, str | int | float) for item in value)
    )


def test_real_machine():
    """On this machine, whatever it is, every value is plain, and none names the host."""
    nowhere = environment.Path("/nowhere")
    found = environment.describe(packages=["pytest"], sampler="python", measuring_core=None, directory=nowhere)
    values = [value for part in (found.machine, found.system, found.python, found.packages) for value in part.values()]
    assert [] == [value for value in values if not plain(value)]
    assert platform.node() not in " ".join(map(str, values)).split()
