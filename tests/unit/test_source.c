/* test_source.c - inputs kept whole: encodings, lines and columns, spans. */
#include "base/source.h"

#include "base/diag.h"
#include "base/digest.h"
#include "base/encoding.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define BYTES(literal) (literal), sizeof(literal) - 1

static char path[64];

static void write_bytes(const char *at, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, at, n), (ssize_t)n);
    close(fd);
}

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/test_source-%d", (int)getpid());
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void test_encodings(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *encoding; /* as named, or NULL */
        const char *expected; /* the text, or NULL: a finding */
        const char *why;
    } rows[] = {
        {BYTES(""), NULL, "", "an empty file"},
        {BYTES("id,name\n"), NULL, "id,name\n", "ASCII"},
        {BYTES("编号,名称\n"), NULL, "编号,名称\n", "UTF-8"},
        {BYTES("\xef\xbb\xbf编号\n"), NULL, "编号\n", "UTF-8 with a mark, as Excel saves it"},
        {BYTES("\xef\xbb\xbf"), NULL, "", "only a mark"},
        {BYTES("\xff\xfe\x16\x7f\xf7\x53\x0a\x00"), NULL, "编号\n", "UTF-16LE with a mark"},
        {BYTES("\xfe\xff\x7f\x16\x53\xf7\x00\x0a"), NULL, "编号\n", "UTF-16BE with a mark"},
        {BYTES("\x16\x7f,\0\xf7\x53\n\0"), NULL, "编,号\n", "UTF-16LE by its NULs"},
        {BYTES("\x7f\x16\0,\x53\xf7\0\n"), NULL, "编,号\n", "UTF-16BE by its NULs"},
        {BYTES("i\0d\0\n\0"), NULL, "id\n", "ASCII in UTF-16LE, valid UTF-8 but for the NULs"},
        {BYTES("\xff\xfe\x3d\xd8\x00\xde"), NULL, "😀", "a surrogate pair"},
        {BYTES("\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\n"), NULL, "编号,名称\n", "GB18030"},
        {BYTES("\x90\x30\x81\x30"), NULL, "𐀀", "four bytes of GB18030"},
        {BYTES("\x84\x31\x95\x33\xb1\xe0"), NULL, "编", "GB18030 with its rare mark"},
        {BYTES("\xb1\xe0\xba\xc5"), "gbk", "编号", "GBK is read as GB18030"},
        {BYTES("\xb1\xe0\xba\xc5"), "GB-2312", "编号", "however it is written"},
        {BYTES("\xc1\xaa\xcd\xa8"), NULL, "联通", "the word that Notepad took for UTF-8"},
        {BYTES("\xcd\xac"), NULL, "\u036c", "valid in both is UTF-8"},
        {BYTES("\xcd\xac"), "gb18030", "同", "and a name settles it"},
        {BYTES("\x16\x7f\xf7\x53"), "utf-16le", "编号", "no NUL to tell by, so it is named"},
        {BYTES("\xff\xfe\x16\x7f"), "utf16", "编", "either order, by the mark"},
        {BYTES("\x7f\x16\0,"), "utf-16", "编,", "either order, by the looks"},
        {BYTES("\xbd\x73\xb8\xb9"), "big5", "編號", "any other that iconv knows"},
        {BYTES("\xb1\xe0\xba\xc5\n"), "utf-8", NULL, "the name is wrong"},
        {BYTES("编号,理论\xff学习,名称\n"), NULL, NULL, "damaged UTF-8 is not GB18030"},
        {BYTES("\xef\xbb\xbf"
               "a\xff"),
         NULL, NULL, "the mark promises UTF-8"},
        {BYTES("\xb1\xe0\xff\n"), NULL, NULL, "damaged GB18030"},
        {BYTES("\xff\xfe\x16\x7f\xf7"), NULL, NULL, "half a character of UTF-16"},
        {BYTES("\xff\xfe\x00\xde\x0a\x00"), NULL, NULL, "half a surrogate pair"},
        {BYTES("a\0b\n"), NULL, NULL, "a NUL in UTF-8"},
        {BYTES("\xff\xfe"
               "a\0\0\0"),
         NULL, NULL, "a NUL in UTF-16"},
        {BYTES("PK\003\004\024\0\0\0\xff\xff"), NULL, NULL, "a workbook"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena a = {0};
        struct diag d;
        char digest[DIGEST_TEXT];
        diag_init(&d, &a);
        write_bytes(rows[i].bytes, rows[i].n);
        const struct source *s = source_read(&a, &d, path, rows[i].encoding);
        if ((s == NULL) != (rows[i].expected == NULL))
            fail_msg("%s: %s", rows[i].why, s == NULL ? "is refused" : s->text);
        assert_int_equal(d.n_errors, s == NULL);
        if (s != NULL) {
            if (strcmp(s->text, rows[i].expected) != 0 || s->n != strlen(rows[i].expected))
                fail_msg("%s: '%s'", rows[i].why, s->text);
            digest_text(rows[i].bytes, rows[i].n, digest);
            assert_string_equal(s->digest, digest); /* of the bytes, not of the text */
        }
        arena_release(&a);
    }
}

