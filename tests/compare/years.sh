# `compare_years` compares the two years of tests/compare. Sourced by golden tests.
years=$PWD/../../compare
compare_years() {
    kaoping compare "$years/rubric-2024.yaml" "$years/rubric-2025.yaml" --old-data "$years/units-2024.csv" \
        --new-data "$years/units-2025.csv" --units "$years/units.yaml" -q "$@"
}
