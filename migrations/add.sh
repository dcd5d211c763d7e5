#!/bin/sh
# Adds a migration to every provider: migrations/add.sh NAME
set -eu
[ $# -eq 1 ] || { echo "usage: migrations/add.sh NAME" >&2; exit 2; }
cd "$(dirname "$0")/.."
dotnet tool restore
for provider in Sqlite PostgreSql; do
  project="migrations/CatchUp.Migrations.$provider"
  dotnet restore "$project"
  dotnet ef migrations add "$1" --project "$project" --output-dir Migrations
done
