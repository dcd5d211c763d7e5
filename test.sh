#!/usr/bin/env bash
# Runs the tests and ends with "N passed, N failed".
#   ./test.sh           everything; installs what the tests use (Chromium, PostgreSQL, RabbitMQ, docker-compose) where it may
#   ./test.sh --quick   all but the journeys and the slow tests, for daily work
#   ./test.sh --chaos   only the whole chaos matrix, which prints the table of docs/reliability.md (about half an hour)
set -euo pipefail
cd "$(dirname "$0")"

quick=false chaos=false
for argument in "$@"; do
  case "$argument" in
    --quick) quick=true ;;
    --chaos) chaos=true ;;
    *) echo "test.sh: unknown option '$argument'. Use ./test.sh, ./test.sh --quick or ./test.sh --chaos." >&2; exit 2 ;;
  esac
done

# Real browsers and servers, where this machine lets us have them. A test that lacks one says so and is skipped.
install() {
  command -v apt-get >/dev/null || return 0
  local elevate=""
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || { echo "test.sh: '$*' not installed: that needs root. The tests that use it will be skipped."; return 0; }
    elevate="sudo -n"
  fi
  $elevate apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive $elevate apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
    || echo "test.sh: could not install '$*'. The tests that use it will be skipped."
}
wanted=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
if ! $quick; then
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || wanted+=(rabbitmq-server)
  command -v docker-compose >/dev/null || wanted+=(docker-compose)
  command -v chromium >/dev/null || wanted+=(chromium)
  command -v cc >/dev/null || wanted+=(gcc libc6-dev)
  [ -d /usr/share/datasets/fashion-mnist ] || wanted+=(dataset-fashion-mnist)
fi
[ ${#wanted[@]} = 0 ] || install "${wanted[@]}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT

dotnet build CatchUp.Platform.sln --nologo -v quiet

if $chaos; then
  exec dotnet run --project tests/CatchUp.Journeys.Tests --no-build -- -class '*ChaosJourneys' -explicit only -showliveoutput
fi

status=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  filter=()
  if $quick; then
    [ "$name" = CatchUp.Journeys.Tests ] && continue
    filter=(--filter-not-trait Speed=Slow)
  fi
  echo "== $name"
  # Exit status 8 is "no test ran", which is right for a project whose tests are all slow.
  code=0
  dotnet test --project "$project" --no-build --no-progress --no-ansi "${filter[@]}" 2>&1 | tee -a "$log" || code=${PIPESTATUS[0]}
  if [ "$code" != 0 ] && [ "$code" != 8 ]; then status=1; fi
done

# What failed once more at the end, where it is found.
grep -A 12 '^failed ' "$log" | cut -c 1-400 || true
awk '/^ *succeeded:/{p+=$2} /^ *failed:/{f+=$2} END{printf "%d passed, %d failed\n", p, f}' "$log"
exit $status
