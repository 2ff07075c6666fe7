/*
 * overlay.c - the chain of files that `extends` makes: found, read, each held against what is
 * there already, then put over one another from the far end on.
 */
#include "load/overlay.h"

#include "base/i18n.h"
#include "base/sys.h"

#include <string.h>

/* More is a mistake, or somebody who wants to know what happens. */
#define CHAIN_MOST 16U

struct chain {
    VEC(struct node *) documents; /* the rubric itself first */
    VEC(const struct source *) sources;
};

static struct node *read_document(struct loader *l, const struct source *s)
{
    return str_ends(str_of(s->name), ".json") ? json_read(l->arena, l->diag, s)
                                              : yaml_read(l->arena, l->diag, s);
}

static struct node *value_of(const struct node *map, const char *key)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->n_items; i++) {
        if (node_is(map->pairs[i].key, key)) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}

/* "a.yaml, b.yaml, a.yaml": the way round, from the first time on. */
static const char *way_round(struct loader *l, const struct chain *chain, uint32_t from)
{
    const char *text = chain->sources.at[from]->name;
    for (uint32_t i = from + 1; i < chain->sources.n; i++) {
        text = arena_printf(l->arena, "%s → %s", text, chain->sources.at[i]->name);
    }
    return arena_printf(l->arena, "%s → %s", text, chain->sources.at[from]->name);
}

/* The base's path, or NULL after a finding. */
static const char *find_base(struct loader *l, struct node *extends, const struct chain *chain)
{
    if (!is_text(l, extends)) {
        return NULL;
    }
    const struct source *from = chain->sources.at[chain->sources.n - 1];
    const char *path = path_beside(l->arena, from, node_str(extends));
    const struct source_shelf *shelf = chain->sources.at[0]->shelf;
    for (uint32_t i = 0; i < chain->sources.n; i++) {
        const char *name = chain->sources.at[i]->name;
        if (shelf ? strcmp(path, name) == 0 : sys_same_file(path, name)) {
            diag_add(l->diag, FINDING_BASE, extends->at, _("this rubric extends itself: %s"),
                     way_round(l, chain, i));
            return NULL;
        }
    }
    if (chain->sources.n == CHAIN_MOST) {
        diag_add(l->diag, FINDING_BASE, extends->at,
                 _("this is the %uth rubric that extends another: no more follow"), CHAIN_MOST);
        return NULL;
    }
    if (shelf ? !source_on_shelf(shelf, str_of(path)) : !sys_same_file(path, path)) {
        diag_add(l->diag, FINDING_BASE, extends->at, _("there is no file '%s'"), path);
        diag_hint(l->diag, _("a base is looked for from the folder of the file that extends it"));
        return NULL;
    }
    return path;
}

/* ---- each file on its own ---- */

/* A file must be a map in a version that is known, as if it stood alone. */
static bool is_rubric(struct loader *l, struct node *root)
{
    if (!is_map(l, root)) {
        return false;
    }
    l->root = root;
    if (is_other_version(l)) {
        return false;
    }
    if (value_of(root, "kaoping")) {
        if (!node_is(root->pairs[0].key, "kaoping")) {
            diag_add(l->diag, FINDING_BAD_ORDER, key_span(root, "kaoping"),
                     _("`kaoping` must be the first key"));
        }
        return true;
    }
    diag_add(l->diag, FINDING_MISSING_KEY, root->at, _("`%s` is missing"), "kaoping");
    diag_hint(l->diag, _("a rubric begins with the version of its language: kaoping: 1"));
    return false;
}

/* False after a finding. */
static bool ends_well(struct loader *l, struct node *root)
{
    bool removes = value_of(root, "remove");
    if (removes) {
        diag_add(l->diag, FINDING_MISSING_KEY, key_span(root, "remove"), _("`%s` is missing"),
                 "extends");
        diag_hint(l->diag, _("`remove` takes away what a base has"));
    }
    return !removes;
}

/* The next file of the chain; false where it ends, in *fine whether well. */
static bool extend(struct loader *l, struct chain *chain, bool *fine)
{
    struct node *top = chain->documents.at[chain->documents.n - 1];
    struct node *extends = value_of(top, "extends");
    if (!extends) {
        *fine = ends_well(l, top);
        return false;
    }
    *fine = false;
    const char *path = find_base(l, extends, chain);
    const struct source_shelf *shelf = chain->sources.at[0]->shelf;
    const struct source *source = !path   ? NULL
                                  : shelf ? source_on_shelf(shelf, str_of(path))
                                          : source_read(l->arena, l->diag, path, NULL);
    if (!source) {
        return false;
    }
    diag_included(l->diag, source, extends->at, _("it is extended here"));
    struct node *root = read_document(l, source);
    if (!root || !is_rubric(l, root)) {
        return false;
    }
    *vec_push(l->arena, &chain->documents) = root;
    *vec_push(l->arena, &chain->sources) = source;
    *fine = true;
    return true;
}

/* The version stands first, whatever was put where. */
static void version_first(struct node *root)
{
    for (uint32_t i = 1; i < root->n_items; i++) {
        if (node_is(root->pairs[i].key, "kaoping")) {
            struct node_pair version = root->pairs[i];
            memmove(root->pairs + 1, root->pairs, sizeof version * i);
            root->pairs[0] = version;
            return;
        }
    }
}

/* Each file is no deeper than readers allow; what one adds deep in another may be. */
static bool is_too_deep(const struct node *n, uint32_t depth)
{
    bool deep = depth > NODE_DEPTH_MOST;
    for (uint32_t i = 0; i < n->n_items && n->kind != NODE_SCALAR && !deep; i++) {
        deep = is_too_deep(n->kind == NODE_LIST ? n->items[i] : n->pairs[i].value, depth + 1);
    }
    return deep;
}

struct node *overlay_read(struct loader *l, const struct source *s, source_list *bases)
{
    struct chain chain = {0};
    bool fine = true;
    l->root = read_document(l, s);
    if (!l->root || l->root->kind != NODE_MAP || is_other_version(l)) {
        /* What is no map is reported where its keys are read. */
        return l->root && l->root->kind != NODE_MAP ? l->root : NULL;
    }
    if (value_of(l->root, "extends") && !is_rubric(l, l->root)) {
        return NULL;
    }
    *vec_push(l->arena, &chain.documents) = l->root;
    *vec_push(l->arena, &chain.sources) = s;
    while (extend(l, &chain, &fine)) {
        *vec_push(l->arena, bases) = chain.sources.at[chain.sources.n - 1];
    }
    if (!fine) {
        return NULL;
    }
    l->root = chain.documents.at[chain.documents.n - 1];
    uint32_t errors = l->diag->n_errors;
    for (uint32_t i = chain.documents.n - 1; i-- > 0;) {
        overlay_merge(l, l->root, chain.documents.at[i]);
        if (is_too_deep(l->root, 0)) {
            const struct node *extends = value_of(chain.documents.at[i], "extends");
            diag_add(l->diag, FINDING_SYNTAX, extends->at, _("lists and maps are nested too deep"));
            break;
        }
    }
    if (l->diag->n_errors > errors) {
        return NULL; /* half of what was meant: what it says would be said of something else */
    }
    if (chain.documents.n > 1) {
        version_first(l->root);
    }
    return l->root;
}
