/* keep.c - see keep.h. */
#include "cli/keep.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "report/record_make.h"

#include <string.h>

/* ---- options as text: a line each, as they are given, but without the dashes ---- */

static void add_list(struct buf *out, const char *name, const struct text_list *ids)
{
    for (uint32_t i = 0; i < ids->list.n; i++) {
        buf_printf(out, "%s=%s\n", name, ids->list.at[i]);
    }
}

/* Those that can change what comes out; of a period's files only whose they are, in their order. */
static const char *options_text(const struct pipeline *p, const struct pipeline_options *how)
{
    struct buf out = {0};
    const struct common *common = p->common;
    buf_text(&out, how->keep_going ? "keep-going\n" : "");
    buf_text(&out, how->ignore_unknown ? "ignore-unknown\n" : "");
    if (common->encoding) {
        buf_printf(&out, "encoding=%s\n", common->encoding);
    }
    for (uint32_t i = 0; i < p->table->period_files.n; i++) {
        buf_printf(&out, "period=%s\n", p->table->period_files.at[i].period);
    }
    add_list(&out, "ignore", &common->ignored);
    add_list(&out, "warning", &common->warnings);
    add_list(&out, "error", &common->errors);
    const char *text = arena_text(p->arena, out.at, out.n);
    buf_release(&out);
    return text;
}

static void read_option(struct arena *a, const char *line, struct common *common,
                        struct pipeline_options *how, struct text_list *periods)
{
    const char *equals = strchr(line, '=');
    str name = {line, equals ? (size_t)(equals - line) : strlen(line)};
    const char *value = equals ? equals + 1 : "";
    how->keep_going = how->keep_going || str_is(name, "keep-going");
    how->ignore_unknown = how->ignore_unknown || str_is(name, "ignore-unknown");
    if (str_is(name, "encoding")) {
        common->encoding = value;
    } else if (str_is(name, "period")) {
        *vec_push(a, &periods->list) = value;
    } else if (str_is(name, "ignore")) {
        *vec_push(a, &common->ignored.list) = value;
    } else if (str_is(name, "warning")) {
        *vec_push(a, &common->warnings.list) = value;
    } else if (str_is(name, "error")) {
        *vec_push(a, &common->errors.list) = value;
    }
}

static void read_options(struct arena *a, const char *text, struct common *common,
                         struct pipeline_options *how, struct text_list *periods)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        read_option(a, arena_text(a, text, n), common, how, periods);
        text += n + (text[n] == '\n');
    }
}

/* ---- keeping ---- */

static _Noreturn void fail_reason(struct pipeline *p, const struct archived *old)
{
    if (old->period) {
        options_wrong(p->command,
                      _("%s of %s is in the archive already (run %u): a correction needs a reason, "
                        "--reason TEXT"),
                      old->rubric, old->period, old->id);
    }
    options_wrong(p->command,
                  _("%s is in the archive already (run %u): a correction needs a reason, "
                    "--reason TEXT"),
                  old->rubric, old->id);
}

void keep_check(struct pipeline *p, const struct keep_options *o)
{
    if (!o->archive || !p->rubric_fine || !sys_is_file(o->archive)) {
        return;
    }
    struct archive *ar = archive_open(p->arena, o->archive, ARCHIVE_READ);
    const struct archived *old = archive_standing(ar, p->rubric->id, p->rubric->period);
    archive_close(ar);
    if (old && !o->reason) {
        fail_reason(p, old);
    }
}

static struct draft *draft_of(struct pipeline *p)
{
    struct report report = {
        .result = p->result, .ranking = &p->ranking, .diag = &p->diag, .arena = p->arena};
    struct run_record *run = record_run(p->arena, &report);
    struct draft *draft = draft_new(p->arena, run);
    struct result_units units;
    struct unit_record unit;
    result_units_init(&units, p->result, run, NULL);
    while (units.reader.next(&units.reader, &unit)) {
        draft_unit(draft, &unit);
    }
    result_units_release(&units);
    return draft;
}

static void say_kept(const struct pipeline *p, const char *path, uint32_t id, uint32_t supersedes)
{
    struct buf out = {0};
    if (p->common->quiet) {
        return;
    }
    if (supersedes != RUN_NONE) {
        buf_printf(&out, _("Archived as run %u in %s; it supersedes run %u.\n"), id, path,
                   supersedes);
    } else {
        buf_printf(&out, _("Archived as run %u in %s.\n"), id, path);
    }
    sys_write_error(out.at, out.n);
    buf_release(&out);
}

