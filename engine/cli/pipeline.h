/*
 * pipeline.h - the arrows from files to a ranked result, once, for every command.
 *
 *   rubric.yaml -> rubric ─┐
 *   units.csv ... -> table ┴-> result -> ranked result
 */
#ifndef KAOPING_PIPELINE_H
#define KAOPING_PIPELINE_H

#include "analyse/rank.h"
#include "cli/options.h"
#include "model/result.h"

struct pipeline {
    struct arena *arena;
    struct diag diag;
    const struct command *command;
    const struct common *common;
    struct rubric *rubric; /* NULL: could not be loaded */
    bool rubric_fine;      /* no error in the rubric: it may be scored by */
    struct table *table;
    struct result *result;
    struct ranking_result ranking;
    bool stdin_read;
    bool waivers_lost; /* a file of them could not be read: who has any is not known */
    bool wants_result; /* pipeline_score was called for a result that is shown */
};

struct coverage;

struct pipeline_options {
    const struct text_list *waivers; /* files, or NULL */
    bool keep_going, ignore_unknown;
    bool check_only;                  /* scored for the findings alone */
    const struct text_list *previous; /* files of the previous period, or runs of `archive`; NULL or
                                         empty: none */
    const char *archive;              /* or NULL */
    const struct text_list *periods;  /* PERIOD=FILE each, of what the rubric is made of; or NULL */
    struct coverage *coverage;        /* of tests, or NULL */
    unsigned jobs;                    /* worker processes; 0: as many as there are processors */
    const struct rubric *as_of;       /* whose period the data are of; NULL: the rubric's own */
};

void pipeline_init(struct pipeline *p, struct arena *a, const struct command *c,
                   const struct common *common);
void pipeline_rubric(struct pipeline *p, const char *path);
/* The same for what was read already; NULL: it could not be decoded. */
void pipeline_rubric_from(struct pipeline *p, const struct source *source);
/* After pipeline_rubric: data, those of the rubric's periods, those of the previous period (and
 * whether the rubric needs them and they are not given), waivers. Does nothing where there is no
 * rubric to read the data by. */
void pipeline_data(struct pipeline *p, char **paths, int n, const struct pipeline_options *o);

/* What was read already. */
struct input_sources {
    const struct source **data, **previous, **waivers;
    uint32_t n_data, n_previous, n_waivers;
    const struct period_file *periods;
    uint32_t n_periods;
    bool previous_given; /* although none of them may have been readable */
    bool waivers_lost;
};

/* The same as pipeline_data for these. */
void pipeline_data_from(struct pipeline *p, const struct input_sources *in,
                        const struct pipeline_options *o);
/* The file of PERIOD=FILE; wrong usage if it is not of that form. */
const char *pipeline_period_path(const struct command *c, const char *given);
/* Whether there is nothing to score: no data, of no period. */
bool pipeline_no_data(int n_data, const struct text_list *periods);
/* Scores and ranks, if the rubric is fine and the data are or keep_going says so. */
void pipeline_score(struct pipeline *p, const struct pipeline_options *o);

struct csv_columns;
/* The columns that --columns names, wrong usage if there is none such; NULL: all of them. */
const struct csv_columns *pipeline_columns(const struct pipeline *p, const char *names);

/* Prints the findings to standard error and returns the exit status they mean. */
int pipeline_finish(struct pipeline *p);

/* The unit of that id or name; wrong usage with the nearest if there is none. */
uint32_t pipeline_unit(const struct pipeline *p, const char *name);

#endif
