/*
 * waivers.h - from waiver files (YAML, JSON, CSV) to the table's sorted list.
 *
 *   waivers:
 *     - {unit: zf, item: website, effect: not_applicable, reason: 无网站,
 *        approved_by: 区考核办, until: 2025-12-31}
 *
 *   unit,item,effect,reason,approved_by,until       the same as CSV; also by their Chinese names:
 *   单位编号,指标,效力,理由,批准单位,有效期至
 */
#ifndef KAOPING_WAIVERS_H
#define KAOPING_WAIVERS_H

#include "base/diag.h"
#include "model/table.h"

/*
 * Reads the files into t->waivers. What cannot be told (who, what, why, by whom, how long) is a
 * finding; a unit whose waiver has one is marked bad, for without it the unit would be scored by
 * half of what was decided. False where a file could not be read as one of waivers: then nobody
 * knows who has any.
 */
bool waivers_load(struct arena *a, struct diag *d, struct table *t,
                  const struct source *const *sources, uint32_t n_sources);

#endif
