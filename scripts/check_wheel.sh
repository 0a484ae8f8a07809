#!/usr/bin/env bash
# Install the built wheel into a clean environment, outside the checkout, and run the main job there.
# Usage: scripts/check_wheel.sh DIST_FOLDER [PYTHON]
set -euo pipefail

dist=$(cd "$1" && pwd)
python=${2:-python3}
limit_mb=480
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/env"
"$work/env/bin/python" -m pip install -q --no-compile "$dist"/*.whl
"$work/env/bin/python" -m pip check

size_mb=$(du -sm "$work/env" | cut -f1)
echo "runtime install: ${size_mb} MB (limit ${limit_mb} MB)"
((size_mb < limit_mb))
if "$work/env/bin/python" -m pip list | grep -iE '^(torch|jax|tensorflow|scipy|mediapipe|nvidia)'; then
  echo "the runtime install holds a package it must not" >&2
  exit 1
fi

cd "$work"
export PATH="$work/env/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
python - <<'PYTHON'
import importlib.resources
import pathlib
import talkingeyes

assert "site-packages" in talkingeyes.__file__, talkingeyes.__file__
sample = importlib.resources.files("talkingeyes") / "assets" / "sample.opus"
pathlib.Path("speech.opus").write_bytes(sample.read_bytes())
PYTHON

talkingeyes --version
talkingeyes animate speech.opus
talkingeyes animate speech.opus --seed 7 -o a.html -o a.npz -o a.glb -o a.csv -o a.json
talkingeyes animate speech.opus --seed 7 -o again.npz --quiet
cmp a.npz again.npz
talkingeyes animate speech.opus --takes 2 -o take.glb -o takes.html --json
talkingeyes info a.npz
talkingeyes info speech.opus --json
talkingeyes evaluate a.npz --audio speech.opus -o report.html --quiet
talkingeyes convert a.npz b.csv c.json d.glb
talkingeyes convert b.csv e.html --audio speech.opus
for made in speech.html a.{html,npz,glb,csv,json} take-{1,2}.glb takes.html report.html b.csv c.json d.glb e.html; do
  test -s "$made" || { echo "$made was not made" >&2; exit 1; }
done
status=0
talkingeyes animate missing.wav 2>errors.txt || status=$?
((status == 2)) && [ "$(wc -l <errors.txt)" = 1 ]
echo "the installed wheel does the main job"
