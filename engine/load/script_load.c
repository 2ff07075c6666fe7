/*
 * script_load.c - where a rubric uses Lua: files are found and read, expressions become chunks, and
 * once everything else is loaded all chunks are described (in a worker: lua/describe.h) and what
 * they read is resolved.
 *
 *   rubric.yaml ── script: answered.lua ──► beside the rubric, ../scripts, installed
 *                                              │ require "shares"
 *                                              └─► shares.lua, from the same folders
 */
#include "load/loader.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "lua/formula.h"

#include <string.h>

/* ---- files ---- */

/* The folder of a path with its slash; "" for the one that we are in. */
static str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (str){path, (size_t)(slash - path) + 1} : (str){path, 0};
}

/* The folder beside the rubric's own: rubrics/ -> scripts/, "" -> ../scripts/. */
static const char *scripts_beside(struct arena *a, str folder)
{
    if (folder.n == 0) {
        return "../scripts/";
    }
    str parent = {folder.at, folder.n - 1};
    while (parent.n > 0 && parent.at[parent.n - 1] != '/') {
        parent.n--;
    }
    str last = {folder.at + parent.n, folder.n - parent.n - 1};
    if (last.n == 0 || str_is(last, ".") || str_is(last, "..")) {
        return arena_printf(a, "%.*s../scripts/", STR_ARG(folder));
    }
    return arena_printf(a, "%.*sscripts/", STR_ARG(parent));
}

typedef VEC(const char *) folder_list;

static void add_folder(struct loader *l, folder_list *folders, const char *folder)
{
    for (uint32_t i = 0; i < folders->n; i++) {
        if (strcmp(folders->at[i], folder) == 0) {
            return; /* the rubric stands in a folder `scripts`, or beside what it extends */
        }
    }
    *vec_push(l->arena, folders) = folder;
}

/* The first of the scripts folders that has the file, as a path; NULL and where it was looked for.
 * Beside the rubric, then beside what it extends. */
static const char *find_file(struct loader *l, str name, const char **looked)
{
    const struct rubric *r = l->rubric;
    folder_list folders = {0};
    struct buf text = {0};
    for (uint32_t i = 0; i <= r->bases.n; i++) {
        str own = folder_of(i == 0 ? r->source->name : r->bases.at[i - 1]->name);
        add_folder(l, &folders, arena_printf(l->arena, "%.*s", STR_ARG(own)));
        add_folder(l, &folders, scripts_beside(l->arena, own));
    }
    add_folder(l, &folders, KAOPING_DATADIR "/scripts/");
    for (uint32_t i = 0; i < folders.n; i++) {
        const char *path = arena_printf(l->arena, "%s%.*s", folders.at[i], STR_ARG(name));
        if (sys_is_file(path)) {
            buf_release(&text);
            return path;
        }
        buf_printf(&text, "%s%s", i == 0 ? "" : ", ", *folders.at[i] ? folders.at[i] : "./");
    }
    *looked = arena_text(l->arena, text.at, text.n);
    buf_release(&text);
    return NULL;
}

