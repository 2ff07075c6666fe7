/* note.h - what scripts say beside their points, from the worker to the parent. */
#ifndef KAOPING_NOTE_H
#define KAOPING_NOTE_H

#include "base/pack.h"
#include "base/workers.h"
#include "lua/sandbox.h"
#include "model/result.h"

/* First byte of a worker's message. */
enum message { MESSAGE_NOTES, MESSAGE_FINDINGS };

/* Appends one to the message. */
void note_pack(struct buf *message, uint32_t unit, uint32_t member, const struct call_result *r);
/* The rest of such a message, added to the result's notes; texts in arena a. */
void notes_take(struct arena *a, struct result *r, struct unpack *u);
/* Once all are in: by unit and member. A section's script is called for each bound; the first
 * call, for the actual points, counts. */
void notes_settle(struct result *r);

#endif
