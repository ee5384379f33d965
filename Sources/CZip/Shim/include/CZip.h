/* Workbooks as they lie in the file: the entries of a ZIP archive (libzip), read by position, and the XML inside them (libxml2), parsed
 * straight from the deflated bytes, piece by piece. Memory is bounded by one piece and one row, however large the file; the shared
 * strings alone are kept, up to a limit.
 *
 * What is against bombs: an entry gives at most as many bytes as the caller allows, and at most MOST_RATIO times what it takes in
 * the file; a document type declaration stops the reader (entities are how XML bombs are made); so do texts, rows, attributes
 * and depths beyond what a workbook has. */
#ifndef CZIP_H
#define CZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct czip czip;

typedef struct {
    const char *name; /* lives as long as the archive */
    int64_t size, packed; /* in bytes, as the archive says */
    bool encrypted;
} czip_entry;

enum {
    CZIP_ROW = 1,
    CZIP_DONE = 0,
    CZIP_DAMAGED = -1,    /* the archive ends early, or its bytes are not what they were */
    CZIP_MALFORMED = -2,  /* not well-formed XML */
    CZIP_DOCTYPE = -3,
    CZIP_TOO_LARGE = -4,  /* more bytes than the caller allows */
    CZIP_BOMB = -5,       /* more than MOST_RATIO times what the entry takes */
    CZIP_ORDER = -6,      /* a row's number is not above the one before, or beyond the last a sheet can have */
    CZIP_ROW_TOO_LONG = -7,
    CZIP_NO_MEMORY = -8,
};

/* An archive in `size` bytes of an open file, which stays the caller's. NULL where it is none. One thread at a time; several may read
 * one file side by side, each through an archive of its own. */
czip *czip_open(int descriptor, int64_t size);
void czip_close(czip *archive);
int64_t czip_count(const czip *archive);
bool czip_look(czip *archive, int64_t index, czip_entry *entry);
/* -1 where there is none. */
int64_t czip_find(czip *archive, const char *name);

/* Walks an XML entry of at most `most` bytes: each element with its local name and its attributes (name, value, …, NULL). */
typedef struct {
    void (*start)(void *owner, const char *name, const char *const *attributes);
    void (*end)(void *owner, const char *name);
} czip_calls;
int32_t czip_walk(czip *archive, int64_t index, int64_t most, void *owner, czip_calls calls);

/* The shared strings, one after the other. */
typedef struct {
    uint8_t *bytes;
    uint32_t *ends; /* where each ends in `bytes` */
    uint32_t count;
} czip_strings;
int32_t czip_read_strings(czip *archive, int64_t index, int64_t most, czip_strings *strings);
void czip_free_strings(czip_strings *strings);

enum { CZIP_LAST_ROW = 1048576, CZIP_LAST_COLUMN = 16384 };

/* A cell that holds something. */
typedef struct {
    int32_t column; /* from 0 */
    int32_t style;  /* 0 where none is named */
    uint8_t type;   /* n number, s shared string, t text, b boolean, e error, d day in words, f formula without a result */
    uint32_t from, length; /* in the text of the row's sheet */
} czip_cell;

typedef struct {
    int64_t number; /* as the sheet counts, from 1 */
    const czip_cell *cells;
    int32_t count;
    const uint8_t *text;
} czip_row;

typedef struct czip_sheet czip_sheet;
czip_sheet *czip_open_sheet(czip *archive, int64_t index, int64_t most);
/* CZIP_ROW with the next row, valid until the next call; CZIP_DONE at the end; else why it cannot go on. */
int32_t czip_next_row(czip_sheet *sheet, czip_row *row);
/* Bytes of XML read so far. */
int64_t czip_sheet_position(const czip_sheet *sheet);
void czip_close_sheet(czip_sheet *sheet);

#endif
