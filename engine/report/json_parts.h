/*
 * json_parts.h - what the result and an explanation both say in JSON, in the same words: the keys
 * of interfaces.md. Each writes into an object that is open.
 */
#ifndef KAOPING_JSON_PARTS_H
#define KAOPING_JSON_PARTS_H

#include "model/record.h"
#include "report/json_write.h"

/* id … high, without_waivers, gates, gates_unanswered. */
void json_unit_head(struct json_write *, const struct run_record *, const struct unit_record *);
/* An object: unit, item (or section), effect, reason, approved_by, until, expired. */
void json_waiver(struct json_write *, const char *unit, const char *item, const struct waiver *);
/* id … na_reason of an item. */
void json_item(struct json_write *, const struct run_record *, uint32_t item,
               const struct figure *);
/* An object, on a line of its own. */
void json_deficiency(struct json_write *, const struct run_record *,
                     const struct deficiency_record *);
/* "deficiencies": [...] */
void json_deficiencies(struct json_write *, const struct run_record *, const struct unit_record *);
/* "not_applicable": [...] */
void json_claims(struct json_write *, const struct run_record *, const struct unit_record *);

#endif
