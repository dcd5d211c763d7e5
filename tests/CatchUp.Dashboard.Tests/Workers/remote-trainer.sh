#!/bin/sh
# A process that behaves as a trainer does at the worker's border: train RUN.json --out DIR --supervised. It goes on from the
# checkpoint it is given, writes a checkpoint at each of ten steps, drops the one before, and ends with a sample and a snapshot.
# While the file "hold" lies beside this script it waits at step 5 for "pause".
run=$2
out=$4
journal=$out/journal.ndjson
hold=$(dirname "$0")/hold
number=0

entry() {
  number=$((number + 1))
  printf '{"kind":"%s","number":%d,"at":"2026-11-23T12:00:00+00:00",%s}\n' "$1" "$number" "$2" >>"$journal"
}
stored() { # kind, file, content, more
  mkdir -p "$out/$(dirname "$2")"
  printf '%s' "$3" >"$out/$2"
  entry "$1" '"file":"'"$2"'","sha256":"'"$(sha256sum "$out/$2" | cut -d ' ' -f 1)"'","bytes":'"$(wc -c <"$out/$2")"','"$4"
}

resume=$(sed -n 's/^ *"file": "\(.*\)",*$/\1/p' "$run" | head -n 1)
step=0
if [ -n "$resume" ]; then
  # What it goes on from says which step that was.
  step=$(sed -n 's/^checkpoint of step \([0-9]*\)$/\1/p' "$resume") || exit 2
fi
entry started '"fromStep":'"$step"',"parameters":10,"environment":{"resumed":"'"$resume"'"}'
while [ "$step" -lt 10 ]; do
  step=$((step + 1))
  entry points '"step":'$step',"imagesSeen":'$step',"values":{"loss":'$step'.25}'
  stored checkpoint "checkpoints/$step.safetensors" "checkpoint of step $step" '"type":"checkpoint","step":'$step
  if [ "$step" = 5 ] && [ -e "$hold" ]; then
    while read -r word; do
      if [ "$word" = pause ]; then
        entry ended '"outcome":"paused","step":5'
        exit 0
      fi
    done
    exit 4
  fi
done
stored samples samples/10.png "a picture of $out" '"step":10,"solver":"euler","nfe":4,"noiseBank":1,"rows":1,"columns":1,"cellWidth":28,"cellHeight":28'
stored checkpoint checkpoints/s.safetensors "snapshot of $out" '"type":"snapshot","step":10'
entry ended '"outcome":"completed","step":10'
