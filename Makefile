# Makefile - builds, tests and installs kaoping. One file, no recursion; `make help` lists the targets.
#
# Nothing here needs a compiler, pkg-config or gettext while the file is read: on a machine that has
# only git and make, `make deps`, `make demo` and `make check` install the rest.
#
#   engine/**/*.c -> build/BUILD/engine/**/*.o -> build/kaoping          (BUILD=release, the default)
#                                              -> build/BUILD/kaoping    (every other BUILD)
#   engine/po/*.po -> locale/zh_CN/LC_MESSAGES/kaoping.mo beside the program

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
JOBS ?= $(shell nproc)
MAKEFLAGS += --no-builtin-rules -j$(JOBS)
# Each target's output in one piece, but for those that somebody watches.
MAKEFLAGS += $(if $(filter demo deps% fuzz,$(MAKECMDGOALS)),,--output-sync=target)

# ---- what to build ----

BUILD ?= release
ifneq ($(filter coverage,$(MAKECMDGOALS)),)
override BUILD := cov
endif
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
override BUILD := fuzz
override CC := clang
endif
ifeq ($(origin CC),default)
CC := gcc
endif

PREFIX ?= /usr/local
DATADIR = $(PREFIX)/share/kaoping
# Debian's own, which python3-yaml is for, even where another python3 comes first on the PATH.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
FUZZ_SECONDS ?= 60
# Random rubrics that the oracle recomputes.
SEEDS ?= 1-$(if $(filter release,$(BUILD)),200,50)
SEEDS_BULK_asan := 10
SEEDS_BULK_tsan := 2

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# The program is optimised as a whole; tests link the same objects without that, which takes long.
LTO := $(if $(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects)
SANITIZE_THREADS := -fsanitize=thread -fno-omit-frame-pointer
CFLAGS_release := -O3 -g $(LTO)
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g $(SANITIZE)
CFLAGS_tsan := -O1 -g $(SANITIZE_THREADS)
CFLAGS_cov := -O0 -g --coverage -DKAOPING_COVERAGE
CFLAGS_fuzz := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_asan := $(SANITIZE)
LDFLAGS_tsan := $(SANITIZE_THREADS)
LDFLAGS_cov := --coverage
LDFLAGS_fuzz := $(SANITIZE)
ifeq ($(CFLAGS_$(BUILD)),)
$(error BUILD is one of release, debug, asan, tsan, cov; not '$(BUILD)')
endif

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wundef $(if $(filter 1,$(WERROR)),-Werror)
CPPFLAGS_ALL := -D_GNU_SOURCE -Iengine $(CPPFLAGS)
COMPILE = $(CC) -std=c11 $(CPPFLAGS_ALL) -DKAOPING_LOCALEDIR='"$(PREFIX)/share/locale"' \
          -DKAOPING_DATADIR='"$(DATADIR)"' $(WARNINGS) \
          -pthread $(CFLAGS_$(BUILD)) $(CFLAGS)
LINK = $(CC) -pthread $(LDFLAGS_$(BUILD)) $(LDFLAGS)
LIBS := -lyaml -lunistring -lcrypto -llua5.4 -lseccomp -lsqlite3 -lz -lm

OUT := build/$(BUILD)
BIN := $(if $(filter release,$(BUILD)),build,$(OUT))
PROGRAM := $(BIN)/kaoping

SOURCES := $(wildcard engine/*/*.c)
HEADERS := $(wildcard engine/*/*.h engine/*/*.def)
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)
# What tests link with: the linker takes what each needs.
MODULES := $(OUT)/libkaoping.a
LANGUAGES := $(patsubst engine/po/%.po,%,$(wildcard engine/po/*.po))
CATALOGUES := $(LANGUAGES:%=$(BIN)/locale/%/LC_MESSAGES/kaoping.mo)

UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT := $(UNIT_SOURCES:%.c=$(OUT)/%)
# What several unit tests share: every other .c in their folder.
UNIT_SHARED := $(patsubst %.c,$(OUT)/%.o,$(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c)))
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ := $(FUZZ_SOURCES:%.c=$(OUT)/%)
# Under clang's fuzzer for `make fuzz`; elsewhere with a main that replays the files it is given.
FUZZ_SHARED := $(patsubst %.c,$(OUT)/%.o,$(filter-out $(FUZZ_SOURCES) \
               $(if $(filter fuzz,$(BUILD)),%/replay.c),$(wildcard tests/fuzz/*.c)))
BENCH_SCRIPTS := $(OUT)/tests/bench/script_cost
# Programs that have nothing of the engine in them.
GENERATE := $(OUT)/tests/bench/generate
REFERENCE := $(OUT)/tests/bench/reference
TEST_SOURCES := $(wildcard tests/unit/*.c tests/fuzz/*.c tests/bench/*.c)

# ---- what it needs ----

DEPS_BUILD := gcc libc6-dev libyaml-dev libunistring-dev libssl-dev liblua5.4-dev libseccomp-dev libsqlite3-dev \
              zlib1g-dev gettext
DEPS_CHECK := libcmocka-dev python3 python3-yaml parallel
DEPS_ANALYZE := cppcheck clang-tidy
DEPS_COVERAGE := gcovr
DEPS_FUZZ := clang libclang-rt-dev
DEPS_SLURM := slurm-wlm munge

# These targets install what they need before anything is compiled.
DEPS_FIRST := $(if $(filter demo,$(MAKECMDGOALS)),deps-build) \
              $(if $(filter check analyze coverage fuzz,$(MAKECMDGOALS)),deps) \
              $(if $(filter fuzz,$(MAKECMDGOALS)),deps-fuzz)

# Installs those of the packages $(1) that are missing; asks nothing, and does nothing if none is.
define install_packages
@command -v dpkg-query >/dev/null || { echo 'Not Debian: see to the like of: $(strip $(1))'; exit 0; }; \
missing=; \
for p in $(1); do \
    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
done; \
[ -z "$$missing" ] && exit 0; \
sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
get="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300"; \
install="$$get install -y --no-install-recommends $$missing"; \
echo "Installing:$$missing"; \
ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || $$get update || exit; \
$$install || { $$get update && $$install; }
endef

# ---- build ----

.PHONY: all
all: $(PROGRAM) $(CATALOGUES) ## build build/kaoping (BUILD=debug|asan|tsan|cov: build/BUILD/kaoping; WERROR=1)

$(PROGRAM): $(OBJECTS) $(OUT)/link
	@echo '  LINK  $@'
	@$(LINK) -o $@ $(OBJECTS) $(LIBS)

$(OUT)/%.o: %.c $(OUT)/compile | $(OUT)/tools
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(COMPILE) -MMD -MP -c -o $@ $<

$(BIN)/locale/%/LC_MESSAGES/kaoping.mo: engine/po/%.po | $(OUT)/tools
	@mkdir -p $(@D)
	@msgfmt --check -o $@ $<

$(MODULES): $(filter-out $(OUT)/engine/cli/main.o,$(OBJECTS)) $(OUT)/link
	@rm -f $@
	@ar rcsD $@ $(filter %.o,$^)

# Files that hold the commands and change only when these do: other flags, or a source gone, rebuild.
$(OUT)/compile: export TEXT = $(COMPILE)
$(OUT)/link: export TEXT = $(LINK) $(OBJECTS) $(LIBS)
$(OUT)/compile $(OUT)/link: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$TEXT" | cmp -s - $@ || printf '%s\n' "$$TEXT" >$@

# Once for each build: says what to do where a tool or a library is missing.
$(OUT)/tools: | $(DEPS_FIRST)
	@mkdir -p $(@D)
	@{ command -v msgfmt && printf '#include <%s>\n' yaml.h unistr.h openssl/evp.h lua5.4/lua.h seccomp.h sqlite3.h zlib.h libintl.h | \
	$(CC) -E - ; } >/dev/null 2>&1 || \
	{ echo 'A compiler, library or tool is missing: run `make deps` first.' >&2; exit 1; }
	@touch $@

.PHONY: FORCE
FORCE:

-include $(OBJECTS:.o=.d) $(patsubst %.c,$(OUT)/%.d,$(TEST_SOURCES))

.PHONY: demo
demo: all | deps-build ## install what building needs, build; score an example, explain one unit, compare two years
	$(PROGRAM) score rubrics/ideology-duty-2024.yaml $(DEMO_OLD)
	$(PROGRAM) explain rubrics/ideology-duty-2024.yaml $(DEMO_OLD) --unit street
	$(PROGRAM) compare rubrics/ideology-duty-2024.yaml rubrics/ideology-duty-2025.yaml \
	$(DEMO_OLD:%=--old-data %) $(DEMO_NEW:%=--new-data %) --quiet
DEMO_OLD := examples/duty-2024/units.csv
DEMO_NEW := examples/duty-2025/units.csv examples/duty-2025/assessor.csv

.PHONY: deps deps-build deps-analyze deps-coverage deps-fuzz deps-slurm
deps: ## install what building and checking need (apt-get; nothing if all is there)
	$(call install_packages,$(DEPS_BUILD) $(DEPS_CHECK))
deps-build: ## install what building needs
	$(call install_packages,$(DEPS_BUILD))
deps-analyze: | deps
	$(call install_packages,$(DEPS_ANALYZE))
deps-coverage: | deps
	$(call install_packages,$(DEPS_COVERAGE))
deps-fuzz: | deps
	$(call install_packages,$(DEPS_FUZZ))
deps-slurm: | deps
	$(call install_packages,$(DEPS_SLURM))

# ---- texts ----

KEYWORDS := -k_ -kN_ --flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
            --flag=diag_add:4:c-format --flag=diag_hint:2:c-format --flag=diag_note:3:c-format \
            --flag=sys_fail:1:c-format --flag=arena_printf:2:c-format --flag=buf_printf:2:c-format

# Without a date, so that nothing changes where no text did. The places are for lint's messages.
build/kaoping.pot: FORCE | $(DEPS_FIRST)
	@mkdir -p $(@D)
	@xgettext -L C --from-code=UTF-8 --sort-by-file $(KEYWORDS) --package-name=kaoping \
	--copyright-holder='kaoping contributors' \
	-o - $(SOURCES) $(HEADERS) | sed '/^"POT-Creation-Date:/d; s/charset=CHARSET/charset=UTF-8/' >$@

# The head of a new catalogue: one plural form, as in Chinese.
FIRST_PO = sed '/^msgstr.1/d; s/nplurals=INTEGER; plural=EXPRESSION/nplurals=1; plural=0/; \
                s/YEAR-MO-DA HO:MI+ZONE/'"$$(date '+%Y-%m-%d %H:%M%z')/"

.PHONY: po
po: build/kaoping.pot ## bring engine/po/*.po up to date with the texts in the code
	@for l in $(or $(LANGUAGES),zh_CN); do \
	    po=engine/po/$$l.po; \
	    [ -f $$po ] || msginit --no-translator --no-wrap -l $$l -i $< -o - | $(FIRST_PO) >$$po || exit; \
	    msgmerge -q --no-fuzzy-matching --no-location --no-wrap $$po $< | \
	    msgattrib --no-obsolete --no-wrap -o $$po - && msgfmt --statistics -o /dev/null $$po || exit; \
	done

# ---- tests ----

EXAMPLES = $(PYTHON) tests/run_examples.py
RULE := \b[A-Z]-[a-z0-9_]+-[0-9]+\b
RUN_TESTS := check-unit check-golden check-bad check-rubrics check-attacks check-docs check-props \
             check-oracle check-bulk check-counters check-shards check-periods check-compare check-workers \
             check-archive check-fuzz
.PHONY: check $(RUN_TESTS) lint golden-accept trace
check: $(RUN_TESTS) lint ## install what checking needs, build, run every test and lint

check-unit: $(UNIT) ## unit tests: tests/unit/test_*.c
	@passed=0; failed=0; \
	for t in $^; do \
	    if timeout 600 $$t >$$t.log 2>&1; then \
	        passed=$$((passed + $$(grep -c '^\[       OK \]' $$t.log))); \
	    else \
	        failed=$$((failed + 1)); cat $$t.log; echo "$$t failed"; \
	    fi; \
	done; \
	echo "unit: $$passed passed, $$failed failed"; [ $$failed = 0 ]

check-golden: all ## golden tests: tests/golden/NAME/cmd
	@$(PYTHON) tests/golden.py --program $(PROGRAM)
check-bad: all ## broken inputs: tests/bad
	@$(PYTHON) tests/bad.py --program $(PROGRAM)
check-rubrics: all ## the rubrics' and scripts' own tests: rubrics/*.test.yaml
	@$(PROGRAM) test --lang en $(wildcard rubrics/*.test.yaml scripts/*.test.yaml examples/*/*.test.yaml) \
	>$(OUT)/rubrics.log || { cat $(OUT)/rubrics.log; exit 1; }; tail -n 1 $(OUT)/rubrics.log
check-attacks: all ## scripts that attack the engine: tests/attacks
	@$(PYTHON) tests/attacks.py --program $(PROGRAM) $(if $(filter asan,$(BUILD)),--seconds 10)
check-docs: all ## examples in docs/, tests/rules and README.md
	@$(EXAMPLES) $(PROGRAM) docs/methods.md docs/scripting.md $(wildcard tests/rules/*.yaml)
	@$(EXAMPLES) $(PROGRAM) docs/scripting.zh_CN.md
	@$(EXAMPLES) --console $(PROGRAM) $(wildcard README.md docs/*.md)
check-props: all ## properties: tests/props
	@$(PYTHON) tests/props/props.py --program $(PROGRAM)
	@$(PYTHON) tests/props/formulas.py --program $(PROGRAM)
check-oracle: all ## results held against an independent recomputation and others' figures
	@$(PYTHON) tests/oracle/recompute.py --selftest
	@$(PYTHON) tests/oracle/compare.py $(PROGRAM) --seeds $(SEEDS) $(EXAMPLE_DATA)
	@for t in $(ORACLES); do $(PYTHON) $$t $(PROGRAM) || exit; done
	@$(PYTHON) tests/r40.py --program $(PROGRAM)
EXAMPLE_DATA := rubrics/ideology-duty-2024.yaml $(wildcard examples/duty-2024/*.csv) -- \
    rubrics/ideology-duty-2024.yaml $(wildcard examples/duty-2024/*.[cy]*) -- \
    rubrics/library-service-2024.yaml $(wildcard examples/library-service-2024/*.[cyj]*) -- \
    rubrics/work-safety-2024.yaml $(wildcard examples/work-safety-2024/*.csv) --
ORACLES := $(wildcard tests/oracle/asem.py tests/oracle/hdi.py tests/oracle/xccdf.py)
check-bulk: all ## large files: the same bytes as in the usual way
	@$(PYTHON) tests/bulk.py --program $(PROGRAM) --seeds 1-$(or $(SEEDS_BULK_$(BUILD)),14)
check-shards: all ## runs in shards: the same bytes; parts that do not fit are refused
	@$(PYTHON) tests/shards.py --program $(PROGRAM)
check-counters: all $(GENERATE) ## large files: no more work than was needed, in counts
	@$(PYTHON) tests/bench/counters.py $(GENERATE) --program $(PROGRAM)
check-periods: all ## years made of quarters, held against an independent computation
	@$(PYTHON) tests/periods.py --program $(PROGRAM)
check-compare: all ## two years compared, held against an independent computation
	@$(PYTHON) tests/compare.py --program $(PROGRAM)
	@$(PYTHON) tests/compare_keys.py --program $(PROGRAM) $(if $(filter release,$(BUILD)),,--one-in 10)
check-archive: all ## the archive: kills, two writers, changed bytes, full disk (KILLS=200 for longer)
	@$(PYTHON) tests/archive.py --program $(PROGRAM) --kills $(KILLS)
KILLS ?= 40
check-workers: all ## scripts in worker processes: the same bytes, every death accounted for
	@$(PYTHON) tests/workers.py --program $(PROGRAM)
check-fuzz: $(FUZZ) ## replays the fuzzers' corpus: tests/fuzz/corpus
	@for f in $^; do $$f tests/fuzz/corpus/$${f##*/fuzz_}/* || exit; done

golden-accept: all ## rewrite what the golden tests expect, for review with git diff
	@$(PYTHON) tests/golden.py --program $(PROGRAM) --accept

# A rule is tested by the example that follows it in the file, or by a test that names it.
trace: ## rules of docs/methods.md and docs/scripting.md (M-short-2) without a test
	@mkdir -p build
	@{ $(EXAMPLES) --list docs/methods.md docs/scripting.md | cut -f1; grep -rohE '$(RULE)' tests; } | sort -u >build/cited
	@grep -ohE '$(RULE)' docs/methods.md docs/scripting.md | sort -u | comm -23 - build/cited >build/uncited
	@sed 's/$$/: no test/' build/uncited; [ ! -s build/uncited ]

$(UNIT): $(OUT)/%: $(OUT)/%.o $(UNIT_SHARED) $(MODULES) $(OUT)/link
	@$(LINK) -fno-lto -o $@ $(filter %.o,$^) $(MODULES) $(LIBS) -lcmocka

$(FUZZ): $(OUT)/%: $(OUT)/%.o $(FUZZ_SHARED) $(MODULES) $(OUT)/link
	@$(LINK) -fno-lto $(if $(filter fuzz,$(BUILD)),-fsanitize=fuzzer) -o $@ $(filter %.o,$^) $(MODULES) $(LIBS)

.PHONY: bench
bench: $(PROGRAM) $(GENERATE) $(REFERENCE) ## time scoring (UNITS=100000, x 40 items) beside other programs; ratios
	@$(PYTHON) tests/bench/bench.py $(PROGRAM) $(GENERATE) $(REFERENCE) $(UNITS)
UNITS ?= 100000

$(GENERATE) $(REFERENCE): $(OUT)/%: $(OUT)/%.o $(OUT)/link
	@$(LINK) -o $@ $<

$(BENCH_SCRIPTS): $(OUT)/%: $(OUT)/%.o $(MODULES) $(OUT)/link
	@$(LINK) -o $@ $(filter %.o,$^) $(MODULES) $(LIBS)

.PHONY: bench-scripts
bench-scripts: $(BENCH_SCRIPTS) ## count what the sandbox costs against plain Lua (needs valgrind); nothing is asserted
	@$<

.PHONY: bench-slurm
bench-slurm: $(PROGRAM) | deps-slurm ## a run in shards as a Slurm job array, on this machine (as root)
	@printf '%s\n' 'import bulk; print(bulk.csv_text(bulk.ROWS), end="")' | PYTHONPATH=tests:tests/oracle $(PYTHON) >$(OUT)/slurm.csv
	@printf '%s\n' 'import bulk; print(bulk.SHEET, end="")' | PYTHONPATH=tests:tests/oracle $(PYTHON) >$(OUT)/slurm.yaml
	@tests/bench/slurm.sh $(PROGRAM) $(OUT)/slurm.yaml $(OUT)/slurm.csv

.PHONY: fuzz
fuzz: $(FUZZ) | deps-fuzz ## each fuzzer for FUZZ_SECONDS; what it finds goes to build/fuzz
	@for f in $(FUZZ); do \
	    name=$${f##*/fuzz_}; mkdir -p $(OUT)/corpus/$$name; echo "== $$name"; \
	    $$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=65536 -print_final_stats=1 \
	    -artifact_prefix=$(OUT)/$$name- $(OUT)/corpus/$$name tests/fuzz/corpus/$$name \
	    $$([ $$name = rubric ] && echo rubrics) || exit; \
	done

