#!/usr/bin/env bash
# Starts the team set-up by hand, on this machine's loopback address: PostgreSQL, RabbitMQ, one or more servers and, when there
# is a token for them, workers. Ctrl+C (or SIGTERM) stops all of it; the same folder goes on where it was.
#
#   deploy/start-team.sh [FOLDER]        FOLDER keeps data and logs; by default ./team
#
# From the environment, without defaults: POSTGRES_PASSWORD, RABBITMQ_PASSWORD, CATCHUP_ADMIN_PASSWORD.
# Also: CATCHUP_PORT (5080; further servers take the next ports), SERVERS (1), POSTGRES_PORT (5433), RABBITMQ_PORT (5673),
#       WORKERS (1) and CATCHUP_WORKER_TOKEN (none: no workers), CONFIGURATION (Debug).
# Needs what apt-get install postgresql rabbitmq-server brings, and a built solution (dotnet build CatchUp.Platform.sln).
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)

for name in POSTGRES_PASSWORD RABBITMQ_PASSWORD CATCHUP_ADMIN_PASSWORD; do
  [ -n "${!name:-}" ] || { echo "start-team.sh: $name is empty or not set. Set it; there is no default." >&2; exit 1; }
done

folder=${1:-team}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
port=${CATCHUP_PORT:-5080} servers=${SERVERS:-1} workers=${WORKERS:-1}
postgres_port=${POSTGRES_PORT:-5433} rabbitmq_port=${RABBITMQ_PORT:-5673}
programs() { echo "$repository/src/$1/bin/${CONFIGURATION:-Debug}/net10.0/$1.dll"; }
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
rabbitmq=/usr/lib/rabbitmq/bin/rabbitmq-server
[ -n "$postgres" ] || { echo "start-team.sh: PostgreSQL is not installed: apt-get install postgresql." >&2; exit 1; }
[ -x "$rabbitmq" ] || { echo "start-team.sh: RabbitMQ is not installed: apt-get install rabbitmq-server." >&2; exit 1; }
[ -f "$(programs CatchUp.Dashboard)" ] || { echo "start-team.sh: $(programs CatchUp.Dashboard) is not there: dotnet build CatchUp.Platform.sln." >&2; exit 1; }

# Both refuse to run as root, or should: as root they run as the users their packages made.
as() {
  local user=$1
  shift
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"; else exec "$@"; fi
}
own() { if [ "$(id -u)" = 0 ]; then chown -R "$1:$1" "$2"; fi; }

started=()
stop() {
  trap - EXIT INT TERM
  # The last started first: workers, servers, broker, database.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    read -r signal pid <<<"${started[$i]}"
    kill "-$signal" "$pid" 2>/dev/null || true
    for _ in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
}
trap stop EXIT
trap 'exit 0' INT TERM
# until COMMAND...: waits until it succeeds, as long as the part that was started last lives.
until_ready() {
  local part=$1 pid=${started[-1]#* }
  shift
  until "$@" >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null || { echo "start-team.sh: $part ended while starting; $folder/log has its words." >&2; exit 1; }
    sleep 0.2
  done
}
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
lives() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /health/live HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3 && head -n 1 <&3 | grep -q ' 200 ') 2>/dev/null; }

mkdir -p "$folder/log" "$folder/postgresql" "$folder/rabbitmq" "$folder/home"
# The servers' users must be able to reach their own folders.
chmod 711 "$folder"

if [ ! -f "$folder/postgresql/data/PG_VERSION" ]; then
  (umask 077 && printf '%s\n' "$POSTGRES_PASSWORD" >"$folder/postgresql/password")
  own postgres "$folder/postgresql"
  (as postgres "$postgres/initdb" -D "$folder/postgresql/data" -U catchup -A scram-sha-256 --pwfile="$folder/postgresql/password" -E UTF8 --locale=C) >"$folder/log/initdb.log" 2>&1 \
    || { echo "start-team.sh: initdb failed; $folder/log/initdb.log has its words." >&2; exit 1; }
  rm -f "$folder/postgresql/password"
