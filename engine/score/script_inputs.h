/*
 * script_inputs.h - the values that scripts read: the unit's cells, figures of its class, points
 * reached so far, as they are passed to Lua.
 */
#ifndef KAOPING_SCRIPT_INPUTS_H
#define KAOPING_SCRIPT_INPUTS_H

#include "score/scripted.h"

/* A value as a script gets it, and what it means if there is none. */
struct gathered {
    struct arg arg;
    enum read_state state;
    uint16_t flags;
};

/* Texts and lists are those of the table, or in the scratch arena. */
struct gathered script_input(const struct context *c, const struct input *in,
                             const struct script_case *what);
/* A field that is reported with that value. */
struct gathered script_input_value(const struct context *c, uint32_t field, dec value);

#endif
