#!/bin/sh
# The main job on the articles beside this file: no network, no key. `make demo` runs it.
# The questions need one, two and three articles.
set -eu
cd "$(dirname "$0")/.."
SONDE_HOME=${SONDE_HOME:-$PWD/.venv/demo}
export SONDE_HOME

ask() {
    printf '\n%s\n\n' "──── $1"
    sonde ask "$1" --corpus examples/sounding -q
}

sonde index add examples/sounding
ask "When did Vilho Vaisala fly his first radiosonde?"
ask "How many passengers were carried in 1964 by the mesoscaphe of the man who dived with Don Walsh?"
ask "Who was the creative director of the record aboard the craft that overtook the first spacecraft to visit Jupiter?"
printf '\n%s\n' "──── How the last answer came about (sonde trace)"
sonde trace
printf '\nAsk your own: %s\n' ".venv/bin/sonde ask \"...\" --corpus FOLDER"
