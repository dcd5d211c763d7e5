#!/bin/sh
# A process that behaves as a trainer does at the worker's border: 20 steps, a point each, about a second and a half.
# The end of its standard input ends it, as it does a trainer.
exec 3<&0
(cat <&3 >/dev/null; kill -KILL $$) &
run=$2
journal=$4/journal.ndjson
from=$(sed -n 's/^ *"step": \([0-9]*\),*$/\1/p' "$run" | head -n 1)
step=${from:-0}
number=1
printf '{"kind":"started","number":1,"at":"2026-11-23T12:00:00+00:00","fromStep":%d,"parameters":10,"environment":{}}\n' "$step" >>"$journal"
while [ "$step" -lt 20 ]; do
  step=$((step + 1))
  number=$((number + 1))
  printf '{"kind":"points","number":%d,"at":"2026-11-23T12:00:00+00:00","step":%d,"imagesSeen":%d,"values":{"loss":%d.25}}\n' "$number" "$step" "$step" "$step" >>"$journal"
  sleep 0.07
done
printf '{"kind":"ended","number":%d,"at":"2026-11-23T12:00:00+00:00","outcome":"completed","step":20}\n' "$((number + 1))" >>"$journal"
