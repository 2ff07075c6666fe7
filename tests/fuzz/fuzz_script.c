/*
 * fuzz_script.c - random Lua programs in the sandbox: a call's result depends on its arguments
 * alone.
 *
 *   bytes ── decisions ──► a program, mostly valid ──► sandbox 1: calls 0 1 2 0
 *     or, after a zero byte, the program itself   └──► sandbox 2: calls     2 1 0, in blocks
 *
 * Two states have different addresses and seeds, and two orders of calls leave different things
 * behind; whatever comes of a call with the same arguments must be the same. Only its steps may
 * differ a little: when a table of texts is laid out anew depends on where their hashes fall, and
 * so on the seed.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "lua/budget.h"
#include "lua/sandbox.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N_SETS 3
#define N_ARGS 4
#define TEXT_MOST 16384 /* of a generated program; then only the shortest parts follow */
#define DEPTH_MOST 5

struct gen {
    const uint8_t *at, *end; /* decisions left; without one, always the first choice */
    struct buf out;
    int depth;
    unsigned labels;
};

/* ---- decisions ---- */

static unsigned pick(struct gen *g, unsigned n) { return g->at < g->end ? *g->at++ % n : 0; }

static const char *one_of(struct gen *g, const char *const *texts, unsigned n)
{
    return texts[pick(g, n)];
}

