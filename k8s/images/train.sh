#!/usr/bin/env bash
# Makes a service's AOT cache: starts a real PostgreSQL and Kafka, then the service, until it has started; the cache is
# written when it stops.
#   train.sh JDK RUNTIME APP SERVICE LOCAL_JAR
set -euo pipefail
jdk=$1 runtime=$2 app=$3 service=$4 local_jar=$5
scratch=$(mktemp -d)
port() { echo $((20000 + RANDOM % 20000)); }
postgres_port=$(port) kafka_port=$(port) http_port=$(port)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait || true; rm -rf "$scratch"' EXIT

await() {
  local until=$((SECONDS + 120))
  until "$@"; do
    [[ $SECONDS -lt $until ]] || { tail -n 20 "$scratch"/*.log >&2; echo "train.sh: gave up on: $*" >&2; exit 1; }
    sleep 0.2
  done
}

for part in "postgres $postgres_port" "kafka $kafka_port"; do
  read -r name number <<<"$part"
  "$jdk/bin/java" -jar "$local_jar" "$name" --dir "$scratch/$name" --port "$number" --parent $$ \
    --ready-file "$scratch/$name.ready" >"$scratch/$name.log" 2>&1 &
  pids+=($!)
  await test -f "$scratch/$name.ready"
done

zeros=$(head -c 32 /dev/zero | base64 | tr '+/' '-_' | tr -d '=')
SERVICE=$service "$jdk/bin/java" "$(dirname "$0")/TrainingKeys.java" "$scratch"
env QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT="$http_port" RELAYAUTH_NODE=training \
  RELAYAUTH_ISSUER="http://127.0.0.1:$http_port" RELAYAUTH_REVISION_KEY="$zeros" \
  RELAYAUTH_TOKEN_KEY_ENCRYPTION_KEY="$zeros" RELAYAUTH_TOKEN_REFRESH_KEY="$zeros" \
  RELAYAUTH_URLS_IDENTITY="http://127.0.0.1:$http_port" RELAYAUTH_URLS_TOKEN="http://127.0.0.1:$http_port" \
  RELAYAUTH_URLS_POLICY="http://127.0.0.1:$http_port" RELAYAUTH_URLS_AUDIT="http://127.0.0.1:$http_port" \
  RELAYAUTH_URLS_REVOCATION="http://127.0.0.1:$http_port" \
  RELAYAUTH_INTERNAL_PRIVATE_KEY_FILE="$scratch/private.jwk" RELAYAUTH_INTERNAL_TRUSTED_KEYS_FILE="$scratch/trusted.jwks" \
  QUARKUS_DATASOURCE_JDBC_URL="jdbc:postgresql://127.0.0.1:$postgres_port/relayauth" \
  QUARKUS_DATASOURCE_USERNAME=postgres QUARKUS_DATASOURCE_PASSWORD=postgres \
  KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:$kafka_port" \
  "$runtime/bin/java" -XX:AOTCacheOutput="$app/service.aot" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -jar "$app/quarkus-run.jar" >"$scratch/$service.log" 2>&1 &
service_pid=$!
pids+=("$service_pid")
await bash -c "exec 3<>/dev/tcp/127.0.0.1/$http_port" 2>/dev/null
kill -TERM "$service_pid"
await bash -c "! kill -0 $service_pid 2>/dev/null"
[[ -s "$app/service.aot" ]] || { tail -n 30 "$scratch/$service.log" >&2; exit 1; }
echo "train.sh: $(du -h "$app/service.aot" | cut -f1) of cache for $service"
