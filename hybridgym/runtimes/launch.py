"""Set the scene for bubblewrap: a throw-away workspace, limits, an unprivileged user. Then become bubblewrap.

    python -I -S launch.py CONTROL USER METHOD DISK LIMITS GROUPS REPORTS WORKSPACE SOURCE... -- COMMAND...

A program of its own, so that the process that grades, which may be large and have threads, does none of this after
a fork. It runs nothing of what it mounts, and imports little, because every run pays for it.

CONTROL is the descriptor of a socket: the scene's folder is sent through it, or why there is none. USER is the user
to become; whoever is not root stays who he is, and leaves it empty. METHOD is `overlay` or `copy`. LIMITS are
resource limits (7=1024,1=…), GROUPS descriptors of cgroup.procs files, REPORTS the name of a folder. WORKSPACE and
each SOURCE are paths; COMMAND finds them below SCENE.
"""

import _socket  # socket itself takes longer to import than all the rest
import ctypes
import os
import resource
import stat
import sys

SCENE = "/tmp"
"""Covered by a file system of the run's own, which nobody outside of it sees."""
FILES = {
    "passwd": "root:x:0:0:root:/root:/bin/sh\nagent:x:10001:10001::/home/agent:/bin/sh\n",
    "group": "root:x:0:\nagent:x:10001:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
"""What the command finds in /etc."""

# From the kernel's headers: clone flags, mount flags, system calls (the same on every processor) and their flags.
NEW_NAMESPACE, NEW_USER = 0x20000, 0x10000000
NO_SUID, NO_DEVICES, REMOUNT, BIND, RECURSIVE, PRIVATE = 0x2, 0x4, 0x20, 0x1000, 0x4000, 0x40000
OPEN_TREE, MOVE_MOUNT, SET_ATTRIBUTES = 428, 429, 442
CLONE_TREE, WHOLE_TREE, THE_DESCRIPTOR, FROM_DESCRIPTOR, MAPPED_USERS = 0x1, 0x8000, 0x1000, 0x4, 0x100000
MAY_BE_LOOKED_AT = 4
KILL = 9

libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> None:
    """Follow the arguments; does not return."""
    control, user, method, disk, limits, groups, reports, workspace, *rest = arguments
    divider = rest.index("--")
    descriptors = [int(group) for group in groups.split(",") if group]
    link = _socket.socket(fileno=int(control))
    for descriptor in (link.fileno(), *descriptors):
        os.set_inheritable(descriptor, False)
    try:
        if not user:
            enter_user_namespace(os.getuid(), os.getgid())
        check(libc.unshare(NEW_NAMESPACE), "mount namespace")
        mount("none", "/", None, RECURSIVE | PRIVATE)
        set_the_scene(workspace, rest[:divider], method, int(disk), user)
        if reports:
            own(make(f"reports/{reports}"), user)
        folder = os.open(SCENE, os.O_RDONLY | os.O_DIRECTORY)
        link.sendmsg([b"ready"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, folder.to_bytes(4, sys.byteorder))])
        for descriptor in descriptors:
            os.write(descriptor, b"0")
        if user:
            become(int(user), counted_alone=not descriptors)
        for item in limits.split(","):
            lower(*map(int, item.split("=")))
        os.chdir("/")
        os.execve(rest[divider + 1], rest[divider + 1 :], {})
    except OSError as error:
        link.send(str(error).encode())
        os._exit(1)


# Users


def enter_user_namespace(uid: int, gid: int) -> None:
    """Become root of a user namespace that holds one user, which is what mounting needs."""
    check(libc.unshare(NEW_USER), "user namespace")
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{uid} {uid} 1")
    write("/proc/self/gid_map", f"{gid} {gid} 1")


