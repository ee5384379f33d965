#include "inside.h"

#include <libxml/SAX2.h>
#include <string.h>

enum { MOST_ATTRIBUTES = 64, ATTRIBUTE_ROOM = 1 << 14, DEEPEST = 64 };

typedef struct {
    czip_feed feed;
    void *owner;
    czip_calls calls;
    int32_t depth;
    char room[ATTRIBUTE_ROOM];
    const char *attributes[2 * MOST_ATTRIBUTES + 1];
} walker;

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                     const xmlChar **declared, int count, int defaulted, const xmlChar **values) {
    (void)prefix; (void)uri; (void)namespaces; (void)declared; (void)defaulted;
    walker *self = data;
    if (self->feed.status != CZIP_DONE) return;
    if (++self->depth > DEEPEST) return czip_give_up(&self->feed, CZIP_TOO_LARGE);
    size_t used = 0;
    int kept = 0;
    /* Each attribute is name, prefix, namespace, begin and end of its value. */
    for (int i = 0; i < count && i < MOST_ATTRIBUTES; i++, values += 5) {
        size_t length = (size_t)(values[4] - values[3]);
        if (used + length + 1 > ATTRIBUTE_ROOM) continue;
        memcpy(self->room + used, values[3], length);
        self->room[used + length] = 0;
        self->attributes[kept++] = (const char *)values[0];
        self->attributes[kept++] = self->room + used;
        used += length + 1;
    }
    self->attributes[kept] = NULL;
    self->calls.start(self->owner, (const char *)name, self->attributes);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)prefix; (void)uri;
    walker *self = data;
    if (self->feed.status != CZIP_DONE) return;
    self->depth--;
    self->calls.end(self->owner, (const char *)name);
}

int32_t czip_walk(czip *archive, int64_t index, int64_t most, void *owner, czip_calls calls) {
    walker self = {.owner = owner, .calls = calls};
    xmlSAXHandler handler;
    czip_handler(&handler);
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    if (!czip_begin(&self.feed, archive, index, most, &handler, &self)) return CZIP_DAMAGED;
    while (czip_feed_piece(&self.feed)) {}
    czip_finish(&self.feed);
    return self.feed.status;
}
