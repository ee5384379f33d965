#include "CXML2.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <string.h>

/* Paths make a tree of nodes. Node 0 is the top, which also stands for "nothing matched yet"; SKIP is inside an element
 * nobody asked for. A table leads from (node, name) to the next node, so an element costs one pointer hash and one load. */
enum { SKIP = -1, MOST_NODES = 1024, MOST_NAMES = 255, SLOTS = 512, DEEPEST = 300, NOTE = 200, LONGEST_ATTRIBUTE = 256,
       MOST_FILE_NAMES = 20000, LOOK_EVERY = 1024 };

typedef struct {
    int32_t code;
    int32_t flags;
    int16_t attribute; /* index into names, -1 for none */
} node;

struct cxml2_reader {
    node nodes[MOST_NODES];
    int32_t node_count;
    char *names[MOST_NAMES];
    int32_t name_count;
    int16_t *next; /* MOST_NODES × MOST_NAMES, 0 where nothing leads */

    const xmlChar *interned[MOST_NAMES]; /* the parser's own copy of each name: equal names have equal addresses */
    const xmlChar *slot_key[SLOTS];      /* interned name -> index, by address */
    uint8_t slot_name[SLOTS];

    int16_t stack[DEEPEST];
    int32_t depth;

    uint8_t *text;
    size_t text_length, text_room, longest_text;
    int32_t text_depth; /* of the element the text belongs to: one that holds another such element has none of its own */
    uint8_t attribute[LONGEST_ATTRIBUTE];
    size_t attribute_length;
    bool has_attribute;

    xmlParserCtxtPtr parser;
    uint32_t starts; /* elements so far */
    void *owner;
    cxml2_calls calls;
    int32_t status;
    int64_t line;
    int32_t column;
    int32_t error;
    char message[NOTE], root_name[NOTE], root_uri[NOTE];
};

static void keep(char *into, const char *from) {
    size_t count = from == NULL ? 0 : strlen(from);
    if (count >= NOTE) count = NOTE - 1;
    if (count > 0) memcpy(into, from, count);
    into[count] = 0;
}

cxml2_reader *cxml2_new(size_t longest_text) {
    cxml2_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->node_count = 1;
    reader->nodes[0].attribute = -1;
    reader->longest_text = longest_text;
    reader->text_room = 4096;
    reader->text = malloc(reader->text_room);
    reader->next = calloc((size_t)MOST_NODES * MOST_NAMES, sizeof *reader->next);
    if (reader->text == NULL || reader->next == NULL) {
        cxml2_free(reader);
        return NULL;
    }
    return reader;
}

void cxml2_free(cxml2_reader *reader) {
    if (reader == NULL) return;
    for (int32_t i = 0; i < reader->name_count; i++) free(reader->names[i]);
    free(reader->text);
    free(reader->next);
    free(reader);
}

static int32_t name_index(cxml2_reader *reader, const char *name, size_t length) {
    for (int32_t i = 0; i < reader->name_count; i++)
        if (strncmp(reader->names[i], name, length) == 0 && reader->names[i][length] == 0) return i;
    if (reader->name_count == MOST_NAMES) return -1;
    char *copy = strndup(name, length);
    if (copy == NULL) return -1;
    reader->names[reader->name_count] = copy;
    return reader->name_count++;
}

static int16_t *step(cxml2_reader *reader, int32_t from, int32_t name) {
    return &reader->next[(size_t)from * MOST_NAMES + (size_t)name];
}

/* The node at a path, made where missing; -1 where there is no room. */
static int32_t node_at(cxml2_reader *reader, const char *path) {
    int32_t at = 0;
    while (*path != 0) {
        size_t length = strcspn(path, "/");
        int32_t name = name_index(reader, path, length);
        if (name < 0) return -1;
        int16_t *to = step(reader, at, name);
        if (*to == 0) {
            if (reader->node_count == MOST_NODES) return -1;
            reader->nodes[reader->node_count].attribute = -1;
            *to = (int16_t)reader->node_count++;
        }
        at = *to;
        path += length;
        if (*path == '/') path += 1;
    }
    return at;
}

bool cxml2_path(cxml2_reader *reader, const char *path, int32_t code, int32_t flags) {
    int32_t at = node_at(reader, path);
    if (at <= 0) return false;
    reader->nodes[at].code = code;
    reader->nodes[at].flags = flags & CXML2_TEXT ? flags | CXML2_ENDS : flags;
    return true;
}

