/* Workbooks written by libxlsxwriter in constant memory: rows in their order, each put into a temporary file as the next begins.
 * Numbers come as whole digits and a count of decimals, so that nobody else touches binary fractions; a text is always written as
 * text, whatever it begins with. Rows and columns count from 0. */
#ifndef CXLSXWRITER_H
#define CXLSXWRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cxlsx cxlsx;

/* The file is made by cxlsx_close. `created` is in seconds since 1970. NULL: no memory. */
cxlsx *cxlsx_new(const char *path, const char *title, const char *comments, int64_t created);

/* Begins a sheet; its name has at most 31 characters and none of []:*?/\. Of several, the sheet before is not written to any more. */
bool cxlsx_sheet(cxlsx *book, const char *name);
/* Sets the sheet's first row apart, keeps it in view and on every printed page, and lets it filter `rows` rows below. */
void cxlsx_frame(cxlsx *book, int32_t rows, int32_t columns);
/* In characters. */
void cxlsx_width(cxlsx *book, int32_t column, int32_t characters);

bool cxlsx_heading(cxlsx *book, int32_t row, int32_t column, const char *text, bool right);
/* At most 32,767 characters. */
bool cxlsx_text(cxlsx *book, int32_t row, int32_t column, const char *text);
/* digits / 10^decimals, with that many decimals shown, or as many as it has. At most 15 digits and 22 decimals. */
bool cxlsx_number(cxlsx *book, int32_t row, int32_t column, int64_t digits, int32_t decimals, bool fixed);
/* Days since 1899-12-30; not before 1900-03-01, where that count is one off. */
bool cxlsx_day(cxlsx *book, int32_t row, int32_t column, int32_t days);

/* Writes the file and frees the book. NULL, or why there is no file. */
const char *cxlsx_close(cxlsx *book);

#endif
