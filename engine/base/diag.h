/*
 * diag.h - findings: what is wrong with the user's files, sorted by place and printed together.
 *
 *   units.csv:14:7: error: '理论学习' is not a count (field study_sessions) [not-a-count]
 *      14 | zf-01,竹峰街道,street,理论学习,…
 *         |                      ^~~~~~~~
 *      hint: …
 *   rubric.yaml:20:3: note: the field is declared here
 *
 * The ids stand in findings.def, one line each: id, severity, one sentence of description. Ids are
 * never translated and never reused; texts are translated where they are made (format = _("…")).
 * Environment trouble is not a finding (sys_fail); our own bugs are assertions.
 */
#ifndef KAOPING_DIAG_H
#define KAOPING_DIAG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"

#include <stdbool.h>

enum severity { SEVERITY_IGNORE, SEVERITY_WARNING, SEVERITY_ERROR };

enum finding_id {
#define FINDING(symbol, word, severity, description) FINDING_##symbol,
#include "base/findings.def"
#undef FINDING
    N_FINDING_IDS
};

struct finding;
struct included;

struct diag {
    struct arena *arena;
    enum severity severity[N_FINDING_IDS]; /* after --error/--warning/--ignore */
    VEC(struct finding *) findings;
    uint32_t n_errors, n_warnings;
    bool errors_only;
    /* --quiet: warnings are kept, but not printed */ /* as added; exact duplicates are shown
                                                         once, but counted */

    /* Private. */
    struct finding *last; /* what hints and notes go to; NULL if the last one was ignored */
    VEC(const struct source *) sources; /* in the order first seen */
    uint32_t n_kept[N_FINDING_IDS], n_only_counted[N_FINDING_IDS];
    VEC(struct included) included;
};

void diag_init(struct diag *d, struct arena *a);
/* --error=ID and the like; false if there is no such id. What is an error by itself cannot be
 * lowered: scoring relies on what the checks found clean. */
enum diag_set { DIAG_SET, DIAG_NO_SUCH_ID, DIAG_STAYS_ERROR };
enum diag_set diag_set_severity(struct diag *d, const char *word, enum severity severity);
const char *finding_word(enum finding_id id);
const char *finding_description(enum finding_id id); /* translated */

/* Adds a finding at a place; an all-zero span has none, one with only a source means the whole
 * file. The text is formatted at once and made safe for a terminal; so are hints and notes. */
void diag_add(struct diag *d, enum finding_id id, span at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* To the finding added last: one hint, any number of notes with places. */
void diag_hint(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_note(struct diag *d, span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* To every finding from number `from` on. */
void diag_note_all(struct diag *d, uint32_t from, span at, const char *text);
/* The first finding in that source that is printed gets this note: who reads one file should know
 * why another one is spoken of. */
void diag_included(struct diag *d, const struct source *s, span from, const char *text);
/* "did you mean 'x'?" as the hint of the finding added last; nothing for NULL. */
void diag_did_you_mean(struct diag *d, const char *name);

/* "units.csv:3:7: text" of the finding added last, or NULL if it was ignored; in the diag's arena.
 */
const char *diag_last_text(const struct diag *d);

/* Whether there is a finding of that id. */
bool diag_has(const struct diag *d, enum finding_id id);

/* Findings made in a worker process: all that `from` has, as bytes, and those bytes added to the
 * diag of the process that forked it. Severities are the same in both. */
struct unpack;
void diag_pack(const struct diag *from, struct buf *out);
void diag_unpack(struct diag *into, struct unpack *u);

/* For what must fail (a test's case): findings count from 0 in the order of adding, and
 * d->findings.n is the number of the next. */
#define FINDING_NONE UINT32_MAX
/* The first error from number `from` on with this id or this text in it; NULL: any. */
uint32_t diag_find_error(const struct diag *d, uint32_t from, const char *text);
/* What and where it is, "TEXT (units.csv:3:7) [not-a-count]", and its id alone. In the diag's
 * arena.
 */
const char *diag_text_of(const struct diag *d, uint32_t number);
enum finding_id diag_id_of(const struct diag *d, uint32_t number);
/* As if it had never been found, since it was expected. The numbers after it move up. */
void diag_take_back(struct diag *d, uint32_t number);

/* Sorted by source (in the order first seen; those without one last) and place, exact duplicates
 * once, at most 20 of an id, then "and N more". */
void diag_print(struct diag *d, struct buf *out, bool color);
/* The same, all of them, as a JSON array of {id, severity, path, line, column, text, hint}. */
void diag_json(struct diag *d, struct buf *out);

#endif
