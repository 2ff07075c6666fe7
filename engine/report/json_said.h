/*
 * json_said.h - what is said of a unit's items, as JSON, kept where other units have the same to be
 * said of them: an item that depends on a few cells is put into words once for each figure that
 * stands in them, mostly a few hundred.
 *
 *   class, points, state, flags and cells of the item ─► {"id": "c19", ...} and what is wrong
 */
#ifndef KAOPING_JSON_SAID_H
#define KAOPING_JSON_SAID_H

#include "model/record.h"
#include "model/result.h"
#include "report/json_write.h"

struct json_said;

/* In the arena; texts that are kept are of as much memory as the items and their cells vary, within
 * bounds. */
struct json_said *json_said_new(struct arena *, const struct result *, const struct run_record *);
void json_said_release(struct json_said *);

/* Elements of an open list, each on its line: the unit's items (json_item); their deficiencies,
 * then those of gates and of the unit (json_deficiency). Items come first. */
void json_said_items(struct json_said *, struct json_write *, uint32_t unit);
void json_said_deficiencies(struct json_said *, struct json_write *, uint32_t unit);

#endif
