/*
 * cases_update.h - `kaoping test --update`: writes what came out into the test file, for review.
 *
 * Only the text of values that differ is replaced, so that comments and layout stay; a case without
 * `expect` gets one behind its last line.
 */
#ifndef KAOPING_CASES_UPDATE_H
#define KAOPING_CASES_UPDATE_H

#include "load/cases.h"
#include "report/report_cases.h"

/* Writes the file at `path` if there is anything to write; sets f->n_rewritten, n_passed, n_failed
 * (what is left as it is). */
void cases_update(struct arena *a, const struct case_file *file, const char *path,
                  struct file_verdict *f);

#endif