static uint32_t chunk_named(const struct loader *l, str file)
{
    for (uint32_t i = 0; i < l->rubric->chunks.n; i++) {
        const struct chunk *c = &l->rubric->chunks.at[i];
        if (c->module && str_is(file, c->name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* Files are named, not pathed: what a rubric runs stands in the scripts folders and nowhere else.
 */
static bool file_name_fine(struct loader *l, str name, span at)
{
    if (name.n > 4 && str_ends(name, ".lua") && name.at[0] != '.' &&
        !memchr(name.at, '/', name.n)) {
        return true;
    }
    diag_add(l->diag, FINDING_SCRIPT_MISSING, at, _("'%.*s' cannot be a script's name"),
             STR_ARG(name));
    diag_hint(l->diag, _("a script is a file NAME.lua in one of the scripts folders"));
    return false;
}

/* NULL after a finding. */
static const struct source *read_file(struct loader *l, str file, span at)
{
    const struct source_shelf *shelf = l->rubric->source->shelf;
    const char *looked = "", *path = shelf ? NULL : find_file(l, file, &looked);
    const struct source *source = shelf ? source_on_shelf(shelf, file) : NULL;
    if (path) {
        return source_read(l->arena, l->diag, path, NULL);
    }
    if (!source) {
        diag_add(l->diag, FINDING_SCRIPT_MISSING, at, _("there is no script '%.*s'"),
                 STR_ARG(file));
        if (!shelf) {
            diag_hint(l->diag, _("it was looked for in %s"), looked);
        }
    }
    return source;
}

static uint32_t load_file(struct loader *l, str file, span at)
{
    uint32_t known = chunk_named(l, file);
    if (known != UINT32_MAX || !file_name_fine(l, file, at)) {
        return known;
    }
    const struct source *source = read_file(l, file, at);
    if (!source) {
        return UINT32_MAX;
    }
    struct chunk *c = vec_push(l->arena, &l->rubric->chunks);
    c->name = keep_text(l, file);
    c->module = keep_text(l, (str){file.at, file.n - 4});
    c->text = source->text;
    c->n = source->n;
    c->at = (span){source, 0, 0};
    return l->rubric->chunks.n - 1;
}

/* ---- uses ---- */

static uint32_t add_script(struct loader *l, const struct script_owner *owner, uint32_t chunk,
                           span at)
{
    struct rubric *r = l->rubric;
    struct script *s = vec_push(l->arena, &r->scripts);
    s->use = owner->use;
    s->chunk = chunk;
    s->id = owner->id;
    s->title = owner->title;
    s->params.kind = PARAM_MAP;
    s->at = at;
    *vec_push(l->arena, &l->script_drafts) = owner->draft;
    return r->scripts.n - 1;
}

uint32_t script_use_file(struct loader *l, struct node *name, const struct script_owner *owner)
{
    if (!is_text(l, name)) {
        return SCRIPT_NONE;
    }
    uint32_t chunk = load_file(l, node_str(name), name->at);
    return chunk == UINT32_MAX ? SCRIPT_NONE : add_script(l, owner, chunk, name->at);
}

uint32_t script_use_map(struct loader *l, struct node *map, const struct script_owner *owner)
{
    static const char *const keys[] = {"script", "params", NULL};
    if (!keys_known(l, map, keys, NULL, NULL)) {
        return SCRIPT_NONE;
    }
    struct node *name = node_get(map, "script");
    if (!name) {
        missing_key(l, map, map->at, "script", _("the script's file"));
        return SCRIPT_NONE;
    }
    struct script_owner with = *owner;
    with.draft.params = node_get(map, "params");
    return script_use_file(l, name, &with);
}

/* A field's label where its id belongs: words that are no Lua. True after a finding. */
static bool names_labels(struct loader *l, str text, span at)
{
    bool exact = at.source && at.length == text.n;
    char quote = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.at[i];
        if (quote || c == '"' || c == '\'') {
            quote = !quote ? c : c == quote ? 0 : quote;
            continue;
        }
        uint32_t code;
        size_t n = (unsigned char)c < 0x80 ? 0 : utf8_decode(text.at + i, text.n - i, &code);
        size_t from = i;
        while (n > 0 && !expression_habit((str){text.at + i, n})) {
            i += n;
            n = i < text.n && (unsigned char)text.at[i] >= 0x80
                    ? utf8_decode(text.at + i, text.n - i, &code)
                    : 0;
        }
        if (i > from) {
            span part = exact ? span_part(at, from, i - from) : at;
            find_field(l, (str){text.at + from, i - from}, part);
            return true;
        }
    }
    return false;
}

uint32_t script_use_expression(struct loader *l, str text, span at,
                               const struct script_owner *owner)
{
    struct script_owner with = *owner;
    if (names_labels(l, text, at) ||
        !expression_names(l->arena, l->diag, text, at, &with.draft.names)) {
        return SCRIPT_NONE;
    }
    struct chunk *c = vec_push(l->arena, &l->rubric->chunks);
    c->name = arena_printf(
        l->arena, owner->use == SCRIPT_FORMULA ? _("formula of '%s'") : _("condition of '%s'"),
        owner->id);
    c->text = expression_chunk(l->arena, text, &with.draft.names);
    c->n = strlen(c->text);
    c->at = at;
    uint32_t script = add_script(l, &with, l->rubric->chunks.n - 1, at);
    l->rubric->scripts.at[script].text = expression_shown(l->arena, text);
    return script;
}

/* ---- settling ---- */

/* What a chunk requires: chunks, and whether one is not there. */
struct needs {
    VEC(uint32_t) chunks;
    bool broken;
};

/* Modules are chunks too; those that they require come after them, so the loop ends. */
static struct needs *load_modules(struct loader *l)
{
    VEC(struct needs) all = {0};
    for (uint32_t i = 0; i < l->rubric->chunks.n; i++) {
        struct needs *needs = vec_push(l->arena, &all);
        script_names names = {0};
        if (!l->rubric->chunks.at[i].module) {
            continue;
        }
        needs->broken = !chunk_requires(l->arena, l->diag, &l->rubric->chunks.at[i], &names);
        for (uint32_t k = 0; k < names.n; k++) {
            const char *file = arena_printf(l->arena, "%s.lua", names.at[k].text);
            uint32_t chunk = load_file(l, str_of(file), names.at[k].at);
            needs->broken = needs->broken || chunk == UINT32_MAX;
            if (chunk != UINT32_MAX) {
                *vec_push(l->arena, &needs->chunks) = chunk;
            }
        }
    }
    return all.at;
}

/* A script is not run while something that it requires is missing: that was said already. */
static void spread_broken(struct needs *all, uint32_t n)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t k = 0; k < all[i].chunks.n && !all[i].broken; k++) {
                all[i].broken = all[all[i].chunks.at[k]].broken;
                changed = changed || all[i].broken;
            }
        }
    }
}

