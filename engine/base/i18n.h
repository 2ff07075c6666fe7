/*
 * i18n.h - texts for users in their language.
 *
 * Every text for users stands in the code in English inside _("…") (or N_("…") in tables,
 * translated with _() when used); engine/po/zh_CN.po holds the Chinese. The language is chosen by
 * --lang, else LANGUAGE, LC_ALL, LC_MESSAGES, LANG. Works where no zh_CN locale is installed: the
 * process runs under C.UTF-8 and gettext is told the language through LANGUAGE. LC_NUMERIC and
 * LC_COLLATE stay "C", so numbers and order never depend on the locale.
 */
#ifndef KAOPING_I18N_H
#define KAOPING_I18N_H

#define _(text) i18n_text(text)
#define N_(text) text

/* The text in the language chosen; in English the text itself, without a look-up. */
const char *i18n_text(const char *text) __attribute__((format_arg(1)));

/* lang: "zh", "en" or NULL (from the environment). Catalogues are looked for beside the program
 * (build/locale), then where it was installed. Called before any text is made; again where texts of
 * another language are wanted. */
void i18n_init(const char *program, const char *lang);

/* "zh" or "en". */
const char *i18n_language(void);

#endif
