#include "inside.h"

#include <libxml/SAX2.h>
#include <stdlib.h>
#include <string.h>

/* A row may have as many bytes as a record of any other table (RecordBuffer.recordLimit). */
enum { LONGEST_ROW = 1 << 20, MOST_STRINGS = 1 << 24, DEEPEST = 64 };

typedef struct {
    int64_t number;
    uint32_t first, count;
} row_place;

struct czip_sheet {
    czip_feed feed;
    int32_t depth;
    bool in_data, in_row, in_cell, in_inline, in_sound, takes_text;
    bool has_formula;

    /* Rows of the pieces parsed last, then what is there of the row under way. */
    row_place *rows;
    size_t row_count, row_room, given;
    czip_cell *cells;
    size_t cell_count, cell_room;
    uint8_t *text;
    size_t text_length, text_room;

    int64_t number;
    size_t row_cells, row_text; /* where the row under way begins */
    int32_t column, style;
    uint8_t type;
    size_t cell_text;

    /* Where the shared strings go; NULL while a sheet is read. */
    czip_strings *strings;
    size_t string_room, most_text;
};

static bool grow(void **block, size_t *room, size_t wanted, size_t size) {
    if (wanted <= *room) return true;
    size_t larger = *room == 0 ? 1024 : *room;
    while (larger < wanted) larger *= 2;
    void *moved = realloc(*block, larger * size);
    if (moved == NULL) return false;
    *block = moved;
    *room = larger;
    return true;
}

static bool is(const xmlChar *name, const char *word) { return strcmp((const char *)name, word) == 0; }

/* "AB12" is 27; -1 where no letters stand. */
static int32_t column_of(const xmlChar *from, const xmlChar *to) {
    int32_t column = 0;
    for (; from < to && column <= CZIP_LAST_COLUMN; from++) {
        uint8_t letter = *from & 0xDF;
        if (letter < 'A' || letter > 'Z') break;
        column = column * 26 + (letter - 'A' + 1);
    }
    return column - 1;
}

static int64_t number_of(const xmlChar *from, const xmlChar *to) {
    int64_t value = 0;
    for (; from < to; from++) {
        if (*from < '0' || *from > '9' || value > 1 << 28) return -1;
        value = value * 10 + (*from - '0');
    }
    return value;
}

static uint8_t type_of(const xmlChar *from, const xmlChar *to) {
    size_t length = (size_t)(to - from);
    if (length == 1) return *from == 's' || *from == 'b' || *from == 'e' || *from == 'd' ? *from : 'n';
    /* inlineStr, and str: the text that a formula came to. */
    return length == 0 ? 'n' : 't';
}

static void start_row(czip_sheet *self, int count, const xmlChar **values) {
    int64_t number = self->number + 1;
    for (int i = 0; i < count; i++, values += 5)
        if (is(values[0], "r")) number = number_of(values[3], values[4]);
    if (number <= self->number || number > CZIP_LAST_ROW) return czip_give_up(&self->feed, CZIP_ORDER);
    self->number = number;
    self->in_row = true;
    self->column = -1;
    self->row_cells = self->cell_count;
    self->row_text = self->text_length;
}

static void start_cell(czip_sheet *self, int count, const xmlChar **values) {
    int32_t column = self->column + 1;
    self->style = 0;
    self->type = 'n';
    for (int i = 0; i < count; i++, values += 5) {
        if (values[1] != NULL) continue;
        if (is(values[0], "r")) column = column_of(values[3], values[4]);
        else if (is(values[0], "s")) self->style = (int32_t)number_of(values[3], values[4]);
        else if (is(values[0], "t")) self->type = type_of(values[3], values[4]);
    }
    if (column <= self->column || column >= CZIP_LAST_COLUMN) return czip_give_up(&self->feed, CZIP_ORDER);
    self->column = column;
    self->in_cell = true;
    self->has_formula = false;
    self->cell_text = self->text_length;
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                     const xmlChar **declared, int count, int defaulted, const xmlChar **values) {
    (void)prefix; (void)uri; (void)namespaces; (void)declared; (void)defaulted;
    czip_sheet *self = data;
    if (self->feed.status != CZIP_DONE) return;
    if (++self->depth > DEEPEST) return czip_give_up(&self->feed, CZIP_MALFORMED);
    if (self->in_cell) {
        if (is(name, "v")) self->takes_text = true;
        else if (is(name, "t")) self->takes_text = self->in_inline && !self->in_sound;
        else if (is(name, "is")) self->in_inline = true;
        else if (is(name, "f")) self->has_formula = true;
        else if (is(name, "rPh")) self->in_sound = true;
    } else if (self->in_row) {
        if (is(name, "c")) start_cell(self, count, values);
    } else if (self->in_data) {
        if (is(name, "row")) start_row(self, count, values);
    } else if (self->strings == NULL) {
        if (is(name, "sheetData")) self->in_data = true;
    } else if (is(name, "si")) {
        self->in_cell = self->in_inline = true;
    }
}

static void end_string(czip_sheet *self) {
    czip_strings *strings = self->strings;
    void *ends = strings->ends;
    if (strings->count >= MOST_STRINGS) return czip_give_up(&self->feed, CZIP_TOO_LARGE);
    if (!grow(&ends, &self->string_room, strings->count + 1, sizeof *strings->ends))
        return czip_give_up(&self->feed, CZIP_NO_MEMORY);
    strings->ends = ends;
    self->text_length = self->cell_text + czip_unescape(self->text + self->cell_text, self->text_length - self->cell_text);
    strings->ends[strings->count++] = (uint32_t)self->text_length;
    self->cell_text = self->text_length;
}

