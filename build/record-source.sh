#!/bin/sh
# Writes FOLDER/source.json and FOLDER/source.patch: record-source.sh FOLDER [COMMIT]
# Only what the trainer is made of counts. Without git, or outside a repository, little is known, and no build fails for it.
set -u
folder=$1
given=${2:-}
root=$(cd "$(dirname "$0")/.." && pwd -P)
paths="src/CatchUp.Trainer src/CatchUp.Flow src/CatchUp.Contracts extractors build Directory.Build.props Directory.Build.targets Directory.Packages.props global.json"
largest=65536
mkdir -p "$folder"
patch="$folder/patch.$$"
json="$folder/json.$$"
: > "$patch"

ask() { git -C "$root" "$@" 2> /dev/null; }

# A copy of the sources inside somebody else's repository is not of that one's commit.
if [ "$(ask rev-parse --show-toplevel)" = "$root" ] && commit=$(ask rev-parse --verify HEAD); then
  # With an index of its own, so that new files are part of the patch and the user's index stays as it is.
  export GIT_INDEX_FILE="$folder/index.$$"
  # shellcheck disable=SC2086
  if ask read-tree HEAD && ask add --intent-to-add -- $paths \
    && ask diff --no-color --no-ext-diff --no-textconv --full-index --diff-algorithm=myers --unified=3 --src-prefix=a/ --dst-prefix=b/ HEAD -- $paths > "$patch"; then
    bytes=$(($(wc -c < "$patch")))
    if [ "$bytes" -gt 0 ]; then
      printf '{ "commit": "%s", "changed": true, "patchSha256": "%s", "patchBytes": %s }\n' "$commit" "$(sha256sum "$patch" | cut -c1-64)" "$bytes" > "$json"
      [ "$bytes" -le "$largest" ] || { head -c "$largest" "$patch" > "$patch.cut" && mv "$patch.cut" "$patch"; }
    else
      printf '{ "commit": "%s", "changed": false }\n' "$commit" > "$json"
    fi
  else
    : > "$patch"
    printf '{ "commit": "%s" }\n' "$commit" > "$json"
  fi
  rm -f "$GIT_INDEX_FILE"
else
  case $given in
    '' | *[!0-9a-f]*) printf '{ }\n' > "$json" ;;
    *) printf '{ "commit": "%s" }\n' "$given" > "$json" ;;
  esac
fi

# Left alone when they say the same, so that nothing is copied for nothing.
for pair in "$json:source.json" "$patch:source.patch"; do
  cmp -s "${pair%:*}" "$folder/${pair##*:}" && rm -f "${pair%:*}" || mv "${pair%:*}" "$folder/${pair##*:}"
done
