#include "inside.h"

#include <string.h>

enum { PIECE = 1 << 14 };

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name; (void)external; (void)system;
    czip_give_up(data, CZIP_DOCTYPE);
}

static void on_error(void *data, xmlErrorPtr error) { (void)data; (void)error; }

void czip_handler(xmlSAXHandler *handler) {
    memset(handler, 0, sizeof *handler);
    handler->initialized = XML_SAX2_MAGIC;
    handler->internalSubset = on_doctype;
    handler->serror = on_error;
}

bool czip_begin(czip_feed *feed, czip *archive, int64_t index, int64_t most, xmlSAXHandler *handler, void *owner) {
    feed->status = CZIP_DONE;
    feed->ended = false;
    feed->stream = czip_open_stream(archive, index, most);
    if (feed->stream == NULL) return false;
    feed->parser = xmlCreatePushParserCtxt(handler, owner, NULL, 0, NULL);
    if (feed->parser == NULL) {
        czip_close_stream(feed->stream);
        feed->stream = NULL;
        return false;
    }
    xmlCtxtUseOptions(feed->parser, XML_PARSE_NONET);
    return true;
}

bool czip_feed_piece(czip_feed *feed) {
    if (feed->ended || feed->status != CZIP_DONE) return false;
    char piece[PIECE];
    int32_t got = czip_read_stream(feed->stream, piece, PIECE);
    if (got < 0) {
        feed->status = got;
        return false;
    }
    feed->ended = got == 0;
    int failed = xmlParseChunk(feed->parser, piece, got, feed->ended);
    if (feed->status != CZIP_DONE) return false;
    /* An undeclared prefix is no fault: local names are read. */
    if (!feed->parser->wellFormed || (failed != 0 && feed->parser->disableSAX)) {
        feed->status = CZIP_MALFORMED;
        return false;
    }
    return true;
}

void czip_give_up(czip_feed *feed, int32_t status) {
    if (feed->status != CZIP_DONE) return;
    feed->status = status;
    xmlStopParser(feed->parser);
}

void czip_finish(czip_feed *feed) {
    if (feed->parser != NULL) xmlFreeParserCtxt(feed->parser);
    czip_close_stream(feed->stream);
    feed->parser = NULL;
    feed->stream = NULL;
}

static int hex(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if ((byte | 32) >= 'a' && (byte | 32) <= 'f') return (byte | 32) - 'a' + 10;
    return -1;
}

/* The code unit of "_xHHHH_" at `text`, -1 where none stands there. */
static int32_t escaped(const uint8_t *text, size_t length) {
    if (length < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_') return -1;
    int32_t value = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex(text[i]);
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    /* Half a character is left as it is written. */
    return value >= 0xD800 && value <= 0xDFFF ? -1 : value;
}

size_t czip_unescape(uint8_t *text, size_t length) {
    if (memchr(text, '_', length) == NULL) return length;
    size_t read = 0, write = 0;
    while (read < length) {
        int32_t unit = escaped(text + read, length - read);
        if (unit < 0) {
            text[write++] = text[read++];
            continue;
        }
        read += 7;
        if (unit < 0x80) {
            text[write++] = (uint8_t)unit;
        } else if (unit < 0x800) {
            text[write++] = (uint8_t)(0xC0 | unit >> 6);
            text[write++] = (uint8_t)(0x80 | (unit & 0x3F));
        } else {
            text[write++] = (uint8_t)(0xE0 | unit >> 12);
            text[write++] = (uint8_t)(0x80 | (unit >> 6 & 0x3F));
            text[write++] = (uint8_t)(0x80 | (unit & 0x3F));
        }
    }
    return write;
}
