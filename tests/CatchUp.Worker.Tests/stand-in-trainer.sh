#!/bin/sh
# A process that behaves as a trainer does at the worker's border, well or badly: train RUN.json --out DIR --supervised.
# What it does is the name of the run.
run=$2
out=$4
journal=$out/journal.ndjson
number=0

entry() {
  number=$((number + 1))
  printf '{"kind":"%s","number":%d,"at":"2026-11-23T12:00:00+00:00",%s}\n' "$1" "$number" "$2" >>"$journal"
}
started() { entry started '"fromStep":0,"parameters":10,"environment":{"threads":"'"$CATCHUP_THREADS"'","spin":"'"$GOMP_SPINCOUNT"'","data":"'"$CATCHUP_DATA"'","download":"'"$CATCHUP_DOWNLOAD"'"}'; }
points() {
  step=0
  while [ "$step" -lt "$1" ]; do
    step=$((step + 1))
    entry points '"step":'$step',"imagesSeen":'$((step * 64))',"values":{"loss":'$step'.5,"gradient":"NaN"}'
  done
}
ended() { entry ended '"outcome":"'"$1"'","step":'"$step"; }
stored() { # kind, file, more
  mkdir -p "$out/$(dirname "$2")"
  printf 'bytes of %s of attempt %s' "$2" "$out" >"$out/$2"
  entry "$1" '"file":"'"$2"'","sha256":"'"$(sha256sum "$out/$2" | cut -d ' ' -f 1)"'","bytes":'"$(wc -c <"$out/$2")"','"$3"
}

case $(sed -n 's/^ *"name": "\([a-z0-9-]*\)".*/\1/p' "$run" | head -n 1) in
gives-way)
  # Its priority is set once it runs.
  tries=0
  while [ "$(nice)" != 10 ] && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
  entry started '"fromStep":0,"parameters":10,"environment":{"nice":"'"$(nice)"'"}'
  step=0
  ended completed
  ;;
complete)
  started
  points 5
  mkdir -p "$out/samples"
  echo near > "$out/samples/5-near.png"
  echo way > "$out/samples/5-way.png"
  near='"neighbours":{"file":"samples/5-near.png","extractor":"cnn","sha256":"'$(sha256sum "$out/samples/5-near.png" | cut -d ' ' -f 1)'"}'
  way='"trajectory":{"file":"samples/5-way.png","sha256":"'$(sha256sum "$out/samples/5-way.png" | cut -d ' ' -f 1)'"}'
  stored samples samples/5.png '"step":5,"solver":"euler","nfe":4,"rows":1,"columns":1,"cellWidth":28,"cellHeight":28,'"$near,$way"
  stored checkpoint checkpoints/5.safetensors '"type":"checkpoint","step":5'
  stored checkpoint checkpoints/old.safetensors '"type":"checkpoint","step":2'
  entry checkpoint-removed '"type":"checkpoint","step":2,"sha256":"'"$(sha256sum "$out/checkpoints/old.safetensors" | cut -d ' ' -f 1)"'"'
  rm "$out/checkpoints/old.safetensors"
  stored checkpoint checkpoints/s.safetensors '"type":"snapshot","step":5'
  ended completed
  ;;
many)
  started
  points 2600
  ended completed
  ;;
crash)
  started
  points 3
  printf '{"kind":"points","number":5,"st' >>"$journal"
  echo "about to crash" >&2
  kill -SEGV $$
  ;;
bad-input)
  echo "optimizer.learningRate is -1; it must lie between 0 and 1." >&2
  exit 2
  ;;
out-of-memory)
  started
  points 1
  echo "DefaultCPUAllocator: can't allocate memory: you tried to allocate 400000000000 bytes." >&2
  exit 134
  ;;
disk-full)
  started
  step=0
  echo "No space left on device : '/somewhere/checkpoints/5.safetensors'" >&2
  exit 1
  ;;
silent)
  exit 0
  ;;
failed)
  started
  points 2
  entry ended '"outcome":"failed","step":2,"cause":"The loss was not finite."'
  exit 3
  ;;
obedient)
  started
  points 3
  while read -r word; do
    case $word in
    pause)
      stored checkpoint checkpoints/3.safetensors '"type":"checkpoint","step":3'
      ended paused
      exit 0
      ;;
    cancel)
      ended cancelled
      exit 0
      ;;
    esac
  done
  exit 4
  ;;
deaf)
  started
  points 3
  while :; do sleep 1; done
  ;;
chatty)
  started
  points 1
  head -c 3000000 /dev/zero | tr '\0' 'x'
  head -c 3000000 /dev/zero | tr '\0' 'y' >&2
  ended completed
  ;;
esac
