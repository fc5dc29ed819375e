"""The database and its secrets: whether it answers, whose version it is, who can read it, and what waits in it."""

import os
from datetime import timedelta
from pathlib import Path

from bot.doctor.finding import Finding
from bot.doctor.look import Look
from bot.doctor.stored import sqlite_file
from bot.domain.webhook import useless_secrets
from bot.store.migrate import NewerDatabase, known, newest

NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}
    | {"fuse.glusterfs", "fuse.s3fs", "fuse.sshfs"}
)
OTHERS = 0o077
LEAST_FREE = 100_000_000
"""Bytes: what a log, a backup and a day's answers of a small company take."""
OLDEST_BACKUP = timedelta(days=2)
"""A backup every night may be late once."""


def it_answers(look: Look) -> Finding | None:
    """Whether the database can be used."""
    if not look.stored.trouble:
        return None
    return Finding(
        f"The database does not work. {look.stored.trouble}",
        "Look at DATABASE_URL, at whether the server runs, and at the rights of its user or of the folder.",
    )


def its_clock_is_this_one(look: Look) -> Finding | None:
    """Whether Cairn would start at all: workers lease by the clock what they send."""
    if not look.stored.clock:
        return None
    return Finding(look.stored.clock, "Until then `python -m bot serve` ends at once, with exit status 2.")


def it_keeps_every_letter(look: Look) -> Finding | None:
    """Whether a PostgreSQL database takes Chinese."""
    if not look.stored.letters:
        return None
    return Finding(
        f"The database keeps letters as {look.stored.letters}: not everything that people write can be kept.",
        "Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and bring a backup into it.",
    )


def its_version_is_this_one(look: Look) -> Finding | None:
    """Whether the schema is the one that this code knows."""
    version = look.stored.version
    if version in {"", newest()}:
        return None
    if version not in known():
        return Finding(str(NewerDatabase(version)), "Run the newer version, or restore the backup.")
    return Finding(
        f"The database stands at migration {version}; this version needs {newest()}.",
        "Make a backup, then `python -m bot migrate`; a start does it too.",
        severe=False,
    )


def it_lies_on_this_machine(look: Look) -> Finding | None:
    """Whether a SQLite file lies where its locks do not hold."""
    file = sqlite_file(look.settings)
    kind = _kind_of_disk(file, look.machine.mounts) if file else ""
    if kind not in NETWORK:
        return None
    return Finding(
        f"{file} lies on a network file system ({kind}), where SQLite's locks do not hold: it may be damaged.",
        "Use a disk of this machine, or PostgreSQL.",
    )


def _kind_of_disk(file: Path, mounts: Path) -> str:
    """The kind of the file system that a path lies on, as Linux lists them; nothing elsewhere."""
    if not mounts.exists():
        return ""
    listed = [line.split()[1:3] for line in mounts.read_text(encoding="utf-8").splitlines() if line.count(" ") > 2]
    above = [(len(place), kind) for place, kind in listed if file.is_relative_to(place)]
    return max(above, default=(0, ""))[1]


def its_disk_has_room(look: Look) -> Finding | None:
    """Whether a SQLite file could be written anew, as it is when somebody is erased or a round closes."""
    file = sqlite_file(look.settings)
    if not file or not file.is_file():
        return None
    size, free = file.stat().st_size, look.machine.free(file.parent)
    if free >= max(size, LEAST_FREE):
        return None
    return Finding(
        f"Only {free // 1_000_000} MB are free where {file} lies, which takes {size // 1_000_000} MB: where nothing "
        "can be written, nothing that people say is kept.",
        "Make room; Cairn needs as much as the database is large while its file is written anew.",
    )


def one_process_works_on_it(look: Look) -> Finding | None:
    """Whether several processes have a SQLite file open."""
    file = sqlite_file(look.settings)
    holding = _holders(file.resolve(), look.machine.processes) if file else set()
    if len(holding) <= 1:
        return None
    return Finding(
        f"Several processes have {file} open ({', '.join(sorted(holding))}): one Cairn at most may work on it.",
        "Stop all but one, or use PostgreSQL, on which several may run.",
        severe=False,
    )


def _holders(file: Path, processes: Path) -> set[str]:
    """The processes besides this one that have a file open, as far as this user may see; by their numbers."""
    others = [one for one in processes.glob("[0-9]*") if one.name != str(os.getpid())]
    return {one.name for one in others if any(_leads_to(link, file) for link in _open_in(one))}


def _open_in(process: Path) -> list[Path]:
    try:
        return list((process / "fd").iterdir())
    except OSError:  # it has ended, or is another user's
        return []


def _leads_to(link: Path, file: Path) -> bool:
    try:
        return link.readlink() == file
    except OSError:  # it was closed meanwhile
        return False


def nobody_else_reads_it(look: Look) -> Finding | None:
    """Whether files that hold secrets are open to everybody on this machine."""
    file = sqlite_file(look.settings)
    kept = look.settings.keys_file
    secret = [look.machine.env_file, *([Path(kept)] if kept else []), *([file, Path(f"{file}.key")] if file else [])]
    wide = [str(one) for one in secret if one.is_file() and one.stat().st_mode & OTHERS]
    if not wide:
        return None
    return Finding(f"Others on this machine can read {', '.join(wide)}.", f"chmod 600 {' '.join(wide)}")


def the_seal_opens(look: Look) -> Finding | None:
    """Whether the secret of sealed answers is the right one."""
    if not look.stored.seal:
        return None
    return Finding(look.stored.seal, "Put the secret back that the rounds were opened with, on all workers.")


