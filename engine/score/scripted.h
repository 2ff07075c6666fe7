/*
 * scripted.h - scripts within the walk: what they read is gathered from the unit's cells, the
 * figures of its class and the points reached so far; then one call in the sandbox.
 *
 * Only a worker process has a sandbox. What a script says beside its points (a reason, flags) goes
 * to the parent as a note.
 */
#ifndef KAOPING_SCRIPTED_H
#define KAOPING_SCRIPTED_H

#include "base/workers.h"
#include "lua/sandbox.h"
#include "score/walk.h"

/* A cell whose script took a worker down with it; as worker_at says it. */
typedef uint64_t script_place;

struct scripted {
    struct sandbox *sandbox;
    struct worker *worker;      /* NULL: nobody takes notes */
    struct buf notes;           /* of the unit of the walk, to be sent when it is done */
    bool no_notes;              /* what is said now is not about the result */
    const script_place *deaths; /* [n_deaths] cells that are not tried again */
    uint32_t n_deaths;
    bool failed; /* some script failed for the unit of the walk */
    struct call_result last;
    uint64_t n_calls, n_formulas; /* so far: calls of Lua, and what was computed without one */
};

/* What a call is for, beside its script. */
struct script_case {
    uint32_t member;     /* whose note it makes; MEMBER_NONE: no note */
    bool empty_is_none;  /* missing: none */
    enum walk_pass pass; /* with the points of which bound; what fails for a bound is no finding */
    dec full;
    const struct call_member *members;
    uint32_t n_members;
};

/* What came of it: READ_OK and scripted.last, or why there was no call, or READ_ERROR after a
 * finding. flags: of the values read. */
struct script_outcome {
    enum read_state state;
    uint16_t flags;
    uint32_t claimed_field; /* one that the unit says does not apply, or FIELD_NONE */
    bool silent;            /* something is not reported, whatever the state */
    bool not_there; /* READ_NA: the previous period or children have no value that it reads */
};

struct script_outcome script_run(const struct context *c, uint32_t script,
                                 const struct script_case *what);

/* What the script gives where its one field has that value, as scripted.last; what else it reads is
 * full marks and figures of the class. False: there is more to it than points, or it failed, and
 * nothing was said: script_run says it. A script that once said more is not called here again. */
bool script_of_value(const struct context *c, uint32_t script, const struct script_case *what,
                     dec value);

/* The points of the last call, if they may be that many (floor and cap say what else may): false
 * after a finding. */
bool script_points(const struct context *c, uint32_t script, const struct member *m,
                   const struct script_case *what, dec *points);

/* "points.study = 12, class.max.letters = 40": what the script reads that is no field. */
void script_describe_inputs(const struct context *c, uint32_t script, struct buf *out);

/* "letters_received=20 letters_late=nil", all of it, for one line. */
const char *script_inputs_text(const struct context *c, uint32_t script);
/* The expression as the rubric has it. */
void script_describe_formula(const struct rubric *r, uint32_t script, struct buf *out);

/* A finding about a script at this unit, at a line of its chunk (0: at the whole of it). */
void script_fail(const struct context *c, uint32_t script, uint32_t chunk, uint32_t line,
                 const char *text);

script_place script_place_of(uint32_t unit, uint32_t script);

#endif
