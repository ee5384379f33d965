/* Between the files of this module. */
#ifndef CZIP_INSIDE_H
#define CZIP_INSIDE_H

#include "CZip.h"

#include <libxml/parser.h>

typedef struct czip_stream czip_stream;
czip_stream *czip_open_stream(czip *archive, int64_t index, int64_t most);
/* How many bytes, 0 at the end, or why there are none. */
int32_t czip_read_stream(czip_stream *stream, char *into, int32_t count);
int64_t czip_stream_position(const czip_stream *stream);
void czip_close_stream(czip_stream *stream);

/* An entry on its way through the parser. The first thing in whatever the parser calls back. */
typedef struct {
    czip_stream *stream;
    xmlParserCtxtPtr parser;
    int32_t status;
    bool ended;
} czip_feed;

/* Sets what every reader needs: documents without a declaration of their type, and silence. */
void czip_handler(xmlSAXHandler *handler);
bool czip_begin(czip_feed *feed, czip *archive, int64_t index, int64_t most, xmlSAXHandler *handler, void *owner);
/* Parses one piece more; false at the end and when something is wrong, see `status`. */
bool czip_feed_piece(czip_feed *feed);
void czip_give_up(czip_feed *feed, int32_t status);
void czip_finish(czip_feed *feed);

/* Undoes _x000D_ and its like in place; returns the new length. ISO/IEC 29500-1, 22.9.2.19 (ST_Xstring). */
size_t czip_unescape(uint8_t *text, size_t length);

#endif