bool cxml2_link(cxml2_reader *reader, const char *parent, const char *name, const char *target) {
    int32_t from = node_at(reader, parent), to = node_at(reader, target);
    int32_t index = name_index(reader, name, strlen(name));
    if (from < 0 || to <= 0 || index < 0) return false;
    *step(reader, from, index) = (int16_t)to;
    return true;
}

bool cxml2_attribute(cxml2_reader *reader, const char *path, const char *attribute) {
    int32_t at = node_at(reader, path);
    int32_t name = name_index(reader, attribute, strlen(attribute));
    if (at <= 0 || name < 0) return false;
    reader->nodes[at].attribute = (int16_t)name;
    return true;
}

static size_t slot_of(const xmlChar *name) {
    uintptr_t address = (uintptr_t)name;
    return (size_t)((address >> 2) ^ (address >> 11)) & (SLOTS - 1);
}

static void intern(cxml2_reader *reader) {
    memset(reader->slot_key, 0, sizeof reader->slot_key);
    for (int32_t i = 0; i < reader->name_count; i++) {
        const xmlChar *key = xmlDictLookup(reader->parser->dict, (const xmlChar *)reader->names[i], -1);
        reader->interned[i] = key;
        size_t slot = slot_of(key);
        while (reader->slot_key[slot] != NULL) slot = (slot + 1) & (SLOTS - 1);
        reader->slot_key[slot] = key;
        reader->slot_name[slot] = (uint8_t)i;
    }
}

static int32_t known(const cxml2_reader *reader, const xmlChar *name) {
    for (size_t slot = slot_of(name); reader->slot_key[slot] != NULL; slot = (slot + 1) & (SLOTS - 1))
        if (reader->slot_key[slot] == name) return reader->slot_name[slot];
    return -1;
}

static void give_up(cxml2_reader *reader, int32_t status) {
    if (reader->status != CXML2_DONE) return;
    reader->status = status;
    reader->line = reader->parser->input == NULL ? 0 : reader->parser->input->line;
    reader->column = reader->parser->input == NULL ? 0 : reader->parser->input->col;
    xmlStopParser(reader->parser);
}

static void take_attribute(cxml2_reader *reader, int16_t wanted, int count, const xmlChar **values) {
    reader->has_attribute = false;
    for (int i = 0; i < count; i++, values += 5) {
        if (values[0] != reader->interned[wanted]) continue;
        size_t length = (size_t)(values[4] - values[3]);
        if (length > LONGEST_ATTRIBUTE) length = LONGEST_ATTRIBUTE;
        memcpy(reader->attribute, values[3], length);
        reader->attribute_length = length;
        reader->has_attribute = true;
        return;
    }
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                     const xmlChar **declared, int attributes, int defaulted, const xmlChar **values) {
    (void)prefix; (void)namespaces; (void)declared; (void)defaulted;
    cxml2_reader *reader = data;
    if (reader->status != CXML2_DONE) return;
    if (reader->depth == 0) {
        keep(reader->root_name, (const char *)name);
        keep(reader->root_uri, (const char *)uri);
    }
    if (reader->depth + 1 >= DEEPEST) return give_up(reader, CXML2_MALFORMED);
    if (++reader->starts % LOOK_EVERY == 0 && xmlDictSize(reader->parser->dict) > MOST_FILE_NAMES)
        return give_up(reader, CXML2_TOO_MANY_NAMES);
    int16_t at = reader->stack[reader->depth], to = SKIP;
    if (at >= 0) {
        int32_t index = known(reader, name);
        to = index < 0 ? 0 : *step(reader, at, index);
        if (to == 0 && at != 0) to = SKIP;
    }
    reader->stack[++reader->depth] = to;
    if (to <= 0) return;
    const node *here = &reader->nodes[to];
    if (here->flags & CXML2_TEXT) {
        reader->text_length = 0;
        reader->text_depth = reader->depth;
    }
    if (here->attribute >= 0) take_attribute(reader, here->attribute, attributes, values);
    if (here->flags & CXML2_STARTS) reader->calls.start(reader->owner, here->code, (const char *)uri);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)name; (void)prefix; (void)uri;
    cxml2_reader *reader = data;
    if (reader->status != CXML2_DONE || reader->depth == 0) return;
    int16_t at = reader->stack[reader->depth--];
    if (at <= 0) return;
    const node *here = &reader->nodes[at];
    if (!(here->flags & CXML2_ENDS)) return;
    bool texts = (here->flags & CXML2_TEXT) && reader->text_depth == reader->depth + 1;
    bool attributes = texts && here->attribute >= 0 && reader->has_attribute;
    reader->calls.end(reader->owner, here->code, reader->text, texts ? reader->text_length : 0,
                      attributes ? reader->attribute : NULL, attributes ? reader->attribute_length : 0);
}