void keep_run(struct pipeline *p, const struct keep_options *o)
{
    char now[SYS_TIME_TEXT];
    if (!o->archive || !p->result) {
        return;
    }
    struct draft *draft = draft_of(p);
    sys_time(now);
    struct archived as = {.created = now,
                          .version = KAOPING_VERSION,
                          .language = i18n_language(),
                          .options = options_text(p, &o->how),
                          .reason = o->reason};
    struct archive *ar = archive_open(p->arena, o->archive, ARCHIVE_WRITE);
    uint32_t id = draft_commit(ar, draft, &as);
    const struct archived *old = id == RUN_NONE
                                     ? archive_standing(ar, p->rubric->id, p->rubric->period)
                                     : archive_find(ar, arena_printf(p->arena, "%u", id));
    archive_close(ar);
    if (id == RUN_NONE) {
        fail_reason(p, old); /* somebody else was faster */
    }
    say_kept(p, o->archive, id, old ? old->supersedes : RUN_NONE);
}

/* ---- loading ---- */

static const struct source *source_of(struct pipeline *p, const struct input_record *in)
{
    bool is_data = in->role == ROLE_DATA || in->role == ROLE_PREVIOUS || in->role == ROLE_WAIVERS ||
                   in->role == ROLE_PERIOD;
    const char *encoding = is_data ? p->common->encoding : NULL;
    return source_from_bytes(p->arena, &p->diag, in->path, in->bytes, in->n, encoding);
}

void keep_data(struct pipeline *p, const char *archive, const char *name, source_list *out)
{
    struct archive *ar = archive_open(p->arena, archive, ARCHIVE_READ);
    const struct archived *as = archive_find(ar, name);
    archive_faults wrong = {0};
    if (!as) {
        options_wrong(p->command, _("there is neither a file '%s' nor a run of that name in %s"),
                      name, archive);
    }
    archive_check_run(ar, as, &wrong);
    if (wrong.n > 0) {
        sys_fail(_("run %u of the archive %s was changed: %s"), as->id, archive, wrong.at[0]);
    }
    const struct run_record *run = archive_run(ar, as, true);
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        bool is_data = run->inputs.at[i].role == ROLE_DATA;
        const struct source *source = is_data ? source_of(p, &run->inputs.at[i]) : NULL;
        if (source) {
            *vec_push(p->arena, out) = source;
        }
    }
    archive_close(ar);
}

void keep_load(struct pipeline *p, struct arena *a, const struct command *c,
               const struct archived *as, const struct run_record *run,
               struct pipeline_options *how)
{
    struct common *common = ARENA_NEW(a, struct common);
    struct source_shelf *shelf = ARENA_NEW(a, struct source_shelf);
    struct source *rubric = NULL;
    struct input_sources in = {0};
    struct text_list periods = {0};
    const struct source ***lists[N_ROLES] = {
        [ROLE_DATA] = &in.data, [ROLE_PREVIOUS] = &in.previous, [ROLE_WAIVERS] = &in.waivers};
    uint32_t *counts[N_ROLES] = {
        [ROLE_DATA] = &in.n_data, [ROLE_PREVIOUS] = &in.n_previous, [ROLE_WAIVERS] = &in.n_waivers};
    for (uint32_t i = 0; i < N_ROLES; i++) {
        if (lists[i]) {
            *lists[i] = ARENA_ARRAY(a, const struct source *, run->inputs.n);
        }
    }
    *p = (struct pipeline){0};
    read_options(a, as->options, common, how, &periods);
    pipeline_init(p, a, c, common);
    struct period_file *files = ARENA_ARRAY(a, struct period_file, (size_t)periods.list.n + 1);
    in.periods = files;
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        const struct source *source = source_of(p, &run->inputs.at[i]);
        if (!source) {
            continue;
        }
        enum role role = run->inputs.at[i].role;
        if (role == ROLE_RUBRIC) {
            rubric = ARENA_NEW(a, struct source);
            *rubric = *source;
            rubric->shelf = shelf;
        } else if (role == ROLE_PERIOD && in.n_periods < periods.list.n) {
            files[in.n_periods] = (struct period_file){periods.list.at[in.n_periods], source};
            in.n_periods++;
        } else if (lists[role]) {
            (*lists[role])[(*counts[role])++] = source;
        } else {
            *vec_push(a, &shelf->files) = source;
        }
    }
    if (rubric) {
        pipeline_rubric_from(p, rubric);
        pipeline_data_from(p, &in, how);
    }
}
