/* A streaming XML reader over libxml2 that hears only the elements it was told of.
 *
 * The caller lists paths of local names ("Stmt/Ntry/Amt"), each with a number, before it starts. Everything else is
 * stepped over here, without a call back. Namespaces and prefixes do not matter. The text of an element, and one attribute,
 * come with its end. No DTD is ever read: a document type declaration stops the reader (entities are how XML bombs are made).
 * Memory is flat: a text or attribute beyond the limit stops the reader too. */
#ifndef CXML2_H
#define CXML2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cxml2_reader cxml2_reader;

enum {
    CXML2_STARTS = 1,  /* tell when the element starts */
    CXML2_ENDS = 2,    /* tell when it ends */
    CXML2_TEXT = 4,    /* and its text then (implies CXML2_ENDS) */
};

enum {
    CXML2_DONE = 0,
    CXML2_STOPPED = 1,       /* the caller asked */
    CXML2_MALFORMED = 2,     /* not well-formed XML, or wrong encoding: see cxml2_message */
    CXML2_DOCTYPE = 3,       /* a document type declaration */
    CXML2_TEXT_TOO_LONG = 4,
    CXML2_UNREADABLE = 5,    /* the read call back answered -1 */
    CXML2_TOO_MANY_NAMES = 6, /* of elements and attributes: each is kept, and looking one up takes longer with each */
};

typedef struct {
    /* The element `code` starts; `uri` is its namespace or NULL. */
    void (*start)(void *owner, int32_t code, const char *uri);
    /* It ends. `attribute` is the value asked for with cxml2_attribute, NULL where absent. Not NUL-terminated. */
    void (*end)(void *owner, int32_t code, const uint8_t *text, size_t length, const uint8_t *attribute,
                size_t attribute_length);
    /* Fills `bytes` with up to `count` bytes; 0 at the end, -1 on failure. */
    int32_t (*read)(void *owner, uint8_t *bytes, int32_t count);
} cxml2_calls;

cxml2_reader *cxml2_new(size_t longest_text);
void cxml2_free(cxml2_reader *reader);

/* Adds a path; its first name may stand at any depth above which nothing matched. false: no room (a bug of the caller). */
bool cxml2_path(cxml2_reader *reader, const char *path, int32_t code, int32_t flags);
/* Lets `name` inside `parent` ("" is the top) stand for the element at `target`, children and all. */
bool cxml2_link(cxml2_reader *reader, const char *parent, const char *name, const char *target);
/* The attribute to be told with the end of the element at `path`. */
bool cxml2_attribute(cxml2_reader *reader, const char *path, const char *attribute);

/* Reads one document. Returns one of CXML2_DONE …; the line is where it stopped. */
int32_t cxml2_read(cxml2_reader *reader, void *owner, cxml2_calls calls);
void cxml2_stop(cxml2_reader *reader);

/* Line (from 1) now or where the reader stopped. */
int64_t cxml2_line(const cxml2_reader *reader);
int32_t cxml2_column(const cxml2_reader *reader);
/* What libxml2 said first, or "". */
const char *cxml2_message(const cxml2_reader *reader);
/* The document element, "" before there is one. */
const char *cxml2_root_name(const cxml2_reader *reader);
const char *cxml2_root_uri(const cxml2_reader *reader);
/* Whether the fault lies in the encoding of the bytes, not in the mark-up; and whether the input ended too early. */
bool cxml2_bad_encoding(const cxml2_reader *reader);
bool cxml2_ended_early(const cxml2_reader *reader);

#endif