fi
own postgres "$folder/postgresql"
(as postgres "$postgres/postgres" -D "$folder/postgresql/data" -p "$postgres_port" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$folder/postgresql") >"$folder/log/postgresql.log" 2>&1 &
started+=("INT $!")
until_ready PostgreSQL "$postgres/pg_isready" -h 127.0.0.1 -p "$postgres_port"

cat >"$folder/rabbitmq/rabbitmq.conf" <<CONFIGURATION
listeners.tcp.1 = 127.0.0.1:$rabbitmq_port
default_user = catchup
default_pass = $RABBITMQ_PASSWORD
CONFIGURATION
echo '[].' >"$folder/rabbitmq/enabled_plugins"
chmod 600 "$folder/rabbitmq/rabbitmq.conf"
own rabbitmq "$folder/rabbitmq"
(
  export HOME="$folder/rabbitmq" RABBITMQ_NODENAME="catchup$rabbitmq_port@localhost" RABBITMQ_DIST_PORT=$((rabbitmq_port > 45000 ? rabbitmq_port - 20000 : rabbitmq_port + 20000))
  export RABBITMQ_MNESIA_BASE="$folder/rabbitmq/data" RABBITMQ_LOG_BASE="$folder/rabbitmq/log" RABBITMQ_CONFIG_FILE="$folder/rabbitmq/rabbitmq.conf"
  export RABBITMQ_ENABLED_PLUGINS_FILE="$folder/rabbitmq/enabled_plugins" RABBITMQ_CONF_ENV_FILE="$folder/rabbitmq/none" ERL_EPMD_ADDRESS=127.0.0.1
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +sbwt none'
  cd "$folder/rabbitmq"
  as rabbitmq "$rabbitmq"
) >"$folder/log/rabbitmq.log" 2>&1 &
started+=("TERM $!")
until_ready RabbitMQ answers "$rabbitmq_port"

export POSTGRES_PASSWORD RABBITMQ_PASSWORD CATCHUP_BROKER="amqp://127.0.0.1:$rabbitmq_port" CATCHUP_BROKER_USER=catchup
for ((i = 0; i < servers; i++)); do
  CATCHUP_DATABASE="Host=127.0.0.1;Port=$postgres_port;Database=catchup;Username=catchup" CATCHUP_HOME="$folder/home" \
    dotnet "$(programs CatchUp.Dashboard)" --urls "http://127.0.0.1:$((port + i))" >"$folder/log/dashboard-$((i + 1)).log" 2>&1 &
  started+=("TERM $!")
  until_ready "Server $((i + 1))" lives "$((port + i))"
done

if [ -n "${CATCHUP_WORKER_TOKEN:-}" ]; then
  # Lies in a folder of the platform it is built for.
  CATCHUP_TRAINER=${CATCHUP_TRAINER:-$(ls "$repository/src/CatchUp.Trainer/bin/${CONFIGURATION:-Debug}"/net10.0/*/CatchUp.Trainer.dll | head -n 1)}
  export CATCHUP_TRAINER
  for ((i = 0; i < workers; i++)); do
    mkdir -p "$folder/worker-$((i + 1))"
    CATCHUP_SERVER="http://127.0.0.1:$port" CATCHUP_WORKER_NAME="worker-$((i + 1))" CATCHUP_HOME="$folder/worker-$((i + 1))" \
      dotnet "$(programs CatchUp.Worker)" >"$folder/log/worker-$((i + 1)).log" 2>&1 &
    started+=("TERM $!")
  done
else
  workers=0
fi

echo "The team set-up is at http://127.0.0.1:$port: $servers server(s), $workers worker(s). Data and logs are in $folder."
[ "$workers" != 0 ] || echo "There is no worker: make a token (docs/workers.md), set CATCHUP_WORKER_TOKEN and start again."
# Ends when the first part does: half a platform helps nobody who started it to try it.
wait -n || true
echo "start-team.sh: a part ended; $folder/log has its words." >&2
exit 1