def the_seal_is_kept_apart(look: Look) -> Finding | None:
    """Whether several machines share a secret that only one of them has as a file."""
    if sqlite_file(look.settings) or look.settings.seal_key:
        return None
    return Finding(
        "CAIRN_SEAL_KEY is not set: the secret of sealed feedback is a file, var/seal.key, that other machines lack.",
        "Set CAIRN_SEAL_KEY on all workers; `openssl rand -hex 32` prints a good one.",
        severe=False,
    )


def the_keys_open(look: Look) -> Finding | None:
    """Whether everything that people wrote can be read."""
    if not look.stored.keys:
        return None
    return Finding(look.stored.keys, "Until then Cairn ends at once, with exit status 2; what is there is not changed.")


def what_people_write_is_encrypted(look: Look) -> Finding | None:
    """Whether there is a key at all, and whether one that was begun is all that is needed; a lost one comes first."""
    if look.stored.keys:
        return None
    if look.stored.halfway:
        return Finding(
            "Not everything that people wrote is under the newest key.",
            "Run `python -m bot keys encrypt` until it says that nothing is left; keep the older keys until then.",
            severe=False,
        )
    if look.settings.keys or look.settings.keys_file:
        return None
    return Finding(
        "What people write is not encrypted in the database: neither CAIRN_KEYS nor CAIRN_KEYS_FILE is set.",
        "Set CAIRN_KEYS_FILE, run `python -m bot keys rotate`, and keep that file apart from the database.",
        severe=False,
    )


def somebody_is_hr(look: Look) -> Finding | None:
    """Whether anybody can prepare a cycle."""
    if look.stored.hr or not look.stored.ids:
        return None
    return Finding("Nobody holds HR: no cycle can be prepared.", "Name somebody in CAIRN_HR and start Cairn once more.")


def hr_is_who_was_named(look: Look) -> Finding | None:
    """Whether somebody of CAIRN_HR holds HR: it counts at the first start alone."""
    held, wanted = look.stored.hr, look.settings.hr
    if not held or not wanted or {*held} & {*wanted}:
        return None
    return Finding(
        f"HR is {', '.join(held)}; CAIRN_HR names {', '.join(wanted)}, and is not looked at after the first start.",
        "Let them hand over in Slack (/cairn setup, Roles), or take CAIRN_HR out of the settings.",
        severe=False,
    )


def slack_takes_what_is_sent(look: Look) -> Finding | None:
    """What Slack refused of late, as the running Cairn noted it."""
    if not look.stored.refused or not look.auth.good:
        return None
    return Finding(
        f"Slack lately refused {', '.join(look.stored.refused)}.", "The log says what to do; see above, too."
    )


def a_token_that_was_refused_is_taken_now(look: Look) -> Finding | None:
    """Whether what stopped everything of late is over: a token was mended since, and nothing was sent with it yet."""
    if not look.stored.stopped or not look.auth.good or (look.settings.app_token and not look.socket.good):
        return None
    return Finding(
        f"Slack lately refused everything ({', '.join(look.stored.stopped)}); it takes the tokens given here.",
        "Start Cairn, and where it runs start it anew: it goes by the settings that it began with.",
        severe=False,
    )


def what_is_told_can_be_signed(look: Look) -> Finding | None:
    """Whether the secrets are there with which is signed what other systems are told."""
    useless = useless_secrets(look.stored.signing, look.settings.secrets)
    if not useless:
        return None
    told = ", ".join(f"{name} is {trouble}" for name, trouble in useless.items())
    return Finding(
        f"{told}: a system that HR named in /cairn webhooks is told nothing.",
        "Set it on all workers to what the other side has, 32 characters or more: `openssl rand -hex 32` prints one.",
    )


def systems_can_be_asked(look: Look) -> Finding | None:
    """Whether the tokens are there with which people and values are read."""
    missing = [name for name in look.stored.asking if not look.settings.tokens.get(name)]
    if not missing:
        return None
    return Finding(
        f"{', '.join(missing)}: not set, and a source that HR named in /cairn sources is read with it.",
        "Set it on all workers; written as `erp.corp.example TOKEN` it goes to that host alone.",
    )


def a_backup_is_new(look: Look) -> Finding | None:
    """Whether what is lost with this database is a day or two at most."""
    made = look.stored.backed_up
    if not look.stored.ids or (made and abs(look.now - made) <= OLDEST_BACKUP):
        return None
    known = (
        f"The last backup of this database is from {made:%Y-%m-%d %H:%M} UTC."
        if made
        else ("No backup of this database is known.")
    )
    return Finding(
        known,
        "Have `python -m bot backup FILE` run every night, and keep its files on another machine; docs/operating.md "
        "says how. Backups that are made in another way are not seen here.",
        severe=False,
    )


def nothing_was_given_up(look: Look) -> Finding | None:
    """What was not sent, or did not run, and is not tried any more."""
    stored = look.stored
    if not stored.given_up + stored.failed:
        return None
    return Finding(
        f"Messages that could not be sent: {stored.given_up}; planned steps that failed: {stored.failed}.",
        "Look for level=WARNING and `fault ref=` in the log.",
        severe=False,
    )


CHECKS = (
    it_answers,
    its_clock_is_this_one,
    it_keeps_every_letter,
    its_version_is_this_one,
    it_lies_on_this_machine,
    its_disk_has_room,
    one_process_works_on_it,
    nobody_else_reads_it,
    the_seal_opens,
    the_seal_is_kept_apart,
    the_keys_open,
    what_people_write_is_encrypted,
    somebody_is_hr,
    hr_is_who_was_named,
    slack_takes_what_is_sent,
    a_token_that_was_refused_is_taken_now,
    what_is_told_can_be_signed,
    systems_can_be_asked,
    a_backup_is_new,
    nothing_was_given_up,
)