/* The place of a bad byte is where it stands in the text, in whatever encoding. */
static void test_bad_places(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *expected, *why;
    } rows[] = {
        {BYTES("编号\n理论\xff学习名称,\n"), ":2:3: error: byte 0xff is not valid UTF-8", "UTF-8"},
        {BYTES("\xb1\xe0\n\xba\xc5\xff\n"), ":2:2: error: byte 0xff is not valid GB18030",
         "GB18030"},
        {BYTES("\xff\xfe\x16\x7f\n\0\xf7\x53\x00\xde\n\0"),
         ":2:2: error: byte 0x00 is not valid UTF-16LE", "UTF-16"},
        {BYTES("\xff\xfe\x16"), ":1:1: error: byte 0x16 is not valid UTF-16LE", "the end"},
        {BYTES("a\nb\0c"), ":2:2: error: a NUL character", "a NUL"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena a = {0};
        struct diag d;
        struct buf out = {0};
        diag_init(&d, &a);
        write_bytes(rows[i].bytes, rows[i].n);
        assert_null(source_read(&a, &d, path, NULL));
        diag_print(&d, &out, false);
        if (strstr(out.at, rows[i].expected) == NULL)
            fail_msg("%s:\n%s", rows[i].why, out.at);
        buf_release(&out);
        arena_release(&a);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_true(encoding_exists("GB18030"));
    assert_true(encoding_exists("utf_16_le"));
    assert_true(encoding_exists("ISO-8859-1"));
    assert_false(encoding_exists("klingon"));
    assert_false(encoding_exists("a-name-that-is-longer-than-any-encoding-has-ever-had"));
}

static void test_digest(void **state)
{
    char digest[DIGEST_TEXT];
    (void)state;
    digest_text("abc", 3, digest); /* FIPS 180-2, appendix B.1 */
    assert_string_equal(digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20"
                                "015ad");
    digest_text("", 0, digest);
    assert_string_equal(digest, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b785"
                                "2b855");
}

static void test_positions(void **state)
{
    static const char text[] = "ab\n理论x\r\n\rz\n";
    /*                          012 3  6 9 a b c de   (hexadecimal offsets) */
    static const struct {
        size_t offset;
        uint32_t line, column;
        size_t start, end;
        const char *why;
    } rows[] = {
        {0, 1, 1, 0, 2, "the first"},
        {2, 1, 3, 0, 2, "on the line's end"},
        {3, 2, 1, 3, 10, "a new line"},
        {6, 2, 2, 3, 10, "columns count characters"},
        {7, 2, 2, 3, 10, "inside of a character is the character"},
        {9, 2, 3, 3, 10, "behind two"},
        {10, 2, 4, 3, 10, "on CR LF"},
        {11, 2, 4, 3, 10, "on its LF"},
        {12, 3, 1, 12, 12, "an empty line, ended by CR alone"},
        {13, 4, 1, 13, 14, "behind it"},
        {15, 5, 1, 15, 15, "the end of the text"},
        {99, 5, 1, 15, 15, "beyond is the end"},
        {0, 1, 1, 0, 2, "back again"},
    };
    struct arena a = {0};
    (void)state;
    const struct source *s = source_from_text(&a, "x.csv", text, sizeof text - 1);
    struct source plain = *s;
    plain.places = NULL;
    const struct source *both[] = {s, &plain};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < ROWS(rows); i++) {
            struct position p = source_position(both[k], rows[i].offset);
            if (p.line != rows[i].line || p.column != rows[i].column ||
                p.line_start != rows[i].start || p.line_end != rows[i].end)
                fail_msg("%s: %u:%u, line %zu to %zu", rows[i].why, p.line, p.column, p.line_start,
                         p.line_end);
        }
    arena_release(&a);
}

/* Whatever the order of the questions, the remembered places give what a walk from the start gives.
 */
static void test_positions_remembered(void **state)
{
    static const char *const pieces[] = {"x", "理", "\n", "\r\n", "\r", "\xff", ",", "论学", "y"};
    struct arena a = {0};
    struct buf text = {0};
    uint32_t seed = 1;
    (void)state;
    for (int i = 0; i < 4000; i++) {
        seed = seed * 1103515245u + 12345u;
        buf_text(&text, pieces[(seed >> 16) % ROWS(pieces)]);
    }
    const struct source *s = source_from_text(&a, "x", text.at, text.n);
    struct source plain = *s;
    plain.places = NULL;
    for (int i = 0; i < 3000; i++) {
        seed = seed * 1103515245u + 12345u;
        size_t offset = (seed >> 8) % (text.n + 1);
        struct position got = source_position(s, offset), right = source_position(&plain, offset);
        if (memcmp(&got, &right, sizeof got) != 0)
            fail_msg("offset %zu: %u:%u instead of %u:%u", offset, got.line, got.column, right.line,
                     right.column);
    }
    buf_release(&text);
    arena_release(&a);
}

/* Counts as a test only by ending: a walk for each would take minutes. */
static void test_positions_of_many(void **state)
{
    struct arena a = {0};
    size_t n = (size_t)16 << 20;
    char *text = arena_alloc(&a, n + 1);
    (void)state;
    memset(text, 'x', n); /* one line, the worst case */
    const struct source *s = source_from_text(&a, "x", text, n);
    for (size_t i = 0; i < 20000; i++) {
        size_t offset = n / 20000 * i;
        assert_int_equal(source_position(s, offset).column, offset + 1);
    }
    for (size_t i = 0; i < 500; i++) /* and backwards: what notes do */
        source_position(s, n - n / 500 * i);
    arena_release(&a);
}

static void test_spans(void **state)
{
    struct arena a = {0};
    (void)state;
    const struct source *s = source_from_text(&a, "u\x1b.csv", "ab\ncd", 5);
    assert_string_equal(span_text(&a, (span){0}), "");
    assert_string_equal(span_text(&a, (span){s, 0, 0}), "u\\x1b.csv"); /* the whole file */
    assert_string_equal(span_text(&a, (span){s, 0, 1}), "u\\x1b.csv:1:1");
    span part = span_part((span){s, 3, 2}, 1, 1);
    assert_string_equal(span_text(&a, part), "u\\x1b.csv:2:2");
    assert_int_equal(part.length, 1);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_bad_places),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_positions_remembered),
        cmocka_unit_test(test_positions_of_many),
        cmocka_unit_test(test_spans),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