static void on_text(void *data, const xmlChar *bytes, int count) {
    cxml2_reader *reader = data;
    int16_t at = reader->stack[reader->depth];
    if (at <= 0 || !(reader->nodes[at].flags & CXML2_TEXT) || reader->status != CXML2_DONE) return;
    size_t length = reader->text_length + (size_t)count;
    if (length > reader->longest_text) return give_up(reader, CXML2_TEXT_TOO_LONG);
    if (length > reader->text_room) {
        size_t room = length * 2;
        uint8_t *larger = realloc(reader->text, room);
        if (larger == NULL) return give_up(reader, CXML2_TEXT_TOO_LONG);
        reader->text = larger;
        reader->text_room = room;
    }
    memcpy(reader->text + reader->text_length, bytes, (size_t)count);
    reader->text_length = length;
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name; (void)external; (void)system;
    give_up(data, CXML2_DOCTYPE);
}

static void on_error(void *data, xmlErrorPtr error) {
    cxml2_reader *reader = data;
    if (error->level < XML_ERR_ERROR || reader->error != 0) return;
    if (error->domain == XML_FROM_NAMESPACE) return; /* an undeclared prefix: we read local names */
    reader->error = error->code;
    keep(reader->message, error->message);
    reader->message[strcspn(reader->message, "\r\n")] = 0;
    reader->line = error->line;
    reader->column = error->int2;
}

static int on_read(void *data, char *bytes, int count) {
    cxml2_reader *reader = data;
    if (reader->status != CXML2_DONE) return 0;
    int32_t got = reader->calls.read(reader->owner, (uint8_t *)bytes, count);
    if (got < 0) {
        reader->status = CXML2_UNREADABLE;
        return -1;
    }
    return got;
}

static void fill(xmlSAXHandler *handler) {
    memset(handler, 0, sizeof *handler);
    handler->initialized = XML_SAX2_MAGIC;
    handler->startElementNs = on_start;
    handler->endElementNs = on_end;
    handler->characters = on_text;
    handler->ignorableWhitespace = on_text;
    handler->cdataBlock = on_text;
    handler->internalSubset = on_doctype;
    handler->serror = on_error;
}

int32_t cxml2_read(cxml2_reader *reader, void *owner, cxml2_calls calls) {
    xmlSAXHandler handler;
    fill(&handler);
    reader->owner = owner;
    reader->calls = calls;
    reader->parser = xmlCreateIOParserCtxt(&handler, reader, on_read, NULL, reader, XML_CHAR_ENCODING_NONE);
    if (reader->parser == NULL) return reader->status == CXML2_DONE ? CXML2_MALFORMED : reader->status;
    xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
    intern(reader);
    xmlParseDocument(reader->parser);
    if (reader->status == CXML2_DONE && (!reader->parser->wellFormed || reader->error != 0))
        reader->status = CXML2_MALFORMED;
    if (reader->line == 0 && reader->parser->input != NULL) reader->line = reader->parser->input->line;
    xmlFreeParserCtxt(reader->parser);
    reader->parser = NULL;
    return reader->status;
}

void cxml2_stop(cxml2_reader *reader) { give_up(reader, CXML2_STOPPED); }

int64_t cxml2_line(const cxml2_reader *reader) {
    if (reader->parser != NULL && reader->parser->input != NULL && reader->status == CXML2_DONE)
        return reader->parser->input->line;
    return reader->line;
}
int32_t cxml2_column(const cxml2_reader *reader) { return reader->column; }
const char *cxml2_message(const cxml2_reader *reader) { return reader->message; }
const char *cxml2_root_name(const cxml2_reader *reader) { return reader->root_name; }
const char *cxml2_root_uri(const cxml2_reader *reader) { return reader->root_uri; }

bool cxml2_bad_encoding(const cxml2_reader *reader) {
    return reader->error == XML_ERR_INVALID_CHAR || reader->error == XML_ERR_INVALID_ENCODING ||
           reader->error == XML_ERR_UNKNOWN_ENCODING || reader->error == XML_ERR_UNSUPPORTED_ENCODING ||
           reader->error == XML_I18N_CONV_FAILED || reader->error == XML_I18N_NO_OUTPUT;
}

bool cxml2_ended_early(const cxml2_reader *reader) {
    return reader->error == XML_ERR_DOCUMENT_END || reader->error == XML_ERR_TAG_NOT_FINISHED ||
           reader->error == XML_ERR_GT_REQUIRED || reader->error == XML_ERR_LTSLASH_REQUIRED ||
           reader->error == XML_ERR_DOCUMENT_EMPTY;
}