#define ONE_OF(g, ...)                                                                             \
    one_of((g), (const char *const[]){__VA_ARGS__},                                                \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* True where the program is deep or long enough: then the shortest choice is taken. */
static bool enough(const struct gen *g)
{
    return g->depth > DEPTH_MOST || g->out.n > TEXT_MOST || g->at >= g->end;
}

/* ---- a template: text with holes, each filled by the generator of its letter ---- */

static void number(struct gen *g);
static void text(struct gen *g);
static void table(struct gen *g);
static void any(struct gen *g);
static void condition(struct gen *g);
static void block(struct gen *g);
static void function(struct gen *g);
static void pattern(struct gen *g);

/* $n number, $s text, $t table, $a any, $c condition, $b block, $f function, $p pattern; $i a small
 * whole number; $N $S $T a variable; $L a label of this template's own. */
static void fill(struct gen *g, const char *template)
{
    static void (*const fillers[])(struct gen *) = {
        ['n'] = number,    ['s'] = text,  ['t'] = table,    ['a'] = any,
        ['c'] = condition, ['b'] = block, ['f'] = function, ['p'] = pattern};
    unsigned label = g->labels++;
    g->depth++;
    for (const char *c = template; *c != '\0'; c++) {
        if (*c != '$')
            buf_char(&g->out, *c);
        else if (*++c == 'i')
            buf_printf(&g->out, "%d", (int)pick(g, 12) - 3);
        else if (*c == 'L')
            buf_printf(&g->out, "l%u", label);
        else if (*c >= 'a')
            fillers[(unsigned char)*c](g);
        else /* n0, s3 */
            buf_printf(&g->out, "%c%u", *c - 'A' + 'a', pick(g, 4));
    }
    g->depth--;
}

static void number(struct gen *g)
{
    fill(g, enough(g)
                ? ONE_OF(g, "1", "$N", "0", "$i")
                : ONE_OF(g, "$i", "$N", "n0 + 1", "0.5", "-0.0", "1e308", "1e15", "0/0", "1/0",
                         "math.maxinteger", "math.mininteger", "2^53", "item.points", "W[2]",
                         "($n + $n)", "($n - $n)", "($n * $n)", "($n / $n)", "($n // $n)",
                         "($n % $n)", "($n ^ $i)", "(-$n)", "(~$i)", "($i & $i)", "($i << $i)",
                         "($i ~ $i)", "($i // 2 | 0)", "#$s", "#$t", "#W", "math.floor($n)",
                         "math.max($n, $n)", "math.fmod($n, $i)", "math.abs($n)", "math.sqrt($n)",
                         "(math.tointeger($n) or 0)", "(tonumber($s) or 0)",
                         "(tonumber($s, 16) or 0)", "select('#', table.unpack($t))",
                         "(($s):find($p) or 0)", "(($s):find($s, $i, true) or 0)",
                         "(($s):byte($i) or 0)", "(utf8.len($s) or 0)",
                         "(utf8.offset($s, $i) or 0)", "#tostring($a)", "clamp($n, 0, 9)",
                         "round($n, $i)", "($c and $n or $n)", "select(2, ($s):gsub($p, $s))",
                         "recur($i)", "$f($n)", "(a or 0)", "(b or $n)"));
}

static void text(struct gen *g)
{
    fill(g,
         enough(g)
             ? ONE_OF(g, "\"\"", "$S", "\"ab\"")
             : ONE_OF(g, "\"abc abc\"", "$S", "\"考评\"", "\"12\"", "\"\\0a\\xff\"", "\"0x1p4\"",
                      "\" a,b;c \"", "item.id", "W.name", "($s .. $s):sub(1, 200)", "$n .. \"\"",
                      "($s):upper()", "($s):lower()", "($s):reverse()", "($s):rep($i)",
                      "($s):rep(2, $s):sub(1, 99)", "($s):sub($i, $i)", "(($s):match($p) or $s)",
                      "(($s):gsub($p, $s))", "(($s):gsub($p, \"<%0>\", $i))", "(($s):gsub($p, $t))",
                      "(($s):gsub($p, $f))", "tostring($a)", "type($a)", "(\"%d\"):format($i)",
                      "(\"%5.2f|%g\"):format($n, $n)", "(\"%s %s\"):format($a, $a)",
                      "(\"%x\"):format($i)", "(\"%-9s|%.3s\"):format($s, $s)",
                      "(\"%c\"):format(65 + $i)", "table.concat({$s, $n, $s}, $s)",
                      "table.concat($t)", "utf8.char(65, 100 + $i)", "string.char(65 + $i)",
                      "($c and $s or $s)", "tostring(math.type($n))"));
}

static void table(struct gen *g)
{
    fill(g, enough(g) ? ONE_OF(g, "{}", "$T", "{1, 2}")
                      : ONE_OF(g, "$T", "{$n, $n, $s}", "{x = $n, y = $s, $n}",
                               "{[$n] = $a, [$s] = $a}", "table.pack($a, $a)", "{table.unpack($t)}",
                               "W", "W.inner", "item.params", "{$t, $t}", "{($s):byte(1, 9)}",
                               "{[true] = $a, [1.5] = $n, k = $f}", "(list or {})"));
}

static void any(struct gen *g)
{
    fill(g, enough(g) ? "$n"
                      : ONE_OF(g, "$n", "$s", "$t", "$n", "$s", "nil", "true", "$f", "$c", "a", "b",
                               "c", "list", "$T[$i]", "$T.x", "$T[$a]", "W[$i]", "item", "math",
                               "table.remove($T)"));
}

static void condition(struct gen *g)
{
    fill(g, enough(g)
                ? ONE_OF(g, "$N < 3", "true", "$N > 1")
                : ONE_OF(g, "$n < $n", "$n <= $n", "$a == $a", "$a ~= $a", "$s < $s", "$s <= $s",
                         "not $c", "($c and $c)", "($c or $c)", "$n == $n", "a", "$t == $T"));
}

static void function(struct gen *g)
{
    fill(g, enough(g) ? "math.abs"
                      : ONE_OF(g, "tostring", "(function(x) return x end)",
                               "(function(x) n1 = n1 + 1 return n1 end)",
                               "(function(...) $b return $a end)", "(function(x, y) return $c end)",
                               "(function(x) return $a end)", "string.upper", "tonumber"));
}

static void pattern(struct gen *g)
{
    buf_char(&g->out, '"');
    for (unsigned n = 1 + pick(g, 6); n-- > 0;) {
        if (pick(g, 32) == 1)
            buf_text(&g->out, ONE_OF(g, "%1", "[", "(", ")", "%", "^", "%b", "%f"));
        buf_text(&g->out,
                 ONE_OF(g, "a", ".", "%a", "%d", "[a-c]", "[^%s]", "(.)", "(a*)", "%s", "()",
                        "%f[%w]", "%b()", "%%", "考", "\\0", "%W", "[]]", "%x", "$"));
        buf_text(&g->out, ONE_OF(g, "", "*", "-", "?", "+", ""));
    }
    buf_char(&g->out, '"');
}

/* ---- statements ---- */

static void statement(struct gen *g)
{
    static const char *const simple[] = {
        "$N = $n\n",
        "$S = $s\n",
        "$T = $t\n",
        "$T[$n] = $a\n",
        "$T[$s] = $a\n",
        "$T.x = $a\n",
        "$T[#$T + 1] = $a\n",
        "$T[$i] = nil\n",
        "table.insert($T, $a)\n",
        "table.sort($T)\n",
        "table.sort($T, function(x, y) return tostring(x) < tostring(y) end)\n",
        "table.sort($T, function(x, y) $b return $c end)\n",
        "$N, $S = $n, $s\n",
        "item.flag {severity = \"major\", text = $s}\n",
        "item.flag {severity = \"minor\", text = $s, remedy = $s}\n",
        "local x <const> = $a\n"};
    /* Nearly always the end of the call. */
    static const char *const fatal[] = {"error($a)\n",
                                        "assert($c, $s)\n",
                                        "W.x = $a\n",
                                        "table.insert(W, $a)\n",
                                        "table.insert($T, $i, $a)\n",
                                        "table.remove($T, $i)\n",
                                        "item.lose($n, $s)\n",
                                        "$N = $s + 1\n",
                                        "$S = (\"%q %i\"):format($s, $n)\n",
                                        "while $c do $b end\n"};
    static const char *const nested[] = {
        "if $c then $b end\n",
        "if $c then $b elseif $c then $b else $b end\n",
        "for k, v in pairs($t) do s0 = s0 .. tostring(k):sub(1, 20) $b end\n",
        "for k, v in ipairs($t) do n0 = n0 + 1 $b end\n",
        "do local n0, s0, t0 = $n, $s, $t $b end\n",
        "for i = $i, $i do n1 = n1 + i $b end\n",
        "for i = $n, $n, $n do n2 = i $b if i > 9 then break end end\n",
        "for w in ($s):gmatch($p) do s1 = tostring(w):sub(1, 50) $b end\n",
        "for p, u in utf8.codes($s) do n3 = n3 + u $b end\n",
        "do local i = 0 while i < 9 and $c do i = i + 1 $b end end\n",
        "do local i = 0 repeat local y = $n i = i + 1 $b until i > 5 or y == $n end\n",
        "do local i = 0 ::$L:: i = i + 1 $b if i < 5 then goto $L end end\n",
        ("do local f = function(...) local t0 = {...} $b return select('#', ...) end n0 = f($a, "
         "$a) "
         "end\n"),
        "do local function f(x, y) $b return $n end n1 = f($n, $s) + f($i) end\n"};
    if (!enough(g) && pick(g, 32) == 1)
        fill(g, one_of(g, fatal, sizeof fatal / sizeof fatal[0]));
    else if (enough(g) || pick(g, 3) == 0)
        fill(g, one_of(g, simple, enough(g) ? 3 : sizeof simple / sizeof simple[0]));
    else
        fill(g, one_of(g, nested, sizeof nested / sizeof nested[0]));
}

static void block(struct gen *g)
{
    for (unsigned n = pick(g, 4); n-- > 0 && !enough(g);)
        statement(g);
}

static void program(struct gen *g)
{
    buf_text(&g->out,
             "local W = {10, 20, 30, name = \"w\", inner = {x = 1, {2, 3}}, [2.5] = true}\n"
             "local function recur(n) if n <= 0 then return 0 end return 1 + recur(n - 1) end\n");
    if (pick(g, 4) == 1)
        fill(g, "local seed = $i\nW.seed = seed\n");
    buf_text(&g->out, "return {score = function(item, a, b, c, list)\n"
                      "local n0, n1, n2, n3 = 1, 2, a, b\n"
                      "local s0, s1, s2, s3 = \"s\", \"abc\", \"x y z\", c\n"
                      "local t0, t1, t2, t3 = {}, {3, 1, 2}, {x = 1, y = 2}, list\n");
    buf_text(&g->out,
             "n2, n3, s3, t3 = tonumber(n2) or 4, tonumber(n3) or 5, tostring(s3), t3 or {}\n");
    for (unsigned n = 2 + pick(g, 12); n-- > 0 && g->at < g->end;)
        statement(g);
    fill(g, ONE_OF(g, "return clamp(n0 + n1, 0, 100), tostring(s0):sub(1, 300)\n", "return $n\n",
                   "return $a, $a\n", "return item.not_reported()\n",
                   "return item.not_applicable($s)\n", "return #s0 + #s1 + #t0, s1\n",
                   "return #s0 % 100, s0 .. s1 .. tostring(n0) .. n1\n"));
    buf_text(&g->out, "end}\n");
}

/* ---- calls ---- */

static const struct arg list[] = {{.kind = ARG_TEXT, .text = "甲", .n = 3},
                                  {.kind = ARG_NUMBER, .number = 7},
                                  {.kind = ARG_TEXT, .text = "b", .n = 1}};

static const struct arg sets[N_SETS][N_ARGS] = {
    {{.kind = ARG_NUMBER, .number = 3},
     {.kind = ARG_NUMBER, .number = 0.5},
     {.kind = ARG_TEXT, .text = "考评 a", .n = 8},
     {.kind = ARG_LIST, .list = list, .n = 3}},
    {{.kind = ARG_NIL},
     {.kind = ARG_NUMBER, .number = -1e15},
     {.kind = ARG_YESNO, .number = 1},
     {.kind = ARG_LIST, .list = list, .n = 0}},
    {{.kind = ARG_NUMBER, .number = 1000000},
     {.kind = ARG_YESNO, .number = 0},
     {.kind = ARG_TEXT, .text = "", .n = 0},
     {.kind = ARG_NIL}},
};

/* All of a result as text, so that two can be held against each other and shown. */
static void describe(struct buf *out, const struct call_result *r)
{
    buf_printf(out, "state %d number %a yes %d grade %u line %u:%u\n", (int)r->state, r->number,
               r->yes, r->grade, r->chunk, r->line);
    buf_printf(out, "reason %s\nerror %s\ntrace %s\n", r->reason ? r->reason : "-",
               r->error ? r->error : "-", r->trace ? r->trace : "-");
    for (uint32_t i = 0; i < r->flags.n; i++) {
        const struct script_flag *f = &r->flags.at[i];
        buf_printf(out, "flag %d %s / %s due %d %d %d\n", (int)f->severity, f->text,
                   f->remedy ? f->remedy : "-", f->due.given, f->due.is_date,
                   f->due.is_date ? f->due.date : f->due.n);
    }
}

static void fail(const struct buf *program, const char *what, const struct buf *a,
                 const struct buf *b)
{
    fprintf(stderr, "%s\n---- program\n%.*s\n---- one\n%.*s\n---- another\n%.*s\n", what,
            (int)program->n, program->at, a ? (int)a->n : 0, a ? a->at : "", b ? (int)b->n : 0,
            b ? b->at : "");
    abort();
}

/* No text that comes out shows an address. */
static bool shows_address(const struct buf *out)
{
    for (size_t i = 0; i + 8 < out->n; i++) {
        size_t digits = 0;
        if (out->at[i] != '0' || out->at[i + 1] != 'x')
            continue;
        while (i + 2 + digits < out->n && isxdigit((unsigned char)out->at[i + 2 + digits]))
            digits++;
        if (digits >= 8 && memcmp(out->at + i + 2, "ffff", 4) != 0) /* (-1):format("%x") has none */
            return true;
    }
    return false;
}

struct call_in_block {
    struct sandbox *sandbox;
    const struct call *call;
    struct call_result *result;
};

static void call_in_block(void *context)
{
    struct call_in_block *c = context;
    sandbox_call(c->sandbox, 0, c->call, c->result);
}

/* Returns the steps taken. */
static int64_t call(struct sandbox *s, unsigned set, bool in_block, const struct buf *program,
                    struct buf *out)
{
    struct arena a = {0};
    struct call_result r = {0};
    struct call c = {.full = 100, .args = sets[set], .arena = &a};
    struct call_in_block in = {s, &c, &r};
    bool called = in_block && sandbox_block(s, call_in_block, &in);
    if (!called)
        sandbox_call(s, 0, &c, &r);
    if (in_block && !called && r.state != CALL_FAILED)
        fail(program, "it failed in a block and not outside", out, NULL);
    describe(out, &r);
    if (r.state == CALL_FAILED && r.error == NULL)
        fail(program, "a failure without a word", out, NULL);
    if (r.steps < 0)
        fail(program, "fewer than no steps", out, NULL);
    if (r.state == CALL_VALUE && !isfinite(r.number))
        fail(program, "points that are no number", out, NULL);
    if (shows_address(out))
        fail(program, "an address", out, NULL);
    arena_release(&a);
    return r.steps;
}

struct outcome {
    struct buf text;
    int64_t steps;
};

static void compare(const struct buf *program, const struct outcome *a, const struct outcome *b)
{
    int64_t most = a->steps > b->steps ? a->steps : b->steps;
    int64_t apart = 2 * most - a->steps - b->steps;
    /* So near the limit one may be beyond it. */
    bool near = most > BUDGET_STEPS / 16 * 15;
    if (apart > 64 + most / 16 ||
        (!near && (a->text.n != b->text.n || memcmp(a->text.at, b->text.at, a->text.n) != 0))) {
        fprintf(stderr, "%lld and %lld steps\n", (long long)a->steps, (long long)b->steps);
        fail(program, "the same call came out differently", &a->text, &b->text);
    }
}

static void run(struct arena *a, const struct buf *program)
{
    static const unsigned order[2][N_SETS + 1] = {{0, 1, 2, 0}, {2, 1, 0, 1}};
    struct rubric r = {
        .grades_script = SCRIPT_NONE, .bonus = MEMBER_NONE, .deductions = MEMBER_NONE};
    const char *copy = arena_text(a, program->at, program->n);
    const struct source *source = source_from_text(a, "fuzz.lua", copy, program->n);
    *vec_push(a, &r.chunks) = (struct chunk){.name = "fuzz.lua",
                                             .module = "fuzz",
                                             .text = copy,
                                             .n = program->n,
                                             .at = {.source = source, .length = program->n}};
    struct script *script = vec_push(a, &r.scripts);
    script->use = SCRIPT_ITEM;
    script->id = script->title = "letters";
    script->params.kind = PARAM_MAP;
    for (unsigned i = 0; i < N_ARGS; i++)
        *vec_push(a, &script->inputs) =
            (struct input){.kind = INPUT_FIELD, .index = i, .name = "f"};
    struct outcome first[N_SETS] = {0};
    for (unsigned state = 0; state < 2; state++) {
        struct sandbox *s = sandbox_new(&r, NULL);
        for (unsigned i = 0; i <= N_SETS; i++) {
            struct outcome again = {0}, *known = &first[order[state][i]];
            struct outcome *out = known->text.n == 0 ? known : &again;
            out->steps = call(s, order[state][i], state == 1, program, &out->text);
            if (out == &again)
                compare(program, known, &again);
            buf_release(&again.text);
        }
        sandbox_release(s);
    }
    if (getenv("VERBOSE") != NULL)
        fprintf(stderr, "%.*s\n%.*ssteps %lld\n", (int)program->n, program->at,
                (int)first[0].text.n, first[0].text.at, (long long)first[0].steps);
    for (unsigned i = 0; i < N_SETS; i++)
        buf_release(&first[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct gen g = {.at = data, .end = data + n};
    if (n > 0 && data[0] == 0)
        buf_add(&g.out, (const char *)data + 1, n - 1);
    else
        program(&g);
    if (g.out.n > 0 && g.out.n <= BUDGET_TEXT_MOST)
        run(&a, &g.out);
    buf_release(&g.out);
    arena_release(&a);
    return 0;
}
