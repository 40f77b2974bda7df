#!/bin/sh
# Textual 8.2.8 on Linux: an app whose terminal is closed runs forever and uses processor time,
# if its session leader survives the hang-up, so that no SIGHUP reaches the app.
# Its input thread reads an end of file and selects the closed terminal again without a pause.
# Expected: the app ends, or at least waits. Fails once Textual does.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check textual==8.2.8
cat > "$folder/app.py" <<'PY'
from textual.app import App
App().run()
PY
"$folder/venv/bin/python" - "$folder/app.py" <<'PY'
import os, pty, select, signal, sys, time, fcntl, termios
master, slave = pty.openpty()
reading, writing = os.pipe()
if not os.fork():
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    child = os.fork()
    if not child:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        for number in range(3):
            os.dup2(slave, number)
        os.close(master), os.close(slave)
        os.execv(sys.executable, [sys.executable, sys.argv[1]])
    os.close(master), os.close(slave)
    os.write(writing, str(child).encode())
    os.waitpid(child, 0)
    os._exit(0)
os.close(slave)
child = int(os.read(reading, 20))
end = time.time() + 3
while time.time() < end:
    if select.select([master], [], [], 0.1)[0]:
        os.read(master, 65536)
os.close(master)
time.sleep(1)
def used():
    with open(f"/proc/{child}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
before = used()
time.sleep(4)
share = (used() - before) / 4
os.kill(child, signal.SIGKILL)
print(f"5 seconds after its terminal was closed the app still runs, on {share:.0%} of a core")
sys.exit(0 if share > 0.02 else "the app no longer spins: this finding is outdated")
PY
