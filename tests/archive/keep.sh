# Three runs of tests/archive/rubric.yaml into runs.db: 2023, 2024 and a correction of 2024. Sourced by golden
# tests, in whose $OUT it goes on; $lang is the language of the runs.
inputs=$PWD/../../archive list=$PWD/../archive-list
cd "$OUT"
sed 's/^period: 2024/period: 2023/' "$inputs/rubric.yaml" >rubric-2023.yaml
cp "$inputs/rubric.yaml" rubric.yaml
cp "$list/units-2023.csv" "$list/units-2024.csv" .

keep() {
    now=$1
    shift
    SOURCE_DATE_EPOCH=$now kaoping score --lang "${lang:-en}" -q -f csv --archive runs.db "$@" >result.csv
}
keep 1704880800 rubric-2023.yaml units-2023.csv
keep 1736496000 rubric.yaml units-2024.csv
cp "$list/units-2024-corrected.csv" units-2024.csv
keep 1737014400 rubric.yaml units-2024.csv --reason '江湾街道覆盖率补报'

# A digest of everything depends on the version of zlib.
no_digests() { sed 's/sha256:[0-9a-f]*/sha256:…/g'; }
