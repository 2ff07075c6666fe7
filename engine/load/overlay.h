/*
 * overlay.h - `extends`: a rubric that stands in several files becomes one document, before
 * anything is read from it.
 *
 *   duty-2025.yaml ── extends ──► duty-2024.yaml ── extends ──► duty-base.yaml
 *        │                             │                             │
 *        └──────── over it ────────────┴────────── over it ──────────┘
 *                                      ▼
 *                        one tree of nodes: a rubric like any other
 *
 * What an overlay may say (docs/methods.md, Rubrics that extend others):
 *   fields, items, sections, gates   merged by id, key by key; an id that the base lacks is added
 *   bonus, deductions                merged like sections
 *   remove: [ids]                    takes away; within an element: its keys
 *   any other key                    replaces the base's
 *
 * Nodes keep their places, so a finding about what was taken over points into the base's file.
 */
#ifndef KAOPING_OVERLAY_H
#define KAOPING_OVERLAY_H

#include "load/loader.h"

/*
 * Reads the file, and those that it extends, into one tree without `extends` and `remove`. The
 * bases' sources, the nearest first, are added to `bases`. NULL after findings that leave nothing
 * to read. Sets l->root.
 */
struct node *overlay_read(struct loader *l, const struct source *s, source_list *bases);

/* overlay_merge.c: puts one document over another, whose tree becomes the result. */
void overlay_merge(struct loader *l, struct node *base, const struct node *over);

#endif