def become(uid: int, *, counted_alone: bool) -> None:
    """Give up being root; counted alone means that the processes of other runs do not count."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if counted_alone:
        # The change of user left /proc/self to root.
        check(libc.prctl(MAY_BE_LOOKED_AT, 1, 0, 0, 0), "prctl")
        enter_user_namespace(uid, uid)


def lower(number: int, value: int) -> None:
    """Set a resource limit; one that is lower already stays."""
    hard = resource.getrlimit(number)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (value, value))


# The scene


def set_the_scene(workspace: str, sources: list[str], method: str, disk: int, user: str) -> None:
    """Mount below SCENE everything that is not of the system."""
    # Opened before SCENE is covered: they may lie in it.
    lower, *opened = [os.open(source, os.O_PATH) for source in [workspace, *sources]]
    mount("tmpfs", SCENE, "tmpfs", NO_SUID | NO_DEVICES, f"{room(disk)},mode=755")
    for name in ("tmp", "shm", "home", "upper", "work"):
        own(make(name), user)
    os.chmod(f"{SCENE}/tmp", 0o1777)
    os.chmod(f"{SCENE}/shm", 0o1777)
    # Root's, and not to be listed: whoever is to write here has to know the name of the folder inside.
    os.chmod(make("reports"), 0o711)
    for name in ("etc", "sources", "testbed", "lower"):
        make(name)
    for name, text in FILES.items():
        write(f"{SCENE}/etc/{name}", text)
    for number, source in enumerate(opened):
        target = f"{SCENE}/sources/{number}"
        if stat.S_ISDIR(os.fstat(source).st_mode):
            os.mkdir(target)
        else:
            write(target, "")
        bind(source, target, user)
    bind(lower, f"{SCENE}/lower", user)
    os.chmod(f"{SCENE}/upper", stat.S_IMODE(os.fstat(lower).st_mode))
    if method == "overlay":
        # Whoever is root of a namespace only may not write the attributes that root writes.
        attributes = "" if user else ",userxattr"
        folders = f"lowerdir={SCENE}/lower,upperdir={SCENE}/upper,workdir={SCENE}/work"
        mount("overlay", f"{SCENE}/testbed", "overlay", NO_SUID | NO_DEVICES, folders + attributes)
    else:
        copy(f"{SCENE}/lower", f"{SCENE}/upper", user)
        used = os.statvfs(SCENE)
        taken = (used.f_blocks - used.f_bfree) * used.f_frsize
        mount("none", SCENE, None, REMOUNT | NO_SUID | NO_DEVICES, room(disk + taken, used.f_files - used.f_ffree))
        mount(f"{SCENE}/upper", f"{SCENE}/testbed", None, BIND)


def room(size: int, files: int = 0) -> str:
    """Return the options that limit a file system; the smallest files take memory as well."""
    return f"size={size},nr_inodes={files + max(size // 1024, 1024)}"


def make(name: str) -> str:
    path = f"{SCENE}/{name}"
    os.mkdir(path)
    os.chmod(path, 0o755)
    return path


def own(path: str, user: str) -> None:
    if user:
        os.chown(path, int(user), int(user), follow_symlinks=False)


def bind(source: int, target: str, user: str) -> None:
    """Mount a file or folder; where it can be, so that what is its owner's is the user's."""
    if not (user and bind_as(source, target, user)):
        mount(f"/proc/self/fd/{source}", target, None, BIND | RECURSIVE)


def bind_as(source: int, target: str, user: str) -> bool:
    """Mount with another owner, which not every kernel and file system can."""
    tree = libc.syscall(OPEN_TREE, source, b"", CLONE_TREE | THE_DESCRIPTOR | WHOLE_TREE | os.O_CLOEXEC)
    if tree < 0:
        return False
    users = users_mapped(os.fstat(source), user)
    attributes = (ctypes.c_uint64 * 4)(MAPPED_USERS, 0, 0, users)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    changed = libc.syscall(SET_ATTRIBUTES, tree, b"", THE_DESCRIPTOR | WHOLE_TREE, attributes, size) == 0
    return bool(changed and libc.syscall(MOVE_MOUNT, tree, b"", -1, target.encode(), FROM_DESCRIPTOR) == 0)


def users_mapped(owner: os.stat_result, user: str) -> int:
    """Return the descriptor of a user namespace in which an owner is the user."""
    waiting, done = os.pipe()
    ready, told = os.pipe()
    child = os.fork()
    if not child:
        os.close(done)
        failed = libc.unshare(NEW_USER)
        os.write(told, b"x")
        os.read(waiting, 1)
        os._exit(failed)
    try:
        os.read(ready, 1)
        write(f"/proc/{child}/uid_map", f"{owner.st_uid} {user} 1")
        write(f"/proc/{child}/gid_map", f"{owner.st_gid} {user} 1")
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY)
    finally:
        os.kill(child, KILL)
        os.waitpid(child, 0)
        for descriptor in (waiting, done, ready, told):
            os.close(descriptor)


def copy(source: str, target: str, user: str) -> None:
    """Copy what a folder holds: files, folders and links, with their permissions."""
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(source + folder) as entries:
            for entry in entries:
                name = f"{folder}/{entry.name}"
                if entry.is_symlink():
                    os.symlink(os.readlink(entry.path), target + name)
                elif entry.is_dir():
                    os.mkdir(target + name)
                    folders.append(name)
                elif entry.is_file():
                    copy_file(entry.path, target + name)
                else:
                    continue
                own(target + name, user)
                if not entry.is_symlink():
                    os.chmod(target + name, stat.S_IMODE(entry.stat().st_mode) & 0o777)


def copy_file(source: str, target: str) -> None:
    with open(source, "rb", buffering=0) as reading, open(target, "xb", buffering=0) as writing:
        while os.sendfile(writing.fileno(), reading.fileno(), None, 1 << 30):
            pass


# The kernel


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    texts = (text.encode() if text is not None else None for text in (source, target, kind))
    given = options.encode() if options is not None else None
    check(libc.mount(*texts, ctypes.c_ulong(flags), given), f"mount {target}")


def check(result: int, what: str) -> None:
    """Raise OSError where a call of libc failed."""
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