static void end_cell(czip_sheet *self) {
    size_t length = self->text_length - self->cell_text;
    if (length == 0 && self->has_formula && self->type != 't') self->type = 'f';
    if (length == 0 && self->type != 'f') return;
    if (self->type == 't') length = czip_unescape(self->text + self->cell_text, length);
    self->text_length = self->cell_text + length;
    void *cells = self->cells;
    if (!grow(&cells, &self->cell_room, self->cell_count + 1, sizeof *self->cells))
        return czip_give_up(&self->feed, CZIP_NO_MEMORY);
    self->cells = cells;
    self->cells[self->cell_count++] = (czip_cell){
        .column = self->column, .style = self->style, .type = self->type, .from = (uint32_t)self->cell_text,
        .length = (uint32_t)length};
}

static void end_row(czip_sheet *self) {
    if (self->cell_count == self->row_cells) return; /* nothing stands in it */
    void *rows = self->rows;
    if (!grow(&rows, &self->row_room, self->row_count + 1, sizeof *self->rows))
        return czip_give_up(&self->feed, CZIP_NO_MEMORY);
    self->rows = rows;
    self->rows[self->row_count++] = (row_place){
        .number = self->number, .first = (uint32_t)self->row_cells,
        .count = (uint32_t)(self->cell_count - self->row_cells)};
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)prefix; (void)uri;
    czip_sheet *self = data;
    if (self->feed.status != CZIP_DONE) return;
    self->depth--;
    if (self->in_cell) {
        if (is(name, "v") || is(name, "t")) self->takes_text = false;
        else if (is(name, "is")) self->in_inline = false;
        else if (is(name, "rPh")) self->in_sound = false;
        else if (self->strings != NULL && is(name, "si")) {
            self->in_cell = self->in_inline = false;
            end_string(self);
        } else if (self->strings == NULL && is(name, "c")) {
            self->in_cell = self->in_inline = false;
            end_cell(self);
        }
    } else if (self->in_row) {
        if (is(name, "row")) {
            self->in_row = false;
            end_row(self);
        }
    } else if (is(name, "sheetData")) {
        self->in_data = false;
    }
}

static void on_text(void *data, const xmlChar *bytes, int count) {
    czip_sheet *self = data;
    if (!self->takes_text || self->feed.status != CZIP_DONE) return;
    size_t length = self->text_length + (size_t)count, begin = self->strings == NULL ? self->row_text : 0;
    if (length - begin > self->most_text)
        return czip_give_up(&self->feed, self->strings == NULL ? CZIP_ROW_TOO_LONG : CZIP_TOO_LARGE);
    void *text = self->text;
    if (!grow(&text, &self->text_room, length, 1)) return czip_give_up(&self->feed, CZIP_NO_MEMORY);
    self->text = text;
    memcpy(self->text + self->text_length, bytes, (size_t)count);
    self->text_length = length;
}

static czip_sheet *open_sheet(czip *archive, int64_t index, int64_t most) {
    czip_sheet *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    xmlSAXHandler handler;
    czip_handler(&handler);
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    handler.characters = on_text;
    handler.ignorableWhitespace = on_text;
    handler.cdataBlock = on_text;
    self->most_text = LONGEST_ROW;
    if (!czip_begin(&self->feed, archive, index, most, &handler, self)) {
        free(self);
        return NULL;
    }
    return self;
}

czip_sheet *czip_open_sheet(czip *archive, int64_t index, int64_t most) { return open_sheet(archive, index, most); }

/* Forgets the rows that were given; what is there of the row under way moves to the front. */
static void forget(czip_sheet *self) {
    size_t cells = self->in_row ? self->row_cells : self->cell_count;
    size_t text = self->in_row ? self->row_text : self->text_length;
    if (cells > 0) memmove(self->cells, self->cells + cells, (self->cell_count - cells) * sizeof *self->cells);
    if (text > 0) memmove(self->text, self->text + text, self->text_length - text);
    self->cell_count -= cells;
    self->text_length -= text;
    for (size_t i = 0; i < self->cell_count; i++) self->cells[i].from -= (uint32_t)text;
    self->row_cells = self->row_text = 0;
    if (self->in_cell) self->cell_text -= text;
    self->row_count = self->given = 0;
}

int32_t czip_next_row(czip_sheet *self, czip_row *row) {
    while (self->given == self->row_count) {
        forget(self);
        if (!czip_feed_piece(&self->feed) && self->given == self->row_count) return self->feed.status;
    }
    const row_place *place = &self->rows[self->given++];
    *row = (czip_row){
        .number = place->number, .cells = self->cells + place->first, .count = (int32_t)place->count, .text = self->text};
    return CZIP_ROW;
}

int64_t czip_sheet_position(const czip_sheet *self) { return czip_stream_position(self->feed.stream); }

void czip_close_sheet(czip_sheet *self) {
    if (self == NULL) return;
    czip_finish(&self->feed);
    free(self->rows);
    free(self->cells);
    free(self->text);
    free(self);
}

int32_t czip_read_strings(czip *archive, int64_t index, int64_t most, czip_strings *strings) {
    *strings = (czip_strings){0};
    /* The mark-up around a text takes some twenty bytes. */
    czip_sheet *self = open_sheet(archive, index, most * 8);
    if (self == NULL) return CZIP_DAMAGED;
    self->strings = strings;
    self->most_text = (size_t)most;
    while (czip_feed_piece(&self->feed)) {}
    int32_t status = self->feed.status;
    strings->bytes = self->text;
    self->text = NULL;
    czip_close_sheet(self);
    if (status != CZIP_DONE) czip_free_strings(strings);
    return status;
}

void czip_free_strings(czip_strings *strings) {
    free(strings->bytes);
    free(strings->ends);
    *strings = (czip_strings){0};
}
