/* fields.c - the words of field types, and values as people write them. */
#include "model/fields.h"

#include "base/date.h"
#include "base/i18n.h"

const char *field_type_word(enum field_type type)
{
    static const char *const words[N_FIELD_TYPES] = {
        [FIELD_COUNT] = "count", [FIELD_NUMBER] = "number", [FIELD_PERCENT] = "percent",
        [FIELD_YESNO] = "yesno", [FIELD_DATE] = "date",     [FIELD_CHOICE] = "choice",
        [FIELD_TEXT] = "text",   [FIELD_LIST] = "list",
    };
    return type < N_FIELD_TYPES ? words[type] : "?";
}

static const char *day_text(struct arena *a, dec value)
{
    char text[DATE_TEXT];
    int64_t day = dec_to_int(value);
    if (day < INT32_MIN + 1 || day > INT32_MAX) {
        return "";
    }
    return arena_printf(a, "%s", date_text((int32_t)day, text));
}

const char *field_value_text(struct arena *a, const struct field *f, dec value)
{
    char text[DEC_TEXT];
    if (value == DEC_NONE) {
        return "";
    }
    switch (f->type) {
    case FIELD_COUNT:
    case FIELD_NUMBER:
        return arena_printf(a, "%s", dec_text(value, DEC_EXACT, text));
    case FIELD_PERCENT:
        return arena_printf(a, "%s%%", dec_text(value, DEC_EXACT, text));
    case FIELD_YESNO:
        return value != 0 ? _("yes") : _("no");
    case FIELD_DATE:
        return day_text(a, value);
    case FIELD_CHOICE: {
        int64_t option = dec_to_int(value);
        return option >= 0 && option < f->options.n ? f->options.at[option] : "";
    }
    case FIELD_TEXT:
    case FIELD_LIST:
    case N_FIELD_TYPES:
        break;
    }
    return "";
}