static void add_read(struct loader *l, const struct script_draft *draft, uint32_t field)
{
    if (draft->cond) {
        *vec_push(l->arena, &draft->cond->reads) = field;
    } else if (draft->member != MEMBER_NONE &&
               l->rubric->members.at[draft->member].kind == MEMBER_ITEM) {
        *vec_push(l->arena, &l->rubric->members.at[draft->member].rule.reads) = field;
    }
}

static void settle_inputs(struct loader *l, uint32_t index, const struct script_name *names,
                          uint32_t n)
{
    struct script *s = &l->rubric->scripts.at[index];
    const struct script_draft *draft = &l->script_drafts.at[index];
    for (uint32_t i = 0; i < n; i++) {
        struct input *in = vec_push(l->arena, &s->inputs);
        uint32_t before = l->diag->n_errors;
        if (!input_load(l, str_of(names[i].text), names[i].at, s, &draft->place, in)) {
            if (l->diag->n_errors > before && l->rubric->chunks.at[s->chunk].module) {
                diag_note(l->diag, s->at, _("the script is used here"));
            }
        } else if (in->kind == INPUT_FIELD || in->kind == INPUT_CLASS_RANK) {
            add_read(l, draft, in->index);
        } else if (in->kind == INPUT_POINTS || in->kind == INPUT_BASE || in->kind == INPUT_GRADE) {
            s->reads_points = true;
        }
    }
}

/* What the definition says against what the function takes. */
static void check_parameters(struct loader *l, const struct script_description *d)
{
    uint32_t n = d->n_parameters;
    if (d->vararg || n == d->reads.n + 1 || (n == 0 && d->reads.n == 0)) {
        for (uint32_t i = 0; i < d->reads.n && i < 31; i++) {
            if (d->n_unused_parameters & 2U << i) {
                diag_add(l->diag, FINDING_SCRIPT_UNUSED, d->reads.at[i].at,
                         _("'%s' is read, but score never uses it"), d->reads.at[i].text);
            }
        }
        return;
    }
    diag_add(l->diag, FINDING_SCRIPT_PARAMETERS, d->score_at,
             _("score takes %u value(s) after the first, but `reads` names %u"), n == 0 ? 0 : n - 1,
             d->reads.n);
    diag_hint(l->diag, _("score = function(item, ...) gets one value for each name in `reads`, in "
                         "their order"));
    diag_note(l->diag, d->reads_at, _("what it reads stands here"));
}

void scripts_settle(struct loader *l)
{
    struct rubric *r = l->rubric;
    struct needs *needs = load_modules(l);
    spread_broken(needs, r->chunks.n);
    bool *main = ARENA_ARRAY(l->arena, bool, r->chunks.n);
    for (uint32_t i = 0; i < r->scripts.n; i++) {
        main[r->scripts.at[i].chunk] = !needs[r->scripts.at[i].chunk].broken;
    }
    struct script_description *described =
        ARENA_ARRAY(l->arena, struct script_description, r->chunks.n);
    if (r->chunks.n > 0) {
        scripts_describe(l->arena, l->diag, &r->chunks, main, described);
    }
    for (uint32_t i = 0; i < r->scripts.n; i++) {
        struct script *s = &r->scripts.at[i];
        const struct script_draft *draft = &l->script_drafts.at[i];
        const struct script_description *d = &described[s->chunk];
        if (!r->chunks.at[s->chunk].module) {
            settle_inputs(l, i, draft->names.at, draft->names.n);
            s->formula = formula_compile(l->arena, &r->chunks.at[s->chunk]);
        } else {
            settle_inputs(l, i, d->reads.at, d->reads.n);
            if (d->fine) {
                check_parameters(l, d);
                script_params(l, s, draft->params, d);
            }
        }
        s->call_always = d->call_always || s->use == SCRIPT_GRADES;
        s->may_not_apply = d->may_not_apply;
        s->score_at = d->score_at.source ? d->score_at : r->chunks.at[s->chunk].at;
    }
}
