#!/usr/bin/env bash
# Trains the sweeps in this folder with the product and packs what it recorded into home.tar.gz.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build tests/CatchUp.Journeys.Tests --nologo -v quiet
exec dotnet run --project tests/CatchUp.Journeys.Tests --no-build -- -class '*RecordingJourneys' -explicit only -showliveoutput