# ---- reading the code ----

.PHONY: format analyze coverage
lint: build/kaoping.pot | $(DEPS_FIRST) ## the house's rules: tests/lint.py
	@$(PYTHON) tests/lint.py --pot $<

format: ## clang-format over engine/ and tests/
	@clang-format -i $(SOURCES) $(filter %.h,$(HEADERS)) $(TEST_SOURCES) $(wildcard tests/*/*.h)

# Not: advice to use memcpy_s, and what -Wconversion and the style of the tree settle.
TIDY := -*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,bugprone-*,\
-bugprone-branch-clone,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,\
-bugprone-implicit-widening-of-multiplication-result,-bugprone-sizeof-expression,\
-bugprone-suspicious-string-compare
analyze: | deps-analyze ## cppcheck and clang-tidy (installs them)
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	--suppress=missingIncludeSystem --suppress=returnDanglingLifetime:engine/load/cond_load.c \
	--error-exitcode=1 -j $(JOBS) $(CPPFLAGS_ALL) \
	-D_Noreturn='__attribute__((noreturn))' $(SOURCES)
	printf '%s\n' $(SOURCES) | xargs -P $(JOBS) -I {} clang-tidy --quiet --warnings-as-errors='*' \
	--checks='$(subst $() $(),,$(TIDY))' {} -- -std=c11 $(CPPFLAGS_ALL)

ifeq ($(BUILD),cov)
$(RUN_TESTS): | forget-coverage
endif
.PHONY: forget-coverage
forget-coverage: | $(PROGRAM) $(UNIT) $(FUZZ)
	@find $(OUT) -name '*.gcda' -delete

coverage: $(filter-out check-props,$(RUN_TESTS)) | deps-coverage ## which lines the tests reach: build/cov/report/index.html
	@mkdir -p $(OUT)/report
	@gcovr --root . --filter engine/ --gcov-ignore-parse-errors --print-summary --txt \
	--html-details $(OUT)/report/index.html $(OUT)

# ---- install ----

SHARED := $(wildcard rubrics scripts examples)
.PHONY: install uninstall clean help
install: all ## install under PREFIX (/usr/local), or DESTDIR/PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(DATADIR)
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/kaoping
	for l in $(LANGUAGES); do install -D -m 644 $(BIN)/locale/$$l/LC_MESSAGES/kaoping.mo \
	$(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES/kaoping.mo || exit; done
	$(if $(SHARED),find $(SHARED) -type f -exec install -D -m 644 {} $(DESTDIR)$(DATADIR)/{} \;)

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/kaoping
	rm -f $(LANGUAGES:%=$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/kaoping.mo)
	rm -rf $(DESTDIR)$(DATADIR)

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ' ## ' '/^[a-z-]+:.* ## / { sub(/:.*/, "", $$1); printf "  %-14s %s\n", $$1, $$2 }' Makefile
